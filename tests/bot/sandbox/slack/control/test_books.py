"""What an audit reads: everything that stands, what is gone, and what only one person sees."""

from __future__ import annotations

from typing import Any

from tests.bot.sandbox.slack.desk import ANNA, BEN, CHIARA, LOG, Desk, modal, section
from tests.bot.sandbox.slack.views.test_modals import opens


async def channel(desk: Desk, channel_id: str) -> Any:
    books = await desk.get("books")
    return next(one for one in books["channels"] if one["id"] == channel_id)


async def test_threads_hang_on_their_roots_with_metadata(desk: Desk) -> None:
    metadata = {"event_type": "outcome", "event_payload": {"reference": "MG-1"}}
    root = await desk.client.chat_postMessage(channel=LOG, text="root")
    await desk.client.chat_postMessage(
        channel=LOG, text="reply", thread_ts=root["ts"], metadata=metadata
    )
    await desk.client.chat_postMessage(channel=ANNA, text="to Anna")

    log = await channel(desk, LOG)
    direct = await channel(desk, "D0ANNAKELLER")

    assert [m["text"] for m in log["messages"]] == ["root"]
    (reply,) = log["messages"][0]["replies"]
    assert (reply["text"], reply["metadata"]) == ("reply", metadata)
    assert (direct["user"], [m["text"] for m in direct["messages"]]) == (ANNA, ["to Anna"])


async def test_what_is_gone_is_still_on_record(desk: Desk) -> None:
    root = await desk.client.chat_postMessage(channel=LOG, text="root", blocks=[section("Root")])
    reply = await desk.client.chat_postMessage(channel=LOG, text="old", thread_ts=root["ts"])
    await desk.post("delete", user=CHIARA, channel=LOG, ts=root["ts"])
    young = await desk.client.chat_postMessage(channel=LOG, text="young")
    await desk.client.chat_postMessage(channel=LOG, text="late", thread_ts=root["ts"])

    await desk.post("retention", channel=LOG, before=young["ts"])

    log = await channel(desk, LOG)
    assert [m["text"] for m in log["messages"]] == ["young", "late"]
    assert [(g["message"]["text"], g["why"], g["by"]) for g in log["gone"]] == [
        ("root", "deleted", CHIARA),
        ("old", "retention", ""),
    ]
    assert log["gone"][0]["message"]["blocks"][0]["text"]["text"] == "Root"
    assert log["gone"][1]["message"]["ts"] == reply["ts"]


async def test_a_reply_that_outlived_its_root_is_an_orphan(desk: Desk) -> None:
    root = await desk.client.chat_postMessage(channel=LOG, text="root")
    reply = await desk.client.chat_postMessage(channel=LOG, text="reply", thread_ts=root["ts"])

    await desk.post("retention", before=reply["ts"])

    log = await channel(desk, LOG)
    assert ([m["text"] for m in log["messages"]], [m["text"] for m in log["orphans"]]) == (
        [],
        ["reply"],
    )


async def test_what_one_person_sees_is_there_by_person(desk: Desk) -> None:
    app = desk.app()
    opens(app, modal(section("Asking BigCommerce ...")))
    home = {"type": "home", "blocks": [section("Home")]}
    async with desk.connected(app):
        await desk.command("/order 1042")
        await desk.client.chat_postEphemeral(channel=LOG, user=BEN, text="Only Ben")
        await desk.client.views_publish(user_id=BEN, view=home)
        books = await desk.get("books")

    assert [(e["user"], e["message"]["text"]) for e in books["ephemerals"]] == [(BEN, "Only Ben")]
    assert list(books["windows"]) == [ANNA]
    assert books["windows"][ANNA][0]["blocks"][0]["text"]["text"] == "Asking BigCommerce ..."
    assert books["homes"][BEN]["blocks"][0]["text"]["text"] == "Home"


async def test_what_stood_in_a_deleted_channel_is_on_record(desk: Desk) -> None:
    await desk.client.chat_postMessage(channel=LOG, text="lost")

    await desk.post("channel", channel=LOG, deleted=True)

    books = await desk.get("books")
    assert LOG not in [one["id"] for one in books["channels"]]
    ((gone,),) = books["deleted_channels"].values()
    assert (gone["message"]["text"], gone["why"]) == ("lost", "channel_deleted")
