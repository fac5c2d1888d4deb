from __future__ import annotations

import asyncio

from handlers.directory import Kept


class Counter:
    """Reads a number that grows with each reading."""

    def __init__(self) -> None:
        self.count = 0

    async def read(self, key: str) -> str:
        await asyncio.sleep(0)
        self.count += 1
        return f"{key}{self.count}"


async def test_a_value_is_kept() -> None:
    kept = Kept(Counter().read, kept_s=60)

    assert [await kept.get("a"), await kept.get("a"), await kept.get("b")] == ["a1", "a1", "b2"]


async def test_a_fresh_value_is_read_anew_and_kept() -> None:
    kept = Kept(Counter().read, kept_s=60)

    assert await kept.get("a") == "a1"
    assert await kept.get("a", fresh=True) == "a2"
    assert await kept.get("a") == "a2"


async def test_who_asks_during_a_reading_is_not_given_its_answer_as_fresh() -> None:
    kept = Kept(Counter().read, kept_s=60)

    first = asyncio.create_task(kept.get("a", fresh=True))
    await asyncio.sleep(0)  # its reading has begun
    later = [asyncio.create_task(kept.get("a", fresh=True)) for _ in range(5)]

    assert await first == "a1"
    assert await asyncio.gather(*later) == ["a2"] * 5
