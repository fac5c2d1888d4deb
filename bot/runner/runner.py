"""The runner: takes requests in, sees each to its end, and keeps an eye on what is left open."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.actions.action import ActionRequest, Runnable
from bot.actions.rules.customer import NOBODY, CustomerKeys
from bot.bigcommerce.client import BigCommerceClient
from bot.runner.approvals import Approvals, IsDone
from bot.runner.attempt import Attempts, overdue
from bot.runner.customer_email import CustomerMail, Postman
from bot.runner.endings import Endings
from bot.runner.engine import Engine
from bot.runner.permission import Permission
from bot.runner.posting import Posting, Timeline, is_awaited, is_loud
from bot.runner.request_queue import RequestQueue
from bot.runner.schedule import Schedule
from bot.runner.sweep import Sweep
from bot.runner.waiting_requests import WaitingRequests
from bot.values.outcome import Outcome, Status
from storage.data_folder.folder import WORKFLOWS_FILE
from storage.data_folder.trouble import DataFolderGone
from storage.log.action_log import ActionLog
from storage.log.entries import Entry, Hold

logger = logging.getLogger(__name__)

SETTLE_WAITS_S = (0, 1, 3, 6, 10, 20, 30)
MAY_BE_CHECKED = frozenset({Status.PENDING.value, Status.UNKNOWN.value})


class NotNoted(Exception):
    """The request could not be written down, so it will not run; the same may be asked again."""


async def _at_once(entry: Entry) -> None:
    """Every request may be carried out."""


class ActionRunner:
    """Every action's way: logged, durably queued, one at a time per order, told.

    `permission` is asked before every sending, and again after the `settle_waits` while it does not
    know. Those and the schedule are in seconds. `start` also takes up whatever an earlier
    process left unfinished; `close` leaves what runs too long to the next one. `approving` decides
    what waits for a second person, `waiting` looks at it again, `ending` ends by hand what waits
    for a person; `is_done` tells whether the store shows a request as carried out. `halted` tells
    why nothing may be done any more, "" while it may.
    """

    def __init__(
        self,
        *,
        data: Path,
        log: ActionLog,
        store: BigCommerceClient,
        actions: Mapping[str, Runnable[Any]],
        timeline: Timeline,
        permission: Permission,
        mail: CustomerMail | None = None,
        settle_waits: Sequence[float] = SETTLE_WAITS_S,
        schedule: Schedule | None = None,
        polling_interval_s: float = 0.1,
        halted: Callable[[], str] = lambda: "",
        is_done: IsDone | None = None,
    ) -> None:
        """Keep the parts; nothing runs before `start`."""
        self._log = log
        self._actions = actions
        self._timeline = timeline
        self._mail = mail or CustomerMail(log, store)
        self._schedule = schedule or Schedule()
        self._postman = Postman(
            self._mail,
            log,
            every_s=self._schedule.sweep_every_s,
            ready=lambda entry: self.ready(entry),
            halted=halted,
        )
        self._attempts = Attempts(log, store, actions, settle_waits, permission)
        engine = Engine(data / WORKFLOWS_FILE, self, polling_interval_s=polling_interval_s)
        self._line = RequestQueue(engine, log)
        self._telling = Posting(log, self._mail, self._call)
        self.approving = Approvals(log, self._line, self._telling, is_done)
        self.ending = Endings(log, self._line, self._telling, store, actions)
        self.waiting = WaitingRequests(
            log, self.approving, store, actions, every_s=self._schedule.waiting_every_s
        )
        self._sweep = Sweep(
            log,
            self._line,
            self.approving,
            self.waiting,
            timeline,
            every_s=self._schedule.sweep_every_s,
            halted=halted,
            compare_every_s=self._schedule.compare_every_s,
        )
        # Returns when a request may be carried out or told: see `bot.recovery`.
        self.ready: Callable[[Entry], Awaitable[None]] = _at_once
        self._started = False

    async def start(self) -> None:
        """Begin to work."""
        for entry in self._log.untold():
            self._telling.settle(entry.reference)
        await self._line.start()
        self._sweep.start()
        self._postman.start()
        self._started = True

    async def close(self, drain_s: float = 10.0) -> None:
        """Stop sweeping, wait for what runs at most `drain_s` seconds, and let go."""
        if not self._started:
            return
        self._started = False
        await self._sweep.close()
        await asyncio.gather(self._line.close(drain_s), self._postman.close(drain_s))

    @property
    def is_alive(self) -> bool:
        """Whether it works: started, not closed, and looking through the log."""
        return self._started and self._sweep.is_alive

    async def ask(
        self,
        reference: str,
        action: str,
        request: ActionRequest,
        *,
        team_id: str,
        actor_id: str,
    ) -> bool:
        """Take a request that no limits stand in the way of, as `note` and `begin` do."""
        with self.noting(reference):
            is_new = self.note(reference, action, request, team_id=team_id, actor_id=actor_id)
        if is_new:
            await self.begin(reference)
        return is_new

    @contextmanager
    def noting(self, reference: str) -> Iterator[None]:
        """Read and write the log in one transaction: what is raised inside leaves nothing written.

        Raises NotNoted when the log cannot be written, DataFolderGone when it is nobody's any more.
        """
        try:
            with self._log.atomic():
                yield
        except DataFolderGone:
            raise
        except sqlite3.Error as exc:
            if self._log.find(reference) is not None:
                raise
            raise NotNoted from exc

    def note(
        self,
        reference: str,
        action: str,
        request: ActionRequest,
        *,
        team_id: str,
        actor_id: str,
        counted: Decimal | None = Decimal(0),
        counted_in: str | None = None,
        customer: CustomerKeys = NOBODY,
        hold: Hold | None = None,
    ) -> bool:
        """Write a request down: once that is committed it is never lost. False: it was before.

        `counted`, `counted_in`, `customer` and `hold` are those of `ActionLog.ask`. Raises KeyError
        for an action that there is not.
        """
        return self._log.ask(
            reference,
            action=self._actions[action].name,
            order_id=request.order_id,
            team_id=team_id,
            actor_id=actor_id,
            request=request.model_dump(mode="json"),
            counted=counted,
            counted_in=counted_in,
            customer_id=customer.id,
            customer_mail=customer.mail,
            hold=hold,
        )

    async def begin(self, reference: str) -> None:
        """Put in line what was written down, unless it waits for a second person."""
        if not self._log.get(reference).is_waiting:
            await self._line.put_run(reference)

    async def check_again(self, reference: str, *, actor_id: str) -> bool:
        """Look again at a pending or unknown outcome. False: it is neither, or being looked at."""
        entry = self._log.find(reference)
        if entry is None or entry.status not in MAY_BE_CHECKED:
            return False
        return await self._line.put_round(entry, actor_id=actor_id)

    def mail_again(self, reference: str, *, actor_id: str) -> bool:
        """Have the e-mail sent that certainly was not. False: it is none, or may have been sent."""
        done = self._log.mail_again(reference, actor_id=actor_id)
        self._postman.call()
        return done

    # What the engine calls back.

    async def run(self, reference: str) -> None:
        """Carry the request out and log its outcome; a round that has one is left alone."""
        entry = self._log.find(reference)
        if entry is None:
            # The queue is of another time than the log. What the log has forgotten is not done.
            logger.warning("not in the log", extra={"reference": reference})
            return
        await self.ready(entry)
        entry = self._log.get(reference)
        if not entry.is_under_way:
            return
        if entry.status is None:  # a look at a payment is nothing that the thread need know
            self._timeline.show(entry)
        if_slow = asyncio.create_task(self._say_if_slow(reference))
        try:
            outcome = await self._attempts.run(entry)
        finally:
            if_slow.cancel()
        self._finish(self._log.get(reference), outcome)

    def ended(self, reference: str) -> None:
        """Note that nothing of it is in line any more."""
        self._line.left(reference)

    # Private.

    async def _say_if_slow(self, reference: str) -> None:
        await asyncio.sleep(self._schedule.silent_s)
        if self._log.say_under_way(reference):
            self._timeline.call()

    def _call(self) -> None:
        self._postman.call()
        self._timeline.call()

    def _finish(self, entry: Entry, outcome: Outcome) -> None:
        next_check_at = None
        if outcome.status is Status.PENDING:
            # A payment that a person took for it, or asked for again, has its own time to settle.
            known = (entry.asked_at, entry.asked_again_at, entry.sent_at, entry.ended_at)
            since = max(at for at in known if at is not None)
            next_check_at = self._schedule.next_check_at(since, datetime.now(UTC))
            if next_check_at is None:
                outcome = overdue(entry, outcome)
        outcome = self._attempts.without_follow_up(entry, outcome)
        with self._telling.of(entry.reference):
            self._log.finish(
                entry.reference,
                status=outcome.status.value,
                outcome=outcome.model_dump(mode="json"),
                next_check_at=next_check_at,
                is_awaited=is_awaited(entry, outcome, datetime.now(UTC)),
                is_loud=is_loud(entry, outcome),
                # The sweep puts it in line, the next process's too.
                follow_up=self._attempts.follow_up(entry, outcome),
            )
        if entry.order_id is not None:
            self.waiting.order_changed(entry.order_id)
        logger.info(
            "action finished",
            extra={
                "reference": entry.reference,
                "action": entry.action,
                "status": outcome.status.value,
                "round": entry.round,
            },
        )
