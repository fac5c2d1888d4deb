"""What counts already when a request is judged, each request once. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.actions.discounts.create_discount_code import CREATE_DISCOUNT_CODE
from bot.actions.endings.found_in_store import FOUND_IN_STORE
from bot.actions.rules.given_back import GivenBack
from bot.actions.rules.worth import counted_in, counted_worth, worth_of
from bot.config.configuration import Configuration
from bot.values.money import Money
from storage.log.entries import Counted


@dataclass(frozen=True, slots=True)
class Sums:
    """What counts besides the request itself, in the store's default currency; None: not known.

    `order`: given back on the order ever, by anybody, and what was asked for on it. `customer`: to
    the customer in 30 days. `person`: asked for by the person in 24 hours. `hour`: what was let run
    in the last 60 minutes, of everybody's.

    `found` is the part of `person` that was found in the store: who asked for it is not known, so
    it counts for everybody until `found_until`; None: nothing was found.
    """

    order: Decimal | None = Decimal(0)
    customer: Decimal | None = Decimal(0)
    person: Decimal | None = Decimal(0)
    hour: Decimal | None = Decimal(0)
    found: Decimal | None = Decimal(0)
    found_until: datetime | None = None


def total(configuration: Configuration, rows: Iterable[Counted], currency: str) -> Decimal | None:
    """Return what these requests count together, None when one of them is not known."""
    return plus(_worth(configuration, row, currency) for row in rows)


def found_in_store(rows: Iterable[Counted]) -> list[Counted]:
    """Return those of these requests that were found in the store, and count anything."""
    return [row for row in rows if row.action == FOUND_IN_STORE.name and row.worth != 0]


def _worth(configuration: Configuration, row: Counted, currency: str) -> Decimal | None:
    if row.worth is None:
        return counted_worth(configuration, _action_of(row), None)
    return counted_in(row.worth, row.currency, currency)


def _action_of(row: Counted) -> str:
    # What was found in the store without an order is a code.
    is_code = row.action == FOUND_IN_STORE.name and row.order_id is None
    return CREATE_DISCOUNT_CODE.name if is_code else row.action


def plus(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """Return a sum, None when a part of it is not known."""
    known = Decimal(0)
    for amount in amounts:
        if amount is None:
            return None
        known += amount
    return known


def on_order(
    configuration: Configuration,
    given: GivenBack,
    rows: Sequence[Counted],
    *,
    currency: str,
    later: frozenset[str] = frozenset(),
    since: datetime | None = None,
) -> Decimal | None:
    """Return what was given back on the order, and what was asked for on it and is not there yet.

    `rows` are the log's requests on the order. `later` are requests that came after the one that is
    judged: they were held against it. `since`: only what was given or asked for from then on.
    """
    listed = [
        refund
        for refund in given.refunds
        if refund.reference not in later and (since is None or refund.created >= since)
    ]
    there = {refund.reference for refund in given.refunds}
    ids = {refund.refund_id for refund in given.refunds}
    missing = [
        row
        for row in rows
        if row.reference not in there
        and not ids & row.refund_ids
        and (since is None or row.at >= since)
    ]
    amount = sum((each.amount for each in listed), Decimal(0))
    back = Money(amount=amount, currency=given.currency) if amount else None
    return plus([worth_of(back, given.rate, currency), total(configuration, missing, currency)])
