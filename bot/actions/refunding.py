"""Making a refund at most once, and following it until the money has moved.

BigCommerce has no idempotency key. The reference travels in the refund's reason instead, the write
is claimed before it is sent, and whatever is in doubt afterwards is settled by reading.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Generic

from bot.actions.base import Attempt, RuleBroken
from bot.actions.failures import nothing_changed, rejected
from bot.actions.methods import same_payments
from bot.actions.quoting import Itemise, QuotedRefund, R, quote_refund
from bot.actions.reading import read_until
from bot.actions.refund_outcomes import (
    accepted_but_unread,
    changed_since,
    method_gone,
    not_confirmed,
    not_made,
    unknown,
)
from bot.actions.refund_request import ConfirmedRefund, RefundRequest
from bot.actions.settlement import (
    FollowedRefund,
    Settlement,
    gives_store_credit,
    needs_transactions,
    settlement_of,
)
from bot.bigcommerce import (
    BigCommerceClient,
    BigCommerceError,
    MissingScope,
    NoAnswer,
    Refund,
    RefundItem,
    Transaction,
)
from bot.outcome import Outcome

logger = logging.getLogger(__name__)

# Some ten seconds with the usual waits. Then the thread is told that the money is on its way, and
# the sweep goes on looking.
FOLLOW_LOOKS = 4


@dataclass(frozen=True, slots=True)
class RefundPlan(Generic[R]):
    """What differs between the refunds: the action's name, its items, the command to ask again."""

    action: str
    itemise: Itemise[R]
    command: str


async def refund_once(
    request: R, attempt: Attempt, plan: RefundPlan[R]
) -> FollowedRefund | Outcome:
    """Make the refund unless it was made, follow it; return an outcome when there is no refund."""
    if request.confirmed is None:
        return not_confirmed(request.order_id, plan.command)
    made = await _make(request, request.confirmed, attempt, plan)
    if isinstance(made, Outcome):
        return made
    return await _follow(attempt, made)


async def _make(
    request: R, confirmed: ConfirmedRefund, attempt: Attempt, plan: RefundPlan[R]
) -> Refund | Outcome:
    if attempt.claimed:
        return await _look_for(request, confirmed, attempt)
    try:
        quoted = await quote_refund(
            request, attempt.store, action=plan.action, itemise=plan.itemise
        )
    except RuleBroken as broken:
        return rejected(broken)
    except BigCommerceError as error:
        return nothing_changed(error, request.order_id)
    moved_on = _compare(confirmed, quoted, plan.command, is_approved=attempt.approved)
    if moved_on is not None:
        return moved_on
    if not attempt.claim():
        return await _look_for(request, confirmed, attempt)
    return await _send(request, confirmed, attempt, quoted.items)


def _compare(
    confirmed: ConfirmedRefund, quoted: QuotedRefund, command: str, *, is_approved: bool
) -> Outcome | None:
    """Return the rejection when BigCommerce would now do anything else than was confirmed."""
    order_id = quoted.snapshot.order.id
    if quoted.total != confirmed.total:
        return changed_since(
            order_id, confirmed.total, quoted.total, command, is_approved=is_approved
        )
    method = next((each for each in quoted.methods if each.key == confirmed.method), None)
    if method is None or not same_payments(method.payments, confirmed.payments):
        return method_gone(order_id, confirmed, quoted.methods, command)
    return None


async def _send(
    request: R, confirmed: ConfirmedRefund, attempt: Attempt, items: tuple[RefundItem, ...]
) -> Refund | Outcome:
    try:
        return await attempt.store.create_refund(
            request.order_id,
            [_with_reason(item, request, attempt.reference) for item in items],
            confirmed.payments,
            reason=_tag(request.reason, attempt.reference),
        )
    except NoAnswer as error:
        logger.warning(
            "no answer to a refund, reading back",
            extra={"reference": attempt.reference, "error": str(error)},
        )
        return await _look_for(request, confirmed, attempt)
    except BigCommerceError as error:
        # Not executed. The claim stays, so this reference can never send a refund any more.
        return not_made(error, request.order_id, confirmed.total)


def _with_reason(item: RefundItem, request: RefundRequest, reference: str) -> RefundItem:
    return item.model_copy(update={"reason": _tag(item.reason or request.reason, reference)})


def _tag(reason: str, reference: str) -> str:
    return f"{reason} [{reference}]"


async def _look_for(request: R, confirmed: ConfirmedRefund, attempt: Attempt) -> Refund | Outcome:
    """Read the order's refunds until the one with the reference shows."""
    refunds = await read_until(
        attempt.settle_waits,
        lambda: attempt.store.get_refunds(request.order_id),
        lambda refunds: _with_reference(refunds, attempt.reference) is not None,
    )
    if refunds is None and attempt.accepted:
        return accepted_but_unread(request.order_id, confirmed.total)
    found = _with_reference(refunds or [], attempt.reference)
    return found or unknown(request.order_id, confirmed.total, was_read=refunds is not None)


def _with_reference(refunds: list[Refund], reference: str) -> Refund | None:
    mark = f"[{reference}]"
    return next(
        (
            refund
            for refund in refunds
            if mark in refund.reason or any(mark in item.reason for item in refund.items)
        ),
        None,
    )


async def _follow(attempt: Attempt, made: Refund) -> FollowedRefund:
    """Read until the money has moved or was declined, within the first of the attempt's waits."""
    followed = await read_until(
        attempt.settle_waits[:FOLLOW_LOOKS],
        lambda: _read(attempt.store, made),
        lambda followed: followed.settlement is not Settlement.PENDING,
    )
    latest = followed or FollowedRefund(made, (made,), Settlement.PENDING)
    if latest.settlement is not Settlement.PENDING or not gives_store_credit(latest.refund):
        return latest
    last = await read_until(
        (0,), lambda: _read(attempt.store, made, is_last_look=True), lambda _: True
    )
    return last or latest


async def _read(
    store: BigCommerceClient, made: Refund, *, is_last_look: bool = False
) -> FollowedRefund:
    refunds = await store.get_refunds(made.order_id)
    # The list may lag behind the answer to the write.
    refund = next((each for each in refunds if each.id == made.id), made)
    transactions, is_readable = await _read_transactions(store, refund)
    settlement = settlement_of(refund, transactions, refunds=refunds, is_last_look=is_last_look)
    return FollowedRefund(refund, tuple(refunds), settlement, is_readable)


async def _read_transactions(
    store: BigCommerceClient, refund: Refund
) -> tuple[list[Transaction], bool]:
    if not needs_transactions(refund):
        return [], True
    try:
        return await store.get_transactions(refund.order_id), True
    except MissingScope:
        # The orders scope is not enough for transactions. A decline still shows in the refund.
        return [], False
