from __future__ import annotations

import asyncio

from bot.process.internal_errors import describe_internal_errors
from bot.process.loop import Loop


class Work:
    """Counts its rounds; `broken` of them raise."""

    def __init__(self, broken: int = 0) -> None:
        self.rounds = 0
        self.broken = broken
        self.done = asyncio.Condition()

    async def __call__(self) -> None:
        async with self.done:
            self.rounds += 1
            self.done.notify_all()
        if self.rounds <= self.broken:
            raise ValueError

    async def reach(self, rounds: int) -> None:
        async with asyncio.timeout(10), self.done:
            await self.done.wait_for(lambda: self.rounds >= rounds)


async def test_a_bad_round_is_noted_and_not_the_last_one() -> None:
    work = Work(broken=2)
    loop = Loop(work, every_s=0, broken="watering broke for a test")
    loop.start()

    await work.reach(3)
    await loop.close()

    assert "watering broke for a test 2" in describe_internal_errors()
    assert not loop.is_running


async def test_the_next_round_comes_when_it_is_called() -> None:
    work = Work()
    loop = Loop(work, every_s=3600, broken="")
    loop.start()
    await work.reach(1)

    loop.call()
    await work.reach(2)

    assert loop.is_running
    await loop.close()


async def test_the_first_round_may_wait() -> None:
    work = Work()
    loop = Loop(work, every_s=3600, broken="")
    loop.start(at_once=False)
    await asyncio.sleep(0)
    rounds_before = work.rounds

    loop.call()
    await work.reach(1)
    await loop.close()

    assert (rounds_before, work.rounds) == (0, 1)


async def test_it_ends_once_it_is_halted() -> None:
    work, reasons = Work(), ["", "", "the folder is gone"]
    loop = Loop(work, every_s=0, broken="", halted=lambda: reasons[min(work.rounds, 2)])
    loop.start()

    await work.reach(2)
    await asyncio.wait(asyncio.all_tasks() - {asyncio.current_task()}, timeout=10)

    assert not loop.is_running
    assert work.rounds == 2
