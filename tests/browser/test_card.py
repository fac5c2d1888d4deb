"""The card of `/order` after a refund that was made from it."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.workspace_page import WorkspacePage
from tests.support.running import Running

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_the_card_becomes_the_outcome(running: Running, page: WorkspacePage) -> None:
    order_id = await running.workspace.order_in_status(2, payment="captured")
    await page.command(f"/order {order_id}")
    card = page.message(f"Order {order_id}").filter(has_text="Left to refund")
    await expect(card).to_contain_text("as of")
    await page.shot("before")

    await card.get_by_role("button", name="Full refund").click()
    await page.choose(page.field("Reason"), "Damaged")
    await page.submit()
    await page.see("Change something")
    await page.confirm()
    await page.see("Done")
    await page.close()

    await expect(card).to_contain_text("Done: Refunded")
    await expect(card.get_by_role("button", name="Full refund")).to_have_count(0)
    await expect(card.get_by_role("button", name="Discount code")).to_be_visible()
    await page.shot("after")
