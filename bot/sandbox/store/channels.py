"""The sales channels (V3): the storefront, and others where a test or a merchant adds them.

https://developer.bigcommerce.com/docs/rest-management/channels
"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.sandbox.store.answers import v3_list
from bot.sandbox.store.shop import Endpoint, Shop

READ = frozenset({"store_channel_settings", "store_channel_settings_read_only"})
OPENED = "2026-01-05T09:00:00Z"


class Channels:
    """The call about channels."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def endpoints(self) -> list[Endpoint]:
        """Return the call."""
        return [Endpoint("GET", "/v3/channels", READ, self.channels)]

    async def channels(self, request: web.Request) -> web.Response:
        """List the channels; the first is the store's own."""
        names = self._shop.books.settings.channels
        rows = [channel_json(number, name) for number, name in enumerate(names, 1)]
        return v3_list(request, rows)


def channel_json(number: int, name: str) -> dict[str, Any]:
    """Write a channel."""
    return {
        "id": number,
        "external_id": "",
        "is_listable_from_ui": True,
        "is_enabled": True,
        "is_visible": True,
        "status": "active",
        "name": name,
        "type": "storefront",
        "platform": "bigcommerce",
        "date_created": OPENED,
        "date_modified": OPENED,
        "icon_url": "",
    }
