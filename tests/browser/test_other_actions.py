"""Cancelling, discount codes, and everything that only looks, by mouse."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.workspace_page import WorkspacePage
from tests.support.running import Running

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

UNPAID, PLAIN, SHIPPED = 1023, 1042, 1014
CHANNEL_NAMED, RIGHT_TO_LEFT = 1005, 1008


async def test_an_unpaid_order_is_cancelled_from_its_card(
    running: Running, page: WorkspacePage
) -> None:
    await page.command(f"/order {UNPAID}")
    card = page.message(f"Order {UNPAID}")
    await expect(card).to_contain_text("Only visible to you")
    await expect(card.get_by_role("link", name="Open in BigCommerce")).to_be_visible()
    await page.shot("card")
    await card.get_by_role("button", name="Cancel").click()
    await page.choose(page.field("Reason"), "Out of stock")
    await page.submit()
    await page.see("Change something")
    await page.shot("review")

    assert await page.confirm() == f"Cancel order {UNPAID}"

    await page.see("Done")
    await page.close()
    await page.open_thread(UNPAID)
    await expect(page.reply(f"Cancelled order {UNPAID}")).to_contain_text("Out of stock")
    book = await running.workspace.book(UNPAID)
    assert (book["status_id"], book["refunds"]) == (5, [])


async def test_a_discount_code_for_categories_found_by_typing(
    running: Running, page: WorkspacePage
) -> None:
    await page.command("/discount-code")
    await page.field("Discount code").fill("10% off!")
    await page.field("Value").fill("101")
    await page.submit()
    await expect(page.modal.get_by_role("alert")).to_have_count(1)  # the reason is missing
    await page.choose(page.field("Reason"), "Customer request")
    await page.submit()
    await expect(page.modal.get_by_role("alert")).to_have_count(2)
    await page.shot("errors")

    await page.field("Discount code").fill("SORRY-10")
    await page.field("Value").fill("10")
    categories = page.field(re.compile("Applies to"))
    await categories.click()
    await categories.press_sequentially("bath")
    option = page.page.get_by_role("option").first
    await expect(option).to_contain_text(re.compile("bath", re.I))
    await page.shot("type-ahead")
    chosen = (await option.inner_text()).strip()
    await option.click()
    await categories.press("Escape")
    await expect(page.button(f"Remove {chosen}")).to_be_visible()
    await page.choose(page.field("Valid for"), "14 days")
    await page.shot("form")
    await page.submit()
    await page.see("SORRY-10", chosen, "Change something")
    await page.shot("review")
    await page.confirm()
    await page.see("Done")
    await page.shot("outcome")
    await page.close()

    await page.go_to("order-log")
    await expect(page.message("SORRY-10")).to_contain_text("@Anna Keller")
    (promotion,) = (await running.workspace.books())["promotions"]
    given = promotion["rules"][0]["action"]["cart_items"]
    assert given["discount"] == {"percentage_amount": "10.00"}
    assert len(given["items"]["categories"]) == 1


async def test_the_home_tab_shows_how_to_begin_and_what_one_asked_for(page: WorkspacePage) -> None:
    await page.sidebar.get_by_role("button", name="Makegood app").click()

    home = page.page.get_by_role("tabpanel")
    await expect(home).to_contain_text("/refund-order")
    await expect(home).to_contain_text("Your latest requests")
    await page.shot("empty")
    await page.go_to("support")
    await page.command(f"/refund-order {SHIPPED}")
    await page.button("Full refund").click()
    await page.choose(page.field("Reason"), "Damaged")
    await page.submit()
    await page.see("Change something")
    await page.confirm()
    await page.see("Done")
    await page.close()
    await page.sidebar.get_by_role("button", name="Makegood app").click()
    await expect(home).to_contain_text("Refunded 82.81 USD")


async def test_ben_sees_what_anna_did_and_dev_may_not_act(page: WorkspacePage) -> None:
    await page.command(f"/cancel-order {UNPAID}")
    await page.choose(page.field("Reason"), "Out of stock")
    await page.submit()
    await page.see("Change something")
    await page.confirm()
    await page.see("Done")
    await page.close()

    await page.become("Ben Osei")
    await page.open_thread(UNPAID)
    await expect(page.reply(f"Cancelled order {UNPAID}")).to_contain_text("@Anna Keller")
    await page.shot("ben")

    await page.become("Dev Patel")
    await expect(page.thread).to_have_count(0)
    await expect(page.sidebar.get_by_role("button", name="order-log")).to_have_count(0)
    await page.go_to("general")
    await page.command(f"/refund-order {SHIPPED}")
    await page.see("You cannot use Makegood yet")
    await page.shot("dev")


async def test_a_command_in_a_thread_is_refused_in_slacks_words(page: WorkspacePage) -> None:
    await page.command("Has order 1042 gone out?")
    asked = page.message("Has order 1042 gone out?")
    await asked.hover()
    await asked.get_by_role("button", name="Reply in thread").click()
    reply = page.thread.get_by_label("Reply to thread")
    await reply.fill("/refund-order 1042")
    await reply.press("Enter")

    await expect(page.thread).to_contain_text("/refund-order is not supported in threads. Sorry!")
    await expect(page.modal).to_have_count(0)


async def test_a_customers_name_does_nothing(page: WorkspacePage) -> None:
    await page.command(f"/order {CHANNEL_NAMED}")
    card = page.message(f"Order {CHANNEL_NAMED}")
    await expect(card).to_contain_text("<!channel> Everyone")
    await expect(card.get_by_text("@channel")).to_have_count(0)
    await page.shot("channel")

    await page.command(f"/order {RIGHT_TO_LEFT}")
    card = page.message(f"Order {RIGHT_TO_LEFT}")
    await expect(card).to_contain_text("מרים לוי")
    await page.shot("right-to-left")
    await page.command(f"/cancel-order {RIGHT_TO_LEFT}")
    await page.see("מרים לוי", "Everything that is left is refunded")
    # that no dialog opened and no script ran is watched in every test


async def test_an_order_for_the_dark(page: WorkspacePage) -> None:
    html = page.page.locator("html")
    await expect(html).to_have_attribute("data-theme", "light")
    await page.page.get_by_role("button", name="Switch to dark theme").click()
    await expect(html).to_have_attribute("data-theme", "dark")

    await page.command(f"/order {PLAIN}")
    await expect(page.message(f"Order {PLAIN}")).to_contain_text("Awaiting Fulfillment")
    await page.shot("card")
    await page.command("/discount-code")
    await page.see("Applies to")
    await page.submit()
    await expect(page.modal.get_by_role("alert").first).to_be_visible()
    await page.shot("errors")
    await page.page.keyboard.press("Escape")
    await page.page.reload()
    await expect(html).to_have_attribute("data-theme", "dark")


async def test_two_people_see_the_same_thread_at_once(
    page: WorkspacePage, open_page: OpenPage
) -> None:
    ben = await open_page("Ben")
    await ben.go_to("order-log")

    await page.command(f"/cancel-order {UNPAID}")
    await page.choose(page.field("Reason"), "Out of stock")
    await page.submit()
    await page.see("Change something")
    await page.confirm()

    await expect(ben.message(f"Order {UNPAID}")).to_contain_text("1 reply")


async def test_a_link_to_a_thread_opens_it(open_page: OpenPage) -> None:
    ben = await open_page("Ben")
    await ben.go_to("support")
    await ben.command(f"/cancel-order {UNPAID}")
    await ben.choose(ben.field("Reason"), "Out of stock")
    await ben.submit()
    await ben.see("Change something")
    await ben.confirm()
    await ben.see("Done")
    link = ben.modal.get_by_role("link", name="Open the thread")
    address = await link.get_attribute("href")

    await link.click()

    await expect(ben.modal).to_have_count(0)
    await expect(ben.reply(f"Cancelled order {UNPAID}")).to_be_visible()
    await expect(ben.page.get_by_role("main", name="Channel order-log")).to_be_visible()
    await ben.go_to("support")
    await ben.page.goto(str(address))
    await expect(ben.reply(f"Cancelled order {UNPAID}")).to_be_visible()
    await expect(ben.page.get_by_role("button", name="You are Ben Osei")).to_be_visible()
