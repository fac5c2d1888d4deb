"""A small world for the runner: a ledger file that actions write to, and a thread that is a file.

Run as a program, `python -m tests.bot.runner.world DATA SCRIPT REFERENCE [THEN]`, it asks for one
payment and goes on until it is killed.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from bot.actions.action import (
    ActionRequest,
    Attempt,
    FollowUp,
    Moves,
    Runnable,
    named_by_order,
    sets_nothing,
)
from bot.actions.endings.evidence import only_people_tell
from bot.bigcommerce.client import BigCommerceClient
from bot.runner.runner import ActionRunner
from bot.runner.schedule import Schedule
from bot.values.outcome import Outcome, Status
from storage.database import open_database
from storage.log.action_log import ActionLog
from storage.log.entries import Entry
from storage.outbox.outbox import Outbox
from storage.outbox.posts import IN_THREAD, OUTCOME, Post

QUICK = Schedule(
    check_least_s=0.02,
    check_most_s=0.05,
    sweep_every_s=0.02,
    compare_every_s=0.1,
)


class Pay(ActionRequest):
    """Write a line into the ledger. `script` says what else happens, `then` what follows."""

    script: str = "ok"
    then: str = ""


class World:
    """The ledger, the thread and the action that uses them, in one folder."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.ledger = data / "ledger"
        self.thread = data / "thread"
        self.switches = data
        self.running: list[str] = []
        self.most_at_once: dict[int | None, int] = {}
        self.order_of_runs: list[str] = []
        self.accepted: list[bool] = []

    def on(self, switch: str) -> bool:
        return (self.switches / switch).exists()

    def switch(self, name: str, on: bool = True) -> None:
        if on:
            (self.switches / name).touch()
        else:
            (self.switches / name).unlink()

    def paid(self) -> list[str]:
        return self.ledger.read_text().split() if self.ledger.exists() else []

    def told(self) -> list[str]:
        return self.thread.read_text().splitlines() if self.thread.exists() else []

    async def pay(self, request: Pay, attempt: Attempt) -> Outcome:
        self.running.append(f"{request.order_id}")
        self.order_of_runs.append(attempt.reference)
        self.accepted.append(attempt.accepted)
        at_once = self.running.count(f"{request.order_id}")
        self.most_at_once[request.order_id] = max(
            at_once, self.most_at_once.get(request.order_id, 0)
        )
        try:
            return await self._pay(request, attempt)
        finally:
            self.running.remove(f"{request.order_id}")

    async def _pay(self, request: Pay, attempt: Attempt) -> Outcome:
        if request.script == "break":
            raise ZeroDivisionError("4111 1111 1111 1111")
        if request.script == "hold":
            await until(lambda: self.on("go"), timeout_s=60)
        if attempt.claim():
            append(self.ledger, attempt.reference)
            if request.script == "break_after":
                raise ZeroDivisionError
            if request.script == "hang":
                await asyncio.Event().wait()
        if attempt.reference not in self.paid():
            return Outcome(status=Status.UNKNOWN, message="No answer.")
        if request.script == "slow" and not self.on("settled"):
            return Outcome(status=Status.PENDING, message="On its way.")
        if request.script == "lost" and not self.on("settled"):
            return Outcome(status=Status.UNKNOWN, message="No answer.")
        if request.script == "break_later" and self.order_of_runs.count(attempt.reference) > 1:
            raise ZeroDivisionError
        if request.script == "break_later":
            return Outcome(status=Status.PENDING, message="On its way.")
        return Outcome(status=Status.SUCCEEDED, message="Paid.")

    def actions(self) -> dict[str, Runnable[Any]]:
        pay = Runnable(
            name="pay",
            title="Payment",
            request_type=Pay,
            run=self.pay,
            follow_up=next_payment,
            moves=Moves.NOTHING,
            sets=sets_nothing,
            subject=named_by_order,
            is_there=is_there,
            evidence=only_people_tell,
        )
        return {"pay": pay}


