"""The typed client: one method for each call the bot makes, and nothing that could do more."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime

from bot.bigcommerce import bodies
from bot.bigcommerce.answers import UNREADABLE, data_of, read_list, read_model
from bot.bigcommerce.calls import StoreCalls
from bot.bigcommerce.categories import read_categories
from bot.bigcommerce.choices import ChoiceCalls
from bot.bigcommerce.coupons import CouponCalls
from bot.bigcommerce.customers import CustomerCalls
from bot.bigcommerce.errors import BigCommerceError, NoAnswer, NotFound
from bot.bigcommerce.inventory import InventoryCalls
from bot.bigcommerce.models import (
    Category,
    Currency,
    Fee,
    Order,
    OrderLine,
    Refund,
    RefundItem,
    RefundPayment,
    RefundQuote,
    ShippingAddress,
    Store,
    Transaction,
)
from bot.bigcommerce.order_lists import OrderListCalls
from bot.bigcommerce.order_parts import OrderPartCalls
from bot.bigcommerce.paging import v3_pages
from bot.bigcommerce.promotions import PromotionCalls
from bot.bigcommerce.webhooks import HookCalls

logger = logging.getLogger(__name__)


class BigCommerceClient(
    ChoiceCalls,
    CouponCalls,
    CustomerCalls,
    HookCalls,
    InventoryCalls,
    OrderListCalls,
    OrderPartCalls,
    PromotionCalls,
    StoreCalls,
):
    """One store's orders, payments, discount codes, stock and settings."""

    async def get_store(self) -> Store:
        """Return the store's own data: name, currency, time zone, control panel."""
        return await self._get(Store, "/v2/store")

    async def get_time(self) -> datetime:
        """Return BigCommerce's clock, aware UTC: the documented test of a token."""
        call = self._read("/v2/time")
        try:
            return datetime.fromtimestamp(int((await self._caller.fetch(call))["time"]), UTC)
        except (KeyError, TypeError, ValueError, OverflowError, OSError) as error:
            raise NoAnswer(call.name, UNREADABLE) from error

    async def get_currencies(self) -> list[Currency]:
        """Return the store's currencies, also those only for display."""
        return await self._get_all_v2(Currency, "/v2/currencies")

    async def get_order(self, order_id: int) -> Order:
        """Return the order; NotFound when the store has none of that number."""
        return await self._get(Order, f"/v2/orders/{order_id}")

    async def get_order_lines(self, order_id: int) -> list[OrderLine]:
        """Return every line of the order, whatever their number."""
        return await self._get_all_v2(OrderLine, f"/v2/orders/{order_id}/products")

    async def get_shipping_addresses(self, order_id: int) -> list[ShippingAddress]:
        """Return where the order goes; none for a digital one."""
        return await self._get_all_v2(ShippingAddress, f"/v2/orders/{order_id}/shipping_addresses")

    async def get_fees(self, order_id: int) -> list[Fee]:
        """Return the order's fees; none where the store does not know the resource."""
        call = self._read(f"/v2/orders/{order_id}/fees")
        try:
            answer = await self._caller.fetch(call)
        except NotFound:
            return []
        # The specification has an object around the list; elsewhere the list comes bare.
        return read_list(Fee, call, answer.get("fees") if isinstance(answer, dict) else answer)

    async def get_refunds(self, order_id: int) -> list[Refund]:
        """Return the refunds made so far, oldest first; made does not mean paid."""
        call = self._read(f"/v3/orders/{order_id}/payment_actions/refunds")
        answer = await self._caller.fetch(call)
        return [] if answer is None else read_list(Refund, call, data_of(call, answer))

    async def get_transactions(self, order_id: int) -> list[Transaction]:
        """Return what the payment gateway did, if anything; needs the transactions scope."""
        call = self._read(f"/v3/orders/{order_id}/transactions")
        try:
            return read_list(Transaction, call, await v3_pages(self._caller, call))
        except NotFound:
            return []

    async def quote_refund(self, order_id: int, items: Sequence[RefundItem]) -> RefundQuote:
        """Let BigCommerce calculate the refund; changes nothing and may be repeated."""
        path = f"/v3/orders/{order_id}/payment_actions/refund_quotes"
        call = self._write("POST", path, bodies.quote_body(items), repeatable=True)
        return read_model(RefundQuote, call, data_of(call, await self._caller.fetch(call)))

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
        return read_model(Refund, call, data_of(call, await self._caller.fetch(call)))

    async def void_payment(self, order_id: int) -> None:
        """Ask for the hold on the customer's money to be lifted; it happens later."""
        path = f"/v3/orders/{order_id}/payment_actions/void"
        await self._caller.fetch(self._write("POST", path, None))

    async def set_order_status(self, order_id: int, status_id: int, *, staff_notes: str) -> Order:
        """Set the status and replace the staff notes; moves no money. Returns the order as it is.

        Notes above BigCommerce's limit lose their beginning.
        """
        body = bodies.status_body(status_id, staff_notes)
        call = self._write("PUT", f"/v2/orders/{order_id}", body)
        return read_model(Order, call, await self._caller.fetch(call))

    async def get_categories(self) -> list[Category]:
        """Return every category with its path ("Garden › Bath"), sorted by it."""
        call = self._read("/v3/catalog/trees/categories")
        return read_categories(call, await v3_pages(self._caller, call))

    async def are_status_emails_on(self, channel_id: int) -> bool | None:
        """Tell whether the store mails customers about order statuses; None: it cannot be told."""
        path = "/v3/settings/email-statuses"
        try:
            # null at the channel means that the store's own setting counts.
            for query in ({"channel_id": str(channel_id)}, {}):
                call = self._read(path, query)
                data = data_of(call, await self._caller.fetch(call))
                value = data.get("combined_order_status_email") if isinstance(data, dict) else None
                if isinstance(value, bool):
                    return value
        except BigCommerceError as error:
            logger.info("e-mail settings not read", extra={"error": str(error)})
        return None
