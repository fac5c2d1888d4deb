"""`webhooks`: the store's webhooks for the bot: shown, switched on, switched off."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.app import StartError
from bot.bigcommerce.client import store_client
from bot.bigcommerce.http.errors import BigCommerceError
from bot.bigcommerce.webhooks import Hook
from bot.check.webhooks import check_deliveries
from bot.commands.shared import add_command
from bot.config.settings import Settings, read_settings
from bot.process.logs import printable, set_up_logging
from bot.webhooks.secret import secret_of
from bot.webhooks.setup import (
    Hooks,
    NoAddress,
    look_up,
    switch_hooks_off,
    switch_hooks_on,
    webhook_address,
)

if TYPE_CHECKING:
    from bot.commands.shared import Commands

UNSEEN = (
    "What another API token has made is not shown to this one: if Makegood had another token"
    " before, run this with that one, too."
)
MORE = """\
With webhooks, BigCommerce tells Makegood at once when an order is changed elsewhere: its status,
a refund, a declined payment. It appears in the order's thread, marked as made outside the bot.
Makegood works without them, too.

They need an https address that BigCommerce can reach on port 443, and something there (a reverse
proxy, a tunnel) that passes requests on to WEBHOOK_PORT. `on` may be run as often as you like: it
makes what is missing, switches on what BigCommerce has switched off, and deletes Makegood's own of
former addresses. While Makegood runs it does so by itself, once they have been switched on. `off`
deletes all of Makegood's. What other apps have made is never touched.

BigCommerce shows an API token only what that token's own API account has made. Before you replace
the token, run `off` with the old one; then run `on` with the new one."""


def add(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(
        commands, "webhooks", run, help="Set up BigCommerce's webhooks, or show them", more=MORE
    )
    parser.add_argument(
        "do",
        nargs="?",
        choices=("show", "on", "off"),
        default="show",
        help="what to do (default: %(default)s)",
    )
    parser.add_argument(
        "--url",
        metavar="ADDRESS",
        help="where BigCommerce reaches Makegood, https://... (default: the setting WEBHOOK_URL)",
    )


def run(options: argparse.Namespace) -> int:
    """Do it and say what is so then."""
    settings = read_settings()
    set_up_logging("ERROR")
    wanted = options.url or settings.webhook_url
    if wanted is None:
        raise StartError(
            "No address is set for webhooks. Give it with --url https://..., or set WEBHOOK_URL."
        )
    try:
        address = webhook_address(wanted)
    except NoAddress as why:
        raise StartError(f"{printable(wanted)} cannot be used for webhooks. {why}") from why
    return asyncio.run(_run(settings, options.do, address))


async def _run(settings: Settings, do: str, address: str) -> int:
    token = settings.bigcommerce_access_token.get_secret_value()
    secret = secret_of(token, settings.bigcommerce_store_hash)
    store = store_client(settings, max_wait_s=30)
    try:
        if do == "off":
            return _say_off(*await switch_hooks_off(store, address, secret), address)
        found = await (switch_hooks_on if do == "on" else look_up)(store, address, secret)
    except BigCommerceError as error:
        raise StartError(
            f"BigCommerce could not be asked. {error.reason} What was done so far stays; run this"
            " again."
        ) from error
    finally:
        await store.close()
    return _say(found, address, settings)


def _say_off(gone: Sequence[Hook], left: Hooks, address: str) -> int:
    print(f"Deleted {len(gone)} webhooks." if gone else "There were no webhooks of Makegood's.")
    for hook in left.own:
        print(f"  left     {_named(hook, address)}")
    for hook in left.others:
        print(f"  left     {_named(hook, address)}, which Makegood has not made")
    if left.own:
        print("\nBigCommerce still lists these. Run: python -m bot webhooks off")
    else:
        print("BigCommerce lists none of Makegood's any more for this API token.")
    print(UNSEEN)
    return 1 if left.own else 0


def _say(found: Hooks, address: str, settings: Settings) -> int:
    print(f"Webhooks to {address}:\n")
    for hook in found.active:
        print(f"  on       {printable(hook.scope)}")
    for hook in found.inactive:
        print(f"  {'outdated' if hook.is_active else 'off':<8} {_named(hook, address)}")
    for scope in found.missing:
        print(f"  missing  {scope}")
    for hook in found.stale:
        print(f"  former   {_named(hook, address)}")
    for hook in found.others:
        print(f"  other    {_named(hook, address)}, which Makegood has not made")
    for finding in check_deliveries(settings):
        print(f"\n{finding}")
    if not found.is_complete:
        print("\nSet this right with: python -m bot webhooks on")
        return 1
    if settings.webhook_port is None:
        print("\nSet WEBHOOK_PORT too, or python -m bot run will not take what is delivered.")
        return 1
    print(
        f"\nAll is set up. Pass requests on to {settings.webhook_host}, port"
        f" {settings.webhook_port}. The first ones may take a minute."
    )
    return 0


def _named(hook: Hook, address: str) -> str:
    elsewhere = "" if hook.destination == address else f" to {hook.destination}"
    return printable(f"{hook.scope}{elsewhere}")
