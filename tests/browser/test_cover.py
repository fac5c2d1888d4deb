"""The cover of a case, changes made outside the bot and the history, as people see them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.workspace_page import WorkspacePage
from tests.support.hooking import Hooked, bot_of, hooked_sandbox

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def running(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Hooked]:
    async with hooked_sandbox(request.node.name, tmp_path) as hooked, bot_of(hooked):
        yield hooked


async def test_a_case_from_its_cover_to_its_history(
    running: Hooked, page: WorkspacePage, open_page: OpenPage
) -> None:
    order_id = await running.workspace.order_tagged("coupon")
    parcel = {"order_id": order_id, "provider": "ups", "number": "1Z999AA10123456784"}
    await running.workspace.post("store/shipment", **parcel)
    await page.command(f"/order {order_id}")
    card = page.message(f"Order {order_id}")
    await expect(card).to_contain_text("Coupon used: FERN10")
    track = card.get_by_role("link", name="1Z999AA10123456784")
    await expect(track).to_have_attribute("href", re.compile("^https://www.ups.com/track"))
    await page.shot("card")

    await page.command(f"/discount-code {order_id}")
    await page.field("Discount code").fill("FERN-5")
    await page.field("Value").fill("5")
    await page.choose(page.field("Reason"), "Customer request")
    await page.submit()
    await page.see("Change something")
    await page.confirm()
    await page.see("Done")
    await page.close()

    ben = await open_page("Ben")
    await ben.go_to("support")
    await ben.command(f"/refund-order {order_id}")
    await ben.button("Partial refund").click()
    await ben.see("Quantity of")
    await page.open_thread(order_id)
    root = page.message(f"Order {order_id}")
    await expect(root).to_contain_text(re.compile(r"opened “Partial refund” \d+ seconds? ago"))
    await page.shot("root")
    await page.go_to("support")
    await page.command(f"/refund-order {order_id}")
    await page.button("Partial refund").click()
    await page.see("opened “Partial refund”", "Ask before both of you act")
    await page.shot("form")
    await page.close()

    await running.workspace.post("store/order", order_id=order_id, status_id=2)
    await running.workspace.post("store/order", order_id=order_id, refund_amount="4.20")
    await running.workspace.post("store/decline", order_id=order_id)
    await page.open_thread(order_id)
    await expect(page.reply("went from Awaiting Fulfillment to Shipped")).to_be_visible()
    await expect(page.reply("A refund of 4.20 USD was recorded")).to_be_visible()
    await expect(page.reply("did not go through: purchase, declined")).to_be_visible()
    await page.shot("outside")

    await page.go_to("support")
    await page.command(f"/order {order_id} history")
    await expect(page.message("The history of order")).to_contain_text("Outside Makegood")
    await page.shot("history")
