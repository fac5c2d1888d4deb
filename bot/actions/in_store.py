"""Whether the store has a request's mark, whatever the log says of the request."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from bot.actions.marks import code_name, marks_of_note
from bot.actions.refund_request import ConfirmedRefund
from bot.actions.refunding import is_own
from bot.bigcommerce import BigCommerceClient, NotFound


async def is_in_store(
    store: BigCommerceClient, reference: str, order_id: int | None, request: dict[str, Any]
) -> bool:
    """Tell whether the store shows the request as carried out, in whole or in part.

    Where money was confirmed only its refund counts: it comes first, and anybody can write a note.
    `request` is the logged one. Raises BigCommerceError when that could not be read.
    """
    if code := str(request.get("code") or ""):
        return await _has_code(store, code_name(reference, code))
    if order_id is None:
        return False
    try:
        if (confirmed := _confirmed(request)) is not None:
            refunds = await store.get_refunds(order_id)
            return any(is_own(refund, reference, confirmed) for refund in refunds)
        order = await store.get_order(order_id)
    except NotFound:
        return False
    return reference in marks_of_note(order.staff_notes)


def _confirmed(request: dict[str, Any]) -> ConfirmedRefund | None:
    try:
        return ConfirmedRefund.model_validate(request.get("confirmed"))
    except ValidationError:  # no refund, or never confirmed
        return None


async def _has_code(store: BigCommerceClient, name: str) -> bool:
    if await store.find_coupon(name=name) is not None:
        return True
    return bool(await store.find_promotions(name))
