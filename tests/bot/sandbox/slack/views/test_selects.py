"""The selects that Slack fills itself, and those of several choices: limits, offers, state."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp

from bot.sandbox.slack.blocks.checks import check_message, check_view
from tests.bot.sandbox.slack.desk import ANNA, BEN, DEV, GENERAL, LOG, SUPPORT, Desk, modal, plain
from tests.bot.sandbox.slack.views.test_modals import answers, opens

OPTIONS = [{"text": plain(name.title()), "value": name} for name in ("mail", "phone", "chat")]
DIRECT = "D0ANNAKELLER"


def field(kind: str, block_id: str = "b", **element: Any) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain("Label"),
        "element": {"type": kind, "action_id": "a", **element},
    }


@pytest.mark.parametrize(
    "block",
    [
        field("users_select", initial_user=ANNA),
        field("multi_users_select", initial_users=[ANNA], max_selected_items=1),
        field("channels_select", initial_channel=GENERAL, response_url_enabled=True),
        field("multi_channels_select", initial_channels=[GENERAL]),
        field(
            "conversations_select",
            default_to_current_conversation=True,
            filter={"include": ["public", "private"], "exclude_bot_users": True},
        ),
        field("multi_conversations_select", initial_conversations=[]),
        field("multi_static_select", options=OPTIONS, max_selected_items=2),
    ],
    ids=lambda block: block["element"]["type"],
)
def test_selects_within_their_limits_are_accepted(block: dict[str, Any]) -> None:
    assert check_view(modal(block), "modal") == []
    assert check_view({"type": "home", "blocks": [block]}, "home") == []
    assert check_message([block]) == []


@pytest.mark.parametrize(
    ("block", "words", "place"),
    [
        (field("users_select", initial_users=[ANNA]), "additional property: initial_users", ""),
        (field("users_select", initial_user=[ANNA]), "must be a string", "/initial_user"),
        (field("multi_users_select", initial_users=ANNA), "array of strings", "/initial_users"),
        (field("multi_users_select", max_selected_items=0), "at least 1", "/max_selected_items"),
        (field("channels_select", filter={"include": ["public"]}), "property: filter", ""),
        (field("conversations_select", filter={}), "at least one field", "/filter"),
        (field("conversations_select", filter={"include": []}), "non-empty", "/filter/include"),
        (
            field("conversations_select", filter={"include": ["secret"]}),
            "unsupported conversation type",
            "/filter/include",
        ),
        (
            field("conversations_select", default_to_current_conversation="yes"),
            "valid boolean",
            "/default_to_current_conversation",
        ),
        (
            field("multi_static_select", options=OPTIONS, max_selected_items="2"),
            "at least 1",
            "/max_selected_items",
        ),
        (
            field("static_select", options=[{**OPTIONS[0], "url": "https://x.example"}]),
            "property: url",
            "/options/0",
        ),
    ],
)
def test_selects_beyond_their_limits_are_named(
    block: dict[str, Any], words: str, place: str
) -> None:
    (problem,) = check_view(modal(block), "modal")

    assert words in problem
    assert problem.endswith(f"[json-pointer:/view/blocks/0/element{place}]")


def test_several_choices_do_not_stand_in_actions() -> None:
    select = field("multi_users_select")["element"]

    (problem,) = check_message([{"type": "actions", "elements": [select]}])

    assert "unsupported type: multi_users_select" in problem


async def state_after(desk: Desk, app: AsyncApp, *blocks: Any, **values: Any) -> Any:
    """Open a form of these blocks, submit these values by block id, return what the app sees."""
    opens(app, modal(*blocks))
    submitted = answers(app)
    async with desk.connected(app):
        await desk.command("/order")
        answer = await desk.post(
            "submit",
            user=ANNA,
            view_id=(await desk.top_modal())["id"],
            values={block_id: {"a": value} for block_id, value in values.items()},
        )
    if not submitted:
        return answer
    return {block: held["a"] for block, held in submitted[0]["state"]["values"].items()}


async def test_what_is_chosen_arrives_in_slacks_shape(desk: Desk) -> None:
    state = await state_after(
        desk,
        desk.app(),
        field("users_select", "one"),
        field("multi_users_select", "some", initial_users=[ANNA]),
        field("conversations_select", "where"),
        field("multi_conversations_select", "wheres"),
        field("channels_select", "channel"),
        field("multi_channels_select", "channels"),
        field("multi_static_select", "how", options=OPTIONS),
        {**field("users_select", "none"), "optional": True},
        {**field("multi_users_select", "nobody"), "optional": True},
        one=BEN,
        some=[BEN, DEV],
        where=LOG,
        wheres=[LOG, DIRECT],
        channel=GENERAL,
        channels=[SUPPORT, GENERAL],
        how=["chat", "mail"],
    )

    assert state == {
        "one": {"type": "users_select", "selected_user": BEN},
        "some": {"type": "multi_users_select", "selected_users": [BEN, DEV]},
        "where": {"type": "conversations_select", "selected_conversation": LOG},
        "wheres": {"type": "multi_conversations_select", "selected_conversations": [LOG, DIRECT]},
        "channel": {"type": "channels_select", "selected_channel": GENERAL},
        "channels": {"type": "multi_channels_select", "selected_channels": [SUPPORT, GENERAL]},
        "how": {"type": "multi_static_select", "selected_options": [OPTIONS[2], OPTIONS[0]]},
        "none": {"type": "users_select", "selected_user": None},
        "nobody": {"type": "multi_users_select", "selected_users": []},
    }


@pytest.mark.parametrize(
    ("block", "value"),
    [
        (field("users_select"), "U0NOBODY"),
        (field("multi_users_select"), [ANNA, "U0GONE"]),
        (field("channels_select"), LOG),
        (field("conversations_select"), "D0BENOSEI"),
        (field("conversations_select", filter={"include": ["public"]}), LOG),
        (field("conversations_select", filter={"exclude_bot_users": True}), DIRECT),
        (field("multi_static_select", options=OPTIONS), ["mail", "pigeon"]),
    ],
)
async def test_nobody_can_choose_what_the_select_does_not_offer(
    desk: Desk, block: Any, value: Any
) -> None:
    answer = await state_after(desk, desk.app(), block, b=value)

    assert answer["error"] == "no_such_option"


async def test_whoever_left_the_company_is_not_offered(desk: Desk) -> None:
    await desk.post("person", user=BEN, deleted=True)

    answer = await state_after(desk, desk.app(), field("users_select"), b=BEN)

    assert answer["error"] == "no_such_option"


async def test_more_choices_than_allowed_are_the_clients_error(desk: Desk) -> None:
    block = field("multi_users_select", max_selected_items=1)

    answer = await state_after(desk, desk.app(), block, b=[ANNA, BEN])

    assert answer["errors"] == {"b": "Please choose no more than 1."}


async def test_a_conversation_starts_with_where_the_form_was_opened(desk: Desk) -> None:
    here = {"default_to_current_conversation": True}
    state = await state_after(
        desk,
        desk.app(),
        field("conversations_select", "current", **here),
        field("conversations_select", "own", initial_conversation=GENERAL, **here),
        field("multi_conversations_select", "many", **here),
        {
            **field("conversations_select", "private", filter={"include": ["private"]}, **here),
            "optional": True,
        },
    )

    assert state["current"]["selected_conversation"] == SUPPORT
    assert state["own"]["selected_conversation"] == GENERAL
    assert state["many"]["selected_conversations"] == [SUPPORT]
    assert state["private"]["selected_conversation"] is None


async def test_a_chosen_conversation_can_be_answered(desk: Desk) -> None:
    app = desk.app()
    opens(app, modal(field("channels_select", response_url_enabled=True)))
    heard: list[Any] = []

    async def take(ack: Any, body: Any, respond: Any) -> None:
        heard.append(body["response_urls"])
        await ack()

    app.view("form")(take)
    async with desk.connected(app):
        await desk.command("/order")
        view_id = (await desk.top_modal())["id"]
        await desk.post("submit", user=ANNA, view_id=view_id, values={"b": {"a": GENERAL}})

    (place,) = heard[0]
    assert (place["block_id"], place["action_id"], place["channel_id"]) == ("b", "a", GENERAL)
    said = {"text": "Here", "response_type": "in_channel"}
    async with desk.session.post(place["response_url"], json=said) as answer:
        assert answer.status == 200
    assert "Here" in await desk.texts(GENERAL)


async def test_a_select_in_a_section_tells_at_once(desk: Desk) -> None:
    app = desk.app()
    heard: list[Any] = []

    async def take(ack: Any, body: Any) -> None:
        heard.append(body)
        await ack()

    app.action("who")(take)
    accessory = {"type": "multi_users_select", "action_id": "who"}
    block = {"type": "section", "block_id": "s", "text": plain("Who?"), "accessory": accessory}
    posted = await desk.client.chat_postMessage(channel=LOG, text="Who?", blocks=[block])
    async with desk.connected(app):
        place = {"user": ANNA, "channel": LOG, "ts": posted["ts"]}
        await desk.post("action", **place, block_id="s", action_id="who", value=[ANNA, BEN])

    assert heard[0]["actions"][0]["selected_users"] == [ANNA, BEN]
    assert heard[0]["state"]["values"]["s"]["who"]["selected_users"] == [ANNA, BEN]
