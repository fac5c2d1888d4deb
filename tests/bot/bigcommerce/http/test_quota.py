from __future__ import annotations

import asyncio
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.http.caller import told_wait_s
from bot.bigcommerce.http.errors import NotSent, RateLimited
from bot.bigcommerce.http.quota import (
    AT_ONCE,
    PERSON_AT_ONCE,
    PERSON_WAITING,
    Limits,
    OverQuota,
    OverShare,
    Share,
    looks_of,
)
from bot.bigcommerce.refunds import ItemType, RefundItem
from tests.bot.bigcommerce.bodies_seen import ORDER
from tests.bot.bigcommerce.scripted_store import Arrival, Reply, ScriptedStore, connected

ITEM = RefundItem(item_type=ItemType.PRODUCT, item_id=7, quantity=1)


def window(
    left: int, *, quota: int = 150, reset_ms: int = 300, window_ms: int = 30_000
) -> dict[str, str]:
    return {
        "X-Rate-Limit-Requests-Left": str(left),
        "X-Rate-Limit-Requests-Quota": str(quota),
        "X-Rate-Limit-Time-Reset-Ms": str(reset_ms),
        "X-Rate-Limit-Time-Window-Ms": str(window_ms),
    }


class QuotaStore:
    """Counts requests in windows of `length_s`, as BigCommerce does; the quota is shared."""

    def __init__(self, quota: int, length_s: float) -> None:
        self.quota, self.length_s = quota, length_s
        self.used, self.refused = 0, 0
        self.ends_at = 0.0

    def __call__(self, arrival: Arrival) -> Reply:
        now = time.monotonic()
        if now >= self.ends_at:
            self.used, self.ends_at = 0, now + self.length_s
        self.used += 1
        reset_ms = int((self.ends_at - now) * 1000)
        headers = window(
            max(self.quota - self.used, 0),
            quota=self.quota,
            reset_ms=reset_ms,
            window_ms=int(self.length_s * 1000),
        )
        if self.used > self.quota:
            self.refused += 1
            return Reply(429, b"", headers)
        return Reply(200, ORDER, headers)


async def test_many_calls_never_provoke_a_429(
    store: ScriptedStore, client: BigCommerceClient
) -> None:
    counter = QuotaStore(quota=20, length_s=0.7)
    store.always = counter
    await client.orders.get(1042)

    await asyncio.gather(*(client.orders.get(1042) for _ in range(45)))

    assert counter.refused == 0
    assert len(store.arrived) == 46


def any_order(arrival: Arrival) -> Reply:
    order = ORDER | {"id": int(arrival.path.rsplit("/", 1)[-1])}
    return Reply(200, order, window(50, reset_ms=2_000, window_ms=2_000))


async def test_an_agent_does_not_wait_behind_background_work(store: ScriptedStore) -> None:
    store.always = any_order
    async with connected(store.url) as client:
        await client.orders.get(1)
        work = [asyncio.create_task(client.background.orders.get(n)) for n in range(2, 12)]
        await asyncio.sleep(0)

        await client.orders.get(99)

        assert [arrival.path for arrival in store.arrived] == ["/v2/orders/1", "/v2/orders/99"]
        assert not any(task.done() for task in work)
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)


@pytest.mark.parametrize(
    "headers",
    [window(0), {"X-Rate-Limit-Time-Reset-Ms": "200"}, {"X-Retry-After": "0"}, {}],
    ids=["window", "reset_only", "retry_after_only", "bare"],
)
async def test_a_429_is_waited_out_by_what_changes_nothing(
    store: ScriptedStore, client: BigCommerceClient, headers: dict[str, str]
) -> None:
    store.answers(Reply(429, b"", headers), Reply(200, ORDER))

    order = await client.orders.get(1042)

    assert order.id == ORDER["id"]
    assert len(store.arrived) == 2


async def test_a_429_is_left_to_whoever_writes(
    store: ScriptedStore, client: BigCommerceClient
) -> None:
    store.answers(Reply(429, b"", {}), Reply(201, {}))

    with pytest.raises(RateLimited):
        await client.payments.void(1042)

    assert len(store.arrived) == 1


