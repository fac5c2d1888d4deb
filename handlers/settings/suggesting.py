"""Amounts to begin with: from the store's last orders, by formulas that are shown with them.

Without enough orders, or while the store cannot be read, they are fixed figures.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.bigcommerce.http.errors import BigCommerceError
from bot.bigcommerce.models import Order
from bot.config.configuration import DiscountRules
from bot.values.money import has_decimals
from handlers.desk import Desk
from handlers.settings.names import Wording

logger = logging.getLogger(__name__)

READ_WITHIN_S = 1.5  # a submission may have to draw the form anew, within Slack's three seconds
FEWEST = 10
DAY, HOUR = 5, 10
NOT_BOUGHT = frozenset({0, 5, 6})  # incomplete, cancelled, declined
# In the store's currency, times `unit_of` it.
FIXED = (Decimal(100), Decimal(50))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An amount in the store's currency, and how it was come by, as plain text."""

    amount: Decimal
    why: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    """One for each amount of the form."""

    approval_above: Suggestion
    day_limit: Suggestion
    hour_limit: Suggestion
    most_worth: Suggestion


async def read_suggestions(desk: Desk, ceiling: Decimal | None, wording: Wording) -> Suggestions:
    """Return what to begin with."""
    try:
        async with asyncio.timeout(READ_WITHIN_S):
            store = await desk.catalogue.store()
            orders = await desk.catalogue.latest_orders()
    except (BigCommerceError, TimeoutError) as error:
        logger.info("orders not read for suggestions", extra={"error": type(error).__name__})
        return suggest([], ceiling, wording, why="The store's orders can't be read right now")
    totals = [total for order in orders if (total := _total(order, store.default_currency))]
    return suggest(totals, ceiling, wording, unit=unit_of(store.default_currency))


def suggest(
    totals: Sequence[Decimal],
    ceiling: Decimal | None,
    wording: Wording,
    *,
    unit: int = 1,
    why: str = "",
) -> Suggestions:
    """Return what to begin with, by the totals of the last orders in the store's currency.

    `ceiling`: what a percentage takes off one order usually; such a code shall need nobody.
    """
    least, ordered = ceiling or Decimal(0), sorted(totals)
    if len(ordered) >= FEWEST:
        most, middle = ordered[math.ceil(len(ordered) * 0.9) - 1], ordered[len(ordered) // 2]
        above = Suggestion(
            rounded_up(max(most, least)),
            f"9 in 10 of the last {len(ordered)} orders cost {wording.amount(most)} or less, "
            "rounded up.",
        )
        codes = Suggestion(
            rounded_up(max(middle / 4, least)),
            f"A quarter of the middle order, {wording.amount(middle)}, rounded up.",
        )
    else:
        why = why or f"Fewer than {FEWEST} orders to go by"
        above, codes = (
            Suggestion(rounded_up(max(each * unit, least)), f"{why}, so a fixed figure.")
            for each in FIXED
        )
    if codes.amount == rounded_up(least):
        codes = Suggestion(codes.amount, f"{wording.amount(least)}, the usual ceiling of a code.")
    return Suggestions(
        above,
        Suggestion(above.amount * DAY, f"{DAY} times the amount that needs approval."),
        Suggestion(above.amount * HOUR, f"{HOUR} times the amount that needs approval."),
        codes,
    )


def unit_of(currency: str) -> int:
    """Return what fixed figures are multiplied by: 100 where there is no smaller unit."""
    return 1 if has_decimals(currency) else 100


def suggested_ceiling(rules: DiscountRules, currency: str) -> Decimal | None:
    """Return what a percentage takes off one order at most, unless an agent says otherwise."""
    if rules.ceiling is None or rules.ceiling != DiscountRules().ceiling:
        return rules.ceiling
    return rules.ceiling * unit_of(currency)


def rounded_up(amount: Decimal) -> Decimal:
    """Return the next amount with two digits that count: 187.30 becomes 190, 1204 becomes 1300."""
    step = Decimal(1).scaleb(max(amount.adjusted() - 1, 0)) if amount else Decimal(1)
    rounded = (amount / step).to_integral_value(rounding="ROUND_CEILING") * step
    return rounded.quantize(Decimal("0.01"))


def _total(order: Order, currency: str) -> Decimal | None:
    """Return what an order came to in the store's currency; None where that is not known."""
    if order.status_id in NOT_BOUGHT or order.total_inc_tax <= 0:
        return None
    if order.currency == currency:
        return order.total_inc_tax
    return (order.total_inc_tax / order.rate).quantize(Decimal("0.01")) if order.rate else None
