"""One live root message for each order, whatever comes between while threads go on elsewhere."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.outbox.posts import IN_CHANNEL, IN_THREAD, Doubt, root_key
from storage.recovery.periods import OLDER, LogPeriods
from tests.bot.sandbox.slack.desk import LOG
from tests.handlers.timeline.world import FULL, ORDER, World, open_world
from tests.support.rooting import place_root

CARD = f"Order {ORDER} as it is"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path) as opened:
        yield opened


async def cards(world: World) -> list[str]:
    """Return the ts of the root messages that show the order."""
    return [each["ts"] for each in await world.all() if each["text"] == CARD]


async def test_a_reply_that_landed_in_the_channel_makes_way_for_a_root_opened_meanwhile(
    world: World,
) -> None:
    root = (await world.root()).spot
    assert root is not None
    await world.delete(root)
    await world.fault(method="chat.postMessage", kind="drop_after")
    world.put()
    world.outbox.want(root_key(ORDER))  # found gone, so what was told just before is told anew

    for _ in range(3):
        await world.deliver()

    now = world.find(root_key(ORDER)).spot
    assert now is not None
    assert await cards(world) == [now.message_ts]
    assert await world.thread() == ["Something else", FULL]
    assert await world.full() == 1


@pytest.mark.parametrize("kind", ["drop_before", "drop_after"])
async def test_a_root_whose_place_a_new_one_takes_says_so_also_when_that_was_no_smooth_way(
    world: World, kind: str
) -> None:
    root = (await world.root()).spot
    assert root is not None
    await world.desk.post("lock", channel=LOG, ts=root.message_ts)
    await world.fault(method="chat.postMessage", kind=kind, contains=CARD)
    world.put()

    await world.deliver()
    world.start_anew()
    await world.deliver()

    now = world.find(root_key(ORDER)).spot
    assert now is not None
    assert now != root
    assert await cards(world) == [now.message_ts]
    (before,) = [each["text"] for each in await world.all() if each["ts"] == root.message_ts]
    assert before.startswith("This order's thread goes on <http")
    assert await world.thread() == [FULL]


@pytest.mark.parametrize(
    "code",
    ["thread_not_found", "cannot_reply_to_message", "restricted_action_thread_locked"],
)
async def test_where_no_reply_is_ever_taken_no_more_roots_are_opened(
    world: World, code: str
) -> None:
    root = (await world.root()).spot
    assert root is not None
    # Of what is posted only replies name a ts.
    await world.refuse("chat.postMessage", code, contains=root.message_ts[:7])
    world.put()

    for _ in range(5):
        world.delivery.retry()
        post = await world.deliver()

    assert (post.place, post.why) == (IN_CHANNEL, code)
    assert await world.full() == 1
    assert len(await cards(world)) == 1
    tops = [each for each in await world.all() if not each.get("thread_ts")]
    assert len(tops) == 3  # the first one with a link, that of the second try, and the message


async def test_below_a_root_that_cannot_be_changed_nothing_is_told_anew(world: World) -> None:
    world.put()
    await world.deliver()
    await world.desk.post("rules", edit_window_s=0)
    world.outbox.want(root_key(ORDER))

    await world.deliver(root_key(ORDER))
    await world.deliver()

    assert await world.full() == 1


@pytest.mark.parametrize("is_known", [True, False])
async def test_the_root_above_what_may_stand_already_is_found_too(
    world: World, *, is_known: bool
) -> None:
    """As after a restore, or a release that had posted a root message when it stopped.

    `is_known`: of the order a root message is known that is gone.
    """
    root = (await world.root()).spot
    assert root is not None
    world.db.execute("DELETE FROM outbox")
    if is_known:
        place_root(world.db, ORDER, LOG, "1700000000.000001")
    world.start_anew()
    world.put()
    world.outbox.save(replace(world.find(), doubts=(Doubt(datetime.now(UTC)),)))

    await world.deliver()

    assert world.find(root_key(ORDER)).spot == root
    assert await cards(world) == [root.message_ts]
    assert await world.thread() == ["Something else", FULL]


async def test_a_root_that_retention_took_is_replaced(world: World) -> None:
    await world.root()
    await world.desk.post("retention", older_than_s=0)
    world.start_anew()
    world.put()

    post = await world.deliver()

    assert (post.place, post.why) == (IN_THREAD, None)
    assert await world.thread() == [FULL]
    assert [each["text"] for each in await world.all()] == [CARD, FULL]


async def test_with_data_that_was_lost_the_roots_that_stand_are_found(world: World) -> None:
    root = (await world.root()).spot
    assert root is not None
    world.db.execute("DELETE FROM outbox")
    LogPeriods(world.db).begin(OLDER)
    world.start_anew()
    world.put()
    world.put("other", "Something new", order_id=ORDER + 1)

    await world.deliver()
    await world.deliver("other")

    assert world.find(root_key(ORDER)).spot == root
    assert await world.thread() == ["Something else", FULL]
    tops = [each["text"] for each in await world.all() if not each.get("thread_ts")]
    assert sorted(tops) == [CARD, f"Order {ORDER + 1} as it is"]
    asked = (await world.desk.get("calls"))["calls"]
    reads = [each for each in asked if each["method"] == "conversations.history"]
    assert all(float(each["arguments"]["latest"]) > time.time() for each in reads)
    assert len(reads) == 2
