"""The sales channels (V3): the storefront, and others that take no discount codes.

https://developer.bigcommerce.com/docs/rest-management/channels
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from bot.sandbox.bigcommerce.answers import unknown_filter, v3_list
from bot.sandbox.bigcommerce.books import Channel
from bot.sandbox.bigcommerce.shop import Endpoint, Shop

READ = frozenset({"store_channel_settings", "store_channel_settings_read_only"})
OPENED = "2026-01-05T09:00:00Z"
FILTERS: Mapping[str, Callable[[Channel], str]] = {
    "type:in": lambda row: row.type,
    "platform:in": lambda row: row.platform,
    "status:in": lambda row: row.status,
}


class Channels:
    """The call about channels."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def endpoints(self) -> list[Endpoint]:
        """Return the call."""
        return [Endpoint("GET", "/v3/channels", READ, self.channels)]

    async def channels(self, request: web.Request) -> web.Response:
        """List the channels; the first is the store's own. What is not kept here is refused."""
        rows = list(enumerate(self._shop.books.settings.channels, 1))
        for name, text in request.query.items():
            if name in ("page", "limit"):
                continue
            if name not in FILTERS:
                raise unknown_filter(name)
            rows = [row for row in rows if FILTERS[name](row[1]) in text.split(",")]
        return v3_list(request, [channel_json(number, row) for number, row in rows])


def channel_json(number: int, channel: Channel) -> dict[str, Any]:
    """Write a channel."""
    return {
        "id": number,
        "external_id": "",
        "is_listable_from_ui": True,
        "is_enabled": channel.status != "inactive",
        "is_visible": True,
        "status": channel.status,
        "name": channel.name,
        "type": channel.type,
        "platform": channel.platform,
        "date_created": OPENED,
        "date_modified": OPENED,
        "icon_url": "",
    }
