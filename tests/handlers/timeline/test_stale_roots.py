"""A root message that cannot be changed: its thread says so, once, for as long as it is so."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.outbox.posts import Post, root_key
from tests.bot.sandbox.slack.desk import LOG
from tests.handlers.timeline.world import FULL, ORDER, SOON, World, open_world

STALE = "the first message of this thread can't be changed since"
ROOT = root_key(ORDER)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path) as opened:
        yield opened


async def draw(world: World, times: int = 1) -> Post:
    """Draw the root message, and what that leads to."""
    for _ in range(times):
        world.outbox.want(ROOT)
        await world.deliver(ROOT)
        await lines_told(world)
    return world.find(ROOT)


async def lines_told(world: World) -> None:
    for (key,) in world.db.execute("SELECT key FROM outbox WHERE kind = 'stale root'").fetchall():
        await world.deliver(key)


async def lines(world: World) -> list[str]:
    return [text for text in await world.thread() if STALE in text]


@pytest.mark.parametrize("code", ["edit_window_closed", "cant_update_message"])
async def test_a_root_that_stays_as_it_is_says_so_once_with_a_way_to_the_order(
    world: World, code: str
) -> None:
    root = (await world.root()).spot
    assert root is not None
    await world.refuse("chat.update", code)

    await draw(world, times=3)

    replies = [each for each in await world.all() if each.get("thread_ts") == root.message_ts]
    (line,) = [each for each in replies if STALE in each["text"]]
    assert f"Order {ORDER}" in line["text"]
    (button,) = line["blocks"][-1]["elements"]
    assert (button["action_id"].split(":")[0], button["value"]) == ("refresh", str(ORDER))


async def test_where_the_order_goes_on_below_a_new_root_the_old_thread_leads_there(
    world: World,
) -> None:
    await world.root()
    await world.refuse("chat.update", "edit_window_closed")
    await draw(world)
    await world.fault(clear=True)

    world.put()
    await world.deliver()
    await lines_told(world)

    now = world.find(ROOT).spot
    assert now is not None
    assert await world.thread() == [FULL]
    texts = [each["text"] for each in await world.all()]
    assert not [text for text in texts if STALE in text]
    (moved,) = [text for text in texts if text.startswith(f"Order {ORDER} goes on")]
    assert now.message_ts.replace(".", "") in moved


@pytest.mark.parametrize("code", ["edit_window_closed", "cant_update_message", "message_not_found"])
async def test_a_root_that_slack_calls_gone_and_that_stands_is_changed_later(
    world: World, code: str
) -> None:
    root = (await world.root()).spot
    world.root_text = "is refunded"
    await world.refuse("chat.update", code)
    assert (await draw(world)).spot == root
    assert len(await lines(world)) == 1

    await world.fault(clear=True)
    after = await world.deliver(ROOT)
    await lines_told(world)

    assert (after.spot, after.why, after.next_try_at) == (root, None, None)
    shown = {each["ts"]: each["text"] for each in await world.all()}
    assert shown[after.message_ts] == "Order 1042 is refunded"
    assert await lines(world) == []
    assert "The first message of this thread shows the order as it is again." in shown.values()
    world.put()
    await world.deliver()
    assert world.find(ROOT).spot == root


async def test_a_root_that_was_replaced_leads_to_the_new_one_when_it_can_be_changed(
    world: World,
) -> None:
    former = (await world.root()).spot
    assert former is not None
    await world.refuse("chat.update", "edit_window_closed", contains=former.message_ts)
    await draw(world)
    world.put()
    await world.deliver()
    await draw(world, times=2)
    assert world.find(ROOT).spot != former

    await world.fault(clear=True)
    await draw(world)

    texts = {each["ts"]: each["text"] for each in await world.all()}
    assert "This order's thread goes on <http" in texts[former.message_ts]
    assert await world.thread() == [FULL]
    assert world.find(ROOT).next_try_at is None


@pytest.mark.parametrize(
    "code",
    ["invalid_attachments", "msg_too_long", "no_permission", "is_inactive", "never_heard_of"],
)
async def test_a_root_whose_change_is_refused_is_tried_again_until_it_is_taken(
    world: World, code: str
) -> None:
    root = (await world.root()).spot
    world.root_text = "is refunded"
    await world.refuse("chat.update", code)

    world.outbox.want(ROOT)
    await world.deliver(ROOT, times=SOON)
    await lines_told(world)
    assert await lines(world) == []  # it may pass
    await world.deliver(ROOT, times=3)
    await lines_told(world)
    assert len(await lines(world)) == 1
    await world.fault(clear=True)
    after = await world.deliver(ROOT)
    await lines_told(world)

    assert after.spot == root
    shown = {each["ts"]: each["text"] for each in await world.all()}
    assert shown[after.message_ts] == "Order 1042 is refunded"
    assert "The first message of this thread shows the order as it is again." in shown.values()
    assert await lines(world) == []


async def test_a_root_refused_as_it_is_comes_as_plain_text(world: World) -> None:
    root = (await world.root()).spot
    assert root is not None
    world.root_text = "is refunded"
    await world.refuse("chat.update", "invalid_blocks", contains="section")

    after = await draw(world)

    shown = {each["ts"]: each for each in await world.all()}[root.message_ts]
    assert shown["text"] == "Order 1042 is refunded"
    assert (after.spot, after.next_try_at, shown.get("blocks", [])) == (root, None, [])


async def test_where_the_thread_takes_no_line_nobody_else_is_told_of_it(world: World) -> None:
    root = (await world.root()).spot
    assert root is not None
    before = len(await world.all())
    await world.desk.post("lock", channel=LOG, ts=root.message_ts)
    await world.refuse("chat.update", "edit_window_closed")

    await draw(world, times=3)

    assert len(await world.all()) == before
    assert await world.direct() == []
    assert world.outbox.untold() == []
    await world.desk.post("lock", channel=LOG, ts=root.message_ts, locked=False)
    await lines_told(world)
    assert len([each for each in await world.all() if STALE in each["text"]]) == 1


async def test_a_deleted_root_has_no_such_line(world: World) -> None:
    root = (await world.root()).spot
    assert root is not None
    await world.delete(root)

    await draw(world)

    assert not [each for each in await world.all() if STALE in each["text"]]
    assert world.find(ROOT).spot != root
