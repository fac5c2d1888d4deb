"""Deleted roots, tombstones, what becomes of replies to them, and retention."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bot.sandbox.slack.desk import ANNA, BOT, CHIARA, LOG, SUPPORT, Desk, refused


async def root_with_reply(desk: Desk) -> str:
    root = await desk.client.chat_postMessage(channel=LOG, text="root")
    await desk.client.chat_postMessage(channel=LOG, text="reply", thread_ts=root["ts"])
    return str(root["ts"])


async def reply_to(desk: Desk, ts: str, text: str = "late") -> Any:
    answer = await desk.client.chat_postMessage(channel=LOG, text=text, thread_ts=ts)
    return answer["message"]


async def test_a_person_deletes_their_own_message_and_an_admin_anybodys(desk: Desk) -> None:
    ts = (await desk.client.chat_postMessage(channel=LOG, text="x"))["ts"]
    mine = (await desk.post("message", user=ANNA, channel=LOG, text="mine"))["ts"]

    answers = [
        await desk.post("delete", user=ANNA, channel=LOG, ts=ts),
        await desk.post("delete", user=ANNA, channel=LOG, ts=mine),
        await desk.post("delete", user=CHIARA, channel=LOG, ts=ts),
        await desk.post("delete", user=CHIARA, channel=LOG, ts=ts),
    ]

    assert [a.get("error") for a in answers] == [
        "cant_delete_message",
        None,
        None,
        "message_not_found",
    ]
    assert await desk.texts(LOG) == []


async def test_a_deleted_root_without_replies_is_gone(desk: Desk) -> None:
    ts = (await desk.client.chat_postMessage(channel=LOG, text="x"))["ts"]
    await desk.post("delete", user=CHIARA, channel=LOG, ts=ts)

    assert await refused(desk.client.chat_update(channel=LOG, ts=ts, text="y")) == (
        "message_not_found"
    )
    replies = desk.client.conversations_replies(channel=LOG, ts=ts)
    assert await refused(replies) == "thread_not_found"
    link = desk.client.chat_getPermalink(channel=LOG, message_ts=ts)
    assert await refused(link) == "message_not_found"


async def test_a_deleted_root_with_replies_is_a_tombstone_that_cannot_be_changed(
    desk: Desk,
) -> None:
    ts = await root_with_reply(desk)
    await desk.post("delete", user=CHIARA, channel=LOG, ts=ts)

    thread = (await desk.client.conversations_replies(channel=LOG, ts=ts))["messages"]
    update = desk.client.chat_update(channel=LOG, ts=ts, text="back")
    link = desk.client.chat_getPermalink(channel=LOG, message_ts=ts)

    assert [m["text"] for m in thread] == ["This message was deleted.", "reply"]
    assert (thread[0]["subtype"], thread[0]["user"], thread[0]["hidden"]) == (
        "tombstone",
        "USLACKBOT",
        True,
    )
    assert [await refused(call) for call in (update, link)] == ["message_not_found"] * 2


async def test_a_tombstone_goes_with_its_last_reply(desk: Desk) -> None:
    ts = await root_with_reply(desk)
    thread = (await desk.client.conversations_replies(channel=LOG, ts=ts))["messages"]
    await desk.post("delete", user=CHIARA, channel=LOG, ts=ts)

    await desk.post("delete", user=CHIARA, channel=LOG, ts=thread[1]["ts"])

    assert await desk.texts(LOG) == []


@pytest.mark.parametrize("had_replies", [True, False])
async def test_a_reply_to_a_deleted_root_lands_in_the_channel(
    desk: Desk, had_replies: bool
) -> None:
    ts = (await desk.client.chat_postMessage(channel=LOG, text="root"))["ts"]
    if had_replies:
        await reply_to(desk, ts, "early")
    await desk.post("delete", user=CHIARA, channel=LOG, ts=ts)

    message = await reply_to(desk, ts)

    assert "thread_ts" not in message
    assert (await desk.texts(LOG))[-1] == "late"


async def test_such_a_reply_may_be_threaded_instead(desk: Desk) -> None:
    ts = await root_with_reply(desk)
    await desk.post("delete", user=CHIARA, channel=LOG, ts=ts)
    await desk.post("rules", dead_root="threaded")

    assert (await reply_to(desk, ts))["thread_ts"] == ts
    assert await desk.texts(LOG) == ["This message was deleted."]


async def test_such_a_reply_may_be_refused_instead(desk: Desk) -> None:
    ts = await root_with_reply(desk)
    await desk.post("delete", user=CHIARA, channel=LOG, ts=ts)
    await desk.post("rules", dead_root="refused")

    assert await refused(reply_to(desk, ts)) == "thread_not_found"


async def test_a_reply_carries_no_replies_itself(desk: Desk) -> None:
    root = await desk.client.chat_postMessage(channel=LOG, text="root")
    reply = await reply_to(desk, root["ts"])

    assert await refused(reply_to(desk, reply["ts"])) == "cannot_reply_to_message"


async def test_retention_leaves_no_tombstone(desk: Desk) -> None:
    ts = await root_with_reply(desk)
    young = (await desk.client.chat_postMessage(channel=LOG, text="young"))["ts"]

    answer = await desk.post("retention", before=young, channel=LOG)

    assert answer == {"ok": True, "gone": 2}
    assert await desk.texts(LOG) == ["young"]
    update = desk.client.chat_update(channel=LOG, ts=ts, text="x")
    replies = desk.client.conversations_replies(channel=LOG, ts=ts)
    assert [await refused(update), await refused(replies)] == [
        "message_not_found",
        "thread_not_found",
    ]
    assert "thread_ts" not in await reply_to(desk, ts)


async def test_retention_may_leave_a_reply_without_its_root(desk: Desk) -> None:
    root = await desk.client.chat_postMessage(channel=LOG, text="root")
    reply = await reply_to(desk, root["ts"])

    await desk.post("retention", before=reply["ts"])

    assert await desk.texts(LOG) == []
    replies = desk.client.conversations_replies(channel=LOG, ts=reply["ts"])
    assert await refused(replies) == "thread_not_found"
    assert await desk.client.chat_update(channel=LOG, ts=reply["ts"], text="still there")


async def test_retention_can_be_told_by_age(desk: Desk) -> None:
    await desk.client.chat_postMessage(channel=LOG, text="new")

    await desk.post("retention", older_than_s=30)

    assert await desk.texts(LOG) == ["new"]
    assert await desk.texts(SUPPORT) == []


async def test_a_locked_thread_takes_no_replies_until_it_is_opened(desk: Desk) -> None:
    ts = await root_with_reply(desk)
    await desk.post("lock", channel=LOG, ts=ts)

    assert await refused(reply_to(desk, ts)) == "restricted_action_thread_locked"
    person = await desk.post("message", user=ANNA, channel=LOG, text="x", thread_ts=ts)
    assert person["error"] == "restricted_action_thread_locked"
    assert await desk.client.chat_update(channel=LOG, ts=ts, text="edited all the same")
    thread = await desk.client.conversations_replies(channel=LOG, ts=ts)
    assert thread["messages"][0]["is_locked"] is True
    await desk.post("lock", channel=LOG, ts=ts, locked=False)
    assert (await reply_to(desk, ts))["thread_ts"] == ts


async def test_the_app_that_was_removed_finds_neither_channel_nor_thread(desk: Desk) -> None:
    private = await root_with_reply(desk)
    public = (await desk.client.chat_postMessage(channel=SUPPORT, text="x"))["ts"]
    for channel in (LOG, SUPPORT):
        await desk.post("membership", channel=channel, user=BOT, member=False)

    assert await refused(reply_to(desk, private)) == "channel_not_found"
    update = desk.client.chat_update(channel=LOG, ts=private, text="x")
    assert await refused(update) == "channel_not_found"
    post = desk.client.chat_postMessage(channel=SUPPORT, text="x", thread_ts=public)
    assert await refused(post) == "not_in_channel"
    history = desk.client.conversations_history(channel=SUPPORT)
    assert await refused(history) == "not_in_channel"


async def test_retention_says_what_it_needs_to_know(desk: Desk) -> None:
    for given in ({}, {"older_than_s": "long"}, {"before": "yesterday"}):
        answer = await desk.post("retention", **given)
        assert answer["error"] == "before_or_older_than_s_required"
