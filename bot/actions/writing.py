"""The one way of every write: look, ask, claim, send, compare, read back, repeat what may be.

BigCommerce has no idempotency key. What the store shows is the key instead: before the first
sending the store is asked whether the write is there already (the log may be a restored, copied or
empty one), after a lost or refused answer it is asked again, and only a write that hurts nobody
when it happens twice is ever sent twice. Before each sending it is asked whether it may be sent.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Generic, TypeVar

from bot.actions.action import Attempt
from bot.actions.reading import read_until
from bot.bigcommerce.http.errors import BigCommerceError, NoAnswer, NotSent, RateLimited
from bot.values.outcome import Outcome

logger = logging.getLogger(__name__)

T = TypeVar("T")

# Where writing again hurts nobody, and where a refusal says that nothing happened, a few looks do.
QUICK_LOOKS = 3
SENDINGS = 2
# A 429 is documented as not carried out, and the store has been looked at: it is sent again.
TURNED_AWAY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Write(Generic[T]):
    """One write, as far as it differs from others.

    `look` returns what the store has of this very request, by its mark or, where a write has no
    place for one, by its evidence; None when there is nothing. `prepare` runs right before each
    sending and returns an outcome when it must not be sent any more. `differs` tells in a few words
    what is not as it was asked for, "" when all is. `is_repeatable`: twice does no harm.
    """

    look: Callable[[], Awaitable[T | None]]
    send: Callable[[], Awaitable[T]]
    differs: Callable[[T], str]
    is_repeatable: bool
    prepare: Callable[[], Awaitable[Outcome | None]] | None = None


class End(Enum):
    """How a write ended.

    DONE: the store has it as it was asked for. DIFFERENT: the store has it, but not as asked.
    NOTHING: it is certain that nothing changed. UNKNOWN: it may have happened.
    """

    DONE = auto()
    DIFFERENT = auto()
    NOTHING = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Written(Generic[T]):
    """How a write ended, and what is known of it.

    `value` is what the store has, read once more where it was not what was asked for; `difference`
    says in what it still is not. `error` is what BigCommerce said, or that it said nothing.
    `was_there`: the store had it although this log never sent it. `was_read`: the store could be
    read after the sending. `instead` is what `prepare` said when something may have been sent
    before, `refusal` why it may not be sent again then.
    """

    end: End
    value: T | None = None
    difference: str = ""
    error: BigCommerceError | None = None
    was_there: bool = False
    was_read: bool = True
    instead: Outcome | None = None
    refusal: str = ""


async def write_once(write: Write[T], attempt: Attempt) -> Written[T] | Outcome:
    """Carry the write out unless the store has it; an outcome is what was said against it.

    May be called again for the same reference after a crash: what was claimed and is not repeatable
    is only looked for.
    """
    return await _Way(write, attempt).go()


class _Way(Generic[T]):
    """The way of one write in one run."""

    def __init__(self, write: Write[T], attempt: Attempt) -> None:
        self._write = write
        self._attempt = attempt
        self._was_read = False
        self._lost: BigCommerceError | None = None
        self._is_claimed = False
        self._sendings_left = SENDINGS if write.is_repeatable else 1
        self._turned_away = 0

    async def go(self) -> Written[T] | Outcome:
        write, attempt = self._write, self._attempt
        if attempt.claimed:
            # Where writing again hurts nobody, one look will do.
            found = await self._read_back(1 if write.is_repeatable else None)
            if found is not None:
                return await self._compared(found)
            if not write.is_repeatable or not self._was_read:
                return self._unknown()
        else:
            try:
                found = await write.look()
            except BigCommerceError as error:
                # Whoever cannot look does not send: the store may have it from before a restore.
                return Written(End.NOTHING, error=error, was_read=False)
            if found is not None:
                logger.warning("the store has it already", extra={"reference": attempt.reference})
                return await self._compared(found, was_there=True)
        while self._sendings_left:
            if (ended := await self._send()) is not None:
                return ended
        return self._unknown()

    async def _send(self) -> Written[T] | Outcome | None:
        """Send once; return None when nothing shows in the store and it may be sent again."""
        write, attempt = self._write, self._attempt
        if (no := await attempt.refusal()) is not None:
            if attempt.claimed or self._lost is not None:  # and that may still be carried out
                return replace(self._unknown(), refusal=no.next_step)
            return no
        if write.prepare is not None and (instead := await write.prepare()) is not None:
            if attempt.claimed or self._lost is not None:
                return replace(self._unknown(), instead=instead)
            return instead
        may_send = attempt.claim() or self._is_claimed or write.is_repeatable
        if not may_send:  # another process was faster
            found = await self._read_back()
            return self._unknown() if found is None else await self._compared(found)
        self._is_claimed = True
        try:
            return await self._compared(await write.send())
        except NotSent as error:
            return self._refused(error)
        except NoAnswer as error:
            self._lost = error
            self._sendings_left -= 1
            logger.warning(
                "no answer to a write, reading back",
                extra={"reference": attempt.reference, "error": str(error)},
            )
            found = await self._read_back()
            return None if found is None else await self._compared(found)
        except BigCommerceError as error:
            # A no does not prove that nothing happened: the store tells.
            found = await self._read_back(QUICK_LOOKS)
            if found is not None:
                return await self._compared(found)
            if not self._was_read:
                return self._unknown(error)
            self._turned_away += 1
            if isinstance(error, RateLimited) and self._turned_away < TURNED_AWAY:
                return None
            return self._refused(error)

    async def _read_back(self, looks: int | None = None, *, alike: bool = False) -> T | None:
        """Return what the store has after the waits, noting whether it could be read at all.

        `alike`: until it is as it was asked for.
        """
        self._was_read = False
        if looks is None and self._write.is_repeatable:
            looks = QUICK_LOOKS

        async def look() -> T | None:
            found = await self._write.look()
            self._was_read = True
            return found

        def is_enough(found: T | None) -> bool:
            return found is not None and not (alike and self._write.differs(found))

        return await read_until(self._attempt.settle_waits[:looks], look, is_enough)

    async def _compared(self, value: T, *, was_there: bool = False) -> Written[T]:
        difference = self._write.differs(value)
        # One answer may be damaged, or behind: the store has the last word.
        if difference and (found := await self._read_back(QUICK_LOOKS, alike=True)) is not None:
            value, difference = found, self._write.differs(found)
        end = End.DIFFERENT if difference else End.DONE
        return Written(end, value, difference, was_there=was_there)

    def _refused(self, error: BigCommerceError) -> Written[T]:
        """A no is certain only where no earlier sending may still be carried out."""
        may_be_there = self._attempt.claimed or self._lost is not None
        return self._unknown(error) if may_be_there else Written(End.NOTHING, error=error)

    def _unknown(self, error: BigCommerceError | None = None) -> Written[T]:
        return Written(End.UNKNOWN, error=error or self._lost, was_read=self._was_read)
