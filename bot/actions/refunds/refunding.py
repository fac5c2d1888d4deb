"""Making a refund at most once, and following it until the money has moved.

The write goes the one way of all (`bot.actions.writing`); its mark is the end of the refund's
reason. A refund is this request's own only with that mark, the same total and the same items.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Generic

from bot.actions.action import Action, Attempt, RuleBroken
from bot.actions.failures import nothing_changed, rejected
from bot.actions.orders.snapshot import OrderSnapshot, load_snapshot
from bot.actions.reading import read_until
from bot.actions.refunds.outcomes import FollowedRefund
from bot.actions.refunds.outcomes_without_refund import (
    accepted_but_unread,
    changed_since,
    items_changed,
    method_gone,
    naming_another,
    not_confirmed,
    refund_not_made,
    refund_unknown,
)
from bot.actions.refunds.quoting import Itemise, QuotedRefund, R, quote_refund
from bot.actions.refunds.request import ConfirmedRefund, RefundRequest
from bot.actions.refunds.settlement.refund_records import RefundRecords, read_records
from bot.actions.refunds.settlement.settlement import Settlement, as_confirmed
from bot.actions.refunds.tenders import same_payments
from bot.actions.writing import End, Write, Written, write_once
from bot.bigcommerce.http.errors import BigCommerceError, NoAnswer
from bot.bigcommerce.refunds import ItemType, Refund, RefundedItem, RefundItem
from bot.values.marks import mark_of_refund, marked_reason
from bot.values.outcome import Outcome

# A payment that is on its way after the second look, about a second after BigCommerce has accepted
# the refund, is told to be so, and the sweep goes on looking. So is one that cannot be read.
FIRST_LOOKS = 2
SILENT_S = 5.0
# How many of the waits, some ten seconds, a refund is given to show how it ends by more than what
# is merely likely, and by more than a decline that a payment may still contradict.
PATIENCE_WAITS = 4
# What sends a person to pay by another way is read a second time: one answer may be damaged.
_SAID_TWICE = frozenset({Settlement.DECLINED, Settlement.PARTLY_DECLINED, Settlement.TO_SEND})
# What BigCommerce makes of an order's status, some time after it has accepted a refund.
AFTER_REFUND = frozenset({4, 14})


@dataclass(frozen=True, slots=True)
class RefundPlan(Generic[R]):
    """What differs between the refunds: the action, and its items."""

    action: Action[R]
    itemise: Itemise[R]

    def command(self, order_id: int) -> str:
        """Return what is typed to ask for it once more."""
        return self.action.typed(order_id)


async def refund_once(
    request: R, attempt: Attempt, plan: RefundPlan[R]
) -> FollowedRefund | Outcome:
    """Make the refund unless it was made, follow it; return an outcome when there is no refund."""
    if request.confirmed is None:
        return not_confirmed(request.order_id, plan.command(request.order_id))
    making = _Making(request, request.confirmed, attempt, plan)
    written = await write_once(making.write(), attempt)
    if isinstance(written, Outcome):
        return written
    if written.value is None:
        return _ended(written, making, request.confirmed, attempt)
    # What was there before anything was sent was made at a time that only BigCommerce knows.
    since = written.value.created if written.was_there else attempt.sent_at or datetime.now(UTC)
    followed = await _follow(attempt, written.value, making, since)
    return replace(followed, was_there=written.was_there)


def is_own(refund: Refund, reference: str, confirmed: ConfirmedRefund) -> bool:
    """Whether the refund is the one that this request made: its mark, its total, its items.

    People can type a reference into a reason; the rest they would have to repeat as well.
    """
    return (
        mark_of(refund) == reference
        and refund.total_amount == confirmed.total.amount
        and same_items(refund.items, confirmed.items)
    )


def mark_of(refund: Refund) -> str | None:
    """Return the reference of the request that the refund carries the mark of."""
    return mark_of_refund((refund.reason, *(item.reason for item in refund.items)))


def same_items(made: Sequence[RefundedItem], asked: Sequence[RefundItem]) -> bool:
    """Whether a refund gave back what was asked for, as far as BigCommerce tells it.

    It promises quantities for PRODUCT only, and may show the order's id for a FEE (`orders.v3`,
    the single refund). Nothing is known of what 0.1.0 asked for (`asked` is empty), nor of what was
    made where the list comes without items.
    """
    if not asked or not made:
        return True
    return Counter(map(_essence_made, made)) == Counter(map(_essence_asked, asked))


def _essence_made(item: RefundedItem) -> tuple[str, int, Decimal | None]:
    return _essence(item.item_type, item.item_id, item.quantity)


def _essence_asked(item: RefundItem) -> tuple[str, int, Decimal | None]:
    return _essence(item.item_type, item.item_id, item.quantity)


def _essence(kind: str, item_id: int, quantity: int | None) -> tuple[str, int, Decimal | None]:
    is_counted = kind == ItemType.PRODUCT and quantity is not None
    return (
        kind,
        0 if kind == ItemType.FEE else item_id,
        Decimal(quantity or 0) if is_counted else None,
    )


class _Making(Generic[R]):
    """The write of one refund."""

    def __init__(
        self, request: R, confirmed: ConfirmedRefund, attempt: Attempt, plan: RefundPlan[R]
    ) -> None:
        self._request = request
        self._confirmed = confirmed
        self._attempt = attempt
        self._plan = plan
        self._snapshot: OrderSnapshot | None = None
        self._items: tuple[RefundItem, ...] = ()
        self._made_id: int | None = None
        self.doubtful: Refund | None = None
        self.order_id = request.order_id

    def write(self) -> Write[Refund]:
        """Return it as `write_once` wants it."""
        return Write(
            look=self._look,
            prepare=self._prepare,
            send=self._send,
            differs=self.differs,
            is_repeatable=False,
        )

    def find(self, refunds: Sequence[Refund]) -> Refund | None:
        """Return this request's refund among the order's."""
        known = self._made_id or self._attempt.refund_id
        marked = [each for each in refunds if mark_of(each) == self._attempt.reference]
        own = [each for each in marked if is_own(each, self._attempt.reference, self._confirmed)]
        self.doubtful = next((each for each in marked if each not in own), None)
        by_id = [each for each in refunds if known is not None and each.id == known]
        return next(iter([*by_id, *own]), None)

    def latest(self, records: RefundRecords, made: Refund) -> Refund:
        """Return the refund as the store's books show it; they may lag behind its answer."""
        found = self.find(records.refunds) or made
        return as_confirmed(found, self._confirmed.payments)

    def differs(self, refund: Refund) -> str:
        """Return in what the refund is not what was confirmed."""
        if refund.total_amount != self._confirmed.total.amount:
            return "total"
        return "" if same_items(refund.items, self._confirmed.items) else "items"

    async def _look(self) -> Refund | None:
        order_id, store = self._request.order_id, self._attempt.store
        if self._attempt.claimed or self._snapshot is not None:
            return self.find(await store.refunds.of_order(order_id))
        # The order as it is right before sending: its refunds, and what the quote is asked for.
        self._snapshot = await load_snapshot(store, order_id)
        return self.find(self._snapshot.refunds)

    async def _prepare(self) -> Outcome | None:
        plan, confirmed = self._plan, self._confirmed
        try:
            quoted = await quote_refund(
                self._request,
                self._attempt.store,
                action=plan.action,
                itemise=plan.itemise,
                # Turned away once, the order is read anew: a moment has passed.
                snapshot=None if self._items else self._snapshot,
            )
        except RuleBroken as broken:
            return rejected(broken)
        except BigCommerceError as error:
            return nothing_changed(error, self._request.order_id)
        self._items = quoted.items
        command = plan.command(self._request.order_id)
        return _compare(confirmed, quoted, command, is_approved=self._attempt.approved)

    async def _send(self) -> Refund:
        request, reference = self._request, self._attempt.reference
        made = await self._attempt.store.refunds.create(
            request.order_id,
            [_with_reason(item, request, reference) for item in self._items],
            self._confirmed.payments,
            reason=marked_reason(request.reason, reference),
        )
        if self._snapshot is not None and made.id in {each.id for each in self._snapshot.refunds}:
            # It was there before: whatever was answered, it is not about this write.
            raise NoAnswer(f"POST refunds of {request.order_id}", "The answer is an old refund.")
        self._made_id = made.id
        return made


