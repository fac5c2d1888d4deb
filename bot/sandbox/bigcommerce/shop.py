"""What every part of the store is lent: books, clock, faults, and how to note a change."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from bot.sandbox.bigcommerce.answers import StoreError
from bot.sandbox.bigcommerce.books import Books, Change, Mail, Order
from bot.sandbox.bigcommerce.catalog.stock import StockChange, moves_back
from bot.sandbox.bigcommerce.faults import Faults
from bot.sandbox.bigcommerce.refunds.payments import Transaction

GIVES_BACK = {4, 5}  # Refunded, Cancelled; never Partially Refunded
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Listener = Callable[[str, dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A call that the store offers, and the scopes of which any one opens it."""

    method: str
    path: str
    scopes: frozenset[str]
    handler: Handler


@dataclass(frozen=True, slots=True)
class Shop:
    """The store behind its API. `changed` asks for the books to be kept.

    `listeners` are told of what happens to orders, by webhook scope and data.
    """

    books: Books
    faults: Faults
    store_hash: str
    changed: Callable[[], None]
    listeners: list[Listener] = field(default_factory=list)

    def happened(self, scope: str, order_id: int, **more: Any) -> None:
        """Tell that something happened to an order."""
        for listener in self.listeners:
            listener(scope, {"type": "order", "id": order_id, **more})

    def transacted(self, row: Transaction) -> None:
        """Tell of a transaction. Its `id` here is the payment provider's, and texts are texts.

        "complete" is the only status that the documentation shows.
        """
        data = {
            "type": "transaction",
            "order_id": str(row.order_id),
            "transaction_id": f"gw-{row.id}",
            "transaction_status": "complete" if row.ok else "declined",
            "transaction_type": row.event,
        }
        for listener in self.listeners:
            listener("store/order/transaction/created", data)

    def now(self) -> datetime:
        """Return the time, to the second."""
        return datetime.now(UTC).replace(microsecond=0)

    def exact_now(self) -> datetime:
        """Return the time to the microsecond, for timers."""
        return datetime.now(UTC)

    def order(self, request: web.Request) -> Order:
        """Return the order that a path names; 404 when there is none."""
        text = request.match_info["order_id"]
        order = self.books.orders.get(int(text)) if text.isascii() and text.isdigit() else None
        if order is None:
            raise StoreError(404, "The requested resource was not found.")
        return order

    def change(self, order: Order, by: str, field: str, after: object) -> None:
        """Set a field of an order and note it in its history; a new status may send a mail."""
        before = getattr(order, field)
        if before == after:
            return
        setattr(order, field, after)
        at = self.now()
        order.modified_at = at
        order.history.append(
            Change(at=at, by=by, field=field, before=str(before), after=str(after))
        )
        if field == "status_id":
            self._mail(order, at)
            self._restock(order)
            status = {"previous_status_id": before, "new_status_id": after}
            self.happened("store/order/statusUpdated", order.id, status=status)
        is_archived = field == "is_deleted" and bool(after)
        self.happened(f"store/order/{'archived' if is_archived else 'updated'}", order.id)
        self.changed()

    def _restock(self, order: Order) -> None:
        """Give the stock back by itself, where the store is set to, once for an order."""
        settings = self.books.settings
        is_on = settings.channel_stock_adjustment
        if is_on is None:
            is_on = settings.refund_order_stock_adjustment
        if not is_on or order.is_restocked or order.status_id not in GIVES_BACK:
            return
        order.is_restocked = True
        moves = moves_back(self.books.stock, ((line.sku, line.quantity) for line in order.lines))
        at = self.exact_now()
        change = StockChange(transaction_id="", by="store", at=at, shown_at=at, moves=moves)
        self.books.stock.changes.append(change)

    def _mail(self, order: Order, at: datetime) -> None:
        settings = self.books.settings
        sends = settings.channel_status_email
        if sends is None:
            sends = settings.combined_order_status_email
        if sends and order.status_id in settings.mail_statuses:
            self.books.mails.append(Mail(at=at, order_id=order.id, status_id=order.status_id))
