"""Put refunded goods back to stock, and note those that are damaged or lost.

Nobody asks for it by itself: it follows a refund that has succeeded, as a request of its own.
BigCommerce has no idempotency key for an adjustment and lists none afterwards, so a lost answer
cannot be settled by reading: it stays unknown, and is never sent again. Levels are shown late: one
that was read after the sending is told with its time, never as what is there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import NamedTuple

from pydantic import Field

from bot.actions.action import (
    ActionRequest,
    Aftercare,
    Attempt,
    FollowUp,
    Moves,
    RuleBroken,
    named_by_order,
    nothing_follows,
    sets_nothing,
)
from bot.actions.endings.evidence import only_people_tell
from bot.actions.failures import heard, is_final
from bot.actions.reading import read_until
from bot.actions.refunds.request import RefundRequest
from bot.actions.restocking.item_condition import Condition, RefundedItems
from bot.actions.restocking.outcomes import (
    Level,
    no_longer,
    not_changed,
    restocked,
    restocking_unknown,
)
from bot.actions.restocking.stock import find_item, given_back_by_itself, places_of, products_of
from bot.actions.writing import End, Write, write_once
from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.http.errors import BigCommerceError, NotSent
from bot.bigcommerce.inventory import StockAdjustment
from bot.values.outcome import Outcome
from bot.values.parsing import OrderId, Reason


class Place(NamedTuple):
    """Where an item's stock is counted: by the product where it has no variant of its own."""

    location_id: int
    product_id: int
    variant_id: int | None


@dataclass(frozen=True, slots=True)
class Move:
    """So many pieces that go back to a place.

    `asked` is the level that was shown when the agent was asked, `level` that of this reading, and
    `before` the one before the sending; None where it cannot be read or was in an earlier run.
    """

    place: Place
    name: str
    quantity: int
    asked: int | None
    level: int | None
    before: int | None


class RestockItems(ActionRequest):
    """What has become of the goods of a refund that was made."""

    order_id: OrderId
    reason: Reason
    goods: tuple[RefundedItems, ...] = Field(min_length=1)

    @property
    def going_back(self) -> list[RefundedItems]:
        """What goes back to stock."""
        return [goods for goods in self.goods if goods.condition is Condition.BACK_TO_STOCK]


def restocking(refund: RefundRequest) -> FollowUp | None:
    """Return what is to be done about the goods of a refund, None where nothing is."""
    if not refund.goods:
        return None
    request = RestockItems(order_id=refund.order_id, reason=refund.reason, goods=refund.goods)
    return FollowUp(RESTOCK_ITEMS.name, request)


async def restock_items(request: RestockItems, attempt: Attempt) -> Outcome:
    """Adjust the stock, at most once for the reference, and note the rest."""
    if not request.going_back:
        return restocked(request.order_id, request.goods)
    way = _Adjusting(request, attempt)
    if not attempt.claimed:
        # Nobody can ask for it again, so a bad moment must not be the end of it.
        found = await read_until(
            attempt.settle_waits, lambda: _prepare(request, attempt.store), lambda _: True
        )
        if not isinstance(found, list):
            return not_changed(request.order_id, found)
        way.moves = found
    # Nothing in the store tells whose adjustment a level comes from, so it is sent once.
    write = Write(
        look=way.look,
        send=way.send,
        differs=lambda _: "",
        is_repeatable=False,
        prepare=way.prepare,
    )
    written = await write_once(write, attempt)
    if isinstance(written, Outcome):
        return written
    if written.end is End.DONE:
        return restocked(request.order_id, request.goods)
    if written.end is End.NOTHING:
        return await way.refused(written.error)
    return await way.unknown(written.error)


