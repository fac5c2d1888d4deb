"""Payment actions of an order: quotes, refunds, voids, and what the gateway did (`orders.v3`)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.bigcommerce import bodies
from bot.bigcommerce.answers import data_of, hold_against, read_list, read_model
from bot.bigcommerce.errors import NotFound
from bot.bigcommerce.models import Refund, RefundItem, RefundPayment, RefundQuote, Transaction
from bot.bigcommerce.orders import OrderCalls
from bot.bigcommerce.paging import v3_pages


class PaymentCalls(OrderCalls):
    """The calls. What belongs to another order than the one asked for is WrongAnswer."""

    async def get_refunds(self, order_id: int) -> list[Refund]:
        """Return the refunds made so far, oldest first; made does not mean paid."""
        call = self._read(f"/v3/orders/{order_id}/payment_actions/refunds")
        try:
            rows = data_of(call, await self._caller.fetch(call))
        except NotFound as missing:
            raise await self._part_missing(call, order_id) from missing
        hold_against(call, rows, "order_id", [order_id])
        return read_list(Refund, call, rows)

    async def get_transactions(self, order_id: int) -> list[Transaction]:
        """Return what the payment gateway did, if anything; needs the transactions scope."""
        call = self._read(f"/v3/orders/{order_id}/transactions")
        try:
            rows = await v3_pages(self._caller, call, may_be_204=True)
        except NotFound:  # documented, as 204 is, for an order without payments
            return []
        hold_against(call, rows, "order_id", [order_id])
        return read_list(Transaction, call, rows)

    async def quote_refund(self, order_id: int, items: Sequence[RefundItem]) -> RefundQuote:
        """Let BigCommerce calculate the refund; changes nothing and may be repeated."""
        path = f"/v3/orders/{order_id}/payment_actions/refund_quotes"
        call = self._write("POST", path, bodies.quote_body(items), repeatable=True)
        quote = data_of(call, await self._caller.fetch(call))
        hold_against(call, quote, "order_id", [order_id])
        return read_model(RefundQuote, call, quote)

    async def create_refund(
        self,
        order_id: int,
        items: Sequence[RefundItem],
        payments: Sequence[RefundPayment],
        *,
        reason: str,
    ) -> Refund:
        """Refund; sent once. After NoAnswer look for `reason` among the refunds, never repeat.

        `payments` is one whole method of a fresh quote. The money moves later, if it does.
        """
        path = f"/v3/orders/{order_id}/payment_actions/refunds"
        call = self._write("POST", path, bodies.refund_body(items, payments, reason))
        refund = data_of(call, await self._caller.fetch(call))
        hold_against(call, refund, "order_id", [order_id])
        return read_model(Refund, call, refund)

    async def void_payment(self, order_id: int) -> None:
        """Ask for the hold on the customer's money to be lifted; it happens later."""
        path = f"/v3/orders/{order_id}/payment_actions/void"
        await self._caller.fetch(self._write("POST", path, None))
