"""Payment actions (V3): quotes, refunds, void, and the transactions they leave.

https://developer.bigcommerce.com/docs/rest-management/orders (transactions, order refunds)
"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.sandbox.bigcommerce.answers import StoreError, json_object, v3, v3_date, v3_list
from bot.sandbox.bigcommerce.books import Order
from bot.sandbox.bigcommerce.faults import REFUND_KINDS
from bot.sandbox.bigcommerce.refunds.payments import Refund, RefundItem, Transaction
from bot.sandbox.bigcommerce.refunds.quotes import Quote
from bot.sandbox.bigcommerce.refunds.refund_items import read_items
from bot.sandbox.bigcommerce.refunds.refunds import book, quoted
from bot.sandbox.bigcommerce.refunds.settlement import Settlement
from bot.sandbox.bigcommerce.refunds.sums import cents, left
from bot.sandbox.bigcommerce.shop import Endpoint, Shop

ORDERS = frozenset({"store_v2_orders"})
TRANSACTIONS = frozenset({"store_v2_transactions"})
TRANSACTIONS_READ = TRANSACTIONS | {"store_v2_transactions_read_only"}
WRITE = ORDERS | TRANSACTIONS
READ = WRITE | TRANSACTIONS_READ | {"store_v2_orders_read_only"}


class PaymentActions:
    """The calls that move money."""

    def __init__(self, shop: Shop, settlement: Settlement) -> None:
        self._shop = shop
        self._settlement = settlement

    def endpoints(self) -> list[Endpoint]:
        """Return the calls."""
        order = "/v3/orders/{order_id}"
        actions = f"{order}/payment_actions"
        return [
            Endpoint("POST", f"{actions}/refund_quotes", WRITE, self.quote),
            Endpoint("POST", f"{actions}/refunds", WRITE, self.refund),
            Endpoint("GET", f"{actions}/refunds", READ, self.refunds),
            Endpoint("POST", f"{actions}/void", WRITE, self.void),
            Endpoint("GET", f"{order}/transactions", TRANSACTIONS_READ, self.transactions),
        ]

    async def quote(self, request: web.Request) -> web.Response:
        """Calculate a refund; changes nothing."""
        order = self._shop.order(request)
        items = read_items(await json_object(request))
        path = f"orders/{order.id}/payment_actions/refund_quotes"
        if clip := self._shop.faults.take("POST", path, "clip"):
            asked = quoted(self._shop, order, items)
            order.withheld += left(order, in_flight=False) - asked.total + cents(clip.amount)
            self._shop.changed()
        return v3(quote_json(order, quoted(self._shop, order, items)), 201)

    async def refund(self, request: web.Request) -> web.Response:
        """Make a refund: 201 says that it is scheduled, not that the money is back."""
        order = self._shop.order(request)
        body = await json_object(request)
        path = f"orders/{order.id}/payment_actions/refunds"
        fault = self._shop.faults.take("POST", path, *REFUND_KINDS)
        refund = book(self._shop, order, body, fault)
        self._settlement.expect_refund(order, refund)
        return v3(refund_json(refund), 201)

    async def refunds(self, request: web.Request) -> web.Response:
        """List the refunds of an order, oldest first, all at once."""
        wanted = request.query.get("transaction_id")
        return v3(
            [
                refund_json(refund)
                for refund in self._shop.order(request).refunds
                if wanted in (None, *(str(p.transaction_id) for p in refund.payments))
            ]
        )

    async def void(self, request: web.Request) -> web.Response:
        """Give up a payment that is only authorised."""
        order = self._shop.order(request)
        if order.payment_status != "authorized":
            raise StoreError(422, "The payment cannot be voided in its present state.", errors={})
        path = f"orders/{order.id}/payment_actions/void"
        fault = self._shop.faults.take("POST", path, "decline")
        self._settlement.schedule_void(order, will_fail=fault is not None)
        return web.json_response({}, status=201)

    async def transactions(self, request: web.Request) -> web.Response:
        """List what the gateways did; 204 when nothing was done."""
        order = self._shop.order(request)
        if not order.transactions:
            return web.Response(status=204)
        return v3_list(request, [transaction_json(row) for row in order.transactions])


def quote_json(order: Order, found: Quote) -> dict[str, Any]:
    """Write a quote."""
    return {
        "order_id": order.id,
        "total_refund_amount": float(found.total),
        "total_refund_tax_amount": float(found.tax),
        "order_level_refund_amount": float(found.order_level),
        "rounding": 0,
        "adjustment": float(found.adjustment),
        "tax_inclusive": order.tax_inclusive,
        "refund_methods": [
            [
                {
                    "provider_id": way.provider_id,
                    "provider_description": way.description,
                    "amount": float(way.amount),
                    "offline": way.offline,
                    "offline_provider": way.offline_provider,
                    "offline_reason": way.offline_reason,
                }
                for way in method
            ]
            for method in found.methods
        ],
    }


def refund_json(refund: Refund) -> dict[str, Any]:
    """Write a refund."""
    return {
        "id": refund.id,
        "order_id": refund.order_id,
        "user_id": 0,
        "created": v3_date(refund.created_at),
        "reason": refund.reason,
        "total_amount": float(refund.total),
        "total_tax": float(refund.tax),
        "uses_merchant_override_values": False,
        "items": [_item_json(refund, item) for item in refund.items],
        "payments": [
            {
                "id": payment.id,
                "provider_id": payment.provider_id,
                "amount": float(payment.amount),
                "offline": payment.offline,
                "is_declined": payment.is_declined,
                "declined_message": payment.declined_message,
                "transaction_id": str(payment.transaction_id),
            }
            for payment in refund.payments
        ],
    }


def _item_json(refund: Refund, item: RefundItem) -> dict[str, Any]:
    row: dict[str, Any] = {
        "item_type": item.item_type,
        # "order.id corresponding to the item_type of ORDER, FEE", though a request names the fee
        "item_id": refund.order_id if item.item_type == "FEE" else item.item_id,
        "reason": item.reason,
        "requested_amount": None if item.amount is None else float(item.amount),
    }
    if item.item_type == "PRODUCT":  # the quantity is filled for products only
        notes = zip(item.adjustments, item.adjustment_notes, strict=True)
        row["quantity"] = item.quantity
        row["adjustments"] = [{"amount": float(a), "description": note} for a, note in notes]
    return row


def transaction_json(row: Transaction) -> dict[str, Any]:
    """Write a transaction; its `order_id` is a string."""
    custom = {"payment_method": row.gateway} if row.method == "custom" else None
    card = {"card_type": "visa", "card_last4": "1111"} if row.method == "credit_card" else None
    return {
        "id": row.id,
        "order_id": str(row.order_id),
        "event": row.event,
        "method": row.method,
        "amount": float(row.amount),
        "currency": row.currency,
        "gateway": row.gateway,
        "gateway_transaction_id": f"gw-{row.id}",
        "status": "ok" if row.ok else "error",
        "test": True,
        "fraud_review": False,
        "reference_transaction_id": row.reference_id,
        "date_created": v3_date(row.created_at),
        "credit_card": card,
        "gift_certificate": {} if row.method == "gift_certificate" else None,
        "store_credit": {} if row.method == "store_credit" else None,
        "offline": {"display_name": row.gateway} if row.method == "offline" else None,
        "custom": custom,
    }
