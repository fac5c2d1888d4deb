"""The bot's hooks in the store: found, made, renewed and deleted. Nobody else's are touched.

A hook is the bot's when it bears the bot's header, whatever its secret and address, or when it
sends one of the bot's scopes to the bot's address. BigCommerce lists those of the token's own API
account alone: hooks that another token made are neither seen nor changed from here. It switches a
hook off after 90 days without events, or two days of failing.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.http.errors import BigCommerceError
from bot.bigcommerce.webhooks import HOOK_SCOPES, Hook
from bot.webhooks.secret import HEADER

logger = logging.getLogger(__name__)


class NoAddress(Exception):
    """The address cannot be one for webhooks; `str()` says why."""


@dataclass(frozen=True, slots=True)
class Hooks:
    """What the store lists.

    Of the bot's: what works, what is off or has another secret, scopes without a hook, and what is
    `stale`: to a former address, of a former scope, or there twice. `others` come to the bot's
    address and are not the bot's.
    """

    active: tuple[Hook, ...]
    inactive: tuple[Hook, ...]
    missing: tuple[str, ...]
    stale: tuple[Hook, ...] = ()
    others: tuple[Hook, ...] = ()

    @property
    def own(self) -> tuple[Hook, ...]:
        """All of the bot's."""
        return (*self.active, *self.inactive, *self.stale)

    @property
    def is_complete(self) -> bool:
        """Whether every scope has its active hook, and there is none besides."""
        return not (self.inactive or self.missing or self.stale)


def webhook_address(text: str) -> str:
    """Return an address as BigCommerce takes it: https, on the usual port. Raises NoAddress."""
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError as error:
        raise NoAddress("That is no address.") from error
    if parts.scheme != "https" or not parts.hostname:
        raise NoAddress("BigCommerce delivers to https addresses only.")
    if port not in (None, 443):
        raise NoAddress("BigCommerce delivers to port 443 only, the usual one of https.")
    if parts.username is not None or parts.query or parts.fragment:
        raise NoAddress("The address should be a plain one: https, a name and a path.")
    return f"https://{parts.hostname}{parts.path or '/'}"


async def look_up(store: BigCommerceClient, address: str, secret: str) -> Hooks:
    """Return what there is. A hook with another secret counts as inactive."""
    hooks = await store.hooks.all()
    there = [hook for hook in hooks if _leads_to(hook, address)]
    own = [hook for hook in hooks if _secret(hook) is not None]
    own += [hook for hook in there if hook not in own and hook.scope in HOOK_SCOPES]
    # Of two for one scope, the one that works stays.
    own.sort(key=lambda hook: (not _works(hook, secret), hook.destination != address, hook.id))
    kept: dict[str, Hook] = {}
    for hook in own:
        if hook in there and hook.scope in HOOK_SCOPES:
            kept.setdefault(hook.scope, hook)
    return Hooks(
        active=tuple(hook for hook in kept.values() if _works(hook, secret)),
        inactive=tuple(hook for hook in kept.values() if not _works(hook, secret)),
        missing=tuple(scope for scope in HOOK_SCOPES if scope not in kept),
        stale=tuple(hook for hook in own if kept.get(hook.scope) != hook),
        others=tuple(hook for hook in there if hook not in own),
    )


async def switch_hooks_on(store: BigCommerceClient, address: str, secret: str) -> Hooks:
    """Make what is missing, renew what does not work, delete what is stale; return what is then.

    Nothing is made twice: after an answer that was lost, the next call finds what it made.
    """
    found = await look_up(store, address, secret)
    headers = {HEADER: secret}
    for hook in found.inactive:
        await store.hooks.activate(hook.id, headers)
    for scope in found.missing:
        await store.hooks.create(scope, address, headers)
    for hook in found.stale:
        await store.hooks.delete(hook.id)
    return await look_up(store, address, secret)


async def mend(store: BigCommerceClient, address: str, secret: str) -> Hooks | None:
    """Switch on what should be on, and return what is then; None when nothing was to be done.

    Where the bot has no hook at all nobody has switched them on, or somebody has switched them off.
    """
    found = await look_up(store, address, secret)
    if found.is_complete or not found.own:
        return None
    return await switch_hooks_on(store, address, secret)


async def switch_hooks_off(
    store: BigCommerceClient, address: str, secret: str
) -> tuple[Sequence[Hook], Hooks]:
    """Delete all of the bot's hooks; return which are gone, and what there is then."""
    own = (await look_up(store, address, secret)).own
    for hook in own:
        try:
            await store.hooks.delete(hook.id)
        except BigCommerceError as error:  # the others are deleted all the same
            logger.warning("hook not deleted", extra={"hook": hook.id, "error": str(error)})
    left = await look_up(store, address, secret)
    kept = {hook.id for hook in left.own}
    return [hook for hook in own if hook.id not in kept], left


def _leads_to(hook: Hook, address: str) -> bool:
    try:
        return webhook_address(hook.destination) == address
    except NoAddress:
        return False


def _works(hook: Hook, secret: str) -> bool:
    return hook.is_active and _secret(hook) == secret


def _secret(hook: Hook) -> str | None:
    headers = {name.lower(): value for name, value in hook.headers.items()}
    return headers.get(HEADER.lower())
