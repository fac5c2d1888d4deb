"""The Home tab as a page of settings: rows with menus, selects, buttons that ask first."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.bot.sandbox.slack.desk import ANNA, BEN, modal, plain, section, text_input
from tests.browser.bolt_page import BoltPage, bolt_page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CONFIRM = {
    "title": plain("Switch refunds off?"),
    "text": {"type": "mrkdwn", "text": "Nobody can refund *any* order until it is on again."},
    "confirm": plain("Switch off"),
    "deny": plain("Keep on"),
    "style": "danger",
}


def options(*names: str) -> list[dict[str, Any]]:
    return [{"text": plain(name), "value": name.lower()} for name in names]


def row(number: int) -> dict[str, Any]:
    menu = {
        "type": "overflow",
        "action_id": "more",
        "options": options("Edit", "Pause", "Remove"),
    }
    text = f"*{number * 5}% for {number} days*\nSingle use, from {number}0.00 USD"
    return {
        "type": "section",
        "block_id": f"preset-{number}",
        "text": {"type": "mrkdwn", "text": text},
        "accessory": menu,
    }


def settings() -> list[dict[str, Any]]:
    off = {"type": "button", "action_id": "off", "text": plain("Switch off"), "style": "danger"}
    edit = {"type": "button", "action_id": "edit", "text": plain("Edit"), "style": "primary"}
    note = {"type": "mrkdwn", "text": "Changed by <@U0CHIARAROSSI> yesterday"}
    return [
        {"type": "header", "text": plain("Refunds")},
        {"type": "context", "elements": [note]},
        {
            "type": "section",
            "block_id": "who",
            "text": {"type": "mrkdwn", "text": "*Who may refund*\nEverybody in #order-log"},
            "accessory": {"type": "multi_users_select", "action_id": "people"},
        },
        {
            "type": "actions",
            "block_id": "buttons",
            "elements": [
                edit,
                {**off, "confirm": CONFIRM},
                {
                    "type": "static_select",
                    "action_id": "mode",
                    "placeholder": plain("Customer's e-mail"),
                    "options": options("By the store", "By Makegood", "Nobody"),
                },
                {"type": "overflow", "action_id": "rest", "options": options("History", "Export")},
            ],
        },
        {"type": "divider"},
        {"type": "header", "text": plain("Presets")},
        *[row(number) for number in range(1, 31)],
        text_input("note", multiline=True),
        section("The end"),
    ]


@pytest_asyncio.fixture(loop_scope="session")
async def page(request: pytest.FixtureRequest, browser: Browser) -> AsyncIterator[BoltPage]:
    async with bolt_page(browser, request.node.name) as page:
        view = {"type": "home", "blocks": settings()}
        await page.desk.client.views_publish(user_id=ANNA, view=view)
        await page.page.get_by_role("button", name="Apps").click()
        yield page


async def test_rows_menus_and_questions_on_the_home_tab(page: BoltPage) -> None:
    page.hears(page.app.action, "off", "more", "people")
    home = page.page.get_by_role("tabpanel")
    await expect(home.get_by_text("5% for 1 days")).to_be_visible()
    await page.shot("top")

    await home.get_by_role("button", name="Switch off").click()
    await expect(page.modal).to_contain_text("Nobody can refund any order")
    await page.shot("question")
    await page.button("Keep on").click()
    await home.get_by_role("button", name="Switch off").click()
    await page.button("Switch off").click()
    assert (await page.next_heard())["actions"][0]["action_id"] == "off"

    last = home.get_by_role("button", name="More actions").last
    await last.focus()
    await page.page.keyboard.press("Enter")
    await expect(page.page.get_by_role("menuitem", name="Edit")).to_be_focused()
    await page.page.keyboard.press("ArrowUp")
    await page.shot("menu")
    await page.page.keyboard.press("Enter")
    action = (await page.next_heard())["actions"][0]
    assert (action["block_id"], action["selected_option"]["value"]) == ("preset-30", "remove")

    await home.get_by_role("combobox").first.click()
    await page.page.get_by_role("option", name="Ben Osei").click()
    await page.page.keyboard.press("Escape")
    assert (await page.next_heard())["actions"][0]["selected_users"] == [BEN]


async def test_a_button_of_the_home_tab_opens_a_form_that_leads_on(page: BoltPage) -> None:
    page.hears(page.app.view, "last")

    async def open_form(ack: Any, body: Any, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal(text_input("a")))

    async def push(ack: Any) -> None:
        view = modal(text_input("b"), callback_id="last", title=plain("Second step"))
        await ack(response_action="push", view=view)

    page.app.action("edit")(open_form)
    page.app.view("form")(push)

    edit = page.page.get_by_role("button", name="Edit")
    await edit.focus()
    await page.page.keyboard.press("Enter")
    await page.field("Label").fill("first")
    await page.submit("Send")
    await page.see("Second step")
    await page.shot("second")
    await page.button("Back").click()
    await expect(page.field("Label")).to_have_value("first")
    await page.submit("Send")
    await page.see("Second step")
    await page.submit("Send")
    assert (await page.next_heard())["view"]["callback_id"] == "last"
    await expect(page.modal.get_by_role("heading", name="Form")).to_be_visible()
    await page.button("Dismiss").click()
    await expect(edit).to_be_focused()
