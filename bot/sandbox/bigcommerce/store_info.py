"""The store about itself: its profile, its clock, its currencies, which mails it sends."""

from __future__ import annotations

import time
from typing import Any

from aiohttp import web

from bot.sandbox.bigcommerce.answers import answer, v2_page, v3
from bot.sandbox.bigcommerce.shop import Endpoint, Shop

READ = frozenset({"store_v2_information", "store_v2_information_read_only"})
NAME = "Fern & Fable"
DOMAIN = "fern-and-fable.example"
TIME_ZONE = "America/Chicago"
DEFAULT_CURRENCY = "USD"
CURRENCIES = (
    (DEFAULT_CURRENCY, "US Dollar", "$", "1.0000000000", "USA"),
    ("EUR", "Euro", "€", "0.9200000000", ""),
    ("AUD", "Australian Dollar", "A$", "1.5200000000", "AUS"),
)


class StoreInfo:
    """The calls about the store itself."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def endpoints(self) -> list[Endpoint]:
        """Return the calls."""
        return [
            Endpoint("GET", "/v2/store", READ, self.store),
            Endpoint("GET", "/v2/time", READ, self.time),
            Endpoint("GET", "/v2/currencies", READ, self.currencies),
            Endpoint("GET", "/v3/settings/email-statuses", READ, self.email_statuses),
        ]

    async def store(self, request: web.Request) -> web.Response:
        """Return the store's profile."""
        return answer(store_json(self._shop.store_hash))

    async def time(self, request: web.Request) -> web.Response:
        """Return the store's clock."""
        return answer({"time": int(time.time())})

    async def currencies(self, request: web.Request) -> web.Response:
        """List the currencies; which of them are paid in is a setting, the rest is only shown."""
        paid_in = self._shop.books.settings.paid_in
        rows = [
            _currency_json(number, *row, pays=row[0] in paid_in)
            for number, row in enumerate(CURRENCIES, 1)
        ]
        return v2_page(request, rows)

    async def email_statuses(self, request: web.Request) -> web.Response:
        """Return which mails go out; null for a channel means that it follows the store."""
        settings = self._shop.books.settings
        names = (
            *("abandoned_cart_email", "account_details_changed_email", "create_account_email"),
            *("create_guest_account_email", "gift_certificate_email", "invoice_email"),
            *("order_message_notification_email", "product_review_email"),
            *("return_confirmation_email", "return_statuschange_email"),
        )
        of_channel = "channel_id" in request.query
        data: dict[str, Any] = dict.fromkeys(names, None if of_channel else True)
        data["combined_order_status_email"] = (
            settings.channel_status_email if of_channel else settings.combined_order_status_email
        )
        return v3(data)


def _currency_json(
    id_: int, code: str, name: str, token: str, rate: str, country: str, *, pays: bool
) -> dict[str, Any]:
    return {
        "id": id_,
        "is_default": code == DEFAULT_CURRENCY,
        "country_iso2": "",
        "default_for_country_codes": [country] if country else [],
        "currency_code": code,
        "currency_exchange_rate": rate,
        "auto_update": False,
        "token_location": "left",
        "token": token,
        "decimal_token": ".",
        "thousands_token": ",",
        "decimal_places": 2,
        "name": name,
        "enabled": True,
        "is_transactional": pays,
        "use_default_name": False,
        "last_updated": "Thu, 01 Oct 2026 08:00:00 +0000",
    }


def store_json(store_hash: str) -> dict[str, Any]:
    """Write the store's profile."""
    return {
        "id": store_hash,
        "store_id": 1000001,
        "account_uuid": "3d2f0c58-6a0e-4c3b-9a54-5f0f6f3f9d11",
        "domain": DOMAIN,
        "secure_url": f"https://{DOMAIN}",
        "control_panel_base_url": f"https://store-{store_hash}.mybigcommerce.com",
        "status": "live",
        "name": NAME,
        "first_name": "Chiara",
        "last_name": "Rossi",
        "address": "12 Orchard Lane, Austin, Texas",
        "country": "United States",
        "country_code": "US",
        "infrastructure_region": "us-central1",
        "phone": "",
        "admin_email": f"owner@{DOMAIN}",
        "order_email": f"orders@{DOMAIN}",
        "favicon_url": "",
        "timezone": {
            "name": TIME_ZONE,
            "raw_offset": -21600,
            "dst_offset": -18000,
            "dst_correction": True,
            "date_format": {
                "display": "M jS Y",
                "export": "M jS Y",
                "extended_display": "M jS Y @ g:i A",
            },
        },
        "language": "en",
        "currency": "USD",
        "currency_symbol": "$",
        "decimal_separator": ".",
        "thousands_separator": ",",
        "decimal_places": 2,
        "currency_symbol_location": "left",
        "weight_units": "LBS",
        "dimension_units": "Inches",
        "dimension_decimal_places": 2,
        "dimension_decimal_token": ".",
        "dimension_thousands_token": ",",
        "plan_name": "Standard",
        "plan_level": "Standard",
        "plan_is_trial": False,
        "industry": "Home & Garden",
        "logo": [],
        "is_price_entered_with_tax": False,
        "default_channel_id": 1,
        "default_site_id": 1000,
        "active_comparison_modules": [],
        "features": {
            "stencil_enabled": True,
            "sitewidehttps_enabled": True,
            "facebook_catalog_id": "",
            "checkout_type": "optimized",
            "wishlists_enabled": True,
            "graphql_storefront_api_enabled": True,
            "shopper_consent_tracking_enabled": False,
            "multi_storefront_enabled": False,
            "storefront_limits": {"active": 1, "total_including_inactive": 1},
        },
    }
