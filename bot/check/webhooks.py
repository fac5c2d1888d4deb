"""BigCommerce's webhooks, where they are set up: there, active, with the right secret, and read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

from bot.bigcommerce.client import store_client
from bot.bigcommerce.http.errors import BigCommerceError
from bot.check.finding import Finding
from bot.config.settings import Settings
from bot.http.public import FORMER
from bot.process.logs import printable
from bot.webhooks.secret import secret_of
from bot.webhooks.setup import NoAddress, look_up, webhook_address
from storage.data_folder.folder import DATABASE_FILE
from storage.database import read_database
from storage.webhooks.counts import WebhookCounts

RECENT = timedelta(days=7)
FORMER_FIX = (
    "BigCommerce still has webhooks that an earlier API token made; nothing of theirs is believed."
    " Run python -m bot webhooks off with that token as BIGCOMMERCE_ACCESS_TOKEN."
)
UNUSED_FIX = (
    "It was answered and left out. What changed in the store shows when somebody looks; a newer"
    " Makegood may know this form."
)
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
    store = store_client(settings, max_wait_s=15)
    try:
        address = webhook_address(url)
        found = await look_up(store, address, secret_of(token, store_hash))
    except NoAddress as why:
        return Finding(f"Webhooks: the address in WEBHOOK_URL cannot be used. {why}", "Correct it.")
    except BigCommerceError as error:
        return Finding(f"Webhooks could not be read. {error.reason}", "Check again in a minute.")
    finally:
        await store.close()
    if not found.own:
        return Finding(f"Webhooks: none to {address} yet.", SWITCH_ON)
    if found.missing or found.inactive:
        wrong = len(found.missing) + len(found.inactive)
        return Finding(
            f"Webhooks: {wrong} to {address} are missing, or BigCommerce has switched them off"
            " because deliveries failed for two days, or nothing happened for 90.",
            f"See that {address} can be reached from outside and leads to WEBHOOK_PORT."
            f" {SWITCH_ON}",
        )
    if found.stale:
        where = ", ".join(sorted({printable(hook.destination) for hook in found.stale}))
        return Finding(
            f"Webhooks: all {len(found.active)} to {address} are on, and {len(found.stale)} more of"
            f" Makegood's are still there, to {where}.",
            SWITCH_ON,
        )
    return Finding(f"Webhooks: all {len(found.active)} to {address} are on.")


def check_deliveries(settings: Settings) -> Iterator[Finding]:
    """Yield what was delivered lately and could not be used; nothing before the first start."""
    path = settings.data / DATABASE_FILE
    if not path.is_file():
        return
    try:
        with closing(read_database(path)) as db:
            counts = WebhookCounts(db).since(datetime.now(UTC) - RECENT)
    except sqlite3.Error:  # `check_data` says what is wrong with it
        return
    for each in counts:
        often = "once" if each.count == 1 else f"{each.count} times"
        said = f"A webhook delivery: {each.name} ({often}, last {each.last_at:%Y-%m-%d %H:%M} UTC)."
        yield Finding(said, FORMER_FIX if each.name == FORMER else UNUSED_FIX)
