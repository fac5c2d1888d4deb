from __future__ import annotations

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp

from tests.bot.sandbox.slack.desk import (
    ANNA,
    BEN,
    LOG,
    SUPPORT,
    Desk,
    modal,
    open_desk,
    plain,
    section,
    text_input,
    until,
)
from tests.bot.sandbox.slack.views.test_modals import opens


def button(action_id: str = "cancel", **fields: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain("Cancel"), **fields}


def option(value: str) -> dict[str, Any]:
    return {"text": plain(value.title()), "value": value}


def hears(app: AsyncApp, action_id: str) -> list[dict[str, Any]]:
    heard: list[dict[str, Any]] = []

    async def take(ack: Any, body: Any) -> None:
        heard.append(body)
        await ack()

    app.action(action_id)(take)
    return heard


async def test_a_button_in_a_message_tells_who_pressed_what_where(desk: Desk) -> None:
    app = desk.app()
    heard = hears(app, "cancel")
    blocks = [{"type": "actions", "block_id": "order", "elements": [button(value="1042")]}]
    posted = await desk.client.chat_postMessage(channel=LOG, text="Order", blocks=blocks)

    async with desk.connected(app):
        answer = await desk.post(
            "action", user=ANNA, channel=LOG, ts=posted["ts"], block_id="order", action_id="cancel"
        )

    body = heard[0]
    assert answer == {"ok": True, "delivered": True}
    assert body["actions"][0]["value"] == "1042"
    assert (body["user"]["id"], body["channel"]["id"]) == (ANNA, LOG)
    assert body["container"]["message_ts"] == body["message"]["ts"] == posted["ts"]
    assert body["trigger_id"]
    assert body["response_url"].startswith(desk.sandbox.url)


async def test_a_button_that_is_not_there_cannot_be_pressed(desk: Desk) -> None:
    posted = await desk.client.chat_postMessage(channel=LOG, text="No buttons")

    answer = await desk.post(
        "action", user=ANNA, channel=LOG, ts=posted["ts"], block_id="b", action_id="a"
    )

    assert answer["error"] == "element_not_found"


async def test_a_select_in_a_modal_tells_and_keeps_what_was_entered(desk: Desk) -> None:
    chooser = {
        "type": "input",
        "block_id": "reason",
        "dispatch_action": True,
        "label": plain("Reason"),
        "element": {
            "type": "static_select",
            "action_id": "choose",
            "options": [option("damaged"), option("other")],
        },
    }
    note = {
        "type": "input",
        "block_id": "note",
        "label": plain("Note"),
        "element": {"type": "plain_text_input", "action_id": "value"},
    }
    app = desk.app()
    opens(app, modal(chooser, note))
    heard = hears(app, "choose")

    async with desk.connected(app):
        await desk.command("/order")
        view_id = (await desk.top_modal())["id"]
        place = {"user": ANNA, "view_id": view_id, "block_id": "reason", "action_id": "choose"}
        typed = {"note": {"value": "half typed"}}
        await desk.post("action", **place, value="other", values=typed)
        wrong = await desk.post("action", **place, value="nonsense")
        quiet = await desk.post(
            "action", **{**place, "block_id": "note", "action_id": "value"}, value="typed"
        )

    state = heard[0]["view"]["state"]["values"]
    assert heard[0]["actions"][0]["selected_option"]["value"] == "other"
    assert state["reason"]["choose"]["selected_option"]["value"] == "other"
    assert state["note"]["value"]["value"] == "half typed"
    assert wrong["error"] == "no_such_option"
    assert quiet == {"ok": True, "delivered": False}
    assert len(heard) == 1


def categories(min_query_length: int = 0) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": "category",
        "label": plain("Category"),
        "element": {
            "type": "external_select",
            "action_id": "find",
            "min_query_length": min_query_length,
        },
    }


async def test_an_external_select_offers_what_the_app_suggests(desk: Desk) -> None:
    app = desk.app()
    opens(app, modal(categories()))
    submitted: list[Any] = []

    async def suggest(ack: Any, payload: Any) -> None:
        await ack(options=[option(payload["value"] + "-bath")])

    async def take(ack: Any, view: Any) -> None:
        submitted.append(view["state"]["values"]["category"]["find"]["selected_option"])
        await ack()

    app.options("find")(suggest)
    app.view("form")(take)

    async with desk.connected(app):
        await desk.command("/order")
        view_id = (await desk.top_modal())["id"]
        place = {"user": ANNA, "view_id": view_id, "block_id": "category", "action_id": "find"}
        offered = await desk.post("options", **place, query="garden")
        values = {"category": {"find": "garden-bath"}}
        await desk.post("submit", user=ANNA, view_id=view_id, values=values)

    assert offered["options"] == [{"text": "Garden-Bath", "value": "garden-bath"}]
    assert submitted == [option("garden-bath")]


async def test_a_suggestion_sees_the_state_of_when_the_view_was_shown(desk: Desk) -> None:
    app = desk.app()
    opens(app, modal(categories(), text_input("note", initial_value="before")))
    seen: list[str] = []

    async def suggest(ack: Any, body: Any) -> None:
        seen.append(body["view"]["state"]["values"]["note"]["value"]["value"])
        await ack(options=[])

    app.options("find")(suggest)

    async with desk.connected(app):
        await desk.command("/order")
        view_id = (await desk.top_modal())["id"]
        typed = {"block_id": "note", "action_id": "value", "value": "after"}
        await desk.post("action", user=ANNA, view_id=view_id, **typed)
        find = {"block_id": "category", "action_id": "find", "query": ""}
        await desk.post("options", user=ANNA, view_id=view_id, **find)

    assert seen == ["before"]


