"""The typed client: one method for each call the bot makes, and nothing that could do more."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace
from typing import Self

from bot.bigcommerce.catalogue import Catalog, Channels
from bot.bigcommerce.coupons import Coupons
from bot.bigcommerce.customers import Customers
from bot.bigcommerce.http.caller import Caller
from bot.bigcommerce.http.calls import Api
from bot.bigcommerce.http.quota import Limits, Share
from bot.bigcommerce.http.transport import Transport
from bot.bigcommerce.inventory import Inventory
from bot.bigcommerce.marked_since import Listings
from bot.bigcommerce.orders import Orders
from bot.bigcommerce.payments import Payments
from bot.bigcommerce.promotions import Promotions
from bot.bigcommerce.refunds import Refunds
from bot.bigcommerce.store_info import StoreInfo
from bot.bigcommerce.webhooks import Hooks
from bot.config.settings import Settings


class BigCommerceClient:
    """One store's API. Every method raises BigCommerceError and nothing else of HTTP.

    Reads and quotes are repeated a few times when no answer comes; writes never are once bytes may
    have left. A call waits for quota up to `max_wait_s`. Times are in seconds.
    """

    def __init__(
        self,
        *,
        store_hash: str,
        access_token: str,
        api_url: str = "https://api.bigcommerce.com",
        max_wait_s: float = 60,
        read_timeout_s: float = 10,
        write_timeout_s: float = 30,
        connect_timeout_s: float = 5,
        retry_waits_s: Sequence[float] = (0.5, 2),
    ) -> None:
        self._transport = Transport(
            store_hash=store_hash,
            access_token=access_token,
            api_url=api_url,
            connect_timeout_s=connect_timeout_s,
        )
        caller = Caller(
            self._transport, Limits(), max_wait_s=max_wait_s, retry_waits_s=retry_waits_s
        )
        self._compose(Api(caller, read_timeout_s, write_timeout_s))

    def _compose(self, api: Api) -> None:
        self._api = api
        self.catalog = Catalog(api)
        self.channels = Channels(api)
        self.coupons = Coupons(api)
        self.customers = Customers(api)
        self.hooks = Hooks(api)
        self.info = StoreInfo(api)
        self.inventory = Inventory(api)
        self.listings = Listings(api)
        self.orders = Orders(api)
        self.payments = Payments(api)
        self.promotions = Promotions(api)
        self.refunds = Refunds(api)

    @property
    def money(self) -> Self:
        """The same client for what is read around a write: it goes before everybody's looks."""
        return self._with(Share.MONEY)

    @property
    def background(self) -> Self:
        """The same client for work that nobody is waiting for: it leaves more quota to the rest."""
        return self._with(Share.BACKGROUND)

    def _with(self, share: Share) -> Self:
        view = copy.copy(self)
        view._compose(replace(self._api, share=share))
        return view

    async def close(self) -> None:
        """Close the connections, of every view too; the client cannot be used afterwards."""
        await self._transport.close()


def store_client(settings: Settings, *, max_wait_s: float = 60) -> BigCommerceClient:
    """Return a client, which whoever asks for it closes; it waits so long for quota at most."""
    return BigCommerceClient(
        store_hash=settings.bigcommerce_store_hash,
        access_token=settings.bigcommerce_access_token.get_secret_value(),
        api_url=settings.bigcommerce_api_url,
        max_wait_s=max_wait_s,
    )
