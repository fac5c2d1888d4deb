"""Threads and tombstones as data: what hangs on what, and what a deletion or retention leaves."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.messages.removing import (
    delete,
    is_tombstone,
    remove_channel,
    retire,
    was_there,
)
from bot.sandbox.slack.messages.replying import root_for
from bot.sandbox.slack.messages.threads import (
    BROADCAST,
    channel_messages,
    is_reply,
    replies_to,
    thread_messages,
)
from bot.sandbox.slack.rules import DeadRoot
from bot.sandbox.slack.world import Channel, Team, World

C = "C1"


def message(ts: str, root: str = "", **fields: Any) -> dict[str, Any]:
    return {"ts": ts, "text": ts, "user": "U1"} | ({"thread_ts": root} if root else {}) | fields


def world(*messages: dict[str, Any]) -> World:
    made = World(Team("T1", "Fern", "fern"), "A1", "B1", "U0")
    made.channels[C] = Channel(C, "orders", "", False, ["U0", "U1"])
    made.messages[C] = list(messages)
    return made


def texts(messages: list[dict[str, Any]]) -> list[str]:
    return [each["text"] for each in messages]


def root_of(of: World, ts: str, dead_root: DeadRoot = "top_level") -> str:
    return root_for(of, dead_root, C, ts)


def refused(of: World, ts: str, dead_root: DeadRoot = "top_level") -> str:
    with pytest.raises(SlackError) as caught:
        root_of(of, ts, dead_root)
    return caught.value.error


def test_a_root_is_no_reply_to_itself() -> None:
    assert not is_reply(message("1"))
    assert not is_reply(message("1", root="1"))
    assert is_reply(message("2", root="1"))


def test_the_channel_shows_roots_with_their_figures_and_broadcast_replies() -> None:
    shown = channel_messages(
        world(
            message("1"),
            message("2", root="1", user="U2"),
            message("3", root="1", subtype=BROADCAST),
            message("4"),
        ),
        C,
    )

    assert texts(shown) == ["1", "3", "4"]
    assert (shown[0]["reply_count"], shown[0]["latest_reply"]) == (2, "3")
    assert (shown[0]["reply_users"], shown[0]["thread_ts"]) == (["U2", "U1"], "1")
    assert "reply_count" not in shown[2]


def test_a_thread_is_found_by_any_of_its_messages() -> None:
    of = world(message("1"), message("2", root="1"), message("3", root="1"))

    for ts in "123":
        thread = thread_messages(of, C, ts)
        assert texts(thread) == ["1", "2", "3"]
        assert [each.get("parent_user_id") for each in thread] == [None, "U1", "U1"]
    with pytest.raises(SlackError, match="thread_not_found"):
        thread_messages(of, C, "9")


def test_what_is_shown_is_a_copy() -> None:
    of = world(message("1", blocks=[{"type": "divider"}]))

    channel_messages(of, C)[0]["blocks"].clear()

    assert of.messages[C][0]["blocks"] == [{"type": "divider"}]


def test_a_deleted_root_without_replies_is_gone_and_remembered() -> None:
    of = world(message("1"))

    delete(of, C, of.messages[C][0], "U1")

    assert of.messages[C] == []
    [gone] = of.gone[C]
    assert (gone["message"]["text"], gone["why"], gone["by"]) == ("1", "deleted", "U1")
    assert was_there(of, C, "1")
    assert not was_there(of, C, "2")


def test_a_deleted_root_with_replies_leaves_a_tombstone_without_its_content() -> None:
    of = world(message("1", blocks=[], metadata={}, bot_id="B1"), message("2", root="1"))

    delete(of, C, of.messages[C][0], "U1")

    tombstone = of.messages[C][0]
    assert is_tombstone(tombstone)
    assert tombstone == {
        "ts": "1",
        "subtype": "tombstone",
        "text": "This message was deleted.",
        "user": "USLACKBOT",
        "hidden": True,
    }
    assert of.gone[C][0]["message"]["bot_id"] == "B1"
    assert texts(replies_to(of, C, "1")) == ["2"]


def test_a_tombstone_goes_with_its_last_reply() -> None:
    of = world(message("1"), message("2", root="1"), message("3", root="1"))
    delete(of, C, of.messages[C][0], "U1")

    delete(of, C, of.messages[C][1], "U1")
    assert len(of.messages[C]) == 2
    delete(of, C, of.messages[C][1], "U1")

    assert of.messages[C] == []


def test_retention_takes_roots_and_leaves_younger_replies_without_one() -> None:
    of = world(message("1"), message("2", root="1"), message("3", root="1"))

    assert retire(of, C, "3") == 2

    assert texts(of.messages[C]) == ["3"]
    assert [gone["why"] for gone in of.gone[C]] == ["retention", "retention"]


def test_a_deleted_channel_remembers_all_but_tombstones() -> None:
    of = world(message("1"), message("2", root="1"))
    delete(of, C, of.messages[C][0], "U1")

    remove_channel(of, C)

    assert C not in of.channels
    assert [(g["message"]["text"], g["why"]) for g in of.gone[C]] == [
        ("1", "deleted"),
        ("2", "channel_deleted"),
    ]


def test_a_reply_hangs_on_its_root() -> None:
    of = world(message("1"), message("2", root="1"), message("3", is_locked=True))

    assert root_of(of, "") == ""
    assert root_of(of, "1") == "1"
    assert refused(of, "2") == "cannot_reply_to_message"
    assert refused(of, "3") == "restricted_action_thread_locked"
    assert refused(of, "9") == "thread_not_found"


@pytest.mark.parametrize(
    ("rule", "tombstone", "vanished"),
    [("top_level", "", ""), ("threaded", "1", ""), ("refused", None, None)],
)
def test_a_reply_to_a_root_that_is_gone(
    rule: DeadRoot, tombstone: str | None, vanished: str | None
) -> None:
    buried = world(message("1"), message("2", root="1"))
    delete(buried, C, buried.messages[C][0], "U1")
    retired = world(message("1"))
    retire(retired, C, "9")

    for of, expected in ((buried, tombstone), (retired, vanished)):
        if expected is None:
            assert refused(of, "1", rule) == "thread_not_found"
        else:
            assert root_of(of, "1", rule) == expected
