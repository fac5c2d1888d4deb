"""What the reading methods refuse, by Slack's codes, and the scopes that they need."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bot.sandbox.slack.desk import ANNA, BEN, LOG, MANIFEST, Desk, open_desk, refused

DIRECT = "D0ANNAKELLER"


async def test_a_limit_has_its_bounds(desk: Desk) -> None:
    ts = (await desk.client.chat_postMessage(channel=LOG, text="x"))["ts"]

    for most, method, more in (
        (999, "conversations.members", {}),
        (999, "conversations.history", {}),
        (1000, "conversations.replies", {"ts": ts}),
        (999, "users.list", {}),
    ):
        params = {"channel": LOG, **more}
        assert (await desk.client.api_call(method, params={**params, "limit": most}))["ok"]
        for limit in (most + 1, 0, -1, "many"):
            call = desk.client.api_call(method, params={**params, "limit": limit})
            assert await refused(call) == "invalid_limit", (method, limit)


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("conversations.members", {"channel": LOG, "cursor": "stale"}, "invalid_cursor"),
        ("conversations.history", {"channel": LOG, "oldest": "soon"}, "invalid_ts_oldest"),
        ("conversations.history", {"channel": LOG, "latest": "late"}, "invalid_ts_latest"),
        ("conversations.replies", {"channel": LOG, "ts": "1.000001"}, "thread_not_found"),
        ("conversations.replies", {"channel": LOG}, "invalid_arguments"),
        ("conversations.info", {"channel": ANNA}, "channel_not_found"),
        ("conversations.open", {}, "users_list_not_supplied"),
        ("conversations.open", {"users": ",".join(["U"] * 9)}, "too_many_users"),
        ("conversations.open", {"users": "U0NOBODY"}, "user_not_found"),
        ("conversations.open", {"channel": LOG}, "method_not_supported_for_channel_type"),
        ("users.info", {"user": f"{ANNA},{BEN}"}, "too_many_users"),
        ("users.info", {"user": "U0NOBODY"}, "user_not_found"),
        ("usergroups.users.list", {"usergroup": "S0NOBODY"}, "no_such_subteam"),
        ("chat.getPermalink", {"channel": LOG, "message_ts": "1.000001"}, "message_not_found"),
    ],
)
async def test_what_is_asked_for_wrongly(
    desk: Desk, method: str, arguments: dict[str, Any], error: str
) -> None:
    assert await refused(desk.client.api_call(method, params=arguments)) == error


@pytest.mark.parametrize(
    ("scope", "method", "arguments"),
    [
        ("im:history", "conversations.history", {"channel": DIRECT}),
        ("groups:history", "conversations.history", {"channel": LOG}),
        ("groups:history", "conversations.replies", {"channel": LOG, "ts": "1.000001"}),
        ("im:read", "conversations.info", {"channel": DIRECT}),
        ("groups:read", "conversations.members", {"channel": LOG}),
        ("im:write", "conversations.open", {"users": ANNA}),
        ("mpim:write", "conversations.open", {"users": f"{ANNA},{BEN}"}),
        ("chat:write", "chat.postMessage", {"channel": LOG, "text": "x"}),
        ("usergroups:read", "usergroups.list", {}),
        ("users:read", "users.info", {"user": ANNA}),
    ],
)
async def test_each_kind_of_conversation_needs_its_scope(
    scope: str, method: str, arguments: dict[str, Any]
) -> None:
    manifest = MANIFEST.replace(f"      - {scope}\n", "")

    async with open_desk(manifest=manifest) as desk:
        assert await refused(desk.client.api_call(method, params=arguments)) == "missing_scope"


async def test_the_app_token_is_taken_from_the_header_alone(desk: Desk) -> None:
    address = f"{desk.sandbox.url}/api/apps.connections.open"
    body = {"token": desk.sandbox.app_token}
    async with desk.session.post(address, data=body) as answer:
        assert (await answer.json())["error"] == "missing_args"


async def test_fewer_may_come_than_were_asked_for(desk: Desk) -> None:
    people = [f"U{n:09}" for n in range(250)]
    for user in people:
        await desk.post("person", user=user, real_name=f"Temp {user}")
        await desk.post("membership", channel=LOG, user=user)

    async def members(cursor: str) -> tuple[list[str], str]:
        call = desk.client.conversations_members(channel=LOG, limit=999, cursor=cursor)
        answer = await call
        return answer["members"], answer["response_metadata"]["next_cursor"]

    first, cursor = await members("")
    rest, end = await members(cursor)
    assert (len(first), len(rest), end) == (200, 54, "")


async def test_a_thread_begins_with_its_root_on_every_page(desk: Desk) -> None:
    root = (await desk.client.chat_postMessage(channel=LOG, text="root"))["ts"]
    for text in "abc":
        await desk.client.chat_postMessage(channel=LOG, text=text, thread_ts=root)

    async def page(cursor: str = "") -> tuple[str, Any]:
        call = desk.client.conversations_replies(channel=LOG, ts=root, limit=2, cursor=cursor)
        answer = await call
        return " ".join(m["text"] for m in answer["messages"]), answer

    first, answer = await page()
    second, last = await page(cursor=answer["response_metadata"]["next_cursor"])
    assert (first, second, last["has_more"]) == ("root a", "root b c", False)
