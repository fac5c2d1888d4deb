"""The order as its root message shows it: what every look reads, with shipments and coupons."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Coroutine
from typing import TypeVar

from bot.actions.orders.snapshot import OrderSnapshot, load_to_show
from bot.actions.reading import or_none
from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.models import Order
from bot.bigcommerce.order_parts import Shipment, UsedCoupon

T = TypeVar("T")


async def load_for_card(store: BigCommerceClient, order_id: int) -> OrderSnapshot:
    """Read the order with all that is shown of it; raise BigCommerceError if it cannot be read.

    Shipments and coupons are only asked for where the order says that it has any, for the calls
    come out of a quota that all of the store's apps share. One that fails is None.
    """
    snapshot = await load_to_show(store, order_id)
    shipments, coupons = await asyncio.gather(
        _shipments(store, snapshot.order), _coupons(store, snapshot.order)
    )
    return dataclasses.replace(snapshot, shipments=shipments, coupons=coupons)


async def _shipments(store: BigCommerceClient, order: Order) -> tuple[Shipment, ...] | None:
    if order.items_shipped <= 0:
        return ()
    return await or_none(_all(store.orders.shipments(order.id)), "shipments")


async def _coupons(store: BigCommerceClient, order: Order) -> tuple[UsedCoupon, ...] | None:
    # A promotion's coupon may be booked as either of the two.
    if order.coupon_discount <= 0 and order.discount_amount <= 0:
        return ()
    return await or_none(_all(store.orders.used_coupons(order.id)), "coupons")


async def _all(reading: Coroutine[None, None, list[T]]) -> tuple[T, ...]:
    return tuple(await reading)
