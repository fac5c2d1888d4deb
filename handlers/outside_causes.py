"""Whether the bot itself was the cause of what a store reports: held against the action log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from pydantic import ValidationError

from bot.actions import RUNNABLE, ConfirmedRefund, RefundRequest
from bot.actions.eligibility import CANCEL, CANCEL_AND_REFUND, REFUND_ITEMS, REFUND_ORDER
from bot.actions.refunding import is_own, mark_of
from bot.bigcommerce import ChangeKind, Refund
from bot.outcome import Status
from storage.action_log import ActionLog
from storage.entries import Entry
from storage.outside_events import OutsideEvent, OutsideEvents

# Which statuses each action sets, or leaves to BigCommerce to set.
BRINGS: Mapping[str, frozenset[int]] = {
    CANCEL: frozenset({5}),
    CANCEL_AND_REFUND: frozenset({4, 5, 14}),
    REFUND_ORDER: frozenset({4, 14}),
    REFUND_ITEMS: frozenset({4, 14}),
}
_REFUNDS = frozenset({CANCEL_AND_REFUND, REFUND_ORDER, REFUND_ITEMS})
# A payment provider's words for a step -> the actions that take it. Some void a sale that is not
# settled yet to refund it.
TAKES: Mapping[str, frozenset[str]] = {"refund": _REFUNDS, "void": _REFUNDS | {CANCEL}}
CLOCKS_DIFFER = timedelta(minutes=1)
# BigCommerce sets the status at a time of its own after a refund.
LAGS_AT_MOST = timedelta(minutes=10)
LOOKED_AT = 100


class Causes:
    """Finds the request behind an event."""

    def __init__(self, log: ActionLog, events: OutsideEvents) -> None:
        self._log = log
        self._events = events

    def find(self, event: OutsideEvent, refund: Refund | None) -> str | None:
        """Return the reference of the request that caused it, None when it came from outside.

        A request explains each status once: whoever sets it again later is somebody else.
        """
        match event.kind:
            case ChangeKind.REFUND:
                return self._of_refund(event, refund)
            case ChangeKind.STATUS:
                for entry in self._at_work(event):
                    brings = _brings(entry)
                    is_used = self._events.is_used(entry.reference, event.kind, event.detail)
                    if event.detail.get("after") in brings and not is_used:
                        return entry.reference
            case ChangeKind.TRANSACTION:
                takers = TAKES.get(str(event.detail.get("type")).lower(), frozenset())
                for entry in self._at_work(event):
                    if entry.action in takers:
                        return entry.reference
        return None

    def _of_refund(self, event: OutsideEvent, refund: Refund | None) -> str | None:
        entries = self._log.of_order(event.order_id, LOOKED_AT)
        made = {entry.reference: (entry.outcome or {}).get("refund_id") for entry in entries}
        for reference, refund_id in made.items():
            if refund_id == event.detail.get("refund_id"):
                return reference
        marked = {entry.reference: entry for entry in entries if entry.sent_at is not None}
        entry = marked.get(mark_of(refund) or "") if refund else None
        # A request makes one refund, the one that was confirmed: whoever names it with another
        # one, or before it was sent, wrote that by hand.
        if refund is None or entry is None or made[entry.reference] is not None:
            return None
        confirmed = _confirmed(entry)
        is_its_own = confirmed is not None and is_own(refund, entry.reference, confirmed)
        return entry.reference if is_its_own else None

    def _at_work(self, event: OutsideEvent) -> Iterator[Entry]:
        """Yield the requests that were changing the order when it happened, newest first."""
        for entry in self._log.of_order(event.order_id, LOOKED_AT):
            # One that waited for a second person began when that one agreed.
            since = (entry.decided_at or entry.asked_at) - CLOCKS_DIFFER
            until = (entry.finished_at or datetime.now(UTC)) + LAGS_AT_MOST
            during = since <= event.happened_at <= until
            if during and _may_have_changed_it(entry):
                yield entry


def _brings(entry: Entry) -> frozenset[int]:
    """Return the statuses that a request explains: also the one it sets an order back to."""
    back = entry.request.get("set_back_to")
    return BRINGS.get(entry.action, frozenset()) | ({back} if isinstance(back, int) else set())


def _confirmed(entry: Entry) -> ConfirmedRefund | None:
    """Return what was confirmed of a refund; None of anything else, or where it cannot be read."""
    runnable = RUNNABLE.get(entry.action)
    if runnable is None or not issubclass(runnable.request_type, RefundRequest):
        return None
    try:
        return runnable.request_type.model_validate(entry.request).confirmed
    except ValidationError:
        return None


def _may_have_changed_it(entry: Entry) -> bool:
    if entry.round == 0:  # it waits for a second person, or never was allowed to run
        return False
    nothing = entry.status in {Status.REJECTED, Status.FAILED}
    return entry.sent_at is not None or not nothing
