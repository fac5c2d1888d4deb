"""What the app is told of people and channels, and what Slack's methods then say of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from tests.bot.sandbox.slack.desk import ANNA, BEN, DEV, GENERAL, LOG, MANIFEST, Desk, open_desk

BOT, EVE = "U0MAKEGOOD", "U0EVE"
OURS, SIBLING, ELSEWHERE, ORGANISATION = "T0FERNFABLE", "T0SIBLING", "T0ELSEWHERE", "E0FERN"
EVENTS = (
    "member_joined_channel",
    "member_left_channel",
    "group_left",
    "group_archive",
    "group_unarchive",
    "channel_shared",
    "channel_unshared",
    "subteam_members_changed",
    "user_change",
)


def listening() -> str:
    """Return a manifest with these events."""
    listed = "".join(f"      - {name}\n" for name in EVENTS)
    assert "    bot_events:\n" in MANIFEST
    return MANIFEST.replace("    bot_events:\n", f"    bot_events:\n{listed}")


def hearing(desk: Desk) -> AsyncApp:
    """Return an app that takes every event."""
    app = desk.app()

    @app.event(re.compile(""))
    async def take() -> None:
        pass

    return app


async def told(desk: Desk, kind: str) -> list[dict[str, Any]]:
    """Return the events of the kind, without when they were."""
    sent = (await desk.get("deliveries"))["deliveries"]
    events = [each["payload"]["event"] for each in sent if each["payload_type"] == kind]
    return [{name: each[name] for name in each if name != "event_ts"} for each in events]


async def test_membership_is_told_with_who_added_somebody(tmp_path: Path) -> None:
    async with open_desk(manifest=listening()) as desk, desk.connected(hearing(desk)):
        await desk.post("membership", channel=LOG, user=DEV, inviter=ANNA)
        await desk.post("membership", channel=LOG, user=DEV, member=False)
        await desk.post("membership", channel=LOG, user=DEV, lost=True)
        await desk.post("membership", channel=LOG, user=DEV)  # is there already
        await desk.post("membership", channel=GENERAL, user=DEV, member=False)  # no app in it
        joined, left = await told(desk, EVENTS[0]), await told(desk, EVENTS[1])

    about = {"user": DEV, "channel": LOG, "channel_type": "C", "team": OURS}
    assert joined == [{"type": "member_joined_channel", **about, "inviter": ANNA}]
    assert left == [{"type": "member_left_channel", **about}]


async def test_an_app_that_is_removed_is_told_that_alone(tmp_path: Path) -> None:
    async with open_desk(manifest=listening()) as desk, desk.connected(hearing(desk)):
        await desk.post("membership", channel=LOG, user=BOT, member=False)

        assert await told(desk, "group_left") == [{"type": "group_left", "channel": LOG}]
        assert await told(desk, "member_left_channel") == []


async def test_what_becomes_of_a_channel_is_told(tmp_path: Path) -> None:
    async with open_desk(manifest=listening()) as desk, desk.connected(hearing(desk)):
        await desk.post("channel", channel=LOG, archived=True)
        await desk.post("channel", channel=LOG, archived=False, connected=[ELSEWHERE])
        shared = (await desk.client.conversations_info(channel=LOG))["channel"]
        await desk.post("channel", channel=LOG, connected=[])
        alone = (await desk.client.conversations_info(channel=LOG))["channel"]

        assert len(await told(desk, "group_archive")) == 1
        assert len(await told(desk, "group_unarchive")) == 1
        assert await told(desk, "channel_shared") == [
            {"type": "channel_shared", "connected_team_id": ELSEWHERE, "channel": LOG}
        ]
        (ended,) = await told(desk, "channel_unshared")
    assert (ended["previously_connected_team_id"], ended["is_ext_shared"]) == (ELSEWHERE, False)
    assert (shared["is_ext_shared"], alone["is_ext_shared"]) == (True, False)


async def test_groups_and_people_are_told(tmp_path: Path) -> None:
    async with open_desk(manifest=listening()) as desk, desk.connected(hearing(desk)):
        await desk.post("group", group="support-leads", user=ANNA)
        await desk.post("person", user=BEN, is_ultra_restricted=True)
        (group,) = await told(desk, "subteam_members_changed")
        (person,) = await told(desk, "user_change")

    assert (group["added_users"], group["removed_users"]) == ([ANNA], [])
    assert person["user"]["is_restricted"]
    assert person["user"]["is_ultra_restricted"]


async def test_an_app_that_does_not_listen_is_told_nothing(desk: Desk) -> None:
    async with desk.connected(hearing(desk)):
        await desk.post("membership", channel=LOG, user=DEV)

        assert await told(desk, "member_joined_channel") == []


async def test_a_stranger_is_shown_as_slack_does_it(desk: Desk) -> None:
    await desk.post("person", user=EVE, real_name="Eve Elsewhere", home=ELSEWHERE)
    before = (await desk.client.users_info(user=EVE))["user"]
    await desk.post("membership", channel=LOG, user=EVE)
    after = (await desk.client.users_info(user=EVE))["user"]

    assert (before["team_id"], before["is_stranger"]) == (ELSEWHERE, True)
    assert after["is_stranger"] is False  # they share a channel with the app
    assert "is_admin" not in after
    assert EVE in (await desk.client.conversations_members(channel=LOG))["members"]
    assert (await desk.command("/order 1", user=EVE, channel=LOG))["error"] == "unknown_command"


async def test_on_grid_the_organisation_is_told_and_the_home(desk: Desk) -> None:
    await desk.post("team", enterprise_id=ORGANISATION)
    home = {"home": SIBLING, "enterprise_id": ORGANISATION}
    await desk.post("person", user=BEN, **home, teams=[SIBLING, OURS])

    user = (await desk.client.users_info(user=BEN))["user"]

    assert (await desk.client.auth_test())["enterprise_id"] == ORGANISATION
    assert user["team_id"] == SIBLING
    assert user["enterprise_user"]["enterprise_id"] == ORGANISATION
    assert user["enterprise_user"]["teams"] == [SIBLING, OURS]
    assert "is_stranger" not in user


@pytest.mark.parametrize("method", ["conversations_members", "conversations_history"])
async def test_a_limit_of_a_thousand_is_refused(desk: Desk, method: str) -> None:
    await getattr(desk.client, method)(channel=LOG, limit=999)

    with pytest.raises(SlackApiError, match="invalid_limit"):
        await getattr(desk.client, method)(channel=LOG, limit=1000)


async def test_a_reply_that_is_sent_to_the_channel_as_well_stands_there(desk: Desk) -> None:
    root = await desk.client.chat_postMessage(channel=LOG, text="root")
    for text, loud in (("quiet", False), ("loud", True)):
        await desk.client.chat_postMessage(
            channel=LOG, text=text, thread_ts=root["ts"], reply_broadcast=loud
        )

    assert (await desk.texts(LOG)) == ["root", "loud"]
    thread = await desk.client.conversations_replies(channel=LOG, ts=root["ts"])
    assert [message["text"] for message in thread["messages"]] == ["root", "quiet", "loud"]
