"""The poster against a workspace on a real port."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.slack.client import WebClient
from bot.slack.errors import Meaning
from handlers.timeline.calls import HELD_PAUSE_S, Bucket, PostAnswerLost, PostRefused
from handlers.timeline.posting import EVENT_TYPE, MOST_PAGES, Posted, Poster
from tests.bot.sandbox.slack.desk import ANNA, LOG, SUPPORT, Desk, open_desk

HOUR_S = 3600.0


class World:
    """A poster, and the workspace that it posts to."""

    def __init__(self, desk: Desk, poster: Poster) -> None:
        self.desk = desk
        self.poster = poster

    async def fault(self, **fault: Any) -> None:
        await self.desk.post("faults", **fault)

    async def calls(self, method: str) -> list[Any]:
        calls = (await self.desk.get("calls"))["calls"]
        return [call["arguments"] for call in calls if call["method"] == method]

    async def find(self, key: str, *, marker: str = "", thread_ts: str | None = None) -> str | None:
        since = time.time() - 60
        return await self.poster.find(
            LOG, key=key, marker=marker, thread_ts=thread_ts, oldest=since
        )


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with open_desk() as desk:
        sandbox = desk.sandbox
        slack = WebClient(
            sandbox.bot_token,
            base_url=f"{sandbox.url}/api/",
            session=desk.session,
            retry_handlers=[],
        )
        me = await slack.auth_test()
        yield World(desk, Poster(slack, bot_user_id=str(me["user_id"]), pause_s=0))


async def test_a_reply_says_where_it_stands(world: World) -> None:
    root = await world.poster.post(LOG, "root", [], key="root-1")
    reply = await world.poster.post(LOG, "reply", [], thread_ts=root.ts, key="reply-1")

    assert root == Posted(LOG, root.ts, None)
    assert reply == Posted(LOG, reply.ts, root.ts)


async def test_a_direct_message_names_its_own_channel(world: World) -> None:
    posted = await world.poster.post(ANNA, "for you", [])

    assert posted.channel.startswith("D")
    await world.poster.update(posted.channel, posted.ts, "changed", [])


async def test_a_message_is_found_by_its_key_alone(world: World) -> None:
    await world.poster.post(LOG, "about the same MG-1", [], key="other")
    posted = await world.poster.post(LOG, "MG-1", [], key="mine")

    assert await world.find("mine", marker="MG-1") == posted.ts
    assert await world.find("third", marker="MG-1") is None


async def test_of_several_with_one_key_that_of_the_claim_is_found(world: World) -> None:
    first = await world.poster.post(LOG, "given up", [], key="mine", claim="c1")
    second = await world.poster.post(LOG, "said anew", [], key="mine", claim="c2")

    async def found(claim: str) -> str | None:
        since = time.time() - 60
        return await world.poster.find(LOG, key="mine", marker="", oldest=since, claim=claim)

    assert await found("c1") == first.ts
    assert await found("c2") == second.ts
    assert await found("c3") is None
    assert await found("") == second.ts


async def test_a_message_of_an_earlier_release_is_found_by_its_text(world: World) -> None:
    posted = await world.poster.post(LOG, "MG-1 was refunded", [])

    assert await world.find("mine", marker="MG-1") == posted.ts
    assert await world.find("mine") is None


async def test_a_reply_is_sought_in_its_thread_and_a_root_in_the_channel(world: World) -> None:
    root = await world.poster.post(LOG, "root", [], key="root")
    reply = await world.poster.post(
        LOG, "reply", [], thread_ts=root.ts, broadcast=True, key="reply"
    )

    assert await world.find("reply", thread_ts=root.ts) == reply.ts
    assert await world.find("reply") is None
    assert await world.find("root", thread_ts=root.ts) is None
    assert await world.find("root") == root.ts


async def test_a_message_can_become_that_of_another_key(world: World) -> None:
    posted = await world.poster.post(LOG, "stray", [], key="outcome")

    await world.poster.update(LOG, posted.ts, "root", [], key="root")

    assert await world.find("outcome") is None
    assert await world.find("root") == posted.ts


async def test_an_edit_leaves_the_key_and_without_one_nothing_is_found(world: World) -> None:
    posted = await world.poster.post(LOG, "first", [], key="mine")

    await world.poster.update(LOG, posted.ts, "second", [])
    assert await world.find("mine") == posted.ts

    await world.poster.update(LOG, posted.ts, "told elsewhere", [], key="")
    assert await world.find("mine") is None


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("is_archived", Meaning.CHANNEL_GONE),
        ("thread_not_found", Meaning.THREAD_GONE),
        ("message_limit_exceeded", Meaning.TRANSIENT),
        ("invalid_blocks", Meaning.CONTENT),
        ("brand_new_code", Meaning.UNKNOWN),
    ],
)
async def test_a_refused_post_says_what_that_means(
    world: World, code: str, expected: Meaning
) -> None:
    await world.fault(kind="error", method="chat.postMessage", error=code)

    with pytest.raises(PostRefused) as refused:
        await world.poster.post(LOG, "x", [], key="x")

    assert (refused.value.code, refused.value.meaning) == (code, expected)
    assert len(await world.calls("chat.postMessage")) == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "error", "error": "internal_error"},
        {"kind": "error", "error": "fatal_error"},
        {"kind": "http_status", "status": 503},
        {"kind": "drop_after"},
    ],
)
async def test_a_post_whose_answer_says_nothing_is_not_repeated(
    world: World, fault: dict[str, Any]
) -> None:
    await world.fault(method="chat.postMessage", **fault)

    with pytest.raises(PostAnswerLost):
        await world.poster.post(LOG, "x", [], key="x")

    assert len(await world.calls("chat.postMessage")) == 1


async def test_a_post_whose_answer_was_lost_is_found(world: World) -> None:
    await world.fault(method="chat.postMessage", kind="drop_after")
    with pytest.raises(PostAnswerLost):
        await world.poster.post(LOG, "x", [], key="x")

    assert await world.find("x") is not None


@pytest.mark.parametrize("kind", ["drop_after", "error", "http_status"])
async def test_an_edit_is_repeated_until_its_answer_is_heard(world: World, kind: str) -> None:
    posted = await world.poster.post(LOG, "first", [])
    await world.fault(method="chat.update", kind=kind, error="internal_error", times=2)

    await world.poster.update(LOG, posted.ts, "second", [])

    assert await world.desk.texts(LOG) == ["second"]


async def test_a_refused_edit_says_that_the_message_is_gone(world: World) -> None:
    posted = await world.poster.post(LOG, "first", [])
    await world.fault(kind="error", method="chat.update", error="edit_window_closed")

    with pytest.raises(PostRefused) as refused:
        await world.poster.update(LOG, posted.ts, "second", [])

    assert refused.value.meaning is Meaning.MESSAGE_GONE


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update", "conversations.history"])
async def test_slack_is_asked_again_after_the_time_it_names(world: World, method: str) -> None:
    posted = await world.poster.post(LOG, "first", [], key="first")
    fault = {"kind": "http_status", "method": method, "status": 429, "retry_after_s": 0}
    await world.fault(**fault, times=2)

    await world.poster.post(LOG, "second", [])
    await world.poster.update(LOG, posted.ts, "changed", [])
    found = await world.find("first")

    assert found == posted.ts
    assert sorted(await world.desk.texts(LOG)) == ["changed", "second"]


async def test_what_slack_has_held_back_goes_on_one_after_the_other(world: World) -> None:
    posted = await world.poster.post(LOG, "first", [])
    fault = {"kind": "http_status", "status": 429, "retry_after_s": 1}
    await world.fault(method="chat.update", **fault, times=2)

    both = (world.poster.update(LOG, posted.ts, text, []) for text in ("second", "third"))
    await asyncio.gather(*both)

    calls = (await world.desk.get("calls"))["calls"]
    *_, one, other = [call["at"] for call in calls if call["method"] == "chat.update"]
    assert other - one >= HELD_PAUSE_S / 2


async def test_too_long_a_wait_is_left_to_the_one_who_posts(world: World) -> None:
    fault = {"kind": "http_status", "status": 429, "retry_after_s": 600}
    await world.fault(method="chat.postMessage", **fault)

    for _ in range(2):
        with pytest.raises(PostRefused) as refused:
            await world.poster.post(LOG, "x", [])
        assert refused.value.meaning is Meaning.TRANSIENT

    assert len(await world.calls("chat.postMessage")) == 1
    await world.poster.post(SUPPORT, "another channel has a pace of its own", [])


@pytest.mark.parametrize("cursors", [["again"], ["one", "two"], None])
async def test_what_is_not_read_to_its_end_is_not_taken_for_absent(
    cursors: list[str] | None,
) -> None:
    pages = itertools.count()

    async def page(_: web.Request) -> web.Response:
        number = next(pages)
        cursor = f"page {number}" if cursors is None else cursors[number % len(cursors)]
        answer = {"ok": True, "messages": [], "response_metadata": {"next_cursor": cursor}}
        return web.json_response(answer)

    app = web.Application()
    app.router.add_route("*", "/api/conversations.history", page)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        url = f"{server.make_url('/api/')}"
        slack = WebClient("xoxb-1", base_url=url, session=session, retry_handlers=[])
        poster = Poster(slack, bot_user_id="U0BOT", pause_s=0)

        with pytest.raises(PostRefused) as refused:
            await poster.find(LOG, key="mine", marker="", oldest=0.0)

    assert (refused.value.code, refused.value.meaning) == ("not_read_to_its_end", Meaning.UNKNOWN)
    assert next(pages) == (MOST_PAGES if cursors is None else len(cursors) + 1)


async def test_nobody_waits_for_a_workspace_that_cannot_be_reached(world: World) -> None:
    await world.desk.sandbox.close()
    poster = Poster(world.desk.client, bot_user_id="U0BOT", pause_s=0)
    world.desk.client.base_url = "http://127.0.0.1:9/api/"

    with pytest.raises(PostRefused) as refused:
        await poster.post(LOG, "x", [])

    assert refused.value.meaning is Meaning.TRANSIENT


async def test_two_pass_at_once_and_the_third_waits_for_its_turn() -> None:
    bucket = Bucket(HOUR_S)

    await bucket.take()
    await bucket.take()
    third = asyncio.create_task(bucket.take())
    _, waiting = await asyncio.wait({third}, timeout=0.05)

    assert waiting == {third}
    third.cancel()


async def test_what_has_rested_passes_two_at_once_again() -> None:
    bucket = Bucket(0.001)
    for _ in range(5):
        await bucket.take()


def test_the_name_of_the_metadata_is_one_that_slack_takes() -> None:
    assert EVENT_TYPE.isidentifier()
