"""Buckets: a burst at once, then evenly; one per method, one per channel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from freezegun import freeze_time

from bot.sandbox.slack.errors import RateLimited
from bot.sandbox.slack.web_api.calls import METHODS
from bot.sandbox.slack.web_api.rates import PER_MINUTE, Buckets, Rates


@pytest.fixture
def clock() -> Iterator[Any]:
    with freeze_time("2026-11-27 10:00:00") as frozen:
        yield frozen


def waits(rates: Rates, method: str) -> int:
    with pytest.raises(RateLimited) as caught:
        rates.count_call(method)
    return caught.value.retry_after_s


def test_every_method_has_a_limit() -> None:
    assert PER_MINUTE.keys() == METHODS.keys()


def test_a_burst_passes_and_then_one_at_a_time(clock: Any) -> None:
    buckets = Buckets()
    for _ in range(3):
        buckets.take("C1", 0.5, 3)
    with pytest.raises(RateLimited) as caught:
        buckets.take("C1", 0.5, 3)
    assert caught.value.retry_after_s == 2

    clock.tick(2)
    buckets.take("C1", 0.5, 3)
    with pytest.raises(RateLimited):
        buckets.take("C1", 0.5, 3)


def test_a_bucket_holds_no_more_than_its_burst(clock: Any) -> None:
    buckets = Buckets()
    buckets.take("C1", 1, 2)
    clock.tick(3600)

    for _ in range(2):
        buckets.take("C1", 1, 2)
    with pytest.raises(RateLimited):
        buckets.take("C1", 1, 2)


def test_the_wait_is_a_whole_second_at_least(clock: Any) -> None:
    buckets = Buckets()
    buckets.take("C1", 100, 1)
    with pytest.raises(RateLimited) as caught:
        buckets.take("C1", 100, 1)

    assert caught.value.retry_after_s == 1


def test_a_clock_that_is_put_back_neither_fills_nor_empties(clock: Any) -> None:
    buckets = Buckets()
    buckets.take("C1", 1, 2)
    clock.tick(-3600)
    buckets.take("C1", 1, 2)

    with pytest.raises(RateLimited) as caught:
        buckets.take("C1", 1, 2)
    assert caught.value.retry_after_s == 1


@pytest.mark.parametrize(
    ("method", "per_minute"),
    [("users.list", 20), ("chat.update", 50), ("views.open", 100), ("chat.postMessage", 300)],
)
def test_a_method_has_its_tier(clock: Any, method: str, per_minute: int) -> None:
    rates = Rates(1.0, tiers=True)
    for _ in range(per_minute):
        rates.count_call(method)

    assert waits(rates, method) == max(1, -(-60 // per_minute))


def test_methods_do_not_share(clock: Any) -> None:
    rates = Rates(None, tiers=True)
    for _ in range(20):
        rates.count_call("users.list")

    rates.count_call("usergroups.list")
    rates.set_method("usergroups.list", 1)
    rates.count_call("usergroups.list")
    assert waits(rates, "usergroups.list") == 60


def test_limits_can_be_lifted_and_put_back(clock: Any) -> None:
    rates = Rates(None, tiers=False)
    for _ in range(1000):
        rates.count_call("users.list")
        rates.count_message("chat.postMessage", "C1")

    rates.set_tiers(True)
    rates.set_method("users.list", None)
    for _ in range(1000):
        rates.count_call("users.list")
    rates.set_tiers(True)
    for _ in range(20):
        rates.count_call("users.list")
    assert waits(rates, "users.list") == 3


def test_messages_are_counted_by_channel_and_by_way(clock: Any) -> None:
    rates = Rates(1.0, tiers=True)
    for way, channel in (("post", "C1"), ("post", "C2"), ("url", "C1")):
        for _ in range(3):
            rates.count_message(way, channel)
        with pytest.raises(RateLimited):
            rates.count_message(way, channel)

    rates.set_messages(1.0, burst=1)
    rates.count_message("post", "C1")
    with pytest.raises(RateLimited):
        rates.count_message("post", "C1")
