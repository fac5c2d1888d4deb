"""The menu on a message: the app's shortcuts, by mouse and by keyboard, in channels and threads."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from tests.bot.sandbox.slack.desk import ANNA, SUPPORT
from tests.browser.bolt_page import BoltPage, bolt_page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def page(request: pytest.FixtureRequest, browser: Browser) -> AsyncIterator[BoltPage]:
    async with bolt_page(browser, request.node.name) as page:
        await page.go_to("support")
        yield page


async def menu_of(message: Locator) -> None:
    await message.hover()
    await message.get_by_role("button", name="More actions").click()


async def test_a_message_offers_its_shortcuts_by_mouse(page: BoltPage) -> None:
    page.hears(page.app.shortcut, "order_actions")

    await menu_of(page.message("one set too many"))
    await expect(page.page.get_by_role("menu")).to_contain_text("Makegood")
    await page.shot("channel")
    await page.page.get_by_role("menuitem", name="Order actions").click()

    await expect(page.page.get_by_role("menu")).to_have_count(0)
    heard = await page.next_heard()
    assert heard["message"]["text"].startswith("Order 1042")
    assert heard["user"]["id"] == ANNA


async def test_a_reply_offers_them_by_keyboard(page: BoltPage) -> None:
    page.hears(page.app.shortcut, "order_actions")
    root = await page.desk.post("message", user=ANNA, channel=SUPPORT, text="Who knows more?")
    place = {"user": ANNA, "channel": SUPPORT, "thread_ts": root["ts"]}
    await page.desk.post("message", **place, text="It was 1007")
    await page.message("Who knows more?").get_by_role("button", name="view thread").click()

    more = page.reply("It was 1007").get_by_role("button", name="More actions")
    await more.focus()
    await page.page.keyboard.press("Enter")
    item = page.page.get_by_role("menuitem", name="Order actions")
    await expect(item).to_be_focused()
    await page.shot("thread")
    await page.page.keyboard.press("Escape")
    await expect(more).to_be_focused()
    await page.page.keyboard.press("Enter")
    await page.page.keyboard.press("Enter")

    await expect(item).to_have_count(0)
    assert (await page.next_heard())["message"]["thread_ts"] == root["ts"]


async def test_an_app_that_does_not_answer_is_said_so(page: BoltPage) -> None:
    await menu_of(page.message("one set too many"))
    await page.page.get_by_role("menuitem", name="Order actions").click()

    await expect(page.message("Makegood")).to_contain_text("did not respond in time")
