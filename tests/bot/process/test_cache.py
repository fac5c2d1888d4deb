from __future__ import annotations

import asyncio

from freezegun import freeze_time

from bot.process.cache import Cache


class Counter:
    """Reads a number that grows with each reading, as soon as it may."""

    def __init__(self) -> None:
        self.count = 0
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def read(self, key: str) -> str:
        self.count += 1
        answer = f"{key}{self.count}"
        await self.may_answer.wait()
        return answer


async def test_a_value_is_kept() -> None:
    cache = Cache(Counter().read, ttl_s=60)

    assert [await cache.get("a"), await cache.get("a"), await cache.get("b")] == ["a1", "a1", "b2"]


async def test_a_fresh_value_is_read_anew_and_kept() -> None:
    cache = Cache(Counter().read, ttl_s=60)

    assert await cache.get("a") == "a1"
    assert await cache.get("a", fresh=True) == "a2"
    assert await cache.get("a") == "a2"


async def test_who_asks_during_a_reading_is_not_given_its_answer_as_fresh() -> None:
    counter = Counter()
    counter.may_answer.clear()
    cache = Cache(counter.read, ttl_s=60)

    first = asyncio.create_task(cache.get("a", fresh=True))
    await asyncio.sleep(0)  # its reading has begun
    later = [asyncio.create_task(cache.get("a", fresh=True)) for _ in range(5)]
    await asyncio.sleep(0)  # they have asked
    counter.may_answer.set()

    assert await first == "a1"
    assert await asyncio.gather(*later) == ["a2"] * 5


async def test_ten_keys_are_read_side_by_side_and_each_once() -> None:
    asked: list[str] = []
    all_ten = asyncio.Barrier(10)

    async def read(key: str) -> str:
        asked.append(key)
        await all_ten.wait()  # nobody is answered before all ten were asked for
        return key.lower()

    cache = Cache(read, ttl_s=60)
    people = [f"U{number}" for number in range(10)]

    async with asyncio.timeout(10):
        answers = await asyncio.gather(*(cache.get(each) for each in [*people, *people]))

    assert answers == [each.lower() for each in [*people, *people]]
    assert sorted(asked) == people


async def test_a_failure_goes_to_who_asked_and_the_next_one_reads_again() -> None:
    answers: list[str | Exception] = [TimeoutError(), "known"]

    async def read(_: str) -> str:
        answer = answers.pop(0)
        await asyncio.sleep(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    cache = Cache(read, ttl_s=60)
    first, *others = await asyncio.gather(
        *(cache.get("a") for _ in range(3)), return_exceptions=True
    )

    assert isinstance(first, TimeoutError)
    assert others == ["known", "known"]
    assert answers == []


async def test_what_is_forgotten_during_its_reading_is_read_again() -> None:
    counter = Counter()
    counter.may_answer.clear()
    cache = Cache(counter.read, ttl_s=60)

    first = asyncio.create_task(cache.get("a"))
    await asyncio.sleep(0)
    cache.forget("a")
    later = [asyncio.create_task(cache.get("a")) for _ in range(5)]
    await asyncio.sleep(0)
    counter.may_answer.set()

    assert await first == "a1"
    assert await asyncio.gather(*later) == ["a2"] * 5


async def test_an_answer_is_read_again_when_its_time_is_over() -> None:
    cache = Cache(Counter().read, ttl_s=60)

    with freeze_time("2026-03-02 09:00", real_asyncio=True) as clock:
        first = await cache.get("a")
        clock.tick(59)
        same = await cache.get("a")
        clock.tick(2)

        assert [first, same, await cache.get("a")] == ["a1", "a1", "a2"]


async def test_of_more_than_may_be_kept_the_longest_unused_goes() -> None:
    cache = Cache(Counter().read, ttl_s=60, most=2)

    asked = ["a", "b", "a", "c", "a", "b"]

    assert [await cache.get(key) for key in asked] == ["a1", "b2", "a1", "c3", "a1", "b4"]
