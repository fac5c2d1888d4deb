"""What is in the outbox reaches its reader, once, whatever Slack answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from freezegun import freeze_time

from handlers.timeline.rendered import NotYet, Rendered
from handlers.timeline.waits import LATER_S, SOON_S, Waits
from storage.outbox.posts import (
    DIRECT,
    HOME,
    IN_CHANNEL,
    IN_THREAD,
    OUTCOME,
    WAITING,
    Doubt,
    Post,
    root_key,
)
from storage.recovery.periods import RESTORED, LogPeriods
from tests.bot.sandbox.slack.desk import ANNA, BOT, LOG, SUPPORT
from tests.handlers.timeline.world import FULL, ORDER, SOON, World, open_world

ALONE = "The audit channel can't be reached, so this comes to you directly."
THREAD_LOST = "The order's thread could not be reached, so this is told here."


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path) as opened:
        yield opened


async def test_it_is_told_below_the_orders_root_message(world: World) -> None:
    world.put()

    post = await world.deliver()

    assert [each["text"] for each in await world.all()] == [f"Order {ORDER} as it is", FULL]
    assert await world.thread() == [FULL]
    assert (post.place, post.why, post.next_try_at) == (IN_THREAD, None, None)
    assert [each.spot for each in world.told] == [post.spot]


async def test_what_is_told_later_corrects_the_same_message(world: World) -> None:
    world.put(text="On its way")
    before = await world.deliver()

    world.put()
    after = await world.deliver()

    assert await world.thread() == [FULL]
    assert after.spot == before.spot
    assert len(world.told) == 2


async def test_what_changes_while_it_is_on_its_way_is_shown_as_well(world: World) -> None:
    await world.root()
    world.put(text="On its way", wanted="pending")
    await world.fault(method="chat.postMessage", kind="delay", delay_s=0.3)

    delivering = asyncio.create_task(world.deliver())
    await asyncio.sleep(0.1)
    world.put(wanted="succeeded")
    await delivering

    assert world.find().shown == "succeeded"
    assert [post.shown for post in world.told][-2:] == ["pending", "succeeded"]
    assert await world.thread() == ["Something else", FULL]


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "drop_after"},
        {"kind": "drop_before"},
        {"kind": "http_status", "status": 502},
        {"kind": "error", "error": "fatal_error", "after": True},
        {"kind": "error", "error": "fatal_error"},
        {"kind": "error", "error": "never_heard_of", "after": True},
        {"kind": "error", "error": "is_archived", "after": True},
        {"kind": "error", "error": "thread_not_found", "after": True},
        {"kind": "error", "error": "invalid_blocks", "after": True},
        {"kind": "error", "error": "token_revoked", "after": True},
    ],
)
async def test_after_a_lost_answer_it_stands_once(
    world: World, fault: dict[str, object], times: int
) -> None:
    await world.fault(method="chat.postMessage", times=times, **fault)
    world.put()

    await world.deliver(times=3)

    assert await world.full() == 1
    assert await world.thread() == [FULL]
    tops = [each for each in await world.all() if each["text"].startswith(f"Order {ORDER} ")]
    assert len(tops) == 1


async def test_a_stop_between_claim_and_post_and_between_post_and_note(world: World) -> None:
    root = (await world.root()).spot
    assert root is not None
    world.put()
    world.outbox.claim("a", Doubt(datetime.now(UTC), LOG, root.message_ts))
    world.start_anew()

    await world.deliver()
    assert await world.full() == 1

    world.put("b", "Another one")
    world.outbox.claim("b", Doubt(datetime.now(UTC), LOG, root.message_ts))
    await world.poster.post(LOG, "Another one", [], thread_ts=root.message_ts, key="b")
    world.start_anew()

    await world.deliver("b")
    assert await world.thread() == ["Something else", FULL, "Another one"]


async def test_what_is_found_late_shows_what_was_wanted_meanwhile(world: World) -> None:
    await world.root()
    await world.fault(method="chat.postMessage", kind="drop_after")
    world.put(text="On its way")
    await world.deliver()
    world.put()

    await world.deliver(times=2)

    assert await world.thread() == ["Something else", FULL]


async def test_where_it_stands_is_told_once_however_often_it_is_tried(world: World) -> None:
    await world.refuse("chat.postMessage", "is_archived", channel=LOG)
    world.put()

    await world.deliver(times=4)
    assert [(post.place, post.why) for post in world.told] == [(DIRECT, "is_archived")]

    await world.fault(clear=True)
    world.delivery.retry()
    await world.deliver(times=2)
    assert [post.place for post in world.told] == [DIRECT, IN_THREAD]


async def test_after_a_restore_slack_is_read_back_first(world: World) -> None:
    world.put()
    await world.deliver()
    spot = world.find().spot
    world.db.execute("DELETE FROM outbox")  # the backup was made before
    LogPeriods(world.db).begin(RESTORED)
    world.start_anew()

    world.put(since=datetime.now(UTC) - timedelta(minutes=1))
    after = await world.deliver()

    assert await world.full() == 1
    assert len(await world.all()) == 2
    assert after.spot == spot


# Corrections that are refused.


@pytest.mark.parametrize(
    "code", ["edit_window_closed", "cant_update_message", "no_permission", "never_heard_of"]
)
async def test_what_cannot_be_corrected_is_said_anew(world: World, code: str) -> None:
    await world.root()
    world.put(text="On its way")
    before = await world.deliver()
    await world.refuse("chat.update", code)

    world.put()
    after = await world.deliver()

    assert await world.thread() == ["Something else", "On its way", FULL]
    assert (after.place, after.why) == (IN_THREAD, None)
    assert after.spot != before.spot
    await world.fault(clear=True)
    world.delivery.retry()
    await world.deliver()
    _, line, told = await world.thread()
    assert line.startswith(f"What was told here about order {ORDER} stands <http")
    assert told == FULL


@pytest.mark.parametrize("code", ["edit_window_closed", "message_not_found", "no_permission"])
async def test_what_was_said_anew_is_said_once_however_often_it_is_tried(
    world: World, code: str
) -> None:
    await world.root()
    world.put(text="On its way")
    await world.deliver()
    await world.refuse("chat.update", code)
    world.put()
    await world.deliver()

    world.outbox.want(root_key(ORDER))
    await world.deliver(root_key(ORDER))
    await world.deliver(times=3)

    assert await world.thread() == ["Something else", "On its way", FULL, *await lines(world)]
    assert await world.full() == 1
    assert world.find().next_try_at is not None


async def test_an_update_that_fails_for_long_is_said_anew_and_once(world: World) -> None:
    world.put(text="On its way")
    await world.deliver()
    await world.refuse("chat.update", "update_failed")

    world.put()
    await world.deliver(times=SOON)
    assert await world.full() == 0
    await world.deliver()
    assert await world.full() == 1

    await world.fault(clear=True)
    await world.deliver(times=2)
    assert await world.full() == 1
    assert "On its way" not in await world.thread()


async def test_what_is_said_anew_is_not_taken_for_what_was_given_up(world: World) -> None:
    world.put(text="On its way")
    await world.deliver()
    await world.refuse("chat.update", "edit_window_closed")
    for text in ("Still on its way", FULL):
        await world.fault(method="chat.postMessage", kind="drop_after")
        world.put(text=text)
        await world.deliver(times=2)

    assert await world.thread() == ["On its way", "Still on its way", FULL]


async def lines(world: World) -> list[str]:
    """Return what the order's thread says of its first message."""
    return [each for each in await world.thread() if "the first message" in each]


