"""What happens after the answer: gateways settle refunds and voids, one after another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from bot.sandbox.bigcommerce.books import Late, Order
from bot.sandbox.bigcommerce.refunds.payments import Refund, Transaction, VoidJob
from bot.sandbox.bigcommerce.refunds.sums import left, paid_by
from bot.sandbox.bigcommerce.shop import Shop

GATEWAY = "gateway"
METHODS = {"storecredit": "store_credit", "giftcertificate": "gift_certificate", "custom": "custom"}


class Settlement:
    """The timers of everything that is on its way. They are set again when the store starts."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._timers: set[asyncio.TimerHandle] = set()

    def start(self) -> None:
        """Set a timer for all that was on its way when the store closed."""
        for order in self._shop.books.orders.values():
            for refund in order.refunds:
                if not refund.settled:
                    self.expect_refund(order, refund)
            for late in order.late:
                self._at(late.due_at, partial(self._catch_up, order, late))
            if order.void_job is not None:
                self._at(order.void_job.due_at, partial(self._finish_void, order))

    def close(self) -> None:
        """Stop all timers; what they would have done stays on its way."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()

    def expect_refund(self, order: Order, refund: Refund) -> None:
        """Settle a refund when it is due."""
        self._at(refund.settles_at, partial(self.settle, order, refund))

    def settle_all(self) -> None:
        """Settle everything that is on its way, now, and let the orders show it."""
        for order in self._shop.books.orders.values():
            for refund in order.refunds:
                self.settle(order, refund)
            for late in list(order.late):
                self._catch_up(order, late)
            self._finish_void(order)

    def settle(self, order: Order, refund: Refund) -> None:
        """Let the gateway answer for each tender; then the order shows what came back."""
        if refund.settled:
            return
        event = self._shop.books.settings.refund_transactions
        for payment in refund.payments:
            if payment.provider_id in refund.will_decline:
                payment.is_declined = True
                payment.declined_message = "The payment gateway declined the refund."
            method = METHODS.get(payment.provider_id) or _paid_method(order)
            if event == "none":
                continue
            self._transact(
                order,
                event,
                id_=payment.transaction_id,
                amount=payment.amount,
                method="offline" if payment.offline and method != "custom" else method,
                gateway=payment.provider_id,
                ok=not payment.is_declined,
            )
        refund.settled = True
        if not refund.declined:
            self._show_refunded(order, refund)
        self._shop.changed()

    def _show_refunded(self, order: Order, refund: Refund) -> None:
        customer = self._shop.books.customers.get(order.customer_id)
        for payment in refund.payments:
            if customer and payment.provider_id == "storecredit" and not payment.is_declined:
                customer.store_credit += payment.amount
        whole = left(order, in_flight=False) <= 0
        payment_status = "refunded" if whole else "partially refunded"
        settings = self._shop.books.settings
        self._show(order, "payment_status", payment_status, settings.payment_status_lag_s)
        self._show(order, "status_id", 4 if whole else 14, settings.status_lag_s)

    def _show(self, order: Order, field: str, after: str | int, lag_s: float) -> None:
        """Give a field its value, now or later."""
        if lag_s <= 0:
            self._shop.change(order, GATEWAY, field, after)
            return
        due_at = self._shop.exact_now() + timedelta(seconds=lag_s)
        late = Late(field=field, after=after, due_at=due_at)
        order.late.append(late)
        self._at(due_at, partial(self._catch_up, order, late))

    def _catch_up(self, order: Order, late: Late) -> None:
        if late in order.late:
            order.late.remove(late)
            self._shop.change(order, GATEWAY, late.field, late.after)

    def schedule_void(self, order: Order, *, will_fail: bool) -> None:
        """Let the gateway give up a payment after the settlement time."""
        order.void_job = VoidJob(due_at=self.due(), will_fail=will_fail)
        self._shop.change(order, "api", "payment_status", "void pending")
        self._at(order.void_job.due_at, partial(self._finish_void, order))

    def due(self) -> datetime:
        """Return when something that is asked for now will be settled."""
        wait = timedelta(seconds=self._shop.books.settings.settlement_s)
        return self._shop.exact_now() + wait

    def _finish_void(self, order: Order) -> None:
        job, order.void_job = order.void_job, None
        if job is None:
            return
        self._transact(
            order,
            "void",
            id_=self._shop.books.next_id("transaction"),
            amount=paid_by(order, "online"),
            method=_paid_method(order),
            gateway=order.tenders[0].provider_id,
            ok=not job.will_fail,
        )
        # A failed capture falls back to authorized; a failed void is taken to do the same. The
        # order's status after a void is not documented: it stays as it is.
        after = "authorized" if job.will_fail else "void"
        self._shop.change(order, GATEWAY, "payment_status", after)

    def decline(self, order: Order) -> None:
        """Let a payment of the order be declined, as when the shopper pays once more."""
        gateway = order.tenders[0].provider_id if order.tenders else "braintree"
        self._transact(
            order,
            "purchase",
            id_=self._shop.books.next_id("transaction"),
            amount=max(left(order, in_flight=True), Decimal(0)),
            method=_paid_method(order),
            gateway=gateway,
            ok=False,
        )
        self._shop.change(order, GATEWAY, "payment_status", "declined")

    def _transact(self, order: Order, event: str, *, id_: int, **fields: object) -> None:
        first = next((t.id for t in order.transactions if t.event != event), None)
        row = Transaction.model_validate(
            {
                "id": id_,
                "order_id": order.id,
                "event": event,
                "currency": order.currency,
                "created_at": self._shop.now(),
                "reference_id": first,
                **fields,
            }
        )
        order.transactions.append(row)
        self._shop.transacted(row)

    def _at(self, due: datetime, action: Callable[[], None]) -> None:
        wait = max(0.0, (due - self._shop.exact_now()).total_seconds())
        loop = asyncio.get_running_loop()

        def run() -> None:
            self._timers.discard(timer)
            action()

        timer = loop.call_later(wait, run)
        self._timers.add(timer)


def _paid_method(order: Order) -> str:
    return order.tenders[0].method if order.tenders else "custom"
