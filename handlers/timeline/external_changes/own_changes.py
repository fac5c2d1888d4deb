"""Whether the bot itself made a change that a store reports: by what the store shows.

A change is the bot's own where the store shows exactly what one of its requests sent: the refund by
its id or its mark, a status by the mark in the staff note, a payment step by the refund that it
belongs to. When it happened only rules out; all that is not proved is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import ValidationError

from bot.actions.orders.snapshot import OrderSnapshot
from bot.actions.refunds.refunding import is_own, mark_of
from bot.actions.refunds.request import ConfirmedRefund, RefundRequest
from bot.actions.registry import RUNNABLE, is_refund
from bot.bigcommerce.models import Order, Transaction
from bot.bigcommerce.refunds import Refund, RefundedPayment
from bot.bigcommerce.webhooks import ChangeKind
from bot.values.marks import marks_of_note
from storage.log.action_log import ActionLog
from storage.log.entries import RELEASE_ASKED, Entry
from storage.webhooks.external_changes import OutsideEvent, OutsideEvents

CANCELLED, REFUNDED, PARTIALLY_REFUNDED = 5, 4, 14
_SET = frozenset({CANCELLED, REFUNDED, PARTIALLY_REFUNDED})
CLOCKS_DIFFER = timedelta(minutes=1)
# BigCommerce sets the status at a time of its own after a refund; how late is not documented.
LAGS_AT_MOST = timedelta(minutes=10)
LOOKED_AT = 100
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ShownInStore:
    """What the store shows of an order. `transactions` None: they may not be read."""

    order: Order | None = None
    refunds: Sequence[Refund] = ()
    transactions: Sequence[Transaction] | None = None
    is_read: bool = True

    @property
    def is_gone(self) -> bool:
        """Whether the store has no such order any more."""
        return self.is_read and self.order is None

    def step(self, event: OutsideEvent) -> Transaction | None:
        """Return the payment step that an event is about; webhooks name it by the gateway's id."""
        gateway_id = event.detail.get("id")
        rows = self.transactions or ()
        return next((row for row in rows if row.gateway_transaction_id == gateway_id), None)

    def refund_of(self, event: OutsideEvent) -> tuple[Refund, RefundedPayment] | None:
        """Return the refund that a payment step belongs to, and the tender of it."""
        step = self.step(event)
        if step is None:
            return None
        for refund in self.refunds:
            for payment in refund.payments:
                if payment.transaction_id == str(step.id):
                    return refund, payment
        return None


class OwnChanges:
    """Finds the request that made a change."""

    def __init__(self, log: ActionLog, events: OutsideEvents) -> None:
        self._log = log
        self._events = events

    def may_have_made(self, event: OutsideEvent) -> bool:
        """Whether a request of the order can have made it at all, without looking at the store."""
        after = event.detail.get("after")
        return any(
            event.kind != ChangeKind.STATUS
            or after == _set_by(entry)
            or (after in _SET and entry.action in RUNNABLE)
            for entry in self._log.of_order(event.order_id, LOOKED_AT)
            if entry.round > 0
        )

    def find(self, event: OutsideEvent, shown: ShownInStore) -> str | None:
        """Return the reference of the request that made it, None when that is not proved.

        A request explains each status once: whoever sets it again later is somebody else.
        """
        entries = [e for e in self._log.of_order(event.order_id, LOOKED_AT) if e.round > 0]
        match event.kind:
            case ChangeKind.REFUND:
                return self._of_refund(event, entries, shown)
            case ChangeKind.STATUS:
                return self._of_status(event, entries, shown)
            case ChangeKind.TRANSACTION:
                return self._of_step(event, entries, shown)
        return None

    def _of_refund(
        self, event: OutsideEvent, entries: Sequence[Entry], shown: ShownInStore
    ) -> str | None:
        refund_id = event.detail.get("refund_id")
        by_number = (entry.reference for entry in entries if _made(entry) == refund_id)
        return next(by_number, None) or own_refunds(entries, shown.refunds).get(refund_id or 0)

    def _of_status(
        self, event: OutsideEvent, entries: Sequence[Entry], shown: ShownInStore
    ) -> str | None:
        if shown.order is None:
            return None
        for cause in (*_noted(event, entries, shown.order), *_refunded(entries, shown)):
            is_then = cause.since - CLOCKS_DIFFER <= event.happened_at <= cause.until
            if (
                cause.status_id == event.detail.get("after")
                and is_then
                and not self._events.is_used(cause.reference, event.kind, event.detail)
                and not self._had_it_since(event, cause)
            ):
                return cause.reference
        return None

    def _had_it_since(self, event: OutsideEvent, cause: _Cause) -> bool:
        """Whether the order had that status in between, and somebody else took it away again."""
        return any(
            earlier.detail.get("before") == cause.status_id
            and cause.since <= earlier.happened_at
            and earlier.reference != cause.reference
            for earlier in self._events.earlier(event)
        )

    def _of_step(
        self, event: OutsideEvent, entries: Sequence[Entry], shown: ShownInStore
    ) -> str | None:
        found = shown.refund_of(event)
        if found is not None:
            return own_refunds(entries, shown.refunds).get(found[0].id)
        if shown.transactions is None:
            return self._by_exclusion(event, entries, shown)
        step = shown.step(event)
        if step is None or step.event.lower() != "void":
            return None
        for entry in entries:
            asked = [e.at for e in self._log.events(entry.reference) if e.event == RELEASE_ASKED]
            is_used = self._events.is_used(entry.reference, event.kind, event.detail)
            since = asked[0] - CLOCKS_DIFFER if asked and not is_used else _NEVER
            if since <= event.happened_at <= _end(entry):
                return entry.reference
        return None

    def _by_exclusion(
        self, event: OutsideEvent, entries: Sequence[Entry], shown: ShownInStore
    ) -> str | None:
        """Return whose declined refund it is, where the token may not read the payment steps.

        Each declined tender has one step. They are the bot's when nobody else's was declined.
        """
        own = own_refunds(entries, shown.refunds)
        declined = [each.id for each in shown.refunds for way in each.payments if way.is_declined]
        if str(event.detail.get("type")).lower() != "refund" or not declined:
            return None
        is_one_left = self._events.count_own(event) < len(declined)
        is_own_alone = all(number in own for number in declined)
        return own[declined[0]] if is_own_alone and is_one_left else None