def _ended(
    written: Written[Refund], making: _Making[R], confirmed: ConfirmedRefund, attempt: Attempt
) -> Outcome:
    """Return the outcome of a write that left no refund to follow."""
    order_id = making.order_id
    if written.end is End.NOTHING and written.error is not None:
        if not written.was_read:
            return nothing_changed(written.error, order_id)
        # The claim stays, so that this reference sends no refund by itself any more.
        return refund_not_made(written.error, order_id, confirmed.total)
    if attempt.accepted and not written.was_read:
        return accepted_but_unread(order_id, confirmed.total)
    outcome = refund_unknown(order_id, confirmed.total, written.error, was_read=written.was_read)
    return outcome if making.doubtful is None else naming_another(outcome, making.doubtful)


def _compare(
    confirmed: ConfirmedRefund, quoted: QuotedRefund, command: str, *, is_approved: bool
) -> Outcome | None:
    """Return the rejection when BigCommerce would now do anything else than was confirmed."""
    order_id = quoted.snapshot.order.id
    if quoted.total != confirmed.total:
        return changed_since(
            order_id, confirmed.total, quoted.total, command, is_approved=is_approved
        )
    if confirmed.items and Counter(map(_identity, quoted.items)) != Counter(
        map(_identity, confirmed.items)
    ):
        return items_changed(order_id, confirmed.total, command)
    method = next((each for each in quoted.methods if each.key == confirmed.method), None)
    if method is None or not same_payments(method.payments, confirmed.payments):
        return method_gone(order_id, confirmed, quoted.methods, command)
    return None