class _Adjusting:
    """The write, and the levels around it: what was shown before, and what was shown since."""

    def __init__(self, request: RestockItems, attempt: Attempt) -> None:
        self._request, self._attempt = request, attempt
        self._reads = attempt.claimed
        self._latest: dict[Place, int] = {}
        self._read_at = datetime.now(UTC)
        self._error: BigCommerceError | None = None
        self.moves: list[Move] = []

    async def prepare(self) -> Outcome | None:
        if self._reads:  # turned away once; a level is shown late, so that it is not sent again
            return await self.refused(self._error)
        self._reads = True
        return None

    async def refused(self, error: BigCommerceError | None) -> Outcome:
        """Return what a no means: levels are shown late, so only what never left is believed."""
        if isinstance(error, NotSent):
            return not_changed(self._request.order_id, error)
        return await self.unknown(error)

    async def unknown(self, error: BigCommerceError | None) -> Outcome:
        """Return that it may have been done, with what is known of the levels."""
        request, zone = self._request, await _zone(self._attempt.store)
        return restocking_unknown(
            request.order_id, request.going_back, self.levels, heard(error), zone
        )

    async def send(self) -> bool:
        reason = f"Goods of order {self._request.order_id} [{self._attempt.reference}]"
        adjustments = [
            StockAdjustment(
                location_id=move.place.location_id,
                product_id=move.place.product_id,
                variant_id=move.place.variant_id,
                quantity=move.quantity,
            )
            for move in self.moves
        ]
        try:
            await self._attempt.store.inventory.adjust(adjustments, reason=reason)
        except BigCommerceError as error:
            self._error = error
            raise
        return True

    async def look(self) -> bool | None:
        """Note the levels since the sending; they never prove anything."""
        if self._reads:
            try:
                moves = await _moves(self._request, self._attempt.store)
            except RuleBroken:
                return None  # what is not shown any more tells nothing
            self._latest = {each.place: each.level for each in moves if each.level is not None}
            self._read_at = datetime.now(UTC)
            self.moves = self.moves or [replace(move, before=None) for move in moves]
        return None

    @property
    def levels(self) -> list[Level]:
        """What is known of the levels, for a person to decide by."""
        return [
            Level(move.name, move.asked, move.before, self._latest[move.place], self._read_at)
            for move in self.moves
            if move.place in self._latest
        ]


async def _prepare(
    request: RestockItems, store: BigCommerceClient
) -> list[Move] | BigCommerceError | RuleBroken:
    """Return what to send, or what stands against it; raise what may pass."""
    try:
        order = await store.orders.get(request.order_id)
        if why_not := given_back_by_itself(await store.inventory.settings(order.channel_id)):
            return RuleBroken("", why_not)
        return await _moves(request, store)
    except RuleBroken as broken:
        return broken
    except BigCommerceError as error:
        if is_final(error):
            return error
        raise


async def _moves(request: RestockItems, store: BigCommerceClient) -> list[Move]:
    """Return what goes back where, with the levels of this moment; lines of one item added up."""
    lines = {line.id: line for line in await store.orders.lines(request.order_id)}
    wanted = [goods for goods in request.going_back if goods.order_product_id in lines]
    items = await store.inventory.items(
        products_of(lines[goods.order_product_id] for goods in wanted)
    )
    moves: dict[Place, Move] = {}
    for goods in request.going_back:
        line = lines.get(goods.order_product_id)
        item = None if line is None else find_item(line, items)
        shown = next((p for p in places_of(item) if p.location_id == goods.place_id), None)
        if item is None or shown is None:
            raise RuleBroken("", no_longer(goods))
        variant_id = None if item.sku_id is None else item.variant_id
        place = Place(shown.location_id, item.product_id, variant_id)
        quantity = goods.quantity + (moves[place].quantity if place in moves else 0)
        level = shown.on_hand
        moves[place] = Move(place, goods.name, quantity, goods.on_hand, level, before=level)
    return list(moves.values())


async def _zone(store: BigCommerceClient) -> str:
    try:
        return (await store.info.get()).timezone_name
    except BigCommerceError:
        return "UTC"


RESTOCK_ITEMS = Aftercare(
    name="restock_items",
    title="Restocking",
    request_type=RestockItems,
    run=restock_items,
    follow_up=nothing_follows,
    moves=Moves.NOTHING,
    sets=sets_nothing,
    subject=named_by_order,
    is_there=None,
    evidence=only_people_tell,
    under=None,
)
