"""Answers of Slack that say less than they should, or something else, make nothing said twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from storage.outbox.posts import IN_THREAD, root_key
from tests.handlers.timeline.world import FULL, ORDER, World, open_world


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("part", ["ts", "channel", "message"])
@pytest.mark.parametrize("is_first", [True, False])
async def test_an_answer_without_a_part_counts_as_lost(
    world: World, part: str, *, is_first: bool
) -> None:
    if not is_first:
        await world.root()
    world.put()
    change = {"kind": "change", "method": "chat.postMessage", "remove": [part]}
    await world.fault(**change, times=1)

    post = await world.deliver(times=3)

    assert (post.place, post.why, post.doubts) == (IN_THREAD, None, ())
    assert await world.full() == 1
    assert [text for text in await world.thread() if text == FULL] == [FULL]
    tops = [each["text"] for each in await world.all() if not each.get("thread_ts")]
    assert tops == [f"Order {ORDER} as it is"]


@pytest.mark.parametrize("method", ["conversations.replies", "conversations.history"])
async def test_a_read_without_messages_holds_nothing_up(world: World, method: str) -> None:
    await world.root()
    world.start_anew()
    await world.fault(kind="change", method=method, remove=["messages"], times=999)
    world.put()

    post = await world.deliver()

    assert (post.place, post.why) == (IN_THREAD, None)
    assert await world.full() == 1


@pytest.mark.parametrize("method", ["conversations.replies", "conversations.history"])
async def test_what_was_posted_without_its_metadata_is_found_by_its_text(
    world: World, method: str
) -> None:
    await world.root()
    lost: dict[str, Any] = {"kind": "drop_after", "method": "chat.postMessage"}
    await world.fault(**lost)
    gone = [f"messages.{n}.metadata" for n in range(5)]
    await world.fault(kind="change", method=method, remove=gone, times=999)
    key = "a" if method == "conversations.replies" else "b"
    where: dict[str, Any] = {} if key == "a" else {"order_id": None}
    world.put(key, f"{FULL} ({key})", **where)

    await world.deliver(key, times=2)

    assert await world.full() == 1
    assert world.find(key).doubts == ()


async def test_an_answer_with_warnings_is_an_answer(world: World) -> None:
    said = {"warning": "superfluous_charset", "response_metadata": {"warnings": ["x"]}}
    await world.fault(kind="change", method="chat.postMessage", set=said, times=9)
    world.put()

    post = await world.deliver()

    assert (post.place, post.why) == (IN_THREAD, None)
    assert await world.full() == 1
    assert world.find(root_key(ORDER)).spot is not None
