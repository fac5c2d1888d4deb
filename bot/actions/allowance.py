"""Limits and approvals: what the configuration says to a request of a certain worth. Pure.

Worth is in the store's default currency. None means that it is not known: it is above everything.
An approver's yes lifts `approval_above` and nothing else; a limit holds for everybody. The brake
(`hour_limit`) holds for everybody but approvers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_UP, Decimal

from bot.actions import MethodChoice, Review, is_refund
from bot.actions.typed import zone_of
from bot.configuration import Configuration, People
from bot.money import Money

BRAKE_HOURS = timedelta(hours=1)
NOBODY = (
    "a second person must approve it, and nobody is set as approver; an admin sets them in the "
    "Home tab"
)


@dataclass(frozen=True, slots=True)
class Spent:
    """What counts already: by this person since midnight in the store, by everybody this hour."""

    today: Decimal = Decimal(0)
    this_hour: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What goes for a request. `refusal` is a sentence, None when it may be asked for.

    `brake`: it is the store-wide brake that refuses. `needs_approval`: a second person must agree.
    """

    refusal: str | None = None
    brake: bool = False
    needs_approval: bool = False


def judge(
    configuration: Configuration,
    action: str,
    worth: Decimal | None,
    spent: Spent,
    *,
    currency: str,
    actor_id: str,
    is_approver: bool,
) -> Verdict:
    """Return what the configuration says now to a request worth that much."""
    refusal = _over_limit(configuration, worth, spent, currency)
    if refusal is not None:
        return Verdict(refusal)
    if not is_approver and (stopped := _over_brake(configuration, worth, spent, currency)):
        return Verdict(stopped, brake=True)
    if not needs_approval(configuration, action, worth):
        return Verdict()
    if not has_approver(configuration.approvers, but=actor_id):
        return Verdict(f"Nothing was sent: {NOBODY}.")
    return Verdict(needs_approval=True)


def is_limited(configuration: Configuration, action: str) -> bool:
    """Tell whether anything limits the action, whatever it is worth."""
    limits = (
        configuration.limit,
        configuration.approval_above,
        configuration.day_limit,
        configuration.hour_limit,
    )
    is_limited = any(limit is not None for limit in limits)
    return is_limited or configuration.rule(action).always_approve


def needs_approval(configuration: Configuration, action: str, worth: Decimal | None) -> bool:
    """Tell whether a second person must agree to a request worth that much."""
    above = configuration.approval_above
    is_above = above is not None and (worth is None or worth > above)
    return is_above or configuration.rule(action).always_approve


def has_approver(approvers: People, *, but: str) -> bool:
    """Tell whether somebody else than this person may be an approver."""
    others = set(approvers.user_ids) - {but}
    return approvers.everyone or bool(approvers.group_ids) or bool(others)


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
    return worth_of(chosen.amount if chosen else review.worth, review.rate, currency)


def midnight(now: datetime, zone: str) -> datetime:
    """Return when the day began that it is in this time zone; in UTC for one unknown here."""
    return now.astimezone(zone_of(zone)).replace(hour=0, minute=0, second=0, microsecond=0)


def left_today(configuration: Configuration, spent: Spent) -> Decimal | None:
    """Return what a person may still ask for today, None without a limit."""
    if configuration.day_limit is None:
        return None
    return max(configuration.day_limit - spent.today, Decimal(0))


def left_this_hour(configuration: Configuration, spent: Spent) -> Decimal | None:
    """Return what may still be asked for before the brake stops all, None without a brake."""
    if configuration.hour_limit is None:
        return None
    return max(configuration.hour_limit - spent.this_hour, Decimal(0))


def closed(
    configuration: Configuration,
    action: str,
    spent: Spent,
    *,
    actor_id: str,
    is_approver: bool,
) -> str | None:
    """Return why nothing at all can be asked for, whatever it is worth; None when something can."""
    always = configuration.rule(action).always_approve
    if always and not has_approver(configuration.approvers, but=actor_id):
        return f"Nothing was sent: {NOBODY}."
    if not is_refund(action):
        return None
    if left_today(configuration, spent) == 0:
        return (
            "Nothing was sent: your limit for today is used up. Ask a colleague to do it, or do it "
            "tomorrow."
        )
    if left_this_hour(configuration, spent) == 0 and not is_approver:
        return (
            "Nothing was sent: all that the store gives back in an hour was asked for in the last "
            "60 minutes. Only approvers can go on now."
        )
    return None


def _over_limit(
    configuration: Configuration, worth: Decimal | None, spent: Spent, currency: str
) -> str | None:
    limit, day_limit = configuration.limit, configuration.day_limit
    if worth is None and not (limit is None and day_limit is None):
        return _not_comparable(currency)
    if limit is not None and worth is not None and worth > limit:
        most = Money(amount=limit, currency=currency)
        return (
            f"Nothing was sent: this comes to {Money(amount=worth, currency=currency)}, and one "
            f"request may come to {most} at most. The limit is for everybody; an admin sets it in "
            "the Home tab."
        )
    left = left_today(configuration, spent)
    if left is not None and worth is not None and worth > left and worth > 0:
        return (
            f"Nothing was sent: this comes to {Money(amount=worth, currency=currency)}, and of "
            f"your limit for today {Money(amount=left, currency=currency)} is left. Ask a "
            "colleague to do it, or do it tomorrow."
        )
    return None


def _over_brake(
    configuration: Configuration, worth: Decimal | None, spent: Spent, currency: str
) -> str | None:
    if configuration.hour_limit is None or worth == 0:
        return None
    if worth is None:
        return _not_comparable(currency)
    if spent.this_hour + worth <= configuration.hour_limit:
        return None
    most = Money(amount=configuration.hour_limit, currency=currency)
    return (
        f"Nothing was sent: the store gives back {most} an hour at most, and with this it would be "
        f"more ({Money(amount=spent.this_hour, currency=currency)} so far). Only approvers can go "
        "on now; they have been told in the channel."
    )


def _not_comparable(currency: str) -> str:
    return (
        f"Nothing was sent: BigCommerce does not tell what this is in {currency}, so it cannot be "
        "held against the limits. Refund it in the BigCommerce control panel."
    )