async def test_what_was_deleted_is_not_tidied_up(world: World) -> None:
    await world.root()
    world.put(text="On its way")
    spot = (await world.deliver()).spot
    assert spot is not None
    await world.delete(spot)

    world.put()
    post = await world.deliver()

    assert await world.thread() == ["Something else", FULL]
    assert (post.copies, post.next_try_at) == ((), None)


async def test_a_correction_that_is_refused_and_took_place_stands_once(world: World) -> None:
    world.put(text="On its way")
    await world.deliver()
    await world.refuse("chat.update", "edit_window_closed", after=True)

    world.put()
    await world.deliver()

    assert await world.full() == 1


async def test_what_slack_refuses_as_it_is_comes_as_plain_text(world: World) -> None:
    await world.refuse("chat.postMessage", "invalid_blocks", contains="blocks")
    await world.refuse("chat.postMessage", "msg_blocks_too_long", times=1)
    world.put()

    await world.deliver()

    assert await world.thread() == [FULL]


# Threads that are gone.


@pytest.mark.parametrize("dead_root", ["top_level", "threaded", "refused"])
@pytest.mark.parametrize("is_seen", [True, False])
async def test_a_deleted_root_is_replaced_and_the_outcome_goes_below_it(
    world: World, dead_root: str, *, is_seen: bool
) -> None:
    root = (await world.root()).spot
    assert root is not None
    await world.desk.post("rules", dead_root=dead_root)
    await world.delete(root)
    if not is_seen:  # else the bot has just seen that it stands
        world.start_anew()
    world.put()

    await world.deliver()
    if is_seen:
        world.outbox.want(root_key(ORDER))  # as every outcome does
        await world.deliver()

    now = world.find(root_key(ORDER)).spot
    assert now is not None
    assert now.message_ts != root.message_ts
    tops = [each for each in await world.all() if each["ts"] == now.message_ts]
    assert [each["text"] for each in tops] == [f"Order {ORDER} as it is"]
    # What was told when the root may have been gone already is told anew as well.
    moved = {"threaded": ["Something else", FULL], "refused": [FULL, "Something else"]}
    assert await world.thread() == (moved.get(dead_root, [FULL]) if is_seen else [FULL])
    assert await world.full() == 1


