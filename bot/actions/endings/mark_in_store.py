"""Whether the store has a request's mark, whatever the log says of the request.

`request` is the logged one, by whatever release. BigCommerceError when that could not be read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from bot.actions.refunds.refunding import is_own
from bot.actions.refunds.request import ConfirmedRefund
from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.http.errors import NotFound
from bot.values.marks import code_name, marks_of_note


async def has_note(store: BigCommerceClient, reference: str, request: Mapping[str, Any]) -> bool:
    """Tell whether the order's staff note bears the mark, as it does where a status was set."""
    order_id = request.get("order_id")
    if order_id is None:
        return False
    try:
        order = await store.orders.get(order_id)
    except NotFound:
        return False
    return reference in marks_of_note(order.staff_notes)


async def has_refund_or_note(
    store: BigCommerceClient, reference: str, request: Mapping[str, Any]
) -> bool:
    """Tell whether the order has the refund; where none was confirmed, whether it has the note.

    Where money was confirmed only its refund counts: it comes first, and anybody can write a note.
    """
    if (confirmed := _confirmed(request)) is None:
        return await has_note(store, reference, request)
    try:
        refunds = await store.refunds.of_order(request["order_id"])
    except NotFound:
        return False
    return any(is_own(refund, reference, confirmed) for refund in refunds)


async def has_code(store: BigCommerceClient, reference: str, request: Mapping[str, Any]) -> bool:
    """Tell whether the store has a discount code that bears the mark."""
    name = code_name(reference, str(request.get("code") or ""))
    if await store.coupons.find(name=name) is not None:
        return True
    return bool(await store.promotions.find(name))


def _confirmed(request: Mapping[str, Any]) -> ConfirmedRefund | None:
    try:
        return ConfirmedRefund.model_validate(request.get("confirmed"))
    except ValidationError:  # no refund, or never confirmed
        return None
