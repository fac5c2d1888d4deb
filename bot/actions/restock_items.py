"""Put refunded goods back to stock, and note those that are damaged or lost.

Nobody asks for it by itself: it follows a refund that has succeeded, as a request of its own.
BigCommerce has no idempotency key for an adjustment and lists none afterwards, so a lost answer
cannot be settled by reading: it stays unknown, and is never sent again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pydantic import Field

from bot.actions.base import ActionRequest, Attempt, FollowUp, RuleBroken, Runnable
from bot.actions.failures import is_final
from bot.actions.goods import Condition, Goods
from bot.actions.reading import read_until
from bot.actions.refund_request import RefundRequest
from bot.actions.restock_words import no_longer, not_changed, succeeded, unknown
from bot.actions.stock import find_item, given_back_by_itself, places_of, products_of
from bot.actions.typed import OrderId, Reason
from bot.bigcommerce import (
    BigCommerceClient,
    BigCommerceError,
    InventoryItem,
    NoAnswer,
    StockAdjustment,
)
from bot.outcome import Outcome

NAME = "restock_items"


class RestockItems(ActionRequest):
    """What has become of the goods of a refund that was made."""

    order_id: OrderId
    reason: Reason
    goods: tuple[Goods, ...] = Field(min_length=1)

    @property
    def going_back(self) -> list[Goods]:
        """What goes back to stock."""
        return [goods for goods in self.goods if goods.condition is Condition.BACK_TO_STOCK]


def restocking(refund: RefundRequest) -> FollowUp | None:
    """Return what is to be done about the goods of a refund, None where nothing is."""
    if not refund.goods:
        return None
    request = RestockItems(order_id=refund.order_id, reason=refund.reason, goods=refund.goods)
    return FollowUp(NAME, request)


async def restock_items(request: RestockItems, attempt: Attempt) -> Outcome:
    """Adjust the stock, at most once for the reference, and note the rest."""
    if not request.going_back:
        return succeeded(request.order_id, request.goods)
    if attempt.claimed:
        return await _unknown(request, attempt.store)
    # Nobody can ask for it again, so a bad moment must not be the end of it.
    found = await read_until(
        attempt.settle_waits, lambda: _prepare(request, attempt.store), lambda _: True
    )
    if not isinstance(found, list):
        return not_changed(request.order_id, found)
    if not attempt.claim():
        return await _unknown(request, attempt.store)
    return await _send(request, attempt, found)


async def _send(
    request: RestockItems, attempt: Attempt, adjustments: Sequence[StockAdjustment]
) -> Outcome:
    reason = f"Goods of order {request.order_id} [{attempt.reference}]"
    try:
        await attempt.store.adjust_stock(adjustments, reason=reason)
    except NoAnswer:
        return await _unknown(request, attempt.store)
    except BigCommerceError as error:
        return not_changed(request.order_id, error)
    return succeeded(request.order_id, request.goods)


async def _prepare(
    request: RestockItems, store: BigCommerceClient
) -> list[StockAdjustment] | BigCommerceError | RuleBroken:
    """Return what to send, or what stands against it; raise what may pass."""
    try:
        return await _adjustments(request, store)
    except RuleBroken as broken:
        return broken
    except BigCommerceError as error:
        if is_final(error):
            return error
        raise


async def _adjustments(request: RestockItems, store: BigCommerceClient) -> list[StockAdjustment]:
    order = await store.get_order(request.order_id)
    if why_not := given_back_by_itself(await store.get_stock_settings(order.channel_id)):
        raise RuleBroken("", why_not)
    pieces: Counter[tuple[int, int, int | None]] = Counter()
    for goods, item in await _items(request, store):
        if item is None or goods.place_id not in {place.location_id for place in places_of(item)}:
            raise RuleBroken("", no_longer(goods))
        variant_id = None if item.sku_id is None else item.variant_id
        pieces[goods.place_id or 0, item.product_id, variant_id] += goods.quantity
    return [
        StockAdjustment(
            location_id=place_id, product_id=product_id, variant_id=variant_id, quantity=quantity
        )
        for (place_id, product_id, variant_id), quantity in pieces.items()
    ]


async def _items(
    request: RestockItems, store: BigCommerceClient
) -> list[tuple[Goods, InventoryItem | None]]:
    """Return what goes back, each with what is tracked for it."""
    lines = {line.id: line for line in await store.get_order_lines(request.order_id)}
    wanted = [goods for goods in request.going_back if goods.order_product_id in lines]
    items = await store.get_inventory_items(
        products_of(lines[goods.order_product_id] for goods in wanted)
    )
    found = {goods: find_item(lines[goods.order_product_id], items) for goods in wanted}
    return [(goods, found.get(goods)) for goods in request.going_back]


async def _unknown(request: RestockItems, store: BigCommerceClient) -> Outcome:
    """Return that it may have been done, with the levels that a person can decide by."""
    try:
        items = await _items(request, store)
    except BigCommerceError:
        items = []
    levels = {
        goods: place.on_hand
        for goods, item in items
        for place in places_of(item)
        if place.location_id == goods.place_id
    }
    return unknown(request.order_id, request.going_back, levels)


RESTOCK_ITEMS = Runnable(
    name=NAME, title="Restocking", request_type=RestockItems, run=restock_items
)
