"""Setting an order to Cancelled, with a staff note that names the request."""

from __future__ import annotations

from datetime import UTC, date, datetime

from bot.actions.base import Attempt
from bot.actions.failures import is_final, sentence
from bot.bigcommerce import BigCommerceError, NoAnswer, Order
from bot.outcome import Change, Outcome, Status

CANCELLED = 5
# BigCommerce's limit. It is taken for bytes, the smaller reading: a note that is too long would
# make it refuse the whole change.
_NOTES_LIMIT = 65_535


def note_line(reference: str, reason: str, on: date) -> str:
    """Return the line that is added to the staff notes."""
    return f"{on.isoformat()} Cancelled with Makegood {reference}: {reason}"


def append_note(existing: str, line: str) -> str:
    """Return the notes with the line at the end; when they grow too long the oldest text goes."""
    notes = f"{existing.rstrip()}\n{line}" if existing.strip() else line
    newest = notes.encode()[-_NOTES_LIMIT:]
    return newest.decode(errors="ignore")  # the cut may have gone through a character


def is_cancelled_by(order: Order, reference: str) -> bool:
    """Whether the order is cancelled and its notes say that this request did it."""
    return order.status_id == CANCELLED and f"Makegood {reference}:" in order.staff_notes


async def set_cancelled(attempt: Attempt, order: Order, reason: str) -> None:
    """Set the order, as just read, to Cancelled; a lost answer is read back, repeated once.

    Raise NoAnswer when it is not certain whether it is cancelled, another BigCommerceError when it
    is certain that nothing changed.
    """
    try:
        await _write(attempt, order, reason)
    except NoAnswer as lost:
        try:
            await _write_again(attempt, order.id, reason)
        except BigCommerceError as error:
            # Whatever went wrong now, the first write may still have been executed.
            raise lost from error


def half_done(error: BigCommerceError, order_id: int, done: str) -> Outcome:
    """Return the outcome when `done` (a sentence) is true and the order is not cancelled.

    It is neither rejected nor failed, for something has changed. What may pass is PENDING: the
    next look goes on by itself. What will not is UNKNOWN, the status that calls for a person and
    has Check again, which then goes on from here, too.
    """
    if not is_final(error):
        return Outcome(
            status=Status.PENDING,
            message=f"{done} It is not cancelled yet: BigCommerce did not answer.",
            next_step="Nothing to do now: Makegood tries again and updates the order's thread.",
        )
    return Outcome(
        status=Status.UNKNOWN,
        message=f"{done} It is not cancelled yet: BigCommerce said no. {sentence(error.reason)}",
        next_step=(
            f"Set order {order_id} to Cancelled in the BigCommerce control panel, or choose Check "
            "again to let Makegood try once more."
        ),
    )


def status_changes(order: Order) -> tuple[Change, ...]:
    """Return the change of an order that is now cancelled, by how it was read before."""
    if order.status_id == CANCELLED:
        return ()
    before = order.custom_status or order.status
    return (Change(field="status", before=before, after="Cancelled"),)


async def _write_again(attempt: Attempt, order_id: int, reason: str) -> None:
    latest = await attempt.store.get_order(order_id)
    if not is_cancelled_by(latest, attempt.reference):
        # Writing the same status and note a second time hurts nobody.
        await _write(attempt, latest, reason)


async def _write(attempt: Attempt, order: Order, reason: str) -> None:
    notes = order.staff_notes
    if attempt.reference not in notes:
        notes = append_note(notes, note_line(attempt.reference, reason, datetime.now(UTC).date()))
    written = await attempt.store.set_order_status(order.id, CANCELLED, staff_notes=notes)
    if written.status_id != CANCELLED:
        raise NoAnswer(f"PUT /v2/orders/{order.id}", "The order kept its former status.")
