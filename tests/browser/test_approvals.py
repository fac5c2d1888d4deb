"""Asking for approval and approving by mouse, as two people at their own screens."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.workspace_page import WorkspacePage
from tests.support.approving import BEN, CHIARA, set_approvers, set_rule, shipped
from tests.support.running import Running, configure

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def ask(page: WorkspacePage, order_id: int) -> None:
    await page.command(f"/refund-order {order_id}")
    await page.see("Needs approval by")
    await page.shot("choice")
    await page.button("Full refund …").click()
    await page.choose(page.field("Reason"), "Damaged")
    await page.shot("form")
    await page.submit()
    await page.see("It needs approval by")
    await page.shot("review")
    await page.confirm()
    await page.see("Waits for approval by")
    await page.shot("waiting")
    await page.close()


async def test_one_asks_and_another_approves(
    running: Running, page: WorkspacePage, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN, CHIARA)
    set_rule(tmp_path, approval_above="10.00")
    order_id = await shipped(running)
    await ask(page, order_id)

    await page.become("Ben Osei")
    await page.open_thread(order_id)
    request = page.reply("asks for approval: full refund of")
    await expect(request).to_contain_text("@Anna Keller asks for approval")
    await expect(request).to_contain_text("refunds 0.00 USD")
    await request.scroll_into_view_if_needed()
    await page.shot("asked")
    approve = request.get_by_role("button", name="Approve")
    amount = (await approve.inner_text()).removeprefix("Approve ")
    await approve.click()
    sure = page.page.get_by_role("dialog")
    await expect(sure).to_contain_text(f"{amount} for order {order_id} will be carried out at once")
    await page.shot("sure")
    await sure.get_by_role("button", name=f"Approve {amount}").click()

    await expect(page.reply("Done")).to_contain_text(f"Refunded {amount} for order {order_id}")
    await expect(page.reply("approved by @Ben Osei").first).to_be_visible()
    await expect(page.thread.get_by_role("button", name="Approve")).to_have_count(0)
    await page.reply("Done").scroll_into_view_if_needed()
    await page.shot("done")
    assert len((await running.workspace.book(order_id))["refunds"]) == 1


async def test_one_asks_and_another_declines(
    running: Running, page: WorkspacePage, tmp_path: Path
) -> None:
    set_approvers(tmp_path, group_ids=["S0LEADS"])
    set_rule(tmp_path, approval_above="10.00")
    order_id = await shipped(running)
    await ask(page, order_id)
    await page.open_thread(order_id)
    request = page.reply("asks for approval")
    await request.get_by_role("button", name="Approve").click()
    await page.page.get_by_role("dialog").get_by_role("button", name="Approve").click()
    await expect(page.page.get_by_text("You asked for this yourself")).to_be_visible()
    await page.shot("oneself")

    await page.become("Chiara Rossi")
    await page.open_thread(order_id)
    await page.reply("asks for approval").get_by_role("button", name="Decline …").click()
    await page.field("Why?").fill("The parcel is still on its way")
    await page.shot("why")
    await page.submit("Decline")
    await page.see("the one who asked is told why")
    await page.close()
    await expect(page.reply("Not done")).to_contain_text("The parcel is still on its way")
    await page.reply("Not done").scroll_into_view_if_needed()
    await page.shot("declined")


async def test_the_brake_is_loud(running: Running, page: WorkspacePage, tmp_path: Path) -> None:
    set_approvers(tmp_path, BEN, group_ids=["S0LEADS"])
    configure(tmp_path, "hour_limit", "1000.00")
    order_id = await shipped(running)
    await page.command(f"/refund-order {order_id}")
    await page.button("Full refund …").click()
    await page.choose(page.field("Reason"), "Damaged")
    configure(tmp_path, "hour_limit", "5.00")
    await page.submit()
    await page.see("hourly limit for the team, 5.00 USD")
    await page.shot("stopped")
    await page.close()
    await page.go_to("order-log")
    alarm = page.message("Hourly limit for the team")
    await expect(alarm).to_contain_text("@support-leads")
    await page.shot("alarm")
