"""A customer at a glance: what they bought and got back within a year, in a few calls.

Counted are the orders placed within the window, and the refunds made on those: a rate above 100 %
cannot come about, and currencies are never mixed. Refunds count from the moment that BigCommerce
accepts them; what it only records counts once a person has sent the money.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bot.actions.orders.snapshot import OrderSnapshot
from bot.actions.refunds.tenders import is_recorded_only
from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.customers import Customer
from bot.bigcommerce.http.errors import MissingScope
from bot.bigcommerce.models import Order
from bot.bigcommerce.refunds import Refund
from bot.values.money import Money

WINDOW = timedelta(days=365)
PAGES = 2  # of fifty orders
MOST_ORDERS = PAGES * 50
INCOMPLETE = 0


@dataclass(frozen=True, slots=True)
class Turnover:
    """What was paid within the window in one currency, and what of it was given back."""

    spent: Money
    refunded: Money

    @property
    def rate(self) -> Decimal | None:
        """The part that was given back in percent, None where nothing was paid."""
        if self.spent.amount <= 0:
            return None
        return self.refunded.amount / self.spent.amount * 100


@dataclass(frozen=True, slots=True)
class CustomerSummary:
    """What is known of a customer. `is_cut`: there are more than `MOST_ORDERS`, the newest count.

    `order_ids` are all the counted orders', `recent` how many of them are within the window;
    `store_credit` None: a guest has none, or it could not be read.
    """

    name: str
    is_guest: bool
    order_ids: tuple[int, ...]
    recent: int
    turnovers: tuple[Turnover, ...]
    store_credit: Money | None = None
    is_cut: bool = False


async def load_customer_summary(
    store: BigCommerceClient,
    who: Order | Customer,
    *,
    default_currency: str,
    sent_by_hand: Callable[[Sequence[int]], frozenset[int]] = lambda order_ids: frozenset(),
) -> CustomerSummary:
    """Read the customer, or the guest by the order's e-mail: four calls for most, 16 at most.

    `sent_by_hand` tells which recorded refunds of these orders a person has sent the money of.
    Raises BigCommerceError when the orders or refunds cannot be read.
    """
    customer_id = who.id if isinstance(who, Customer) else who.customer_id
    customer, orders = await asyncio.gather(
        _customer(store, who, customer_id), _orders(store, who, customer_id)
    )
    is_cut = len(orders) >= MOST_ORDERS
    orders = [order for order in orders if order.status_id != INCOMPLETE]
    since = datetime.now(UTC) - WINDOW
    # One whose date is not told counts: better one too many than a refund that is left out.
    recent = [order for order in orders if (order.date_created or since) >= since]
    refunds = await store.refunds.of_orders([order.id for order in recent])
    sent = sent_by_hand([order.id for order in recent])
    moved = [_moved(refund) if refund.id not in sent else refund for refund in refunds]
    snapshots = [
        OrderSnapshot(order, refunds=tuple(r for r in moved if r.order_id == order.id))
        for order in recent
    ]
    credit = None
    if customer is not None:
        credit = Money(amount=customer.store_credit, currency=default_currency)
    return CustomerSummary(
        name=_name(who, customer),
        is_guest=not customer_id,
        order_ids=tuple(order.id for order in orders),
        recent=len(recent),
        turnovers=_turnovers(snapshots),
        store_credit=credit,
        is_cut=is_cut,
    )


async def _customer(
    store: BigCommerceClient, who: Order | Customer, customer_id: int
) -> Customer | None:
    if isinstance(who, Customer) or not customer_id:
        return who if isinstance(who, Customer) else None
    try:
        return await store.customers.get(customer_id)
    except MissingScope:  # then there is no store credit to show, and all else is
        return None


async def _orders(store: BigCommerceClient, who: Order | Customer, customer_id: int) -> list[Order]:
    if customer_id:
        return await store.orders.of_customer(customer_id, pages=PAGES)
    email = who.billing_address.email.strip() if isinstance(who, Order) else ""
    if not email:
        return [who] if isinstance(who, Order) else []
    return await store.orders.by_email(email, pages=PAGES)


def _moved(refund: Refund) -> Refund:
    """Return the refund without what BigCommerce only records."""
    payments = tuple(each for each in refund.payments if not is_recorded_only(each))
    recorded = sum((each.amount for each in refund.payments if each not in payments), Decimal(0))
    total = refund.total_amount - recorded
    return refund.model_copy(update={"total_amount": total, "payments": payments})


def _name(who: Order | Customer, customer: Customer | None) -> str:
    if customer is not None:
        return customer.name
    return OrderSnapshot(who).customer_name if isinstance(who, Order) else who.name


def _turnovers(snapshots: Sequence[OrderSnapshot]) -> tuple[Turnover, ...]:
    """Return one for each currency, the one with the most orders first."""
    currencies = [snapshot.order.currency for snapshot in snapshots]
    found = []
    for currency in sorted(set(currencies), key=lambda c: (-currencies.count(c), c)):
        of_it = [snapshot for snapshot in snapshots if snapshot.order.currency == currency]
        spent = sum((snapshot.paid.amount for snapshot in of_it), Decimal(0))
        refunded = sum((snapshot.refunded.amount for snapshot in of_it), Decimal(0))
        found.append(
            Turnover(
                Money(amount=spent, currency=currency), Money(amount=refunded, currency=currency)
            )
        )
    return tuple(found)
