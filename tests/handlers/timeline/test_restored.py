"""After a restore: what was said in the time that was lost is found, and not said again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from storage.outbox.posts import DIRECT, HOME, IN_THREAD, Post, root_key
from storage.recovery.periods import RESTORED, LogPeriods
from tests.bot.sandbox.slack.desk import LOG
from tests.handlers.timeline.world import FULL, ORDER, World, open_world
from tests.support.agent import wait_for

ROOT = root_key(ORDER)
SUPPORT = "C0SUPPORT"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path) as opened:
        yield opened


Restore = Callable[[], None]


def backup(world: World) -> Restore:
    """Return what puts the outbox back as it is now, as after a restore."""
    kept: list[dict[str, Any]] = list(world.db.query("SELECT * FROM outbox"))

    def restore() -> None:
        world.db.execute("DELETE FROM outbox")
        for row in kept:
            world.db.table("outbox").insert(row)
        LogPeriods(world.db).begin(RESTORED)
        world.start_anew()

    return restore


def asked_before(world: World) -> None:
    world.put(since=datetime.now(UTC) - timedelta(minutes=1))


async def test_a_reply_below_a_root_that_replaced_the_known_one_is_found(world: World) -> None:
    first = (await world.root()).spot
    assert first is not None
    restore = backup(world)
    await world.desk.post("lock", channel=LOG, ts=first.message_ts)
    world.put()
    await world.deliver()
    second = world.find(ROOT).spot
    await world.desk.post("lock", channel=LOG, ts=first.message_ts, locked=False)
    restore()

    asked_before(world)
    after = await world.deliver(times=2)

    assert (world.find(ROOT).spot, after.place) == (second, IN_THREAD)
    assert await world.full() == 1
    roots = [each for each in await world.all() if each["text"] == f"Order {ORDER} as it is"]
    assert len(roots) == 1


async def test_in_a_channel_that_was_configured_since_nothing_stands_twice(world: World) -> None:
    await world.root()
    restore = backup(world)
    await world.desk.post("channel", channel=LOG, archived=True)
    world.channel = SUPPORT
    world.put()
    assert (await world.deliver()).channel == SUPPORT
    world.channel = LOG
    restore()

    asked_before(world)
    assert (await world.deliver(times=2)).place in {DIRECT, HOME}
    world.channel = SUPPORT
    world.delivery.start()

    async def told() -> Post | None:
        post = world.find()
        return post if post.place == IN_THREAD else None

    post = await wait_for(told, "the message in the other channel")
    await world.delivery.close()
    texts = [each["text"] for each in await world.all(SUPPORT)]
    assert (post.channel, sum(FULL in text for text in texts)) == (SUPPORT, 1)
    assert texts.count(f"Order {ORDER} as it is") == 1
