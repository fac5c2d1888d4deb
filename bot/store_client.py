"""The client of the store that the settings name."""

from __future__ import annotations

from bot.bigcommerce import BigCommerceClient
from bot.settings import Settings


def store_client(settings: Settings, *, max_wait_s: float = 60) -> BigCommerceClient:
    """Return a client, which whoever asks for it closes; it waits so long for quota at most."""
    return BigCommerceClient(
        store_hash=settings.bigcommerce_store_hash,
        access_token=settings.bigcommerce_access_token.get_secret_value(),
        api_url=settings.bigcommerce_api_url,
        max_wait_s=max_wait_s,
    )
