"""Looking orders up by what was typed, several look-ups at once, answered from a short memory.

The memory is for turning pages and for typing the same again; whoever decides about an order reads
it anew. What the API cannot do is said: it searches no guests by name or phone number.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from cachetools import LRUCache

from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.customers import Customer
from bot.bigcommerce.http.errors import BigCommerceError, MissingScope, OrderNotFound
from bot.bigcommerce.http.paging import V2_LIMIT
from bot.bigcommerce.models import Order
from bot.lookup.phone import phone_spellings
from bot.lookup.search_terms import Wanted
from bot.process.cache import Cache

logger = logging.getLogger(__name__)

TTL_S = 30.0
LONG_AGO = datetime.min.replace(tzinfo=UTC)
MOST_KEPT = 200
# Each customer is a call.
MOST_CUSTOMERS = 8
CUT = (
    f"Of each customer the newest {V2_LIMIT} orders are listed. An older one is found by its "
    "number."
)
NO_SCOPE = (
    "Makegood's access token may not read customers (scope Customers: read-only), so only orders "
    "were searched. “python -m bot check” tells an admin more."
)


@dataclass(frozen=True, slots=True)
class Found:
    """The orders, newest first, and whose they are.

    `tried` says in plain sentences what was searched, `notes` what else there is to know.
    `is_near`: nobody is called like that, these come near.
    """

    orders: tuple[Order, ...] = ()
    customers: tuple[Customer, ...] = ()
    tried: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    is_near: bool = False


class Finder:
    """Finds. Every method raises BigCommerceError when the store cannot be asked."""

    def __init__(self, store: BigCommerceClient, *, ttl_s: float = TTL_S) -> None:
        self._store = store
        self._found = Cache(self._find, ttl_s=ttl_s, most=MOST_KEPT)
        self._latest: LRUCache[Wanted, Found] = LRUCache(MOST_KEPT)
        self._tokens: LRUCache[str, Wanted] = LRUCache(MOST_KEPT)

    def remember(self, wanted: Wanted) -> str:
        """Return a token for a list's buttons, which may hold nothing personal themselves."""
        token = secrets.token_urlsafe(9)
        self._tokens[token] = wanted
        return token

    def recall(self, token: str) -> Wanted | None:
        """Return what a token stands for; None when it is too old or from before a restart."""
        return self._tokens.get(token)

    def latest(self, wanted: Wanted) -> Found | None:
        """Return what was found last, however old; None when that is not kept any more."""
        return self._latest.get(wanted)

    def forget(self, wanted: Wanted) -> None:
        """Have it looked for anew, as something of it has changed."""
        self._found.forget(wanted)
        self._latest.pop(wanted, None)

    async def find(self, wanted: Wanted) -> Found:
        """Return what there is, at most some seconds old."""
        found = self._latest[wanted] = await self._found.get(wanted)
        return found

    async def _find(self, wanted: Wanted) -> Found:
        if wanted.customer_id is not None:
            return await self._of_customer(wanted.customer_id)
        if wanted.guest_of is not None:
            return await self._of_guest(wanted.guest_of)
        if wanted.email:
            return await self._by_email(wanted.email)
        if wanted.names:
            return await self._by_name(wanted)
        if wanted.order_id is None:
            return await self._by_phone(wanted)
        return await self._by_number(wanted, wanted.order_id)

    async def _by_number(self, wanted: Wanted, order_id: int) -> Found:
        try:
            return Found(orders=(await self._store.orders.get(order_id),))
        except OrderNotFound:
            tried = f"Order {order_id}: there is no such order in this store."
        if not wanted.phone:
            return Found(tried=(tried,))
        found = await self._by_phone(wanted)
        return replace(found, tried=(tried, *found.tried))

    async def _by_email(self, email: str) -> Found:
        orders, (customers, notes) = await asyncio.gather(
            self._store.orders.by_email(email),
            _if_allowed(self._store.customers.by_email(email)),
        )
        found = await self._with_orders(customers, orders)
        tried = ("The e-mail address on orders, guests' too, and of registered customers.",)
        return replace(found, tried=tried, notes=(*notes, *found.notes))

    async def _by_name(self, wanted: Wanted) -> Found:
        customers, notes = await _if_allowed(self._store.customers.by_name(wanted.names))
        tried = [
            "The first and last names of registered customers. BigCommerce does not search guests "
            "by name: a guest is found by e-mail address or order number."
        ]
        words = [word for word in wanted.names[0].split() if len(word) > 2][:4]
        is_near = not customers and not notes and len(words) > 1
        if is_near:
            tried.append("Each word of the name by itself.")
            parts = tuple(dict.fromkeys([*words, *(word.title() for word in words)]))
            customers, notes = await _if_allowed(self._store.customers.by_name(parts))
        found = await self._with_orders(customers)
        all_notes = (*notes, *found.notes)
        return replace(found, tried=tuple(tried), notes=all_notes, is_near=is_near)

    async def _by_phone(self, wanted: Wanted) -> Found:
        spellings = phone_spellings(wanted.phone, await self._country())
        customers, notes = await _if_allowed(self._store.customers.by_phone(spellings))
        found = await self._with_orders(customers)
        tried = (
            "The phone numbers of registered customers, in the usual ways to write them. "
            "BigCommerce compares them as they were typed, and does not search guests by phone.",
        )
        return replace(found, tried=tried, notes=(*notes, *found.notes))

    async def _country(self) -> str:
        """Return the country where a number without a code is dialled, "" when it is not told."""
        try:
            return (await self._store.info.get()).country_code
        except BigCommerceError as error:
            # A number with its code is found without it, and any as it was typed.
            logger.warning("country not read", extra={"error": str(error)})
            return ""

    async def _of_customer(self, customer_id: int) -> Found:
        (customer, notes), orders = await asyncio.gather(
            _one_if_allowed(self._store.customers.get(customer_id)),
            self._store.orders.of_customer(customer_id),
        )
        notes += _cut(orders)
        return Found(tuple(_newest_first(orders)), customer, ("This customer's orders.",), notes)

    async def _of_guest(self, order_id: int) -> Found:
        # The e-mail is read anew each time: only the order's number is kept.
        order = await self._store.orders.get(order_id)
        email = order.billing_address.email
        if not email.strip():
            return Found(orders=(order,), tried=("The order that was linked.",))
        found = await self._by_email(email)
        return replace(found, orders=tuple(_newest_first([*found.orders, order])))

    async def _with_orders(self, customers: list[Customer], orders: Sequence[Order] = ()) -> Found:
        """Return the customers with their orders, all read at once, and the orders given."""
        asked = customers[:MOST_CUSTOMERS]
        lists = await asyncio.gather(
            *(self._store.orders.of_customer(customer.id) for customer in asked)
        )
        found = _newest_first([*orders, *(order for orders in lists for order in orders)])
        cut = _cut(orders, *lists)
        notes = (
            (
                f"{len(customers)} customers or more match; these are the orders of the "
                f"{len(asked)} newest of them. Type more of the name to narrow it down.",
            )
            if len(customers) > len(asked)
            else ()
        )
        return Found(tuple(found), tuple(asked), notes=(*notes, *cut))


def _cut(*lists: Sequence[Order]) -> tuple[str, ...]:
    """Return what to say where a list is as long as one can be."""
    return (CUT,) if any(len(orders) >= V2_LIMIT for orders in lists) else ()


def _newest_first(orders: Iterable[Order]) -> list[Order]:
    by_id = {order.id: order for order in orders}
    return sorted(
        by_id.values(), key=lambda order: (order.date_created or LONG_AGO, order.id), reverse=True
    )


async def _if_allowed(
    customers: Awaitable[list[Customer]],
) -> tuple[list[Customer], tuple[str, ...]]:
    """Return the customers, or nobody and why; the scope is not needed for anything else."""
    try:
        return await customers, ()
    except MissingScope:
        return [], (NO_SCOPE,)


async def _one_if_allowed(
    customer: Awaitable[Customer | None],
) -> tuple[tuple[Customer, ...], tuple[str, ...]]:
    try:
        found = await customer
    except MissingScope:
        return (), (NO_SCOPE,)
    return (found,) if found else (), ()
