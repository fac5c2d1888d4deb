"""Setting an order's status, with a line in the staff note that names the request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.actions.action import Attempt
from bot.actions.failures import heard, is_final, sentence
from bot.actions.rules.eligibility import STATUS_NAMES
from bot.actions.writing import Write, Written, write_once
from bot.bigcommerce.http.errors import BigCommerceError, NoAnswer
from bot.bigcommerce.models import Order
from bot.values.marks import CANCELLED_WORD, marks_of_note, note_line
from bot.values.outcome import Change, Outcome, Status

CANCELLED = 5
NOTED = "its staff note says that it was cancelled"
TRIES_AGAIN = "Nothing to do now: Makegood tries again and updates the order's thread."
FINISH = (
    "Makegood tries again. Whoever may do it can finish it now with Check again, or in the "
    "BigCommerce control panel."
)
# BigCommerce's limit. It is taken for bytes, the smaller reading: a note that is too long would
# make it refuse the whole change.
_NOTES_LIMIT = 65_535


@dataclass(frozen=True, slots=True)
class NewStatus:
    """A status to set: `done` says in a word what that does, for the staff note.

    `refused` returns why the order, as just read, must not be set to it any more.
    """

    status_id: int
    reason: str
    refused: Callable[[Order], Outcome | None]
    done: str = CANCELLED_WORD


@dataclass(frozen=True, slots=True)
class StatusSet:
    """How setting a status ended, and the order as it was read right before, or found."""

    written: Written[Order]
    before: Order


async def set_status(attempt: Attempt, order: Order, new: NewStatus) -> StatusSet | Outcome:
    """Set the status of the order, as just read, unless this request has done it.

    Its mark is the line of the staff note: where it stands, the status was set, whatever has become
    of the order since. Writing the same status and line a second time hurts nobody.
    """
    latest = order
    is_fresh = True

    async def look() -> Order | None:
        nonlocal latest, is_fresh
        if not is_fresh:
            latest = await attempt.store.orders.get(order.id)
        is_fresh = False
        return latest if attempt.reference in marks_of_note(latest.staff_notes) else None

    async def prepare() -> Outcome | None:
        return new.refused(latest)

    async def send() -> Order:
        line = note_line(attempt.reference, new.reason, datetime.now(UTC).date(), done=new.done)
        notes = append_note(latest.staff_notes, line)
        answer = await attempt.store.orders.set_status(order.id, new.status_id, staff_notes=notes)
        if answer.status_id != new.status_id:
            raise NoAnswer(f"PUT /v2/orders/{order.id}", "The order kept its former status.")
        return answer

    written = await write_once(
        Write(
            look=look,
            prepare=prepare,
            send=send,
            differs=lambda each: "" if each.status_id == new.status_id else state_of(each),
            is_repeatable=True,
        ),
        attempt,
    )
    return written if isinstance(written, Outcome) else StatusSet(written, latest)


def append_note(existing: str, line: str) -> str:
    """Return the notes with the line at the end; when they grow too long the oldest text goes."""
    notes = f"{existing.rstrip()}\n{line}" if existing.strip() else line
    newest = notes.encode()[-_NOTES_LIMIT:]
    return newest.decode(errors="ignore")  # the cut may have gone through a character


def state_of(order: Order) -> str:
    """Return the order's state in the shop's own words."""
    return order.custom_status or STATUS_NAMES.get(order.status_id, order.status)


def status_changes(
    before: Order, *, former: str = "", after: str = "Cancelled"
) -> tuple[Change, ...]:
    """Return the change of an order's status, from where it came before this request began.

    `former` is that state where it is known; a refund has changed the order meanwhile.
    """
    was = former or state_of(before)
    return () if was == after else (Change(field="status", before=was, after=after),)


def status_half_set(
    error: BigCommerceError | None, order_id: int, done: str, *, refusal: str = ""
) -> Outcome:
    """Return the outcome when `done` (a sentence) is true and the order is not cancelled.

    `refusal` is why it may not be cancelled now, "" where BigCommerce kept it from happening.

    It is neither rejected nor failed, for something has changed. What may pass is PENDING: the
    next look goes on by itself. What will not is UNKNOWN, the status that calls for a person and
    has Check again, which then goes on from here, too.
    """
    if error is None or not is_final(error):
        return Outcome(
            status=Status.PENDING,
            message=f"{done} It is not cancelled yet: {refusal or heard(error)}",
            next_step=FINISH if refusal else TRIES_AGAIN,
        )
    return Outcome(
        status=Status.UNKNOWN,
        message=f"{done} It is not cancelled yet: BigCommerce said no. {sentence(error.reason)}",
        next_step=(
            f"Set order {order_id} to Cancelled in the BigCommerce control panel, or choose Check "
            "again to let Makegood try once more."
        ),
    )


def moved_on(order: Order, done: str, *, is_noted: bool = False) -> Outcome:
    """Return the outcome when the order stands elsewhere after `done` had come true.

    UNKNOWN, as for every second half that only a person can finish: see `status_half_set`.
    `is_noted`: the order carries this request's mark, and who took it elsewhere, and when, is not
    known.
    """
    since = f", although {NOTED}" if is_noted else " meanwhile"
    return Outcome(
        status=Status.UNKNOWN,
        message=f"{done} It is not cancelled: it has become {state_of(order)}{since}.",
        next_step="Decide in the BigCommerce control panel what the order should be.",
    )