async def test_a_429_that_lasts_too_long_is_rate_limited(store: ScriptedStore) -> None:
    store.always = Reply(429, b"", window(0, reset_ms=30_000))

    async with connected(store.url, max_wait_s=1) as client:
        with pytest.raises(RateLimited) as caught:
            await client.refunds.quote(1042, [ITEM])

    assert "limit" in caught.value.reason
    assert len(store.arrived) == 1


async def test_bare_429s_end_in_rate_limited(store: ScriptedStore) -> None:
    store.always = Reply(429)

    async with connected(store.url, max_wait_s=0.3) as client:
        with pytest.raises(RateLimited):
            await client.orders.get(1042)


async def test_a_used_up_window_that_ends_too_late_is_not_sent(store: ScriptedStore) -> None:
    store.always = Reply(200, ORDER, window(0, reset_ms=30_000))

    async with connected(store.url, max_wait_s=1) as client:
        await client.orders.get(1042)
        with pytest.raises(NotSent) as caught:
            await client.orders.get(1042)

    assert "limit" in caught.value.reason
    assert len(store.arrived) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Rate-Limit-Requests-Left": "none"},
        window(0) | {"X-Rate-Limit-Requests-Quota": "unlimited"},
        window(0, quota=0),
        window(0) | {"X-Rate-Limit-Time-Reset-Ms": "nan"},
        window(0) | {"X-Rate-Limit-Time-Reset-Ms": "-5"},
    ],
)
async def test_headers_that_say_nothing_hold_nobody_back(
    store: ScriptedStore, headers: dict[str, str]
) -> None:
    store.always = Reply(200, ORDER, headers)

    async with connected(store.url, max_wait_s=0) as client:
        await client.orders.get(1042)
        await client.orders.get(1042)

    assert len(store.arrived) == 2


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({"x-rate-limit-time-reset-ms": "1500"}, 1.5),
        ({"x-rate-limit-time-reset-ms": "1500", "x-retry-after": "4"}, 4),
        ({"x-rate-limit-time-reset-ms": "9000", "x-retry-after": "4"}, 9),
        ({"x-retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_the_longer_of_two_waits_counts(headers: dict[str, str], wait_s: float | None) -> None:
    assert told_wait_s(headers) == wait_s


class Clock:
    START = 100.0

    def __init__(self) -> None:
        self.now = self.START

    def __call__(self) -> float:
        return self.now


async def _may_start(limits: Limits, share: Share = Share.LOOK) -> bool:
    try:
        async with limits.turn(share, until=0):
            return True
    except OverQuota:
        return False


def _lower(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


@pytest.mark.parametrize(
    ("left", "may_start"),
    [
        (150, (True, True, True)),
        (76, (True, True, True)),
        (75, (True, True, False)),
        (38, (True, True, False)),
        (37, (True, False, False)),
        (8, (True, False, False)),
        (7, (False, False, False)),
    ],
)
async def test_quota_is_kept_back_for_money_first_and_then_for_looks(
    left: int, may_start: tuple[bool, bool, bool]
) -> None:
    limits = Limits(Clock())
    limits.observe(_lower(window(left, reset_ms=30_000)), sent_at=Clock.START)

    assert tuple([await _may_start(limits, share) for share in Share]) == may_start


async def test_what_is_kept_back_shrinks_with_the_window() -> None:
    clock = Clock()
    limits = Limits(clock)
    limits.observe(_lower(window(7, reset_ms=30_000)), sent_at=clock.now)
    may_start = []

    for _ in range(10):
        may_start.append([await _may_start(limits, share) for share in Share])
        clock.now += 3

    money, looks, background = zip(*may_start, strict=True)
    assert money == (False,) + (True,) * 9
    assert looks == (False,) * 9 + (True,)
    assert background == (False,) * 10


async def test_a_late_answer_of_the_window_before_is_passed_over() -> None:
    clock = Clock()
    limits = Limits(clock)
    limits.observe(_lower(window(3, reset_ms=100)), sent_at=clock.now)
    clock.now += 0.2
    limits.observe(_lower(window(149, reset_ms=29_900)), sent_at=clock.now)

    limits.observe(_lower(window(0, reset_ms=0)), sent_at=clock.now)

    assert await _may_start(limits)


async def test_an_answer_that_is_read_late_does_not_hide_the_next_window() -> None:
    clock = Clock()
    limits = Limits(clock)
    sent_at, clock.now = clock.now, clock.now + 0.8
    limits.observe(_lower(window(20, quota=40, reset_ms=1_000)), sent_at=sent_at)
    clock.now = sent_at + 1.2  # the window ended 0.2 s ago, unseen, and the next is used up
    limits.observe(_lower(window(0, quota=40, reset_ms=1_000)), sent_at=clock.now - 0.05)

    clock.now = sent_at + 1.9  # the first was thought to last until here
    assert not await _may_start(limits)
    clock.now = sent_at + 2.3
    assert await _may_start(limits)


async def test_a_late_answer_does_not_end_a_window_that_is_not_heard_of_yet() -> None:
    clock = Clock()
    limits = Limits(clock)
    limits.observe(_lower(window(9, quota=5, reset_ms=10)), sent_at=clock.now)
    sent_at, clock.now = clock.now, clock.now + 0.05
    async with limits.turn(Share.LOOK, until=clock.now):  # the next is taken to be full
        limits.observe(_lower(window(1, quota=5, reset_ms=0)), sent_at=sent_at)
        assert await _may_start(limits)


async def test_those_who_wait_start_in_their_turn() -> None:
    limits = Limits()
    limits.observe(_lower(window(0, reset_ms=50)), sent_at=time.monotonic())
    started: list[int] = []

    async def start(number: int) -> None:
        async with limits.turn(Share.BACKGROUND, until=time.monotonic() + 60):
            started.append(number)

    await asyncio.gather(*(start(number) for number in range(20)))

    assert started == list(range(20))


async def _hold(
    limits: Limits, share: Share, who: str, started: list[str], go: asyncio.Event
) -> None:
    with looks_of(who):
        async with limits.turn(share, until=time.monotonic() + 60):
            started.append(who or share.name)
            await go.wait()


async def _settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_money_starts_before_looks_and_looks_before_background() -> None:
    limits = Limits()
    limits.observe(_lower(window(0, reset_ms=200)), sent_at=time.monotonic())
    started: list[str] = []
    go = asyncio.Event()
    go.set()

    await asyncio.gather(
        *(_hold(limits, share, "", started, go) for share in reversed(Share) for _ in range(3))
    )

    assert started == ["MONEY"] * 3 + ["LOOK"] * 3 + ["BACKGROUND"] * 3


async def test_the_looks_of_two_people_take_turns() -> None:
    limits = Limits()
    limits.observe(_lower(window(0, reset_ms=200)), sent_at=time.monotonic())
    started: list[str] = []
    go = asyncio.Event()
    go.set()

    asked = ["ben"] * 20 + ["anna"] * 3
    await asyncio.gather(*(_hold(limits, Share.LOOK, who, started, go) for who in asked))

    assert started[:6] == ["ben", "anna"] * 3


async def test_one_person_has_few_looks_under_way_and_all_together_leave_room() -> None:
    limits, go = Limits(), asyncio.Event()
    started: list[str] = []

    people = ["ben", "anna", "chiara", "dev"]
    asked = [who for who in people for _ in range(20)]
    looks = [asyncio.create_task(_hold(limits, Share.LOOK, who, started, go)) for who in asked]
    await _settle()

    assert {who: started.count(who) for who in people} == {
        "ben": PERSON_AT_ONCE,
        "anna": PERSON_AT_ONCE,
        "chiara": PERSON_AT_ONCE,
        "dev": 0,
    }
    assert len(started) == AT_ONCE[Share.LOOK]
    async with limits.turn(Share.MONEY, until=time.monotonic()):
        pass
    go.set()
    await asyncio.gather(*looks)
    assert len(started) == len(asked)


async def test_one_person_takes_half_a_window_at_most_and_the_rest_is_for_others() -> None:
    limits = Limits()
    limits.observe(
        _lower(window(40, quota=40, reset_ms=400, window_ms=400)), sent_at=time.monotonic()
    )
    started: list[str] = []
    go = asyncio.Event()
    go.set()
    flood = [asyncio.create_task(_hold(limits, Share.LOOK, "ben", started, go)) for _ in range(30)]
    await _settle()
    await _settle()

    assert started == ["ben"] * 20
    await _hold(limits, Share.LOOK, "anna", started, go)
    assert started == ["ben"] * 20 + ["anna"]
    await asyncio.gather(*flood)  # in the next window


async def test_nothing_of_one_person_waits_without_bound() -> None:
    limits = Limits()
    limits.observe(_lower(window(0, reset_ms=30_000)), sent_at=time.monotonic())
    go, started = asyncio.Event(), list[str]()
    waiting = [
        asyncio.create_task(_hold(limits, Share.LOOK, "ben", started, go))
        for _ in range(PERSON_WAITING)
    ]
    await _settle()

    with pytest.raises(OverShare):
        await _hold(limits, Share.LOOK, "ben", started, go)
    anna = asyncio.create_task(_hold(limits, Share.LOOK, "anna", started, go))
    await _settle()

    assert not anna.done()
    for task in (anna, *waiting):
        task.cancel()
    await asyncio.gather(anna, *waiting, return_exceptions=True)
    assert not any(limits._lines.values())


async def test_who_goes_away_while_waiting_leaves_the_turn_to_the_next() -> None:
    limits = Limits()
    limits.observe(_lower(window(0, reset_ms=200)), sent_at=time.monotonic())
    started: list[str] = []
    go = asyncio.Event()
    go.set()
    gone = asyncio.create_task(_hold(limits, Share.MONEY, "", started, go))
    stays = asyncio.create_task(_hold(limits, Share.LOOK, "anna", started, go))
    await _settle()

    gone.cancel()
    await stays

    assert started == ["anna"]
    assert all(line.under_way == 0 for line in limits._lines.values())


async def test_calls_under_way_count_against_the_quota() -> None:
    limits = Limits(Clock())
    limits.observe(_lower(window(2, quota=5, reset_ms=20_000)), sent_at=Clock.START)

    async with limits.turn(Share.MONEY, until=0), limits.turn(Share.LOOK, until=0):
        assert not await _may_start(limits)
    assert await _may_start(limits)


async def test_an_overtaken_answer_does_not_give_quota_back() -> None:
    limits = Limits(Clock())
    limits.observe(_lower(window(1, quota=5, reset_ms=20_000)), sent_at=Clock.START)
    limits.observe(_lower(window(0, quota=5, reset_ms=20_000)), sent_at=Clock.START)
    limits.observe(_lower(window(3, quota=5, reset_ms=20_000)), sent_at=Clock.START)

    assert not await _may_start(limits)


async def test_a_429_holds_the_other_calls_back_too() -> None:
    clock = Clock()
    limits = Limits(clock)
    limits.close(20)

    assert not await _may_start(limits)
    clock.now += 20.1
    assert await _may_start(limits)


async def test_a_larger_quota_counts_at_once() -> None:
    clock = Clock()
    limits = Limits(clock)
    limits.observe(_lower(window(20, quota=150, reset_ms=20_000)), sent_at=clock.now)
    limits.observe(_lower(window(900, quota=1_000, reset_ms=20_000)), sent_at=clock.now)

    assert await _may_start(limits)


async def test_a_new_window_is_full_again() -> None:
    clock = Clock()
    limits = Limits(clock)
    limits.observe(_lower(window(0, reset_ms=20_000)), sent_at=clock.now)
    clock.now += 20.1

    assert await _may_start(limits)


@given(
    st.dictionaries(st.sampled_from(list(_lower(window(0)))), st.text() | st.integers().map(str))
)
def test_no_header_can_break_the_limits(headers: dict[str, str]) -> None:
    Limits().observe(headers, sent_at=time.monotonic())
    told_wait_s(headers)
