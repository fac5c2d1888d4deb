from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.bot.sandbox.slack.desk import ANNA, BEN, Desk, modal, plain, section, text_input

MENU = {
    "type": "overflow",
    "action_id": "more",
    "options": [
        {"text": plain("Edit"), "value": "edit"},
        {"text": plain("Remove"), "value": "remove", "description": plain("For good")},
    ],
}
SAVE = {"type": "button", "action_id": "save", "text": plain("Save"), "value": "1"}
BLOCKS = [
    section("Discounts", block_id="row", accessory=MENU),
    {**text_input("note", initial_value="as it was"), "dispatch_action": False},
    {"type": "actions", "block_id": "foot", "elements": [SAVE]},
]


async def publish(desk: Desk, blocks: list[Any] = BLOCKS, **fields: Any) -> Any:
    view = {"type": "home", "blocks": blocks, "private_metadata": "m", "callback_id": "home"}
    return (await desk.client.views_publish(user_id=ANNA, view=view, **fields))["view"]


def hears(app: Any, *actions: str) -> list[dict[str, Any]]:
    heard: list[dict[str, Any]] = []

    async def take(ack: Any, body: Any) -> None:
        heard.append(body)
        await ack()

    for action in actions:
        app.action(action)(take)
    return heard


async def test_a_button_on_the_home_tab_comes_with_the_view_and_its_inputs(desk: Desk) -> None:
    app = desk.app()
    heard = hears(app, "save")
    view = await publish(desk)

    async with desk.connected(app):
        place = {"user": ANNA, "view_id": view["id"], "block_id": "foot", "action_id": "save"}
        await desk.post("action", **place, values={"note": {"value": "new"}})

    (body,) = heard
    assert body["container"] == {"type": "view", "view_id": view["id"]}
    assert (body["view"]["id"], body["view"]["hash"]) == (view["id"], view["hash"])
    assert body["view"]["private_metadata"] == "m"
    assert body["view"]["state"]["values"]["note"]["value"]["value"] == "new"
    assert body["actions"][0]["value"] == "1"
    assert "channel" not in body
    assert "response_url" not in body


async def test_an_overflow_menu_tells_which_option_was_chosen(desk: Desk) -> None:
    app = desk.app()
    heard = hears(app, "more")
    view = await publish(desk)

    async with desk.connected(app):
        place = {"user": ANNA, "view_id": view["id"], "block_id": "row", "action_id": "more"}
        await desk.post("action", **place, value="remove")
        wrong = await desk.post("action", **place, value="nonsense")

    assert heard[0]["actions"][0]["selected_option"] == MENU["options"][1]
    assert "row" not in heard[0]["view"]["state"]["values"]  # a menu holds nothing
    assert wrong["error"] == "no_such_option"


async def test_the_home_tab_opens_a_modal(desk: Desk) -> None:
    app = desk.app()

    async def open_modal(ack: Any, body: Any, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal(text_input("a")))

    app.action("save")(open_modal)
    view = await publish(desk)

    async with desk.connected(app):
        place = {"user": ANNA, "view_id": view["id"], "block_id": "foot", "action_id": "save"}
        await desk.post("action", **place)
        opened = await desk.top_modal()

    assert (opened["root_view_id"], opened["previous_view_id"]) == (opened["id"], None)
    assert (await desk.get("modals", user=BEN))["views"] == []


async def test_an_old_hash_publishes_nothing(desk: Desk) -> None:
    first = await publish(desk)
    second = await publish(desk, [section("Newer")], hash=first["hash"])

    with pytest.raises(SlackApiError, match="hash_conflict"):
        await publish(desk, [section("Older")], hash=first["hash"])

    shown = (await desk.get("home", user=ANNA))["view"]
    assert second["id"] == first["id"]
    assert shown["blocks"][0]["text"]["text"] == "Newer"


async def test_what_was_typed_on_the_home_tab_outlives_its_being_published_again(
    desk: Desk,
) -> None:
    view = await publish(desk)
    place = {"user": ANNA, "view_id": view["id"], "block_id": "note", "action_id": "value"}
    await desk.post("action", **place, value="typed")

    again = await publish(desk)
    anew = await publish(desk, [text_input("note-2", initial_value="as it was")])

    assert again["state"]["values"]["note"]["value"]["value"] == "typed"
    assert anew["state"]["values"]["note-2"]["value"]["value"] == "as it was"


async def test_an_external_select_on_the_home_tab_asks_the_app(desk: Desk) -> None:
    app = desk.app()

    async def suggest(ack: Any, body: Any) -> None:
        assert body["container"]["type"] == body["view"]["type"].replace("home", "view")
        await ack(options=[{"text": plain("Bath"), "value": "7"}])

    app.options("find")(suggest)
    select = {"type": "external_select", "action_id": "find", "min_query_length": 0}
    view = await publish(desk, [section("Category", block_id="c", accessory=select)])

    async with desk.connected(app):
        place = {"user": ANNA, "view_id": view["id"], "block_id": "c", "action_id": "find"}
        offered = await desk.post("options", **place, query="")

    assert offered["options"] == [{"text": "Bath", "value": "7"}]


async def test_what_may_not_stand_on_a_home_tab_is_refused(desk: Desk) -> None:
    alert = {"type": "alert", "text": plain("Careful")}
    amount = {"type": "number_input", "action_id": "n", "is_decimal_allowed": True}

    for block in (alert, {"type": "input", "label": plain("Amount"), "element": amount}):
        with pytest.raises(SlackApiError, match="invalid_arguments"):
            await publish(desk, [block])
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await publish(desk, [section("x")] * 101)
