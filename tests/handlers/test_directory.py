from __future__ import annotations

import asyncio

from handlers.directory import Kept


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
    kept = Kept(Counter().read, kept_s=60)

    assert [await kept.get("a"), await kept.get("a"), await kept.get("b")] == ["a1", "a1", "b2"]


async def test_a_fresh_value_is_read_anew_and_kept() -> None:
    kept = Kept(Counter().read, kept_s=60)

    assert await kept.get("a") == "a1"
    assert await kept.get("a", fresh=True) == "a2"
    assert await kept.get("a") == "a2"


async def test_who_asks_during_a_reading_is_not_given_its_answer_as_fresh() -> None:
    counter = Counter()
    counter.may_answer.clear()
    kept = Kept(counter.read, kept_s=60)

    first = asyncio.create_task(kept.get("a", fresh=True))
    await asyncio.sleep(0)  # its reading has begun
    later = [asyncio.create_task(kept.get("a", fresh=True)) for _ in range(5)]
    await asyncio.sleep(0)  # they have asked
    counter.may_answer.set()

    assert await first == "a1"
    assert await asyncio.gather(*later) == ["a2"] * 5
