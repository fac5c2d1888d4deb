"""Finding an order by mouse: the list, the form, and “Order actions” on a message."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.workspace_page import WorkspacePage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_search_is_listed_paged_and_opened(page: WorkspacePage) -> None:
    await page.command("/order an")
    found = page.message("newest first")
    await expect(found).to_contain_text("Only visible to you")
    await expect(found).to_contain_text("Page 1 of")
    await page.shot("list")

    await found.get_by_role("button", name="Next").click()
    await expect(page.message("newest first")).to_contain_text("Page 2 of")
    await page.command("/order Maya Lindqvist")
    one = page.message("Store credit 10.00 USD")
    await expect(one).to_contain_text("in the last 365 days")
    await page.shot("one-customer")
    await one.get_by_role("button", name="Open order 1042").click()

    await expect(page.message("Order 1042")).to_contain_text("Left to refund")
    await expect(page.message("in the last 365 days")).to_contain_text("Maya Lindqvist")
    await page.shot("card-and-glance")


async def test_the_form_finds_and_opens_in_place(page: WorkspacePage) -> None:
    await page.command("/order")
    await page.see("Guests are found by e-mail")
    await page.shot("form")
    await page.field("Order number, e-mail, name or phone number").fill("nobody@mail.example")
    await page.submit("Search")
    await page.see("Nothing was found", "What was searched")
    await page.shot("near-miss")
    await page.field("Order number, e-mail, name or phone number").fill("Mya Lindqvist")
    await page.submit("Search")
    await page.see("These come near", "Order 1042")
    await page.shot("near")

    await page.button("Open order 1042").click()

    await page.see("Left to refund", "in the last 365 days")
    await page.shot("card")
    await page.button("Cancel & refund …").click()
    await page.see("Reason")


async def test_order_actions_on_a_message_and_the_link(page: WorkspacePage) -> None:
    message = page.channel.get_by_role("article").filter(has_text="one set too many")
    await message.hover()
    await message.get_by_role("button", name="More actions").click()
    await page.page.get_by_role("menuitem", name="Order actions").click()
    await page.see("Order 1042", "Maya Lindqvist", "Cancel & refund")
    await page.shot("one")
    await page.close()
    await page.composer.fill("Rosa (rosa.guest@mail.example) asks about 1042, #1028 and 1044")
    await page.composer.press("Enter")
    message = page.channel.get_by_role("article").filter(has_text="Rosa (rosa")
    await message.hover()
    await message.get_by_role("button", name="More actions").click()
    await page.page.get_by_role("menuitem", name="Order actions").click()
    await page.see("Order 1028", "Orders of Rosa Ibarra")
    await page.shot("several")

    await page.button("Link this thread to …").click()
    await page.field("E-mail, customer's name or order number").fill("1028")
    await page.shot("link")
    await page.submit("Link")

    await page.see("This thread is linked to Jonas Weber")
    await page.shot("linked")