def own_refunds(entries: Sequence[Entry], refunds: Sequence[Refund]) -> Mapping[int, str]:
    """Return which of the store's refunds were made by which requests.

    A request makes one refund, the one that was confirmed: whoever names it with another one, or
    before it was sent, wrote that by hand.
    """
    found = {number: entry.reference for entry in entries if (number := _made(entry)) is not None}
    unnumbered = {e.reference: e for e in entries if e.sent_at is not None and _made(e) is None}
    for refund in refunds:
        entry = unnumbered.get(mark_of(refund) or "")
        confirmed = None if entry is None else _confirmed(entry)
        if entry and confirmed and is_own(refund, entry.reference, confirmed):
            found.setdefault(refund.id, entry.reference)
    return found


@dataclass(frozen=True, slots=True)
class _Cause:
    """A status that a request is proved to have set or brought, and when that can have been."""

    reference: str
    status_id: int
    since: datetime
    until: datetime


def _noted(event: OutsideEvent, entries: Sequence[Entry], order: Order) -> Iterator[_Cause]:
    """Yield the statuses that requests set themselves: the order's staff note bears their mark."""
    marks = marks_of_note(order.staff_notes)
    for entry in entries:
        status_id = _set_by(entry)
        # Only what BigCommerce made of a refund is set back.
        is_back = status_id != CANCELLED and is_refund(entry.action)
        is_possible = not is_back or event.detail.get("before") == PARTIALLY_REFUNDED
        if entry.reference in marks and status_id is not None and is_possible:
            # One that waited for a second person began when that one agreed.
            since = entry.decided_at or entry.asked_at
            yield _Cause(entry.reference, status_id, since, _end(entry))


def _refunded(entries: Sequence[Entry], shown: ShownInStore) -> Iterator[_Cause]:
    """Yield the statuses that BigCommerce sets after the requests' refunds."""
    own = own_refunds(entries, shown.refunds)
    for refund in shown.refunds:
        if refund.id not in own or refund.is_declined or shown.order is None:
            continue
        until_then = tuple(each for each in shown.refunds if each.id <= refund.id)
        then = OrderSnapshot(shown.order, refunds=until_then)
        is_whole = then.refunded.amount >= then.total.amount
        status_id = REFUNDED if is_whole else PARTIALLY_REFUNDED
        since = refund.created
        yield _Cause(own[refund.id], status_id, since, since + LAGS_AT_MOST)


def _set_by(entry: Entry) -> int | None:
    """Return the status that the request sets itself, None for none."""
    runnable = RUNNABLE.get(entry.action)
    return None if runnable is None else runnable.sets(entry.request)


def _end(entry: Entry) -> datetime:
    """Return when the request can have changed something last."""
    ended = None if entry.is_under_way else entry.finished_at
    return (ended or datetime.now(UTC)) + CLOCKS_DIFFER


def _made(entry: Entry) -> int | None:
    number = (entry.outcome or {}).get("refund_id")
    return number if isinstance(number, int) else None


def _confirmed(entry: Entry) -> ConfirmedRefund | None:
    """Return what was confirmed of a refund; None of anything else, or where it cannot be read."""
    runnable = RUNNABLE.get(entry.action)
    if runnable is None or not issubclass(runnable.request_type, RefundRequest):
        return None
    try:
        return runnable.request_type.model_validate(entry.request).confirmed
    except ValidationError:
        return None