@pytest.mark.parametrize("refused", ["edit_window_closed", "no_permission", "unheard_of"])
async def test_below_a_root_that_cannot_be_changed_nothing_is_told_again(
    world: World, refused: str
) -> None:
    await world.root()
    world.put()
    await world.deliver()
    before = [each["text"] for each in await world.all()]
    await world.refuse("chat.update", refused)

    world.outbox.want(root_key(ORDER))
    await world.deliver()

    assert await world.full() == 1
    assert [each["text"] for each in await world.all()] == before


async def test_a_reply_that_landed_in_the_channel_is_found_as_the_root_after_a_stop(
    world: World,
) -> None:
    root = (await world.root()).spot
    assert root is not None
    await world.delete(root)
    await world.fault(method="chat.postMessage", kind="drop_after")
    world.put()

    await world.deliver(times=2)

    assert await world.thread() == [FULL]
    assert await world.full() == 1
    tops = [each["text"] for each in await world.all() if not each.get("thread_ts")]
    assert FULL not in tops


async def test_a_thread_that_is_locked_goes_on_elsewhere(world: World) -> None:
    root = (await world.root()).spot
    assert root is not None
    await world.desk.post("lock", channel=LOG, ts=root.message_ts)
    world.put()

    await world.deliver()
    await world.deliver(root_key(ORDER))

    assert await world.thread() == [FULL]
    texts = [each["text"] for each in await world.all() if each["ts"] == root.message_ts]
    assert "This order's thread goes on" in texts[0]


@pytest.mark.parametrize("code", ["restricted_action_non_threadable_channel", "never_heard_of"])
async def test_where_no_thread_takes_it_the_channel_is_told(world: World, code: str) -> None:
    root = (await world.root()).spot
    assert root is not None
    await world.refuse("chat.postMessage", code, contains=root.message_ts)
    world.put()

    post = await world.deliver()

    assert (post.place, post.why) == (IN_CHANNEL, code)
    told = [each["text"] for each in await world.all() if FULL in each["text"]]
    assert told == [f"{FULL} {THREAD_LOST}"]

    await world.fault(clear=True)
    world.delivery.retry()
    await world.deliver()

    assert await world.thread() == ["Something else", FULL]
    assert await world.full() == 1


