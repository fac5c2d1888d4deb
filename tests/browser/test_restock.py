"""What becomes of refunded goods, by mouse."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.workspace_page import WorkspacePage
from tests.support.running import Running, configure

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TWO_PLACES = 1018  # a planter kept at two places, two bags of potting mix
CHOICE = "What becomes of the goods"


async def test_goods_go_back_to_the_place_that_was_chosen(
    running: Running, page: WorkspacePage, tmp_path: Path
) -> None:
    configure(tmp_path, "restocking", True)
    await page.command(f"/refund-order {TWO_PLACES}")
    await page.button("Partial refund").click()
    await page.see(CHOICE)
    await expect(page.field(CHOICE).first).to_have_value("Leave the stock alone")
    await page.field(re.compile("Quantity of")).first.fill("1")
    await page.choose(page.field("Reason").first, "Damaged")
    await page.field(CHOICE).first.click()
    await page.shot("choices")
    await page.page.get_by_role("option", name="Back to stock at Warehouse").click()
    await page.field(re.compile("Quantity of")).last.fill("2")
    await page.choose(page.field("Reason").last, "Damaged")
    await page.choose(page.field(CHOICE).last, "Lost")
    await page.shot("form")
    await page.submit()
    await page.see("back to stock at Warehouse “North & Sons”", "lost, no stock is changed")
    await page.shot("review")

    await page.confirm()

    await page.see("Done")
    await page.close()
    await page.open_thread(TWO_PLACES)
    reply = page.reply("1 piece of order 1018 went back to stock.")
    await expect(reply).to_contain_text("2 pieces as lost; that changes no stock.")
    await page.shot("thread")
    stock = (await running.workspace.books())["stock"]
    assert stock["FF-105"]["2"] == 41


async def test_a_store_that_gives_stock_back_by_itself_says_so(
    running: Running, page: WorkspacePage, tmp_path: Path
) -> None:
    configure(tmp_path, "restocking", True)
    await running.workspace.post("store/settings", refund_order_stock_adjustment=True)
    await page.command(f"/cancel-order {TWO_PLACES}")

    await page.see("This store gives stock back by itself")
    await expect(page.field(CHOICE)).to_have_count(0)
    await page.shot("form")
