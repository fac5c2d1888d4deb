"""A stand-in BigCommerce store: the V2 and V3 calls that the bot makes, with their quirks.

It keeps real books: what was refunded is gone, money settles after a while, and state survives in a
data folder. Where the platform's behaviour is not documented it takes the stricter reading.
"""

from __future__ import annotations

import asyncio
from hashlib import sha256
from pathlib import Path

from aiohttp import web

from bot.sandbox.bigcommerce.books import Books
from bot.sandbox.bigcommerce.catalog.categories import Catalogue
from bot.sandbox.bigcommerce.catalog.inventory import Inventory
from bot.sandbox.bigcommerce.catalog.products import Products
from bot.sandbox.bigcommerce.channels import Channels
from bot.sandbox.bigcommerce.control import routes as control
from bot.sandbox.bigcommerce.control.behind import Behind
from bot.sandbox.bigcommerce.customers import Customers
from bot.sandbox.bigcommerce.discounts.coupons import Coupons
from bot.sandbox.bigcommerce.discounts.promotions import Promotions
from bot.sandbox.bigcommerce.faults import Faults
from bot.sandbox.bigcommerce.gateway import Gateway
from bot.sandbox.bigcommerce.journal import Journal
from bot.sandbox.bigcommerce.keeping import FILE, load_or_seed
from bot.sandbox.bigcommerce.orders.orders_v2 import OrdersV2
from bot.sandbox.bigcommerce.refunds.all_refunds import AllRefunds
from bot.sandbox.bigcommerce.refunds.payment_actions import PaymentActions
from bot.sandbox.bigcommerce.refunds.settlement import Settlement
from bot.sandbox.bigcommerce.seed.shop import plant
from bot.sandbox.bigcommerce.shop import Shop
from bot.sandbox.bigcommerce.store_info import StoreInfo
from bot.sandbox.bigcommerce.webhooks.hook_deliveries import HookDeliveries
from bot.sandbox.bigcommerce.webhooks.hooks import Hooks, plant_hook
from bot.sandbox.saved import SavedFile

FULL_SCOPES = frozenset(
    {
        "store_v2_orders",
        "store_v2_transactions_read_only",
        "store_v2_marketing",
        "store_v2_products_read_only",
        "store_v2_customers_read_only",
        "store_v2_information_read_only",
        "store_inventory",
        "store_channel_settings_read_only",
    }
)
LIMITED_SCOPES = frozenset({"store_v2_orders_read_only", "store_v2_information_read_only"})


class StoreSandbox:
    """The store. Add its routes to an application, start it inside the loop, close it at the end.

    `access_token` has all the scopes that the bot needs, `limited_token` may only read orders and
    the store's profile. `data` None keeps nothing. `journal` is a file that every exchange is
    appended to. `reset`, or a seed other than the kept one, starts over.
    """

    def __init__(self, *, data: Path | None, seed: int, journal: Path | None, reset: bool) -> None:
        self.store_hash = _made_up("store", seed)[:10]
        self.access_token = _made_up("access", seed)[:31]
        self.limited_token = _made_up("limited", seed)[:31]
        books = load_or_seed(data, seed=seed, reset=reset, plant=plant)
        plant_hook(books, self.access_token)
        self._saved = SavedFile(data, FILE, books.model_dump_json)
        self._shop = Shop(books, Faults(), self.store_hash, self._saved.touch)
        self._settlement = Settlement(self._shop)
        self._hooks = HookDeliveries(self._shop)
        self._shop.listeners.append(self._hooks.notify)
        self._closing = asyncio.Event()
        self._gateway = Gateway(
            self._shop,
            tokens={self.access_token: FULL_SCOPES, self.limited_token: LIMITED_SCOPES},
            journal=Journal(journal),
            closing=self._closing,
        )

    @property
    def books(self) -> Books:
        """What is true, for tests in the same process; changes made to it count at once."""
        return self._shop.books

    @property
    def hook_hosts(self) -> dict[str, str]:
        """Where on this machine the hosts of webhook destinations are really reached."""
        return self._hooks.reach

    def add_routes(self, app: web.Application) -> None:
        """Add `/stores/{store_hash}/...` and `/control/store/...` to an application."""
        api = web.Application(middlewares=[self._gateway.middleware])
        for part in (
            OrdersV2(self._shop),
            AllRefunds(self._shop),
            Customers(self._shop),
            PaymentActions(self._shop, self._settlement),
            Coupons(self._shop),
            Promotions(self._shop),
            Catalogue(self._shop),
            Products(self._shop),
            Channels(self._shop),
            StoreInfo(self._shop),
            Inventory(self._shop),
            Hooks(self._shop),
        ):
            for end in part.endpoints():
                route = api.router.add_route(end.method, f"/{{store_hash}}{end.path}", end.handler)
                self._gateway.scopes[route] = end.scopes
        app.add_subapp("/stores", api)
        control.add_routes(app, Behind(self._shop, self._settlement, self._hooks))
        app.on_shutdown.append(self._let_go)

    async def start(self) -> None:
        """Go on with what was on its way."""
        self._hooks.start()
        self._settlement.start()

    async def close(self) -> None:
        """Stop the timers and keep the books."""
        self._closing.set()
        self._settlement.close()
        await self._hooks.close()
        self._saved.save()

    async def _let_go(self, _: web.Application) -> None:
        """Release the calls that hang, so that the server can stop."""
        self._closing.set()


def _made_up(what: str, seed: int) -> str:
    return sha256(f"{what}:{seed}".encode()).hexdigest()
