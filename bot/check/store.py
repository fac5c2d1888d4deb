"""BigCommerce: the token, each scope that the actions need, and the clocks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime

from bot.bigcommerce.client import BigCommerceClient, store_client
from bot.bigcommerce.http.errors import (
    BigCommerceError,
    MissingScope,
    NotAuthorised,
    NotFound,
    NotSent,
    Refused,
)
from bot.bigcommerce.refunds import ItemType, RefundItem
from bot.check.finding import Finding
from bot.config.settings import Settings

# No store has come that far: a call about it is answered 404 by whoever may make it.
NO_ORDER = 999_999_999
NO_CODE = "MAKEGOOD-CHECK"
SKEW_S = 60
ACCOUNTS = "BigCommerce's control panel > Settings > Store-level API accounts"

Probe = Callable[[], Awaitable[object]]


async def check_store(settings: Settings) -> AsyncIterator[Finding]:
    """Yield what is found about the store; stops when its token is refused."""
    store = store_client(settings, max_wait_s=15)
    try:
        first = await _profile(store)
        yield first
        if not first.fix:
            yield await _clock(store)
            for scope, need, probe in _probes(store):
                yield await _scope(scope, need, probe)
            for scope, without, probe in _optional_probes(store):
                yield await _optional_scope(scope, without, probe)
    finally:
        await store.close()


async def _profile(store: BigCommerceClient) -> Finding:
    try:
        profile = await store.info.get()
    except NotAuthorised:
        return Finding(
            "BigCommerce refuses the access token.",
            "Make a new API account under"
            f" {ACCOUNTS} and copy its token to BIGCOMMERCE_ACCESS_TOKEN; check that"
            " BIGCOMMERCE_STORE_HASH is the same store's.",
        )
    except MissingScope:
        return _missing("Information & Settings: read-only", "to know the store's name and time")
    except NotFound:
        return Finding("BigCommerce does not know this store.", "Check BIGCOMMERCE_STORE_HASH.")
    except BigCommerceError as exc:
        return _unclear("The store's profile", exc)
    return Finding(
        f"BigCommerce store {profile.name}: {profile.default_currency}, {profile.timezone_name}."
    )


async def _clock(store: BigCommerceClient) -> Finding:
    before = datetime.now(UTC)
    try:
        theirs = await store.info.time()
    except BigCommerceError as exc:
        return _unclear("BigCommerce's clock", exc)
    ours = before + (datetime.now(UTC) - before) / 2
    seconds = round((ours - theirs).total_seconds())
    if abs(seconds) > SKEW_S:
        way = "ahead of" if seconds > 0 else "behind"
        return Finding(
            f"This machine's clock is {abs(seconds)} seconds {way} BigCommerce's.",
            "Set it by NTP: expiry dates and the log depend on it.",
        )
    return Finding("Clock: agrees with BigCommerce's.")


def _probes(store: BigCommerceClient) -> tuple[tuple[str, str, Probe], ...]:
    """Return what to ask for: reads, and a quote for an order that there is not."""
    item = RefundItem(item_type=ItemType.PRODUCT, item_id=1, quantity=1)
    return (
        ("Orders: read-only", "to read orders", lambda: store.orders.get(NO_ORDER)),
        (
            "Orders: modify",
            "to cancel and refund",
            lambda: store.refunds.quote(NO_ORDER, [item]),
        ),
        (
            "Order Transactions: read-only",
            "to follow payments",
            lambda: store.payments.transactions(NO_ORDER),
        ),
        ("Marketing: modify", "to create discount codes", lambda: store.coupons.find(code=NO_CODE)),
        ("Products: read-only", "to choose categories", store.catalog.categories),
    )


async def _scope(scope: str, need: str, probe: Probe) -> Finding:
    try:
        await probe()
    except (MissingScope, NotAuthorised):
        return _missing(scope, need)
    except NotSent as exc:
        return _unclear(f"The scope {scope}", exc)
    except Refused:
        pass  # answered, so allowed: there is no such order
    except BigCommerceError as exc:
        return _unclear(f"The scope {scope}", exc)
    if scope == "Marketing: modify":
        # Only creating one would show more, and that would not be a look any more.
        return Finding(
            "BigCommerce scope Marketing: whether it is modify shows with the first discount code."
        )
    return Finding(f"BigCommerce scope {scope}.")


def _optional_probes(store: BigCommerceClient) -> tuple[tuple[str, str, Probe], ...]:
    """Return the scopes that only a part needs, with what it is that lacks without them."""
    return (
        (
            "Customers: read-only",
            "orders cannot be found by a customer's name or phone number, and no store credit is"
            " shown",
            lambda: store.customers.get(NO_ORDER),
        ),
        (
            "Channel Settings: read-only",
            "no discount code can be made for a single storefront",
            store.channels.storefronts,
        ),
        (
            "Store Inventory: modify",
            "refunded goods cannot be put back to stock",
            lambda: _adjust_nothing(store),
        ),
    )


async def _optional_scope(scope: str, without: str, probe: Probe) -> Finding:
    try:
        await probe()
    except (MissingScope, NotAuthorised):
        return Finding(
            f"BigCommerce scope {scope} is not there. Without it {without}; all else works."
        )
    except BigCommerceError as exc:
        return _unclear(f"The scope {scope}", exc)
    return Finding(f"BigCommerce scope {scope}.")


async def _adjust_nothing(store: BigCommerceClient) -> None:
    try:
        await store.inventory.adjust([], reason="Check")
    except (MissingScope, NotAuthorised):
        raise
    except Refused:
        return  # answered, so allowed


def _missing(scope: str, need: str) -> Finding:
    return Finding(
        f"BigCommerce scope {scope} is missing; it is needed {need}.",
        f"Make a new API account with it under {ACCOUNTS} and copy its token to"
        " BIGCOMMERCE_ACCESS_TOKEN: an account's scopes cannot be changed later.",
    )


def _unclear(what: str, exc: BigCommerceError) -> Finding:
    return Finding(
        f"{what} could not be read. {exc.reason}",
        "Check this machine's connection, proxy and BIGCOMMERCE_API_URL; if they are right, check"
        " again in a few minutes.",
    )
