"""The demo's webhooks: set up in the made-up store as in a real one, delivered on this machine.

The store's own rule stays true: it takes https addresses only. Which port on this machine stands
for the address's host is told to the sandbox alone.
"""

from __future__ import annotations

import socket

from bot.bigcommerce.client import BigCommerceClient
from bot.sandbox.server import HOST, Sandbox
from bot.webhooks.secret import secret_of
from bot.webhooks.setup import switch_hooks_on

NAME = "makegood.example"
ADDRESS = f"https://{NAME}/webhooks"


async def webhook_settings(sandbox: Sandbox) -> dict[str, str]:
    """Set the webhooks up in a running sandbox, and return the settings for the bot."""
    with socket.create_server((HOST, 0)) as free:
        port = int(free.getsockname()[1])
    sandbox.store.hook_hosts[NAME] = f"http://{HOST}:{port}"
    settings = sandbox.environment()
    store_hash, token = (settings[f"BIGCOMMERCE_{n}"] for n in ("STORE_HASH", "ACCESS_TOKEN"))
    store = BigCommerceClient(store_hash=store_hash, access_token=token, api_url=sandbox.url)
    try:
        await switch_hooks_on(store, ADDRESS, secret_of(token, store_hash))
    finally:
        await store.close()
    return {"WEBHOOK_URL": ADDRESS, "WEBHOOK_PORT": str(port), "WEBHOOK_HOST": HOST}