# Channels that are gone.


async def test_who_may_not_read_of_orders_any_more_gets_what_stands_corrected_and_nothing_new(
    world: World,
) -> None:
    await world.root()
    await world.refuse("chat.postMessage", "restricted_action", channel=LOG)
    world.put(text="On its way")
    await world.deliver()
    world.outsiders.add(ANNA)

    world.put()
    world.put("b", "Something new")
    stands, fell = await world.deliver(), await world.deliver("b")

    assert (stands.place, fell.place, fell.why) == (DIRECT, HOME, "restricted_action")
    assert [text.startswith(f"{FULL} {ALONE}") for text in await world.direct()] == [True]


@pytest.mark.parametrize(
    "refused",
    [
        *("is_archived", "restricted_action_read_only_channel"),
        *("ekm_access_denied", "access_denied"),
        # Of the app rather than of the channel; a person may be reached all the same.
        *("missing_scope", "enterprise_is_restricted", "app_access_restricted"),
        "never_heard_of",
    ],
)
async def test_where_the_channel_takes_nothing_the_actor_is_told(
    world: World, refused: str
) -> None:
    await world.root()
    await world.refuse("chat.postMessage", refused, channel=LOG)
    world.put()

    post = await world.deliver()

    assert (post.place, post.why) == (DIRECT, refused)
    assert [text.startswith(f"{FULL} {ALONE}") for text in await world.direct()] == [True]

    await world.fault(clear=True)
    world.delivery.retry()
    post = await world.deliver()

    assert (post.place, post.why, post.copies) == (IN_THREAD, None, ())
    assert await world.thread() == ["Something else", FULL]
    (line,) = await world.direct()
    assert line.startswith(f"What was told here about order {ORDER} stands <http")
    assert await world.full() == 1
    # whoever reads back finds the message, and not the line in place of one
    for channel, thread_ts, found in (
        (await world.poster.open_direct(ANNA), None, None),
        (LOG, post.thread_ts, post.message_ts),
    ):
        assert found == await world.poster.find(
            channel, key="a", marker="(a)", thread_ts=thread_ts, oldest=0.0
        )


async def test_an_archived_channel_that_is_back_shows_what_changed_meanwhile(world: World) -> None:
    world.put(text="On its way")
    before = await world.deliver()
    await world.desk.post("channel", channel=LOG, archived=True)
    world.put()
    assert (await world.deliver()).place == DIRECT

    await world.desk.post("channel", channel=LOG, archived=False)
    world.delivery.retry()
    after = await world.deliver()

    assert after.spot == before.spot
    assert await world.thread() == [FULL]
    assert await world.full() == 1


async def test_another_audit_channel_takes_the_thread_over(world: World) -> None:
    await world.root()
    await world.desk.post("channel", channel=LOG, archived=True)
    world.put()
    await world.deliver()
    assert world.find().place == DIRECT

    await world.desk.post("membership", channel=SUPPORT, user=BOT)
    world.channel = SUPPORT
    world.delivery.retry()
    await world.deliver()

    root = world.find(root_key(ORDER)).spot
    assert root is not None
    assert root.channel == SUPPORT
    assert await world.thread() == [FULL]
    assert await world.full() == 1


@pytest.mark.parametrize("code", ["token_revoked", "account_inactive"])
async def test_what_reaches_nobody_is_on_the_home_tab_until_it_does(
    world: World, code: str
) -> None:
    await world.root()
    await world.desk.post("rules", token=code)
    world.put()

    post = await world.deliver()
    assert (post.place, post.why, post.spot) == (HOME, code, None)
    assert [rendered.text for _, rendered in await world.delivery.untold()] == [FULL]
    assert [each.place for each in world.told][-1] == HOME

    await world.desk.post("rules", token="")
    world.delivery.retry()
    await world.deliver()

    assert await world.thread() == ["Something else", FULL]
    assert await world.delivery.untold() == []
    assert await world.full() == 1


