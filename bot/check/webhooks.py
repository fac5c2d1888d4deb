"""BigCommerce's webhooks, where they are set up: there, active, and with the right secret."""

from __future__ import annotations

from bot.bigcommerce import BigCommerceClient, BigCommerceError
from bot.check.finding import Finding
from bot.settings import Settings
from bot.webhooks import NoAddress, look_up, secret_of, webhook_address

SWITCH_ON = "Run: python -m bot webhooks on"


async def check_webhooks(settings: Settings) -> Finding:
    """Return what is found; without them all is well, too."""
    if settings.webhook_url is None and settings.webhook_port is None:
        return Finding(
            "Webhooks: not set up, so what is changed elsewhere shows when somebody looks."
        )
    if settings.webhook_url is None:
        return Finding(
            f"Webhooks: they are taken on port {settings.webhook_port}; which address BigCommerce"
            " should deliver to is not set.",
            "Set WEBHOOK_URL, then run: python -m bot webhooks on",
        )
    if settings.webhook_port is None:
        return Finding(
            "Webhooks: WEBHOOK_URL is set, and nobody takes what is delivered there.",
            "Set WEBHOOK_PORT to a free port, and pass requests on to it.",
        )
    return await _hooks(settings, settings.webhook_url)


async def _hooks(settings: Settings, url: str) -> Finding:
    token = settings.bigcommerce_access_token.get_secret_value()
    store_hash = settings.bigcommerce_store_hash
    store = BigCommerceClient(
        store_hash=store_hash,
        access_token=token,
        api_url=settings.bigcommerce_api_url,
        max_wait_s=15,
    )
    try:
        address = webhook_address(url)
        found = await look_up(store, address, secret_of(token, store_hash))
    except NoAddress as why:
        return Finding(f"Webhooks: the address in WEBHOOK_URL cannot be used. {why}", "Correct it.")
    except BigCommerceError as error:
        return Finding(f"Webhooks could not be read. {error.reason}", "Check again in a minute.")
    finally:
        await store.close()
    if found.missing and not found.active and not found.inactive:
        return Finding(f"Webhooks: none to {address} yet.", SWITCH_ON)
    if not found.is_complete:
        wrong = len(found.missing) + len(found.inactive)
        return Finding(
            f"Webhooks: {wrong} to {address} are missing, or BigCommerce has switched them off"
            " because deliveries failed for two days, or nothing happened for 90.",
            f"See that {address} can be reached from outside and leads to WEBHOOK_PORT."
            f" {SWITCH_ON}",
        )
    return Finding(f"Webhooks: all {len(found.active)} to {address} are on.")
