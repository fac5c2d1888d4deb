"""What a request is worth in the store's default currency. Pure. None: that is not known."""

from __future__ import annotations

from decimal import ROUND_UP, Decimal

from bot.actions.action import MethodChoice, Review
from bot.actions.registry import gives_away
from bot.config.configuration import Configuration
from bot.values.money import Money


def worth_of(amount: Money | None, rate: Decimal | None, currency: str) -> Decimal | None:
    """Return an amount in the store's default currency, None when that cannot be known.

    `rate` is what one unit of that currency is in the amount's: orders keep the one of their day
    (orders.v2: `store_default_to_transactional_exchange_rate`). Rounded up: it is held against
    limits, never paid.
    """
    if amount is None:
        return Decimal(0)
    if amount.currency == currency:
        return amount.amount
    if rate is None or rate <= 0:
        return None
    return (amount.amount / rate).quantize(Decimal("0.01"), ROUND_UP)


def worth_of_review(review: Review, chosen: MethodChoice | None, currency: str) -> Decimal | None:
    """Return what the request counts that is confirmed with this review."""
    if chosen is None and review.is_worth_unknown:
        return None
    return worth_of(chosen.amount if chosen else review.worth, review.rate, currency)


def counted_in(worth: Decimal | None, was: str | None, currency: str) -> Decimal | None:
    """Return what was counted in the currency `was`; None where the store has another one now.

    No rate of that day is known. `was` None: it was not kept, before any store could have changed.
    """
    return worth if not worth or was in {None, currency} else None


def counted_worth(
    configuration: Configuration, action: str, worth: Decimal | None
) -> Decimal | None:
    """Return what a request counts: a code of unknown worth what the admins say, if they do."""
    is_unknown_code = worth is None and gives_away(action)
    return configuration.discount.unknown_counts_as if is_unknown_code else worth
