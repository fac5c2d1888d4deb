"""The selects of people, conversations and options, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.bot.sandbox.slack.desk import ANNA, BEN, LOG, SUPPORT, modal, plain
from tests.bot.sandbox.slack.views.test_modals import opens
from tests.bot.sandbox.slack.views.test_selects import field
from tests.browser.bolt_page import BoltPage, bolt_page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CHIARA = "U0CHIARAROSSI"
HOWS = [{"text": plain(f"Reason number {n}"), "value": str(n)} for n in range(30)]


def labelled(label: str, block: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {**block, "label": plain(label), **fields}


FORM = modal(
    labelled("Approvers", field("multi_users_select", "people", max_selected_items=2)),
    labelled("Deputy", field("users_select", "deputy"), optional=True),
    labelled(
        "Tell it in",
        field(
            "conversations_select",
            "where",
            default_to_current_conversation=True,
            filter={"include": ["public", "private"], "exclude_bot_users": True},
        ),
    ),
    labelled(
        "Reasons", field("multi_static_select", "reasons", options=HOWS, initial_options=HOWS[:9])
    ),
)


@pytest_asyncio.fixture(loop_scope="session")
async def page(request: pytest.FixtureRequest, browser: Browser) -> AsyncIterator[BoltPage]:
    async with bolt_page(browser, request.node.name) as page:
        await page.go_to("support")
        yield page


async def test_a_form_is_filled_by_keyboard(page: BoltPage) -> None:
    opens(page.app, FORM)
    page.hears(page.app.view, "form")
    await page.command("/order 1042")
    await expect(page.field("Tell it in")).to_have_value("support")
    keys = page.page.keyboard

    await expect(page.field("Approvers")).to_be_focused()
    await keys.press("ArrowDown")
    await expect(page.page.get_by_role("option")).to_have_count(5)
    await page.shot("people")
    await keys.type("chi")
    await keys.press("Enter")
    await keys.type("ben")
    await keys.press("Enter")
    await expect(page.page.get_by_role("option", name="Dev Patel")).to_be_disabled()
    await page.shot("full")
    await keys.press("Tab")
    await expect(page.page.get_by_role("listbox")).to_have_count(0)
    await expect(page.button("Remove Chiara Rossi")).to_be_visible()
    await page.field("Tell it in").focus()
    await keys.type("order")
    await page.shot("channels")
    await keys.press("Enter")
    await page.field("Reasons").focus()
    await keys.press("Backspace")
    await page.shot("chips")
    await page.button("Send").press("Enter")

    values = (await page.next_heard())["view"]["state"]["values"]
    assert values["people"]["a"]["selected_users"] == [CHIARA, BEN]
    assert values["deputy"]["a"]["selected_user"] is None
    assert values["where"]["a"]["selected_conversation"] == LOG
    assert len(values["reasons"]["a"]["selected_options"]) == 8


async def test_a_list_of_several_choices_is_told_once_when_it_closes(page: BoltPage) -> None:
    page.hears(page.app.action, "who")
    accessory = {"type": "multi_users_select", "action_id": "who", "initial_users": [ANNA]}
    text = {"type": "mrkdwn", "text": "*Who may approve* this refund?"}
    block = {"type": "section", "block_id": "s", "text": text, "accessory": accessory}
    await page.desk.client.chat_postMessage(channel=SUPPORT, text="Who?", blocks=[block])
    select = page.message("Who may approve").get_by_role("combobox")

    await select.click()
    await page.page.get_by_role("option", name="Ben Osei").click()
    await page.page.get_by_role("option", name="Chiara Rossi").click()
    await page.shot("open")
    await page.composer.click()
    first = await page.next_heard()
    await page.message("Who may approve").get_by_role("button", name="Remove Anna Keller").click()
    second = await page.next_heard()

    assert first["actions"][0]["selected_users"] == [ANNA, BEN, CHIARA]
    assert second["actions"][0]["selected_users"] == [BEN, CHIARA]
    assert page.heard.empty()


async def test_a_choice_that_is_taken_back_is_shown_and_told_no_more(page: BoltPage) -> None:
    page.hears(page.app.action, "who")
    confirm = {
        "title": plain("Let them approve?"),
        "text": plain("They can agree to any refund."),
        "confirm": plain("Let them"),
        "deny": plain("Not now"),
    }
    people = {"type": "multi_users_select", "action_id": "who", "confirm": confirm}
    block = {"type": "section", "block_id": "s", "text": plain("Approvers"), "accessory": people}
    await page.desk.client.chat_postMessage(channel=SUPPORT, text="Who?", blocks=[block])
    message = page.message("Approvers")
    ben = message.get_by_role("button", name="Remove Ben Osei")

    for answer in ("Not now", "Let them"):
        await expect(ben).to_have_count(0)
        await message.get_by_role("combobox").click()
        await page.page.get_by_role("option", name="Ben Osei").click()
        await page.page.keyboard.press("Escape")
        await page.see("any refund")
        await page.button(answer).click()

    await expect(ben).to_be_visible()
    assert (await page.next_heard())["actions"][0]["selected_users"] == [BEN]
    assert page.heard.empty()