@pytest.mark.parametrize("is_told", [False, True])
async def test_what_reaches_nobody_is_never_given_up(tmp_path: Path, *, is_told: bool) -> None:
    async with open_world(tmp_path, waits=Waits(scale=1)) as world:
        if is_told:
            await world.refuse("chat.postMessage", "is_archived", channel=LOG)
        else:
            await world.desk.post("rules", token="token_revoked")
        world.put()
        world.outbox.save(replace(world.find(), tries=len(SOON_S + LATER_S)))  # a week of them

        post = await world.deliver()

        untold = [rendered.text for _, rendered in await world.delivery.untold()]
        if is_told:
            assert (post.place, post.next_try_at, untold) == (DIRECT, None, [])
            return
        assert (post.place, untold) == (HOME, [FULL])
        assert post.next_try_at is not None
        in_a_day = datetime.now(UTC) + timedelta(days=1)
        assert abs(post.next_try_at - in_a_day) < timedelta(hours=1)


async def test_a_direct_message_whose_answer_was_lost_is_found_again(world: World) -> None:
    world.put(order_id=None, recipient=ANNA)
    await world.fault(method="chat.postMessage", kind="drop_after")

    post = await world.deliver(times=2)

    assert await world.direct() == [FULL]
    assert (post.place, post.doubts) == (DIRECT, ())


async def test_where_it_cannot_be_read_back_it_is_not_said_twice(world: World) -> None:
    world.put(order_id=None, recipient=ANNA)
    await world.fault(method="chat.postMessage", kind="drop_after")
    await world.refuse("conversations.history", "missing_scope")

    post = await world.deliver(times=3)

    assert await world.direct() == [FULL]
    assert post.place == HOME

    await world.fault(clear=True)
    world.delivery.retry()
    post = await world.deliver()
    assert (post.place, post.why) == (DIRECT, None)
    assert await world.full() == 1


async def test_what_passes_is_waited_for_and_then_told_elsewhere(world: World) -> None:
    await world.root()
    await world.refuse("chat.postMessage", "service_unavailable", channel=LOG)
    world.put()

    await world.deliver(times=SOON)
    assert await world.direct() == []
    post = await world.deliver()
    assert post.place == DIRECT

    await world.fault(clear=True)
    await world.deliver()
    assert await world.thread() == ["Something else", FULL]
    assert await world.full() == 1


@pytest.mark.parametrize(("retry_after_s", "waits_s"), [(70, 70), (200, 200), (600, 0)])
async def test_what_slack_never_takes_as_too_many_is_told_elsewhere_in_some_minutes(
    world: World, retry_after_s: int, waits_s: int
) -> None:
    await world.root()
    too_many = {"kind": "http_status", "status": 429, "retry_after_s": retry_after_s}
    await world.fault(method="chat.postMessage", times=999, channel=LOG, **too_many)
    world.put()

    with freeze_time(datetime.now(UTC), real_asyncio=True) as clock:
        post = await world.deliver()
        assert (post.tries, post.place) == (SOON, None)
        assert post.next_try_at == datetime.now(UTC) + timedelta(seconds=waits_s)

        clock.tick(waits_s)
        post = await world.deliver()

    assert (post.place, post.why) == (DIRECT, "ratelimited")
    assert await world.full() == 1


# Lanes.


async def test_the_messages_of_an_order_come_in_their_order(world: World) -> None:
    await world.root()
    world.put("b", "second")
    world.put("c", "third")

    await world.deliver("c")

    assert await world.thread() == ["Something else", "second", "third"]


async def test_a_correction_that_waits_holds_up_nothing_that_is_new(tmp_path: Path) -> None:
    async with open_world(tmp_path, waits=Waits(scale=1000)) as world:
        await world.root()
        world.put("b", "second, on its way")
        await world.deliver("b")
        await world.fault(method="chat.update", kind="drop_before", times=99)
        world.put("b", "second")
        world.put("c", "third")

        await world.deliver("c")

        assert await world.thread() == ["Something else", "second, on its way", "third"]
        assert world.find("b").tries == 1


