"""Requests that wait for a second person: whether anybody can decide them, and reminders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.config.configuration import People
from handlers.access.access import Access
from handlers.access.limit_words import approver_names
from handlers.people.words import again_words, nobody_words, reminder_words
from handlers.timeline.posting import Poster
from storage.log.action_log import ActionLog
from storage.log.entries import Entry
from storage.log.held_requests import ASKED, NOBODY
from storage.outbox.outbox import Outbox
from storage.outbox.posts import CLOSED, WAITING

LAST_CALL = timedelta(hours=1)


class Waiting:
    """Looks after what waits, from time to time; what it has to tell is told once."""

    def __init__(
        self,
        *,
        access: Access,
        log: ActionLog,
        outbox: Outbox,
        poster: Poster,
        channel_id: Callable[[], str],
        approvers: Callable[[], People],
    ) -> None:
        """Keep the parts."""
        self._access = access
        self._log = log
        self._outbox = outbox
        self._poster = poster
        self._channel_id = channel_id
        self._approvers = approvers

    async def look(self) -> None:
        """Tell of each request that nobody can decide, or that somebody can again; remind."""
        at = datetime.now(UTC)
        deciders: dict[str, tuple[str, ...] | None] = {}
        for entry in self._log.waiting():
            if entry.held_until is None or entry.held_until <= at:
                continue
            if entry.actor_id not in deciders:
                deciders[entry.actor_id] = await self._access.deciders(but=entry.actor_id)
            able = deciders[entry.actor_id]
            if able is not None:
                await self._compare(entry, able)
            await self._remind(entry, able, at)
            await self._compare_copies(entry)

    async def _compare(self, entry: Entry, able: tuple[str, ...]) -> None:
        was, is_now = (NOBODY, ASKED) if able else (ASKED, NOBODY)
        notice = self._outbox.find(entry.reference)
        if notice is None or notice.wanted != was or notice.shown is None:
            return  # as it was; or it is still to be asked for, which says who can decide
        words = await (self._again(entry, able) if able else self._nobody(entry))
        if words and self._outbox.change_wanted(entry.reference, was=was, wanted=is_now):
            key = f"{is_now}-{entry.reference}-{datetime.now(UTC):%Y%m%dT%H%M%S.%f}"
            self._tell(key, entry, words)

    async def _compare_copies(self, entry: Entry) -> None:
        """Have closed what went to who cannot decide any more, and opened again what is theirs."""
        for copy in self._outbox.copies_of(entry.reference):
            can = await self._access.can_decide(copy.recipient or "", but=entry.actor_id)
            if copy.shown is not None and can is not None and can is (copy.shown == CLOSED):
                self._outbox.want(copy.key)

    async def _remind(self, entry: Entry, able: tuple[str, ...] | None, at: datetime) -> None:
        if (stage := stage_of(entry, at)) and able != ():
            key = f"{stage}-{entry.reference}"
            if self._outbox.find(key) is None:
                words = reminder_words(entry, self._names(entry, able), await self._link(entry))
                self._tell(key, entry, words)

    async def _nobody(self, entry: Entry) -> str:
        why = await self._access.cannot_decide(but=entry.actor_id)
        return "" if why is None else nobody_words(entry, self._channel_id(), why)

    async def _again(self, entry: Entry, able: tuple[str, ...]) -> str:
        return again_words(entry, self._names(entry, able), await self._link(entry))

    def _names(self, entry: Entry, able: tuple[str, ...] | None) -> str:
        named = approver_names(self._approvers(), but=entry.actor_id, able=able)
        return named[:1].upper() + named[1:]

    async def _link(self, entry: Entry) -> str | None:
        notice = self._outbox.find(entry.reference)
        if notice is None or not notice.channel or not notice.message_ts:
            return None
        return await self._poster.permalink(notice.channel, notice.message_ts)

    def _tell(self, key: str, entry: Entry, words: str) -> None:
        content = {"mrkdwn": words, "reference": entry.reference}
        self._outbox.add_once(key, WAITING, content, order_id=entry.order_id, since=entry.asked_at)


def stage_of(entry: Entry, at: datetime) -> str:
    """Return which reminder is due: at half of the time, and an hour before its end; "" for none.

    Of two that are due, as after a restart, the later one is enough.
    """
    if entry.held_until is None or at >= entry.held_until:
        return ""
    half = entry.asked_at + (entry.held_until - entry.asked_at) / 2
    if at >= max(entry.held_until - LAST_CALL, half):
        return "last-call"
    return "half-time" if at >= half else ""
