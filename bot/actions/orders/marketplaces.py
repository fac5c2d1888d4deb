"""Whether an order came from a marketplace, where the customer paid and is refunded."""

from __future__ import annotations

from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.http.errors import MissingScope
from bot.bigcommerce.models import Order

# `order_source` in the specification of orders (V2): those where the marketplace takes the payment.
_SOURCES = {
    "amazon": "Amazon",
    "ebay": "eBay",
    "facebookcheckout": "Facebook",
    "facebookmarketplace": "Facebook Marketplace",
}
_FIRST_CHANNEL = 1
# `external_source` is free text of the app that brought the order.
_NAMES = ("Amazon", "eBay", "Walmart", "Etsy", "Mirakl", "TikTok")


def marketplace_of(order: Order) -> str:
    """Return the marketplace's name, "" for an order of the shop's own."""
    if order.ebay_order_id not in ("", "0"):
        return "eBay"
    if (known := _SOURCES.get(order.order_source.lower())) is not None:
        return known
    source = order.external_source.lower()
    return next((name for name in _NAMES if name.lower() in source), "")


async def find_marketplace(store: BigCommerceClient, order: Order) -> str:
    """Return the marketplace's name by the order or, failing that, by its channel.

    Only an order of another channel than the shop's first is asked about. "" as well where the
    token may not read the channels.
    """
    if (name := marketplace_of(order)) or order.channel_id in (None, _FIRST_CHANNEL):
        return name
    try:
        channels = await store.channels.marketplaces()
    except MissingScope:
        return ""
    return next((each.name for each in channels if each.id == order.channel_id), "")
