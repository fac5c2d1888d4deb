"""Noticing that the log is older than the store, and bringing it up to date before anything runs.

The store is the judge: what it has under a mark was done, whatever the log says. At each start what
is marked since the last look is held against the log; until that has succeeded nothing that an
earlier process left is carried out or told. Later looks notice another Makegood on the same store.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.actions.registry import is_in_store
from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.http.errors import BigCommerceError
from bot.process.internal_errors import note_internal_error
from bot.process.loop import Loop
from bot.recovery.store_marks import StoreMarks, read_marks
from bot.recovery.words import foreign_words, open_line, restored_words
from bot.recovery.writing_found import write_found
from bot.values.outcome import Status
from storage.data_folder.trouble import DataFolderGone
from storage.log.action_log import ActionLog
from storage.log.entries import Entry
from storage.outbox.outbox import Outbox
from storage.outbox.posts import FOREIGN, RESTORED_DATA
from storage.recovery.periods import COPIED, OLDER, LogPeriods, Period
from storage.recovery.store_looks import StoreLook, StoreLooks
from storage.recovery.witness import LogWitness

logger = logging.getLogger(__name__)

RETRY_WAITS_S = (0.5, 1.0, 2.0, 5.0, 15.0, 30.0, 60.0)
# A log that knows nothing yet asks for what limits and people still need of the time before it.
FIRST_LOOK = timedelta(days=35)
OPEN_AT_MOST = 200
# Another Makegood is said once, then again only after so long.
SAID_AGAIN = timedelta(days=1)


@dataclass(slots=True)
class Findings:
    """What was looked up: lines of what was written into the log, and requests found done."""

    written: list[str] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)
    unlisted: list[str] = field(default_factory=list)

    @property
    def is_anything(self) -> bool:
        """Whether the log was behind the store."""
        return bool(self.written or self.settled)


class Recovery:
    """Looks at the store from `start` to `close`.

    `prepare` comes first of all that touches the log. `found_done` takes a request that waits for
    approval and was carried out; `redraw` has what Slack shows of orders drawn anew. Times are in
    seconds.
    """

    def __init__(
        self,
        *,
        store: BigCommerceClient,
        log: ActionLog,
        periods: LogPeriods,
        looks: StoreLooks,
        witness: LogWitness,
        outbox: Outbox,
        found_done: Callable[[str], Awaitable[bool]],
        team_id: str,
        look_every_s: float,
        note_every_s: float,
        redraw: Callable[[], None] = lambda: None,
        halted: Callable[[], str] = lambda: "",
    ) -> None:
        """Keep the parts."""
        self._redraw = redraw
        self._store = store
        self._log = log
        self._periods = periods
        self._looks = looks
        self._witness = witness
        self._outbox = outbox
        self._found_done = found_done
        self._team_id = team_id
        self._look_every_s = look_every_s
        self._noting = Loop(
            self._note,
            every_s=note_every_s,
            broken="noting how far the log has come broke",
            halted=halted,
        )
        self._halted = halted
        self._started_at = datetime.now(UTC)
        self._is_ready = asyncio.Event()
        # Whether the log was held against the store since the start.
        self.is_looked = False
        self._is_closing = False
        self._looking: asyncio.Task[None] | None = None
        self._is_copy = False
        self.foreign = ""
        # Whether no other process is connected to the same Slack app.
        self.is_alone: Callable[[], bool] = lambda: False

    def prepare(self) -> None:
        """Take note of the local signs that the data is older than what was done with it."""
        doubt, self._is_copy = self._witness.doubt(), self._witness.is_copy
        if doubt == OLDER or (doubt == COPIED and self._periods.is_anything_open()):
            latest = self._periods.latest()
            if latest is None or latest.settled_at is not None:
                logger.warning("the log is not as it was left", extra={"sign": doubt})
                self._periods.begin(doubt)
        self._witness.take()

    def start(self) -> None:
        """Begin to look."""
        self._started_at = datetime.now(UTC)
        self._looking = asyncio.create_task(self._look_for_ever())
        self._noting.start()

    async def close(self) -> None:
        """Stop looking; whoever still waits for the first look is cancelled."""
        self._is_closing = True
        self._is_ready.set()
        await self._noting.close()
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
        if not self._halted():
            self._witness.note()

    @property
    def waits_for(self) -> str:
        """Why nothing that an earlier process left is carried out, "" when it is."""
        if self.is_ready:
            return ""
        if self.is_looked:
            return "what is open in this copied log waits until no other Makegood is connected"
        return "what is open waits until BigCommerce could be looked at"

    @property
    def is_ready(self) -> bool:
        """Whether the store was looked at since the start."""
        return self._is_ready.is_set()

    def is_inherited(self, entry: Entry) -> bool:
        """Whether an earlier process asked for it, perhaps with other data."""
        return entry.asked_at < self._started_at

    async def ready(self, entry: Entry) -> None:
        """Return when the entry may be carried out or told: what is new may be at once."""
        if not self.is_inherited(entry):
            return
        await self._is_ready.wait()
        if self._is_closing:
            # As after a stop at any other moment, the next process carries on.
            raise asyncio.CancelledError

    async def is_done(self, entry: Entry) -> bool:
        """Tell whether the store shows the request as carried out; raises BigCommerceError."""
        return await is_in_store(self._store, entry.action, entry.reference, entry.request)

    async def _look_for_ever(self) -> None:
        tries = 0
        while not self._halted():
            try:
                await self._look()
            except BigCommerceError as error:
                logger.warning("store not looked at yet", extra={"error": str(error)})
            except DataFolderGone:
                return
            except Exception:  # broad on purpose: one bad look must not be the last one
                note_internal_error("look at the store broke")
            else:
                tries = 0
                self.is_looked = True
                self._get_ready()
                await asyncio.sleep(self._look_every_s)
                continue
            await asyncio.sleep(RETRY_WAITS_S[min(tries, len(RETRY_WAITS_S) - 1)])
            tries += 1

    def _get_ready(self) -> None:
        """Let what is open run; in a copy only once whoever has the first one is gone.

        Both would find the same request undone, and both would do it.
        """
        if self.is_looked and (not self._is_copy or self.is_alone()):
            self._is_ready.set()

    async def _note(self) -> None:
        self._witness.note()
        self._get_ready()

    async def _look(self) -> None:
        marks = await read_marks(self._store, self._since())
        is_first = not self.is_looked
        findings = await self._hold_against_log(marks, is_first=is_first)
        if is_first:
            self._end_first_look(findings)
        elif findings.written:
            self._say_foreign(findings)
        if not marks.unlisted:
            self._looks.save(marks.look)

    def _since(self) -> StoreLook:
        latest = self._looks.latest()
        if latest is not None:
            return latest
        return StoreLook(self._log.latest_event_at() or datetime.now(UTC) - FIRST_LOOK)

    async def _hold_against_log(self, marks: StoreMarks, *, is_first: bool) -> Findings:
        findings = Findings(unlisted=marks.unlisted)
        unknown = [each for each in marks.marked.values() if self._log.find(each.reference) is None]
        done = await self._inherited_done(marks) if is_first else []
        if is_first and (unknown or done) and self._unsettled() is None:
            self._periods.begin(OLDER)  # before anything is written: what there is, is from before
        currency = (await self._store.info.get()).default_currency if unknown else ""
        for marked in unknown:
            line = await write_found(
                marked, self._store, self._log, team_id=self._team_id, currency=currency
            )
            logger.warning("found in the store", extra={"reference": marked.reference})
            findings.written.append(line)
        for entry in done:
            if entry.is_waiting:
                await self._found_done(entry.reference)
            findings.settled.append(entry.reference)
        return findings

    async def _inherited_done(self, marks: StoreMarks) -> list[Entry]:
        """Return what the log shows as not sent, and the store as done.

        With nothing in doubt only those in the lists are looked at by themselves, else all.
        """
        is_in_doubt = self._unsettled() is not None or bool(marks.unlisted)
        unsent = [*self._log.waiting(), *self._log.unfinished()]
        return [
            each
            for each in unsent
            if each.sent_at is None
            and self.is_inherited(each)
            and (is_in_doubt or each.reference in marks.marked)
            and await self.is_done(each)
        ]

    def _unsettled(self) -> Period | None:
        latest = self._periods.latest()
        return latest if latest is not None and latest.settled_at is None else None

    def _end_first_look(self, findings: Findings) -> None:
        period = self._unsettled()
        if period is None:
            return
        self._periods.settle({"written": findings.written, "settled": findings.settled})
        if period.why == COPIED and not findings.is_anything:
            return  # it was merely moved
        self._redraw()
        said = restored_words(
            period, findings.written, findings.settled, findings.unlisted, self._left_to_people()
        )
        self._outbox.add(RESTORED_DATA, {"text": said})

    def _left_to_people(self) -> list[str]:
        """Return what only people end: the log may have forgotten that they did."""
        entries = self._log.open_ends(OPEN_AT_MOST)
        return [
            open_line(entry)
            for entry in entries
            if self.is_inherited(entry) and entry.status != Status.PENDING
        ]

    def _say_foreign(self, findings: Findings) -> None:
        self.foreign = foreign_words(findings.written)
        logger.error("another Makegood works on this store", extra={"found": findings.written[:5]})
        self._outbox.add_unless_since(
            FOREIGN, {"text": self.foreign}, since=datetime.now(UTC) - SAID_AGAIN
        )
