"""Refunds by mouse: the command, the form, the exact figure, the outcome."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.workspace_page import WorkspacePage
from tests.support.running import Running, configure

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PLAIN, SHIPPED, MANY_LINES, WRAPPED = 1042, 1014, 1012, 1007


async def open_full_refund(page: WorkspacePage, order_id: int) -> None:
    await page.command(f"/refund-order {order_id}")
    await page.button("Full refund").click()
    await page.see("All that is left is refunded")


async def test_a_command_is_completed_and_a_modal_stands_at_once(
    running: Running, page: WorkspacePage
) -> None:
    await running.workspace.store_fault(match=f"GET orders/{PLAIN}", kind="delay", delay_s=1.0)

    await page.composer.press_sequentially("/can")
    offers = page.page.get_by_role("listbox", name="Commands")
    await expect(offers.get_by_role("option")).to_have_count(1)
    await page.shot("completion")
    await offers.get_by_role("option", name="/cancel-order").click()
    await expect(page.composer).to_have_value("/cancel-order ")
    await page.composer.press_sequentially(str(PLAIN))
    await page.shot("hint")
    await page.page.get_by_role("button", name="Send now").click()

    await page.see("Reading")
    await page.shot("loading")
    await page.see("Everything that is left is refunded", "Reason")


async def test_an_order_is_refunded_in_full(running: Running, page: WorkspacePage) -> None:
    await page.command(f"/refund-order {SHIPPED}")
    await page.see("What shall be done?")
    await page.shot("choice")
    await page.button("Full refund").click()
    await page.see("All that is left is refunded")
    await page.shot("form")
    await page.choose(page.field("Reason"), "Damaged")
    await page.field("Details").fill("The lid was broken")
    await page.submit()

    await page.see("82.81 USD", "Change something")
    await expect(page.button("Refund 82.81 USD")).to_be_visible()
    await page.shot("review")
    await page.button("Refund 82.81 USD").dblclick()  # a nervous finger refunds once

    await page.see("Refunded 82.81 USD", "Done")
    await page.shot("outcome")
    await page.close()
    await page.open_thread(SHIPPED)
    reply = page.reply("Refunded 82.81 USD")
    await expect(reply).to_contain_text("Damaged: The lid was broken")
    await expect(reply).to_contain_text("@Anna Keller")
    root = page.message(f"Order {SHIPPED}")
    await expect(root).to_contain_text("Refunded")
    refunds = (await running.workspace.book(SHIPPED))["refunds"]
    assert [Decimal(str(refund["total"])) for refund in refunds] == [Decimal("82.81")]


async def test_another_method_changes_the_button(page: WorkspacePage, tmp_path: Path) -> None:
    configure(tmp_path, "recorded_only", {"everyone": True})
    await open_full_refund(page, SHIPPED)
    await page.choose(page.field("Reason"), "Damaged")
    await page.submit()

    best = page.button("Refund 82.81 USD")
    await expect(best).to_be_visible()
    await page.modal.get_by_role("radio", name="Outside BigCommerce").check()
    await expect(page.button("Record 82.81 USD")).to_be_visible()
    await page.see("No money moves")
    await page.shot("by-hand")
    await page.modal.get_by_role("radio").first.check()
    await expect(best).to_be_visible()


async def test_what_is_missing_is_said_under_its_field(page: WorkspacePage) -> None:
    await open_full_refund(page, SHIPPED)

    await page.submit()

    reason = page.field("Reason")
    await expect(reason).to_have_attribute("aria-invalid", "true")
    error = page.modal.get_by_role("alert")
    await expect(error).to_have_count(1)
    assert await reason.get_attribute("aria-describedby")
    box, below = await reason.bounding_box(), await error.bounding_box()
    assert box is not None
    assert below is not None
    assert below["y"] >= box["y"]
    await page.shot("errors")

    await page.choose(reason, "Damaged")
    await expect(error).to_have_count(0)
    await page.submit()
    await page.see("Change something")


async def test_a_paid_order_is_cancelled_and_refunded(
    running: Running, page: WorkspacePage
) -> None:
    await page.command(f"/cancel-order {PLAIN}")
    await page.choose(page.field("Reason"), "Out of stock")
    await page.submit()
    await page.see("154.10 USD")
    await page.shot("review")

    assert await page.confirm() == "Refund 154.10 USD"

    await page.see("Done")
    await page.shot("outcome")
    assert (await running.workspace.book(PLAIN))["status_id"] == 5


async def test_lines_are_refunded_and_the_rest_from_the_thread(
    running: Running, page: WorkspacePage
) -> None:
    await page.command(f"/refund-order {PLAIN}")
    await page.button("Partial refund").click()
    quantities = page.field(re.compile("Quantity of"))
    await expect(quantities).to_have_count(3)
    await quantities.first.fill("99")
    await page.submit()
    await expect(page.modal.get_by_role("alert")).to_be_visible()
    await page.shot("too-many")
    await quantities.first.fill("1")
    await page.choose(page.field(re.compile("Reason")).first, "Damaged")
    await page.submit()
    await page.see("Change something")
    await page.shot("review")
    label = await page.confirm()
    await page.see("Done")
    await page.close()

    await page.open_thread(PLAIN)
    await expect(page.reply(label.replace("Refund", "Refunded"))).to_be_visible()
    root = page.thread.get_by_role("article").first
    await expect(root).to_contain_text("Partially Refunded")
    await page.shot("thread")
    await root.get_by_role("button", name="Full refund").click()
    await page.see("All that is left is refunded")
    await page.choose(page.field("Reason"), "Other")
    await page.field("Details").fill("Sent twice")
    await page.submit()
    await page.see("Change something")
    await page.confirm()
    await page.see("Done")
    await page.close()

    await expect(page.thread.get_by_role("article")).to_have_count(3)
    await expect(root).not_to_contain_text("Full refund")
    assert (await running.workspace.book(PLAIN))["status_id"] == 4


async def test_sixty_lines_are_turned_through_and_nothing_is_lost(
    running: Running, page: WorkspacePage
) -> None:
    await page.command(f"/refund-order {MANY_LINES}")
    await page.button("Partial refund").click()
    quantities = page.field(re.compile("Quantity of"))
    await expect(quantities).to_have_count(11)
    await quantities.first.fill("1")
    await page.choose(page.field(re.compile("Reason")).first, "Damaged")
    for first in (12, 23, 34, 45, 56):
        await page.button("Next lines").click()
        await page.see(f"Lines {first} to {min(first + 10, 60)} of 60", "1 chosen so far")
    await page.shot("last-page")
    await quantities.last.fill("1")
    await page.choose(page.field(re.compile("Reason")).last, "Wrong item")
    for first in (45, 34, 23, 12, 1):
        await page.button("Previous lines").click()
        await page.see(f"Lines {first} to {first + 10} of 60", "2 chosen so far")
    await expect(quantities.first).to_have_value("1")
    await expect(page.field(re.compile("Reason")).first).to_have_value("Damaged")
    await page.shot("first-page")

    await page.submit()
    await page.see("Change something")
    await page.shot("review")
    await page.confirm()

    await page.see("Done")
    lines = running.entries(MANY_LINES)[0].request["lines"]
    assert [(line["quantity"], line["reason"]) for line in lines] == [
        (1, "Damaged"),
        (1, "Wrong item"),
    ]


async def test_a_whole_refund_by_keyboard(running: Running, page: WorkspacePage) -> None:
    keyboard = page.page.keyboard
    await page.composer.focus()
    await keyboard.type("/ref")
    await keyboard.press("Tab")
    await keyboard.type(f"{SHIPPED}")
    await keyboard.press("Enter")
    await page.see("What shall be done?")
    await press_until(page, "Full refund")
    await keyboard.press("Enter")
    await page.see("All that is left is refunded")

    await expect(page.field("Reason")).to_be_focused()
    await keyboard.press("ArrowDown")
    await keyboard.press("ArrowDown")
    await page.shot("list")
    await keyboard.press("Escape")
    await page.see("All that is left is refunded")  # only the list has closed
    await keyboard.press("Enter")
    await keyboard.type("Dam")
    await keyboard.press("Enter")
    await expect(page.field("Reason")).to_have_value("Damaged")
    await press_until(page, "Review")
    await keyboard.press("Enter")
    await page.see("Change something")
    # to another method and back
    await page.modal.get_by_role("radio").first.wait_for()
    await press_until(page, "", role="radio")
    await keyboard.press("ArrowDown")
    await expect(page.button("Refund 82.81 USD")).to_have_count(0)
    await keyboard.press("ArrowUp")
    await expect(page.button("Refund 82.81 USD")).to_be_visible()
    await press_until(page, "Refund 82.81 USD")
    await page.shot("focus")
    await keyboard.press("Enter")
    await page.see("Done")
    await keyboard.press("Escape")

    await expect(page.modal).to_have_count(0)
    await expect(page.composer).to_be_focused()
    assert len((await running.workspace.book(SHIPPED))["refunds"]) == 1


async def press_until(page: WorkspacePage, name: str, *, role: str = "button") -> None:
    """Press Tab until something of that name is focused."""
    for _ in range(30):
        await page.page.keyboard.press("Tab")
        wanted = await page.page.evaluate(
            """([name, role]) => {
                const at = document.activeElement;
                const is = role === "radio" ? at.type === "radio" : at.tagName === "BUTTON";
                return is && at.textContent.trim().startsWith(name);
            }""",
            [name, role],
        )
        if wanted:
            return
    raise AssertionError(f"Tab does not reach {name or role}")
