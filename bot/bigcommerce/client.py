"""The typed client: one method for each call the bot makes, and nothing that could do more."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from bot.bigcommerce.answers import UNREADABLE, data_of
from bot.bigcommerce.categories import read_categories
from bot.bigcommerce.choices import ChoiceCalls
from bot.bigcommerce.coupons import CouponCalls
from bot.bigcommerce.customers import CustomerCalls
from bot.bigcommerce.errors import BigCommerceError, UnusableAnswer
from bot.bigcommerce.inventory import InventoryCalls
from bot.bigcommerce.models import Category, Currency, Store
from bot.bigcommerce.order_lists import OrderListCalls
from bot.bigcommerce.order_parts import OrderPartCalls
from bot.bigcommerce.paging import v3_pages
from bot.bigcommerce.payments import PaymentCalls
from bot.bigcommerce.promotions import PromotionCalls
from bot.bigcommerce.since import SinceCalls
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
    PaymentCalls,
    PromotionCalls,
    SinceCalls,
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
            raise UnusableAnswer(call.name, UNREADABLE) from error

    async def get_currencies(self) -> list[Currency]:
        """Return the store's currencies, also those only for display."""
        return await self._get_all_v2(Currency, "/v2/currencies")

    async def get_categories(self) -> list[Category]:
        """Return every category with its path ("Garden › Bath"), sorted by it."""
        call = self._read("/v3/catalog/trees/categories")
        return read_categories(call, await v3_pages(self._caller, call))

    async def are_status_emails_on(self, channel_id: int | None) -> bool | None:
        """Tell whether the store mails customers about order statuses; None: it cannot be told."""
        if channel_id is None:  # a channel's own setting comes first, and it is not known which
            return None
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
