"""What was given back on an order before, by anybody, as the store lists it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel

from bot.actions.orders.snapshot import given_back
from bot.actions.reading import together
from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.models import Order
from bot.bigcommerce.refunds import Refund
from bot.values.marks import mark_of_refund


class Given(BaseModel, frozen=True):
    """One refund; `reference` is the request that made it, None where it was made elsewhere."""

    refund_id: int
    reference: str | None
    amount: Decimal
    created: datetime


class GivenBack(BaseModel, frozen=True):
    """The order's refunds at one moment; amounts are in `currency`, the order's own.

    `rate` is what one unit of the store's default currency was in it, None when it is not told.
    """

    currency: str
    rate: Decimal | None
    refunds: tuple[Given, ...] = ()


def listed_refunds(order: Order, refunds: Sequence[Refund]) -> GivenBack:
    """Return what these refunds of the order have given back, declined tenders left out."""
    return GivenBack(
        currency=order.currency,
        rate=order.rate,
        refunds=tuple(
            Given(
                refund_id=refund.id,
                reference=mark_of_refund([refund.reason, *(each.reason for each in refund.items)]),
                amount=given_back(refund),
                created=refund.created,
            )
            for refund in refunds
        ),
    )


async def read_given_back(store: BigCommerceClient, order_id: int) -> GivenBack:
    """Read it anew; raises BigCommerceError."""
    async with together() as group:
        order = group.create_task(store.orders.get(order_id))
        refunds = group.create_task(store.refunds.of_order(order_id))
    return listed_refunds(order.result(), refunds.result())