def _identity(item: RefundItem) -> tuple[object, ...]:
    return item.item_type, item.item_id, item.quantity, item.amount, item.adjustments


def _with_reason(item: RefundItem, request: RefundRequest, reference: str) -> RefundItem:
    reason = marked_reason(item.reason or request.reason, reference)
    return item.model_copy(update={"reason": reason})


async def _read_again(attempt: Attempt, made: Refund) -> RefundRecords | None:
    return await read_until(
        attempt.settle_waits[:1], lambda: read_records(attempt.store, made.order_id), lambda _: True
    )


async def _follow(
    attempt: Attempt, made: Refund, making: _Making[R], since: datetime
) -> FollowedRefund:
    """Read whether the money has moved or was declined. `since`: when the refund was made."""
    records = await _first_looks(attempt, made, making)
    if records is None:
        return FollowedRefund(made, (made,), None, difference=making.differs(made))
    if records.judge(making.latest(records, made)).settlement in _SAID_TWICE:
        records = await _read_again(attempt, made) or records
    refund = making.latest(records, made)
    patience = timedelta(seconds=sum(attempt.settle_waits[:PATIENCE_WAITS]))
    is_late = datetime.now(UTC) - since >= patience
    judgement = records.judge(refund, is_last_look=is_late)
    if judgement.settlement is Settlement.DECLINED and not is_late:
        judgement = replace(judgement, settlement=Settlement.PENDING)
    return FollowedRefund(
        refund,
        records.refunds,
        judgement,
        is_readable=not records.lacks_scope,
        difference=making.differs(refund),
        order=records.order,
    )


async def _first_looks(attempt: Attempt, made: Refund, making: _Making[R]) -> RefundRecords | None:
    """Return the last of a few readings, None when none came in time."""
    latest: RefundRecords | None = None
    looks = 0

    async def read() -> RefundRecords:
        nonlocal latest
        latest = await read_records(attempt.store, made.order_id)
        return latest

    def is_enough(records: RefundRecords) -> bool:
        nonlocal looks
        looks += 1
        settlement = records.judge(making.latest(records, made)).settlement
        if settlement in {Settlement.PENDING, Settlement.DECLINED}:
            return attempt.accepted or looks >= FIRST_LOOKS
        # The order takes its own time to show what has come to its end.
        return records.order.status_id in AFTER_REFUND

    with suppress(TimeoutError):
        async with asyncio.timeout(None if attempt.accepted else SILENT_S):
            await read_until(attempt.accepted_waits, read, is_enough)
    return latest
