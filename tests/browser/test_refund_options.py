"""A partial refund beyond the lines, by mouse: costs, an amount, a deduction, everything left."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.workspace_page import WorkspacePage
from tests.support.running import Running

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PLAIN, EVERYTHING = 1042, 1050


async def open_form(page: WorkspacePage, order_id: int) -> None:
    await page.command(f"/refund-order {order_id}")
    await page.button("Partial refund").click()
    await page.see("Same reason for everything")


async def show_end(page: WorkspacePage, name: str) -> None:
    """Take a picture of the modal's end."""
    await page.modal.get_by_label("Details").scroll_into_view_if_needed()
    await page.shot(name)


async def test_costs_of_two_addresses_are_told_apart_and_refunded(
    running: Running, page: WorkspacePage
) -> None:
    await open_form(page, EVERYTHING)
    await page.shot("form")
    await show_end(page, "costs")
    await page.button("Everything that is left").click()
    fee = page.field(re.compile("Carbon-neutral delivery to refund"))
    await expect(fee).to_have_value("1.95")
    await page.shot("filled")
    await fee.fill("1,00")
    handling = page.field(re.compile("Handling, address 2 of 2"))
    await handling.fill("99")
    await page.choose(page.field("Same reason for everything"), "Late or lost")
    await page.submit()

    await expect(page.modal.get_by_role("alert")).to_have_text("At most 1.10 USD is left.")
    await page.shot("too-much")
    await handling.fill("1.10")
    await page.submit()
    await page.see("Change something", "1.00 USD of Carbon-neutral delivery, before tax")
    await page.shot("review")
    await page.confirm()

    await page.see("Done")
    await page.close()
    await page.open_thread(EVERYTHING)
    reply = page.reply("Refunded")
    await expect(reply).to_contain_text("1.00 USD of Carbon-neutral delivery, before tax")
    await reply.scroll_into_view_if_needed()
    await page.shot("thread")


async def test_an_amount_and_a_deduction_come_last_and_are_explained(
    running: Running, page: WorkspacePage
) -> None:
    await open_form(page, PLAIN)
    await page.field(re.compile("Quantity of Boston Fern")).fill("1")
    await page.choose(page.field("Same reason for everything"), "Customer request")
    await page.button("Deduct a fee").click()
    await page.field("Deduct from the chosen lines, in USD").fill("4")
    await page.field("What is deducted").fill("Restocking fee")
    await page.button("Give an amount instead").click()
    await page.see("without tax and counts no line as refunded")
    await expect(page.field("What is deducted")).to_have_value("Restocking fee")
    await page.field(re.compile("Amount on the order as a whole")).fill("2.50")
    await page.choose(page.field("Reason for the amount"), "Damaged")
    await show_end(page, "form")
    await page.submit()

    await page.see("Without the deduction", "Booked without tax")
    await page.shot("review")
    await page.modal.get_by_role("radio", name="Store Credit").check()
    await expect(page.button("Credit 24.48 USD")).to_be_visible()
    await page.shot("credit")
    await page.button("Change something").click()
    await page.see("Same reason for everything")
    await page.submit()
    await page.see("Change something")
    assert await page.confirm() == "Credit 24.48 USD"

    await page.see("Done")
    await page.close()
    await page.open_thread(PLAIN)
    reply = page.reply("Refunded 24.48 USD")
    await expect(reply).to_contain_text("4.00 USD deducted · Restocking fee")
    await expect(reply).to_contain_text("2.50 USD on the order as a whole, without tax · Damaged")
    await page.shot("thread")
