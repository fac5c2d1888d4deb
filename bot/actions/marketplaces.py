"""Whether an order came from a marketplace, where the customer paid and is refunded. Pure."""

from __future__ import annotations

from bot.bigcommerce import Order

# `order_source` in the specification of orders (V2): those where the marketplace takes the payment.
_SOURCES = {
    "amazon": "Amazon",
    "ebay": "eBay",
    "facebookcheckout": "Facebook",
    "facebookmarketplace": "Facebook Marketplace",
}
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
