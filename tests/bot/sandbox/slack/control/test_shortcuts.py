from __future__ import annotations

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp

from tests.bot.sandbox.slack.desk import ANNA, DEV, GENERAL, LOG, SUPPORT, Desk, modal


def hears(app: AsyncApp) -> list[dict[str, Any]]:
    heard: list[dict[str, Any]] = []

    async def take(ack: Any, body: Any) -> None:
        heard.append(body)
        await ack()

    app.shortcut("order_actions")(take)
    return heard


async def use(desk: Desk, channel: str, ts: str, user: str = ANNA, **change: str) -> Any:
    act = {"user": user, "channel": channel, "ts": ts, "callback_id": "order_actions", **change}
    return await desk.post("shortcut", **act)


async def test_the_manifests_message_shortcuts_are_offered(desk: Desk) -> None:
    assert (await desk.get("shortcuts"))["shortcuts"] == [
        {
            "name": "Order actions",
            "callback_id": "order_actions",
            "description": "Find the orders: in a message",
        },
        {"name": "Keep a note", "callback_id": "note", "description": "Keep it"},
    ]
    commands = (await desk.get("commands"))["commands"]
    assert commands[0] == {
        "command": "/order",
        "description": "Show an order",
        "usage_hint": "",
    }


async def test_a_shortcut_tells_who_used_it_on_which_message(desk: Desk) -> None:
    app = desk.app()
    heard = hears(app)
    written = await desk.post("message", user=DEV, channel=GENERAL, text="Where is 1042?")

    async with desk.connected(app):
        assert await use(desk, GENERAL, written["ts"]) == {"ok": True}

    body = heard[0]
    assert (body["type"], body["callback_id"]) == ("message_action", "order_actions")
    assert (body["user"]["id"], body["message"]["user"]) == (ANNA, DEV)
    assert body["channel"] == {"id": GENERAL, "name": "general"}
    assert body["message"]["text"] == "Where is 1042?"
    assert body["message"]["ts"] == body["message_ts"] == written["ts"]
    assert "thread_ts" not in body["message"]
    assert body["team"] == {"id": "T0FERNFABLE", "domain": "fern-and-fable"}
    assert float(body["action_ts"]) > float(written["ts"])
    envelope = (await desk.get("deliveries"))["deliveries"][-1]
    assert (envelope["type"], envelope["payload_type"]) == ("interactive", "message_action")


async def test_a_shortcut_works_in_a_thread(desk: Desk) -> None:
    app = desk.app()
    heard = hears(app)
    root = await desk.client.chat_postMessage(
        channel=LOG, text="Order 1042", metadata={"event_type": "order", "event_payload": {"n": 1}}
    )
    reply = await desk.post(
        "message", user=ANNA, channel=LOG, text="and 1007", thread_ts=root["ts"]
    )

    async with desk.connected(app):
        await use(desk, LOG, reply["ts"])
        await use(desk, LOG, root["ts"])

    on_reply, on_root = (body["message"] for body in heard)
    assert (on_reply["thread_ts"], on_reply["text"]) == (root["ts"], "and 1007")
    assert on_reply["parent_user_id"] == "U0MAKEGOOD"
    assert (on_root["bot_id"], on_root["thread_ts"]) == ("B0MAKEGOOD", root["ts"])
    assert "metadata" not in on_root
    assert heard[0]["channel"]["name"] == "privategroup"


async def test_a_shortcut_may_open_a_modal_and_answer_in_the_channel(desk: Desk) -> None:
    app = desk.app()
    written = await desk.post("message", user=ANNA, channel=GENERAL, text="1042")

    async def take(ack: Any, body: Any, client: Any, respond: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal())
        await respond("Only for you")

    app.shortcut({"type": "message_action", "callback_id": "order_actions"})(take)
    async with desk.connected(app):
        await use(desk, GENERAL, written["ts"])
        assert (await desk.top_modal())["callback_id"] == "form"
        assert (await desk.texts(GENERAL))[-1] == "Only for you"
        assert "Only for you" not in await desk.texts(GENERAL, user=DEV)


async def test_what_is_not_there_has_no_shortcut(desk: Desk) -> None:
    written = await desk.post("message", user=ANNA, channel=SUPPORT, text="1042")
    secret = await desk.client.chat_postMessage(channel=LOG, text="Order 1042")
    await desk.client.chat_postEphemeral(channel=SUPPORT, user=ANNA, text="Only you see this")
    shown = (await desk.get("messages", user=ANNA, channel=SUPPORT))["messages"][-1]

    tries = [
        await use(desk, SUPPORT, written["ts"], callback_id="new_order"),
        await use(desk, SUPPORT, "1.000001"),
        await use(desk, SUPPORT, shown["ts"]),
        await use(desk, LOG, secret["ts"], user=DEV),
    ]

    assert [answer["error"] for answer in tries] == [
        "unknown_shortcut",
        "message_not_found",
        "message_not_found",
        "channel_not_found",
    ]
    assert await use(desk, SUPPORT, written["ts"]) == {"ok": False, "error": "dispatch_failed"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (
            "Ask ana.b+1@shop.example.com.",
            "Ask <mailto:ana.b+1@shop.example.com|ana.b+1@shop.example.com>.",
        ),
        ("See https://x.example/o?id=1, then", "See <https://x.example/o?id=1>, then"),
        ("`a@b.example` and <@U0ANNAKELLER>", "`a@b.example` and <@U0ANNAKELLER>"),
        ("<mailto:a@b.example|a@b.example> 1042", "<mailto:a@b.example|a@b.example> 1042"),
        ("nothing @here or a@b", "nothing @here or a@b"),
    ],
)
async def test_addresses_that_people_write_become_links(desk: Desk, typed: str, kept: str) -> None:
    await desk.post("message", user=ANNA, channel=GENERAL, text=typed)

    assert (await desk.texts(GENERAL))[-1] == kept
