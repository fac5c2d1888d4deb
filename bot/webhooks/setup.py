"""The bot's hooks in the store: found, made and switched on, deleted. Nobody else's are touched.

A hook is the bot's when its destination is the bot's address. BigCommerce switches a hook off after
90 days without events, or two days of failing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.bigcommerce import HOOK_SCOPES, BigCommerceClient, Hook
from bot.webhooks.secret import HEADER


class NoAddress(Exception):
    """The address cannot be one for webhooks; `str()` says why."""


@dataclass(frozen=True, slots=True)
class Hooks:
    """What there is at an address: what works, what does not, and scopes that have no hook."""

    active: tuple[Hook, ...]
    inactive: tuple[Hook, ...]
    missing: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every scope has its active hook."""
        return not self.inactive and not self.missing


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
    """Return what there is at this address. A hook with another secret counts as inactive."""
    own = await _own(store, address)
    active = [hook for hook in own if hook.is_active and _secret(hook) == secret]
    return Hooks(
        active=tuple(active),
        inactive=tuple(hook for hook in own if hook not in active),
        missing=tuple(scope for scope in HOOK_SCOPES if scope not in {hook.scope for hook in own}),
    )


async def switch_on(store: BigCommerceClient, address: str, secret: str) -> Hooks:
    """Make what is missing, switch on what is off, and return how it is then.

    Nothing is made twice: after an answer that was lost, the next call finds what it made.
    """
    found = await look_up(store, address, secret)
    headers = {HEADER: secret}
    for hook in found.inactive:
        await store.activate_hook(hook.id, headers)
    for scope in found.missing:
        await store.create_hook(scope, address, headers)
    return await look_up(store, address, secret)


async def switch_off(store: BigCommerceClient, address: str) -> Sequence[Hook]:
    """Delete the hooks at this address and return them."""
    own = await _own(store, address)
    for hook in own:
        await store.delete_hook(hook.id)
    return own


async def _own(store: BigCommerceClient, address: str) -> list[Hook]:
    hooks = [hook for hook in await store.get_hooks() if hook.destination == address]
    return [hook for hook in hooks if hook.scope in HOOK_SCOPES]


def _secret(hook: Hook) -> str:
    headers = {name.lower(): value for name, value in hook.headers.items()}
    return headers.get(HEADER.lower(), "")
