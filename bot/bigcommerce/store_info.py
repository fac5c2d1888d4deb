"""The store itself: its data, clock, currencies and settings of e-mails.

Shapes: `store_information.v2`, `currencies.v2` and `settings.v3`.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from bot.bigcommerce.http.answers import UNREADABLE, data_of, read_model
from bot.bigcommerce.http.calls import Resource
from bot.bigcommerce.http.errors import BigCommerceError, UnusableAnswer
from bot.bigcommerce.models import Currency, Store

logger = logging.getLogger(__name__)


class StoreInfo(Resource):
    """What the store says of itself."""

    async def get(self) -> Store:
        """Return the store's own data: name, currency, time zone, control panel."""
        call = self._api.read("/v2/store")
        return read_model(Store, call, await self._api.fetch(call))

    async def time(self) -> datetime:
        """Return BigCommerce's clock, aware UTC: the documented test of a token."""
        call = self._api.read("/v2/time")
        try:
            return datetime.fromtimestamp(int((await self._api.fetch(call))["time"]), UTC)
        except (KeyError, TypeError, ValueError, OverflowError, OSError) as error:
            raise UnusableAnswer(call.name, UNREADABLE) from error

    async def currencies(self) -> list[Currency]:
        """Return the store's currencies, also those only for display."""
        return await self._api.get_all_v2(Currency, "/v2/currencies")

    async def are_status_emails_on(self, channel_id: int | None) -> bool | None:
        """Tell whether the store mails customers about order statuses; None: it cannot be told."""
        if channel_id is None:  # a channel's own setting comes first, and it is not known which
            return None
        path = "/v3/settings/email-statuses"
        try:
            # null at the channel means that the store's own setting counts.
            for query in ({"channel_id": str(channel_id)}, {}):
                call = self._api.read(path, query)
                data = data_of(call, await self._api.fetch(call))
                value = data.get("combined_order_status_email") if isinstance(data, dict) else None
                if isinstance(value, bool):
                    return value
        except BigCommerceError as error:
            logger.info("e-mail settings not read", extra={"error": str(error)})
        return None
