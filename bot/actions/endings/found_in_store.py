"""What the store shows of a request that the log does not know, as after a restore.

It is written into the log as found: what was done, as far as the store tells; never who asked. A
refund that is on its way is followed like any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.actions.action import (
    ActionRequest,
    Aftercare,
    Attempt,
    Moves,
    named_by_code,
    nothing_follows,
    sets_nothing,
)
from bot.actions.endings.evidence import only_people_tell
from bot.actions.endings.mark_in_store import has_code, has_note
from bot.actions.refunds.settlement.refund_records import RefundRecords, read_records
from bot.actions.refunds.settlement.settlement import Judgement, Settlement
from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.http.errors import BigCommerceError
from bot.bigcommerce.refunds import Refund
from bot.values.money import Money
from bot.values.outcome import Outcome, Status

# As long as a refund is young a decline, or a surer sign, may still come.
YOUNG = timedelta(minutes=1)
UNTOLD = "Who asked for it, and why, is not in this log."


class Kind(StrEnum):
    """What was found."""

    REFUND = "refund"
    CANCELLATION = "cancellation"
    CODE = "code"


class FoundInStore(ActionRequest):
    """What was found. `is_cancelled`: the refund's order carries the same mark in its note."""

    kind: Kind
    refund_id: int | None = None
    is_cancelled: bool = False
    code: str = ""


async def follow_found(request: FoundInStore, attempt: Attempt) -> Outcome:
    """Look at what was found once more: how far its money is."""
    if request.order_id is None or request.refund_id is None:
        return describe_found(request)
    try:
        records = await read_records(attempt.store, request.order_id)
    except BigCommerceError:
        return _unread(request)
    return describe_found_refund(request, records)


def describe_found(request: FoundInStore) -> Outcome:
    """Return the outcome of what needs no following."""
    if request.kind is Kind.CODE:
        done = f"Code {request.code} was created"
    else:
        done = f"Order {request.order_id} was cancelled"
    return Outcome(
        status=Status.SUCCEEDED,
        message=f"{done} with Makegood. It was found in BigCommerce. {UNTOLD}",
        was_there=True,
    )


def describe_found_refund(request: FoundInStore, records: RefundRecords) -> Outcome:
    """Return the outcome of a refund, by what the store shows of its money."""
    refund = next((each for each in records.refunds if each.id == request.refund_id), None)
    if refund is None:
        return _unread(request)
    is_last_look = datetime.now(UTC) - refund.created > YOUNG
    judged = records.judge(refund, is_last_look=is_last_look)
    total = Money(amount=refund.total_amount, currency=records.order.currency)
    also = " The order is cancelled." if request.is_cancelled else ""
    outcome = _of(judged, refund, total, request)
    return outcome.model_copy(
        update={
            "message": f"{outcome.message}{also} It was found in BigCommerce. {UNTOLD}",
            "refund_id": refund.id,
            "was_there": True,
        }
    )


def _of(judged: Judgement, refund: Refund, total: Money, request: FoundInStore) -> Outcome:
    about = f"for order {request.order_id} (refund {refund.id})"
    match judged.settlement:
        case Settlement.SETTLED:
            return Outcome(
                status=Status.SUCCEEDED, message=f"Refunded {total} {about}.", amount=total
            )
        case Settlement.DECLINED:
            return Outcome(
                status=Status.REJECTED,
                message=f"A refund of {total} {about} was declined. No money moved.",
            )
        case Settlement.PARTLY_DECLINED:
            return Outcome(
                status=Status.PARTIAL,
                message=f"Of a refund of {total} {about}, {judged.declined} was declined.",
                amount=judged.moved,
            )
        case Settlement.TO_SEND:
            return Outcome(
                status=Status.TO_DO,
                message=f"A refund of {total} {about} is recorded in BigCommerce, and"
                f" {judged.to_send} has to be sent by hand.",
                next_step="Find out whether somebody has sent it.",
                amount=total,
                to_send=judged.to_send,
            )
    return Outcome(
        status=Status.PENDING,
        message=f"A refund of {total} {about} was accepted by BigCommerce; its payment is not"
        " confirmed yet.",
        next_step="Nothing to do now: Makegood looks again and updates the order's thread.",
        amount=total,
    )


def _unread(request: FoundInStore) -> Outcome:
    return Outcome(
        status=Status.PENDING,
        message=f"A refund for order {request.order_id} (refund {request.refund_id}) was made with"
        f" Makegood; BigCommerce could not be asked how far its payment is. {UNTOLD}",
        next_step="Nothing to do now: Makegood looks again and updates the order's thread.",
        refund_id=request.refund_id,
        was_there=True,
    )


async def _is_there(store: BigCommerceClient, reference: str, request: Mapping[str, Any]) -> bool:
    has_mark = has_code if request.get("code") else has_note
    return await has_mark(store, reference, request)


FOUND_IN_STORE = Aftercare(
    name="found_in_store",
    title="Found in BigCommerce",
    request_type=FoundInStore,
    run=follow_found,
    follow_up=nothing_follows,
    moves=Moves.NOTHING,
    sets=sets_nothing,
    subject=named_by_code,
    is_there=_is_there,
    evidence=only_people_tell,
    under=None,
)
