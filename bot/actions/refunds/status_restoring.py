"""Setting an order back to the status that a partial refund took from it.

BigCommerce makes it Partially Refunded, and most shipping tools look for orders that are to be
shipped by their status: what is left of the order would not be sent.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.actions.action import Attempt
from bot.actions.failures import heard, is_final
from bot.actions.orders.order_status import NewStatus, StatusSet, set_status, state_of
from bot.actions.reading import read_until
from bot.actions.refunds.outcomes import FollowedRefund
from bot.actions.rules.eligibility import STATUS_NAMES
from bot.actions.writing import End
from bot.bigcommerce.models import Order
from bot.values.marks import marks_of_note
from bot.values.outcome import Change, Outcome, Status

PARTIALLY_REFUNDED = 14
# How long BigCommerce's own change is waited for. An order that is where it should be by then is
# left there.
_NO_LONGER_AWAITED = timedelta(hours=1)
_REFUNDED = frozenset({Status.SUCCEEDED, Status.PARTIAL, Status.TO_DO})


async def set_back(
    attempt: Attempt, followed: FollowedRefund, refunded: Outcome, former: NewStatus, label: str
) -> Outcome:
    """Return the outcome of a refund after which the order goes back to a former status.

    `label` is that status in the shop's own words. An order that has moved elsewhere is left alone.
    """
    if refunded.status is Status.PENDING:
        return _adding(refunded, f"After that the order is set back to {label}.")
    if refunded.status not in _REFUNDED:
        return refunded
    order_id = followed.refund.order_id
    # What is at its end is not looked at again; what has succeeded is, and is told meanwhile.
    is_followed = refunded.status is Status.SUCCEEDED
    order = await read_until(
        attempt.accepted_waits if is_followed else attempt.settle_waits,
        lambda: attempt.store.orders.get(order_id),
        lambda order: order.status_id != former.status_id or _is_marked(order, attempt),
    )
    if order is None:
        return _not_yet(refunded, f"The order is not set back to {label} yet: it cannot be read.")
    if order.status_id == former.status_id and not _is_marked(order, attempt):
        return _not_moved(refunded, followed, label)
    return _ended(await set_status(attempt.completing, order, former), order, refunded, label)


def back_to(status_id: int, reason: str) -> NewStatus:
    """Return the write of a former status: only over the one that BigCommerce set itself."""

    def refused(latest: Order) -> Outcome | None:
        if latest.status_id == PARTIALLY_REFUNDED:
            return None
        now = state_of(latest)
        left_alone = f"The order is {now} by now, so it was not set back."
        text = f"The order is {now} again." if latest.status_id == status_id else left_alone
        return Outcome(status=Status.REJECTED, message=text)

    return NewStatus(status_id, reason, refused, done="Set back")


def _ended(ended: StatusSet | Outcome, order: Order, refunded: Outcome, label: str) -> Outcome:
    if isinstance(ended, Outcome):
        return _adding(refunded, ended.message)
    written = ended.written
    if written.end is End.DONE:
        done = _adding(refunded, f"The order is set back to {label}.")
        return done.model_copy(update={"changes": _there_and_back(refunded, ended.before, label)})
    if written.end is End.DIFFERENT and written.value is not None:
        now = state_of(written.value)
        return _adding(refunded, f"The order was set back to {label} and is {now} by now.")
    if written.instead is not None:
        return _adding(refunded, written.instead.message)
    error = written.error
    if error is not None and is_final(error):
        return _by_hand(refunded, f"It could not be set back to {label}: {heard(error)}", label)
    why = written.refusal or heard(error)
    return _not_yet(refunded, f"The order is not set back to {label} yet: {why}")


def _not_moved(refunded: Outcome, followed: FollowedRefund, label: str) -> Outcome:
    """Return the outcome while BigCommerce has not changed the status by itself."""
    text = f"The order is still {label}; BigCommerce usually makes it Partially Refunded."
    is_late = datetime.now(UTC) - followed.refund.created > _NO_LONGER_AWAITED
    return _by_hand(refunded, text, label) if is_late else _not_yet(refunded, text)


def _there_and_back(refunded: Outcome, before: Order, label: str) -> tuple[Change, ...]:
    others = (change for change in refunded.changes if change.field != "status")
    is_there = before.status_id == PARTIALLY_REFUNDED
    between = state_of(before) if is_there else STATUS_NAMES[PARTIALLY_REFUNDED]
    return (
        *others,
        Change(field="status", before=label, after=between),
        Change(field="status", before=between, after=label),
    )


def _is_marked(order: Order, attempt: Attempt) -> bool:
    return attempt.reference in marks_of_note(order.staff_notes)


def _adding(refunded: Outcome, text: str) -> Outcome:
    if refunded.status is Status.TO_DO:  # whose first line stays the task
        next_step = f"{refunded.next_step} {text}".strip()
        return refunded.model_copy(update={"next_step": next_step})
    return refunded.model_copy(update={"message": f"{refunded.message} {text}"})


def _not_yet(refunded: Outcome, text: str) -> Outcome:
    """Return a refund that is followed further, unless a person has to do something about it."""
    if refunded.status is not Status.SUCCEEDED:
        return _by_hand(refunded, text, "its former status")
    return _adding(refunded, text).model_copy(
        update={
            "status": Status.PENDING,
            "next_step": "Nothing to do now: Makegood looks again and updates the order's thread.",
        }
    )


def _by_hand(refunded: Outcome, text: str, label: str) -> Outcome:
    also = f"If it is Partially Refunded in the BigCommerce control panel, set it to {label} there."
    added = _adding(refunded, text)
    return added.model_copy(update={"next_step": f"{added.next_step} {also}".strip()})
