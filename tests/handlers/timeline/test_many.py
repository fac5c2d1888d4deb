"""Many messages that are due at once, and stops in their midst: each once, in order."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.outbox.posts import IN_THREAD, Post
from tests.handlers.timeline.world import ORDER, World, open_world
from tests.support.agent import wait_for

MANY, STOPS = 50, 5


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path) as opened:
        yield opened


def put_many(world: World, count: int) -> list[str]:
    """Have so many messages of one order due, for a long time already."""
    for number in range(count):
        world.put(f"key-{number:03}", f"Message {number:03}")
    long_ago = "2020-01-01T00:00:00.000000+00:00"
    world.db.execute("UPDATE outbox SET next_try_at = ? WHERE kind = 'outcome'", [long_ago])
    return [f"Message {number:03}" for number in range(count)]


async def all_told(world: World, count: int) -> None:
    async def look() -> bool | None:
        told = "SELECT count(*) FROM outbox WHERE kind = 'outcome' AND place = 'thread'"
        (number,) = world.db.execute(told).fetchone()
        return number == count or None

    await wait_for(look, "all messages told")


async def test_two_hundred_that_are_due_at_once_come_each_once_and_in_order(world: World) -> None:
    texts = put_many(world, 200)

    post: Post = await world.deliver("key-000")

    assert post.place == IN_THREAD
    assert await world.thread() == texts
    assert [told.key for told in world.told] == [f"key-{number:03}" for number in range(200)]


async def test_a_storm_of_restarts_says_each_once_and_in_order(world: World) -> None:
    texts = put_many(world, MANY)
    for stop in range(1, STOPS + 1):
        world.delivery.start()

        async def some_told(least: int = stop * 7) -> bool | None:
            return len(await world.all()) > least or None

        await wait_for(some_told, "some more messages")
        await world.delivery.close()  # cut off between a post and its note, as likely as not
        world.start_anew()
    world.delivery.start()
    await all_told(world, MANY)
    await world.delivery.close()

    assert await world.thread() == texts
    roots = [each for each in await world.all() if each["text"] == f"Order {ORDER} as it is"]
    assert len(roots) == 1
