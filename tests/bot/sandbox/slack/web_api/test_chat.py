"""What the chat methods refuse, by Slack's codes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bot.sandbox.slack.desk import (
    ANNA,
    BEN,
    BOT,
    GENERAL,
    LOG,
    MANIFEST,
    SUPPORT,
    Desk,
    open_desk,
    refused,
    section,
)

DIRECT = "D0ANNAKELLER"


async def post(desk: Desk, channel: str = LOG, **more: Any) -> Any:
    return await desk.client.chat_postMessage(channel=channel, text="x", **more)


async def test_an_archived_channel_is_named_differently_for_posts_and_edits(desk: Desk) -> None:
    ts = (await post(desk, SUPPORT))["ts"]
    await desk.post("channel", channel=SUPPORT, archived=True)

    ephemeral = desk.client.chat_postEphemeral(channel=SUPPORT, user=ANNA, text="x")
    assert await refused(post(desk, SUPPORT, thread_ts=ts)) == "is_archived"
    assert await refused(ephemeral) == "is_archived"
    update = desk.client.chat_update(channel=SUPPORT, ts=ts, text="y")
    assert await refused(update) == "is_inactive"
    assert (await desk.client.conversations_replies(channel=SUPPORT, ts=ts))["ok"]


@pytest.mark.parametrize(
    ("posting", "root", "reply"),
    [
        (
            "read_only",
            "restricted_action_read_only_channel",
        )
        * 1
        + ("restricted_action_read_only_channel",),
        ("non_threadable", None, "restricted_action_non_threadable_channel"),
        ("thread_only", "restricted_action_thread_only_channel", None),
    ],
)
async def test_what_administrators_forbid_in_a_channel(
    desk: Desk, posting: str, root: str | None, reply: str | None
) -> None:
    ts = (await post(desk))["ts"]
    await desk.post("channel", channel=LOG, posting=posting)

    for error, call in ((root, post(desk)), (reply, post(desk, thread_ts=ts))):
        if error is None:
            assert (await call)["ok"]
        else:
            assert await refused(call) == error
    assert (await desk.client.chat_update(channel=LOG, ts=ts, text="edited"))["ok"]
    await desk.post("channel", channel=LOG, posting="")
    assert (await post(desk, thread_ts=ts))["ok"]


async def test_an_ephemeral_message_has_codes_of_its_own(desk: Desk) -> None:
    ts = (await post(desk))["ts"]

    async def show(**more: Any) -> Any:
        return await desk.client.chat_postEphemeral(channel=LOG, user=ANNA, text="x", **more)

    await desk.post("channel", channel=LOG, posting="read_only")
    assert await refused(show()) == "restricted_action"
    await desk.post("channel", channel=LOG, posting="non_threadable")
    assert await refused(show(thread_ts=ts)) == "cannot_reply_to_message"
    assert (await desk.post("channel", channel=LOG, posting="loud"))["error"] == "unknown_value"


async def test_in_a_thread_an_ephemeral_message_is_shown_only_under_replies(desk: Desk) -> None:
    ts = (await post(desk))["ts"]

    async def show(text: str) -> None:
        await desk.client.chat_postEphemeral(channel=LOG, user=ANNA, text=text, thread_ts=ts)

    await show("unseen")
    await post(desk, thread_ts=ts)
    await show("seen")

    thread = (await desk.get("thread", user=ANNA, channel=LOG, ts=ts))["messages"]
    assert [m["text"] for m in thread] == ["x", "x", "seen"]


async def test_an_edit_comes_too_late_after_the_window(desk: Desk) -> None:
    ts = (await post(desk))["ts"]
    update = {"channel": LOG, "ts": ts, "text": "y"}

    await desk.post("rules", edit_window_s=0)
    assert await refused(desk.client.chat_update(**update)) == "edit_window_closed"
    await desk.post("rules", edit_window_s=3600)
    assert (await desk.client.chat_update(**update))["ok"]
    await desk.post("rules", edit_window_s=0)
    await desk.post("rules", edit_window_s=None)
    assert (await desk.client.chat_update(**update))["ok"]


async def test_what_only_one_person_sees_cannot_be_edited(desk: Desk) -> None:
    shown = await desk.client.chat_postEphemeral(channel=LOG, user=ANNA, text="x")

    update = desk.client.chat_update(channel=LOG, ts=shown["message_ts"], text="y")
    assert await refused(update) == "cant_update_message"


async def test_an_edit_takes_no_person_for_a_channel(desk: Desk) -> None:
    posted = await post(desk, ANNA)

    update = desk.client.chat_update(channel=ANNA, ts=posted["ts"], text="y")
    assert await refused(update) == "channel_not_found"
    assert (await desk.client.chat_update(channel=DIRECT, ts=posted["ts"], text="y"))["ok"]


async def test_the_edited_mark_comes_with_text_alone(desk: Desk) -> None:
    ts = (await post(desk))["ts"]

    blocks = [section("y")]
    quiet = await desk.client.chat_update(channel=LOG, ts=ts, text="y", blocks=blocks)
    marked = await desk.client.chat_update(channel=LOG, ts=ts, text="z")

    assert ("edited" in quiet["message"], "edited" in marked["message"]) == (False, True)


@pytest.mark.parametrize("error", ["token_revoked", "account_inactive", "invalid_auth"])
async def test_a_bad_token_is_refused_for_everything_until_it_is_good_again(
    desk: Desk, error: str
) -> None:
    await desk.post("rules", token=error)

    assert await refused(post(desk)) == error
    assert await refused(desk.client.auth_test()) == error
    assert await refused(desk.client.conversations_info(channel=LOG)) == error
    await desk.post("rules", token="")
    assert (await post(desk))["ok"]


async def test_a_rule_that_is_not_known_is_told(desk: Desk) -> None:
    assert (await desk.post("rules", colour="red"))["error"] == "unknown_rule"
    assert (await desk.post("rules", dead_root="alive"))["error"] == "unknown_value"
    assert (await desk.get("rules"))["rules"]["dead_root"] == "top_level"


@pytest.mark.parametrize("error", ["cannot_dm_bot", "messages_tab_disabled", "channel_not_found"])
async def test_direct_messages_can_be_refused(desk: Desk, error: str) -> None:
    ts = (await post(desk, ANNA))["ts"]
    await desk.post("direct", user=ANNA, error=error)

    assert await refused(post(desk, ANNA)) == error
    assert await refused(post(desk, DIRECT)) == error
    ephemeral = desk.client.chat_postEphemeral(channel=DIRECT, user=ANNA, text="x")
    assert await refused(ephemeral) == error
    assert (await desk.client.chat_update(channel=DIRECT, ts=ts, text="y"))["ok"]
    assert (await post(desk, BEN))["ok"]
    await desk.post("direct", user=ANNA, error="")
    assert (await post(desk, ANNA))["ok"]


async def test_somebody_deactivated_takes_no_direct_messages(desk: Desk) -> None:
    await desk.post("person", user=ANNA, deleted=True)

    assert await refused(post(desk, ANNA)) == "channel_not_found"
    assert await refused(post(desk, DIRECT)) == "channel_not_found"
    assert await refused(desk.client.conversations_open(users=ANNA)) == "user_disabled"


async def test_a_bot_takes_no_direct_messages(desk: Desk) -> None:
    assert await refused(post(desk, BOT)) == "cannot_dm_bot"
    assert await refused(desk.client.conversations_open(users=BOT)) == "cannot_dm_bot"


@pytest.mark.parametrize("name", ["username", "icon_emoji", "icon_url"])
async def test_another_name_or_picture_needs_its_scope(desk: Desk, name: str) -> None:
    assert await refused(post(desk, **{name: ":robot:"})) == "missing_scope"
    ephemeral = desk.client.api_call(
        "chat.postEphemeral", json={"channel": LOG, "user": ANNA, "text": "x", name: "y"}
    )
    assert await refused(ephemeral) == "missing_scope"


async def test_as_user_has_no_meaning(desk: Desk) -> None:
    assert await refused(post(desk, as_user=True)) == "as_user_not_supported"


async def test_arguments_that_slack_does_not_know_are_ignored(desk: Desk) -> None:
    assert (await post(desk, colour="red"))["ok"]


async def test_posting_takes_a_channels_name_and_nothing_else_does(desk: Desk) -> None:
    ts = (await post(desk, "#order-log"))["ts"]

    assert await desk.texts(LOG) == ["x"]
    for call in (
        desk.client.chat_update(channel="#order-log", ts=ts, text="y"),
        desk.client.conversations_info(channel="#order-log"),
        desk.client.conversations_replies(channel="#order-log", ts=ts),
    ):
        assert await refused(call) == "channel_not_found"


async def test_a_reply_can_be_shown_in_the_channel_as_well(desk: Desk) -> None:
    root = (await post(desk))["ts"]
    reply = await desk.client.chat_postMessage(
        channel=LOG, text="loud", thread_ts=root, reply_broadcast=True
    )

    assert reply["message"]["subtype"] == "thread_broadcast"
    assert await desk.texts(LOG) == ["x", "loud"]


@pytest.mark.parametrize(
    ("scope", "arguments"),
    [
        ("chat:write.public", {"channel": GENERAL}),
        ("chat:write.customize", {"channel": LOG, "username": "Robot", "icon_emoji": ":robot:"}),
    ],
)
async def test_a_scope_of_its_own_lets_an_app_do_more(
    scope: str, arguments: dict[str, Any]
) -> None:
    manifest = MANIFEST.replace("- chat:write\n", f"- chat:write\n      - {scope}\n")

    async with open_desk(manifest=manifest) as desk:
        posted = await desk.client.chat_postMessage(text="x", **arguments)

    assert posted["message"].get("username") == arguments.get("username")