def next_payment(request: Pay) -> FollowUp | None:
    if not request.then:
        return None
    return FollowUp("pay", Pay(order_id=request.order_id, script=request.then))


async def is_there(_store: Any, _reference: str, _request: Any) -> bool:
    return False


async def permitted(entry: Entry) -> str | None:
    return None


def append(path: Path, line: str) -> None:
    with path.open("a") as file:
        file.write(f"{line}\n")


class FileThread:
    """A timeline whose thread is a file, read back before each telling; `gone`: out of reach."""

    def __init__(self, world: World, db: Database, log: ActionLog) -> None:
        self._world = world
        self._outbox = Outbox(db)
        self._log = log
        self.shown: list[str] = []
        self.caught_up = 0
        self.calls = 0

    async def tell_for_ever(self) -> None:
        while True:
            await asyncio.sleep(0.01)
            if not self._world.on("gone"):
                for post in self._outbox.due(datetime.now(UTC)):
                    if post.kind == OUTCOME:
                        self._tell(post)

    def _tell(self, post: Post) -> None:
        line = f"{post.content['reference']} {post.wanted}"
        if line not in self._world.told():
            append(self._world.thread, line)
        stands = replace(
            post, place=IN_THREAD, channel="C1", thread_ts="1.0", message_ts="1.1", tries=0
        )
        with self._outbox.atomic():
            self._outbox.save(stands)
            self._outbox.told(stands, post.wanted, next_try_at=None)
            self._log.note_told(replace(stands, shown=post.wanted))

    def call(self) -> None:
        self.calls += 1

    def show(self, entry: Entry) -> None:
        self.shown.append(entry.reference)

    async def catch_up(self) -> None:
        self.caught_up += 1


class Bot:
    """A runner with its log, as the composition root would put it together."""

    def __init__(self, world: World, schedule: Schedule = QUICK) -> None:
        self.world = world
        self.db = open_database(world.data / "makegood.sqlite")
        self.log = ActionLog(self.db)
        self.store = BigCommerceClient(store_hash="none", access_token="none")
        self.timeline = FileThread(world, self.db, self.log)
        self.runner = ActionRunner(
            data=world.data,
            log=self.log,
            store=self.store,
            actions=world.actions(),
            timeline=self.timeline,
            permission=permitted,
            settle_waits=(0,),
            schedule=schedule,
            polling_interval_s=0.02,
        )

    async def ask(
        self, reference: str, script: str = "ok", order_id: int | None = 1042, then: str = ""
    ) -> bool:
        request = Pay(order_id=order_id, script=script, then=then)
        return await self.runner.ask(reference, "pay", request, team_id="T1", actor_id="U1")

    async def outcome(self, reference: str) -> str | None:
        """Return the outcome once it has been told."""
        await until(lambda: self._is_done(reference))
        return self.log.get(reference).status

    def _is_done(self, reference: str) -> bool:
        entry = self.log.get(reference)
        return not entry.is_under_way and entry.is_told

    def events(self, reference: str) -> list[str]:
        return [event.event for event in self.log.events(reference)]


@asynccontextmanager
async def running(
    world: World, schedule: Schedule = QUICK, drain_s: float = 5
) -> AsyncIterator[Bot]:
    bot = Bot(world, schedule)
    telling = asyncio.create_task(bot.timeline.tell_for_ever())
    try:
        await bot.runner.start()
        yield bot
    finally:
        await bot.runner.close(drain_s)
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)
        await bot.store.close()
        bot.db.close()


async def until(condition: Any, timeout_s: float = 20) -> None:
    async with asyncio.timeout(timeout_s):
        while not condition():  # noqa: ASYNC110 - the condition may be a file of another process
            await asyncio.sleep(0.01)


async def _ask_and_wait(data: Path, script: str, reference: str, then: str = "") -> None:
    async with running(World(data)) as bot:
        await bot.ask(reference, script, then=then)
        append(data / "asked", reference)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_ask_and_wait(Path(sys.argv[1]), *sys.argv[2:]))