async def test_a_short_query_asks_nobody(desk: Desk) -> None:
    app = desk.app()
    opens(app, modal(categories(min_query_length=3)))

    async with desk.connected(app):
        await desk.command("/order")
        view_id = (await desk.top_modal())["id"]
        place = {"user": ANNA, "view_id": view_id, "block_id": "category", "action_id": "find"}
        answer = await desk.post("options", **place, query="ga")

    assert answer == {"ok": True, "options": []}


async def test_more_than_a_hundred_suggestions_are_refused(desk: Desk) -> None:
    app = desk.app()
    opens(app, modal(categories()))

    async def suggest(ack: Any) -> None:
        await ack(options=[option(f"c{n}") for n in range(101)])

    app.options("find")(suggest)

    async with desk.connected(app):
        await desk.command("/order")
        view_id = (await desk.top_modal())["id"]
        place = {"user": ANNA, "view_id": view_id, "block_id": "category", "action_id": "find"}
        answer = await desk.post("options", **place, query="")

    assert answer["error"] == "invalid_options"


async def test_opening_home_tells_the_app_which_publishes_it(desk: Desk) -> None:
    app = desk.app()
    heard = hears(app, "cancel")

    async def publish(event: Any, client: Any) -> None:
        blocks = [section("Welcome", accessory=button()) | {"block_id": "b"}]
        view = {"type": "home", "blocks": blocks}
        await client.views_publish(user_id=event["user"], view=view)

    app.event("app_home_opened")(publish)

    async def published() -> bool:
        return (await desk.get("home", user=ANNA))["view"] is not None

    async with desk.connected(app):
        assert await desk.post("home", user=ANNA) == {"ok": True}
        await until(published)
        view = (await desk.get("home", user=ANNA))["view"]
        place = {"view_id": view["id"], "block_id": "b", "action_id": "cancel"}
        await desk.post("action", user=ANNA, **place)

    assert heard[0]["view"]["type"] == "home"
    assert (await desk.get("home", user=BEN))["view"] is None


async def test_a_response_url_answers_the_person_alone(desk: Desk) -> None:
    app = desk.app()

    async def answer(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="Order 1042 is on its way")

    app.command("/order")(answer)

    async with desk.connected(app):
        await desk.command("/order 1042")

    assert "Order 1042 is on its way" in await desk.texts(SUPPORT)
    assert "Order 1042 is on its way" not in await desk.texts(SUPPORT, user=BEN)


async def test_a_response_url_works_five_times(desk: Desk) -> None:
    app = desk.app()
    urls: list[str] = []

    async def take(ack: Any, body: Any) -> None:
        urls.append(body["response_url"])
        await ack()

    app.command("/order")(take)

    async with desk.connected(app):
        await desk.command("/order")
        answers = []
        for _ in range(6):
            async with desk.session.post(urls[0], json={"text": "again"}) as answer:
                answers.append((answer.status, await answer.text()))

    assert answers == [(200, "ok")] * 5 + [(404, "used_url")]


async def test_an_ephemeral_message_is_replaced_or_removed_by_its_response_url(desk: Desk) -> None:
    app = desk.app()
    heard = hears(app, "cancel")
    blocks = [section("Sure?", accessory=button()) | {"block_id": "b"}]
    posted = await desk.client.chat_postEphemeral(
        channel=SUPPORT, user=ANNA, text="Sure?", blocks=blocks
    )

    async with desk.connected(app):
        place = {"channel": SUPPORT, "ts": posted["message_ts"], "block_id": "b"}
        await desk.post("action", user=ANNA, action_id="cancel", **place)
    replace = {"replace_original": True, "text": "Done"}
    await desk.session.post(heard[0]["response_url"], json=replace)
    replaced = await desk.texts(SUPPORT)
    await desk.session.post(heard[0]["response_url"], json={"delete_original": True})

    assert heard[0]["container"]["is_ephemeral"] is True
    assert "message" not in heard[0]
    assert "Done" in replaced
    assert "Sure?" not in replaced
    assert "Done" not in await desk.texts(SUPPORT)


async def test_a_command_may_be_answered_in_its_ack(desk: Desk) -> None:
    app = desk.app()

    async def answer(ack: Any) -> None:
        await ack("Type a number")

    app.command("/order")(answer)

    async with desk.connected(app):
        await desk.command("/order")

    assert "Type a number" in await desk.texts(SUPPORT)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"text": "/dance"}, "unknown_command"),
        ({"text": "/order 1042", "thread_ts": "1.000001"}, "in_thread"),
        ({"text": "/order 1042", "channel": "C0GENERAL", "user": BEN}, "dispatch_failed"),
        ({"text": "/order", "user": "U0NOBODY"}, "user_not_found"),
        ({"text": "/order", "user": "U0DEVPATEL"}, "channel_not_found"),
    ],
    ids=["unknown", "in-a-thread", "no-app", "nobody", "not-a-member"],
)
async def test_a_command_that_cannot_run_says_why(desk: Desk, body: Any, error: str) -> None:
    answer = await desk.post("command", **({"user": ANNA, "channel": LOG} | body))

    assert (answer["ok"], answer["error"]) == (False, error)


async def test_an_app_that_is_too_slow_is_an_operation_timeout() -> None:
    async with open_desk(ack_timeout_s=0.05) as desk:
        app = desk.app()

        async def sleepy(ack: Any) -> None:
            await until(answered)
            await ack()

        async def answered() -> bool:
            deliveries = (await desk.get("deliveries"))["deliveries"]
            return deliveries[-1]["error"] is not None

        async def acked_late() -> bool:
            return bool((await desk.get("deliveries"))["deliveries"][-1]["acked"])

        app.command("/order")(sleepy)
        async with desk.connected(app):
            answer = await desk.command("/order")
            await until(acked_late)

    assert answer == {"ok": False, "error": "operation_timeout"}
