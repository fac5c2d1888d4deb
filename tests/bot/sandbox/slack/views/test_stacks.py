from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.bot.sandbox.slack.desk import ANNA, Desk, modal, plain, section
from tests.bot.sandbox.slack.views.test_modals import opens

MORE = {"type": "button", "action_id": "more", "text": plain("More")}
FORM = modal(section("Step", block_id="s", accessory=MORE), notify_on_close=True)


async def press_more(desk: Desk) -> None:
    view_id = (await desk.top_modal())["id"]
    place = {"user": ANNA, "view_id": view_id, "block_id": "s", "action_id": "more"}
    await desk.post("action", **place)


async def test_a_button_pushes_up_to_three_views(desk: Desk) -> None:
    app = desk.app()
    opens(app, FORM)
    errors: list[str] = []

    async def push(ack: Any, body: Any, client: Any) -> None:
        await ack()
        try:
            await client.views_push(trigger_id=body["trigger_id"], view=FORM)
        except SlackApiError as error:
            errors.append(error.response["error"])

    app.action("more")(push)
    async with desk.connected(app):
        await desk.command("/order")
        for _ in range(3):
            await press_more(desk)
        views = (await desk.get("modals", user=ANNA))["views"]

    first, second, third = views
    assert errors == ["push_limit_reached"]
    assert [v["previous_view_id"] for v in views] == [None, first["id"], second["id"]]
    assert {v["root_view_id"] for v in views} == {first["id"]}
    assert third["hash"]


async def test_closing_one_shows_the_one_below_and_closing_all_clears(desk: Desk) -> None:
    app = desk.app()
    opens(app, FORM)
    closed: list[tuple[str, bool]] = []

    async def push(ack: Any, body: Any, client: Any) -> None:
        await ack()
        await client.views_push(trigger_id=body["trigger_id"], view=FORM)

    async def note(ack: Any, body: Any) -> None:
        closed.append((body["view"]["id"], body["is_cleared"]))
        await ack()

    app.action("more")(push)
    app.view_closed("form")(note)
    async with desk.connected(app):
        await desk.command("/order")
        await press_more(desk)
        bottom, top = (await desk.get("modals", user=ANNA))["views"]
        hidden = await desk.post("submit", user=ANNA, view_id=bottom["id"])
        await desk.post("close", user=ANNA, view_id=top["id"])
        left = (await desk.get("modals", user=ANNA))["views"]
        await press_more(desk)
        again = await desk.top_modal()
        await desk.post("close", user=ANNA, view_id=again["id"], all=True)
        gone = (await desk.get("modals", user=ANNA))["views"]

    assert hidden["error"] == "view_not_on_top"
    assert [view["id"] for view in left] == [bottom["id"]]
    assert gone == []
    assert closed == [(top["id"], False), (again["id"], True), (bottom["id"], True)]


async def test_nothing_is_pushed_where_no_modal_is_open(desk: Desk) -> None:
    app = desk.app()
    errors: list[str] = []

    async def push(ack: Any, body: Any, client: Any) -> None:
        await ack()
        with pytest.raises(SlackApiError) as caught:
            await client.views_push(trigger_id=body["trigger_id"], view=FORM)
        errors.append(caught.value.response["error"])

    app.command("/order")(push)
    async with desk.connected(app):
        await desk.command("/order")

    assert errors == ["invalid_trigger_id"]
