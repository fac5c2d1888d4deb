"""Writing into the log what the store has and the log does not know."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from bot.actions.endings.found_in_store import (
    FOUND_IN_STORE,
    FoundInStore,
    Kind,
    describe_found,
    describe_found_refund,
)
from bot.actions.refunds.settlement.refund_records import read_records
from bot.actions.rules.customer import NOBODY, CustomerKeys, customer_of
from bot.actions.rules.worth import worth_of
from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.http.errors import NotFound
from bot.recovery.store_marks import Marked, worth_of_code
from bot.values.marks import code_of_name
from bot.values.money import Money
from bot.values.outcome import Outcome, Status
from storage.log.action_log import ActionLog


async def write_found(
    marked: Marked, store: BigCommerceClient, log: ActionLog, *, team_id: str, currency: str
) -> str:
    """Write one thing into the log as found, and return it as a line of plain text.

    `currency` is the store's default one. Raises BigCommerceError when it could not be read.
    """
    request, outcome, counted, customer = await _read(marked, store, currency)
    log.add_found(
        marked.reference,
        action=FOUND_IN_STORE.name,
        order_id=request.order_id,
        team_id=team_id,
        request=request.model_dump(mode="json"),
        done_at=marked.done_at,
        status=outcome.status.value,
        outcome=outcome.model_dump(mode="json"),
        counted=counted,
        counted_in=currency,
        customer_id=customer.id,
        customer_mail=customer.mail,
        next_check_at=datetime.now(UTC) if outcome.status is Status.PENDING else None,
    )
    return f"{marked.reference}: {_short(request, outcome)}"


async def _read(
    marked: Marked, store: BigCommerceClient, currency: str
) -> tuple[FoundInStore, Outcome, Decimal | None, CustomerKeys]:
    if marked.refund is not None:
        return await _read_refund(marked, store, currency)
    if marked.code is not None:
        request = FoundInStore(kind=Kind.CODE, code=code_of_name(marked.code.name))
        worth = worth_of_code(marked.code)
        amount = Money(amount=worth or Decimal(0), currency=_of_code(marked, currency))
        counted = None if worth is None else worth_of(amount, None, currency)
        return request, describe_found(request), counted, NOBODY
    request = FoundInStore(kind=Kind.CANCELLATION, order_id=marked.cancelled_order_id)
    return request, describe_found(request), Decimal(0), NOBODY


async def _read_refund(
    marked: Marked, store: BigCommerceClient, currency: str
) -> tuple[FoundInStore, Outcome, Decimal | None, CustomerKeys]:
    refund = marked.refund
    if refund is None:
        raise ValueError("no refund is marked")
    request = FoundInStore(
        kind=Kind.REFUND,
        order_id=refund.order_id,
        refund_id=refund.id,
        is_cancelled=marked.cancelled_order_id == refund.order_id,
    )
    try:
        records = await read_records(store, refund.order_id)
    except NotFound:  # the order is gone, and what was refunded of it is not told any more
        outcome = Outcome(
            status=Status.UNKNOWN,
            message=f"A refund for order {refund.order_id} (refund {refund.id}) was made with"
            " Makegood, and BigCommerce does not show the order any more.",
            refund_id=refund.id,
            was_there=True,
        )
        return request, outcome, None, NOBODY
    outcome = describe_found_refund(request, records)
    total = next((row.total_amount for row in records.refunds if row.id == refund.id), None)
    customer = customer_of(records.order)
    if total is None or outcome.status is Status.REJECTED:
        return request, outcome, None if total is None else Decimal(0), customer
    amount = Money(amount=total, currency=records.order.currency)
    return request, outcome, worth_of(amount, records.order.rate, currency), customer


def _of_code(marked: Marked, currency: str) -> str:
    named = marked.code.currency_code if marked.code else ""
    return currency if named in {"", "*"} else named


def _short(request: FoundInStore, outcome: Outcome) -> str:
    match request.kind:
        case Kind.CODE:
            return f"code {request.code} created"
        case Kind.CANCELLATION:
            return f"order {request.order_id} cancelled"
    of = f" of {outcome.amount}" if outcome.amount else ""
    also = ", order cancelled" if request.is_cancelled else ""
    return f"refund{of} for order {request.order_id} (refund {request.refund_id}){also}"