async def test_a_new_one_that_waits_holds_up_the_next_ones_of_its_order(tmp_path: Path) -> None:
    async with open_world(tmp_path, waits=Waits(scale=1000)) as world:
        await world.root()
        await world.refuse("chat.postMessage", "service_unavailable", times=1)
        world.put()
        world.put("b", "second")

        await world.deliver("b")
        assert await world.thread() == ["Something else"]

        world.delivery.retry()
        await world.deliver("b")
        assert await world.thread() == ["Something else", FULL, "second"]


async def test_one_that_breaks_holds_up_nobody(world: World) -> None:
    await world.root()
    world.put("b", "second")
    world.broken.add("b")
    world.put("c", "third")

    await world.deliver("c")

    assert await world.thread() == ["Something else", "third"]
    assert world.find("b").tries == 1
    assert world.delivery.broken() == 1
    world.broken.clear()
    await world.deliver("b")
    assert world.delivery.broken() == 0
    assert await world.thread() == ["Something else", "third", "second"]


async def test_a_root_message_that_breaks_holds_up_nothing(world: World) -> None:
    world.broken.add(root_key(ORDER))
    world.put()

    post = await world.deliver()

    assert post.place == IN_CHANNEL
    assert await world.full() == 1
    assert world.delivery.broken() == 1
    world.broken.clear()
    world.delivery.retry()
    await world.deliver()
    assert await world.thread() == [FULL]
    assert await world.full() == 1


async def test_an_order_whose_thread_does_not_answer_holds_up_no_other_one(world: World) -> None:
    await world.root()
    await world.fault(method="chat.postMessage", kind="delay", delay_s=5, contains="slow")
    world.put("slow", "slow")
    world.put("quick", "quick", order_id=ORDER + 1)
    world.delivery.start()

    async with asyncio.timeout(4):
        while world.find("quick").shown is None:  # noqa: ASYNC110 - behind a socket
            await asyncio.sleep(0.02)
    assert world.find("slow").shown is None
    await world.delivery.close()

    # The post that was cut off has arrived; the next process finds it.
    world.start_anew()
    await asyncio.sleep(5)
    await world.deliver("slow")
    assert (await world.thread()).count("slow") == 1


async def test_what_may_not_be_told_yet_is_told_at_its_time(world: World) -> None:
    at = datetime.now(UTC)

    async def not_yet(_: Post) -> Rendered:
        raise NotYet(at)

    async def now(_: Post) -> Rendered:
        return Rendered("at last", [], marker="at last")

    world.outbox.put("w", WAITING, {}, order_id=ORDER)
    world.delivery.register(WAITING, not_yet)
    world.put()

    await world.deliver()
    assert await world.thread() == [FULL]
    waiting = world.find("w")
    assert (waiting.next_try_at, waiting.tries, waiting.shown) == (at, 0, None)

    world.delivery.register(WAITING, now)
    await world.deliver("w")
    assert await world.thread() == [FULL, "at last"]
    assert world.find("w").next_try_at is None


async def test_kinds_of_another_release_wait(world: World) -> None:
    world.outbox.put("x", "unheard of", {}, order_id=ORDER)
    world.put()

    await world.deliver()

    assert await world.thread() == [FULL]
    assert world.find("x").tries == 1
    assert OUTCOME != "unheard of"


async def test_a_thread_that_is_said_to_be_gone_and_stands_gets_no_second_copy(
    world: World,
) -> None:
    root = (await world.root()).spot
    assert root is not None
    await world.fault(method="chat.postMessage", kind="drop_after", contains=FULL)
    await world.refuse("conversations.replies", "thread_not_found")
    world.put()

    await world.deliver(times=2)
    await world.fault(clear=True)
    world.delivery.retry()
    await world.deliver(times=2)

    assert await world.full() == 1
