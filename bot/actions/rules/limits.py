"""Limits and approvals: what the configuration says to a request of a certain worth. Pure.

Money is judged by what leaves, whatever the action is called: what is asked for now, together with
what was given before on the same order and to the same customer, is held against `approval_above`;
with what the person has asked for in 24 hours, against `day_limit`; with what was let run in 60
minutes, against `hour_limit`. A worth that is not known is above everything. An approver's yes
lifts `approval_above` and the hour, and nothing else: the other limits hold for everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from bot.actions.discounts.create_discount_code import CREATE_DISCOUNT_CODE
from bot.actions.registry import gives_away, is_refund
from bot.actions.rules.customer import NOBODY as NO_CUSTOMER
from bot.actions.rules.customer import CustomerKeys
from bot.actions.rules.given_back import GivenBack
from bot.actions.rules.sums import Sums
from bot.actions.rules.worth import counted_worth
from bot.config.configuration import Configuration, People
from bot.values.money import Money

HOUR = timedelta(hours=1)
DAY = timedelta(hours=24)
CUSTOMER_TIME = timedelta(days=30)
NOBODY = (
    "a second person must approve it, and nobody else is set as approver; an admin sets them in "
    "the Home tab"
)
COLLEAGUE = "It is for any 24 hours: ask a colleague, or do it later."
FOUND = "was found in BigCommerce, as after a restore, and counts for everybody until"
UNKNOWN_CODE = (
    "what this code gives away in all is not known, as it has no number of uses, no ceiling, or "
    "free shipping"
)


@dataclass(frozen=True, slots=True)
class LimitCheck:
    """A request as limits see it. `worth` is in the store's `currency`, None: not known.

    `given_back` None: there is no order, or its refunds could not be read. `is_approver`: the hour
    does not stop it. `reference` and `asked_at` are of a request that is in the log already and is
    judged again: then only what came before it counts; "" and None: it is asked for now.
    """

    team_id: str
    actor_id: str
    action: str
    order_id: int | None
    worth: Decimal | None
    currency: str
    customer: CustomerKeys = NO_CUSTOMER
    given_back: GivenBack | None = None
    is_approver: bool = False
    reference: str = ""
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What goes for a request. `refusal` is a sentence, None when it may be asked for.

    `brake`: it is the team's hour that refuses. `needs_approval`: a second person must agree, and
    `why` says it in a sentence with the figures.
    """

    refusal: str | None = None
    brake: bool = False
    needs_approval: bool = False
    why: str = ""


def check_limits(configuration: Configuration, check: LimitCheck, sums: Sums) -> Verdict:
    """Return what the configuration says now to a request, given what counts already."""
    worth = counted_worth(configuration, check.action, check.worth)
    refusal = _over_limit(configuration, check, worth) or _over_day(
        configuration, check, worth, sums
    )
    if refusal:
        return Verdict(f"Nothing was sent: {refusal}")
    if not check.is_approver and (stopped := _over_hour(configuration, check, worth, sums)):
        return Verdict(f"Nothing was sent: {stopped}", brake=True)
    why = approval_reason(configuration, check, sums)
    if not why:
        return Verdict()
    if not has_approver(configuration.approvers, but=check.actor_id):
        return Verdict(f"Nothing was sent: {NOBODY}. {why}")
    return Verdict(needs_approval=True, why=why)


def approval_reason(configuration: Configuration, check: LimitCheck, sums: Sums) -> str:
    """Return why a second person must agree, a sentence with the figures; "" where none must."""
    if configuration.rule(check.action).always_approve:
        return "This always needs a second person."
    above = configuration.approval_above
    worth = counted_worth(configuration, check.action, check.worth)
    if above is None or worth == 0:
        return ""
    limit = _money(above, check)
    if worth is None:
        what = (
            f"{UNKNOWN_CODE[0].upper()}{UNKNOWN_CODE[1:]}. It counts"
            if gives_away(check.action)
            else f"BigCommerce does not tell what this is in {check.currency}. It counts"
        )
        return f"{what} as more than {limit}."
    if worth > above:
        return f"This comes to {_money(worth, check)}, above {limit}."
    for before, where in (
        (sums.order, "given back or asked for on this order"),
        (sums.customer, "this customer got in the last 30 days"),
    ):
        if before is None:
            return (
                f"What was {where} is not all known in {check.currency}: it may be above {limit}."
            )
        if before + worth > above:
            return (
                f"With the {_money(before, check)} {where} it is "
                f"{_money(before + worth, check)}, above {limit}."
            )
    return ""


def has_approver(approvers: People, *, but: str) -> bool:
    """Tell whether somebody else than this person may be an approver."""
    others = set(approvers.user_ids) - {but}
    return approvers.everyone or bool(approvers.group_ids) or bool(others)


def left(limit: Decimal | None, so_far: Decimal | None) -> Decimal | None:
    """Return what is left of a limit; None without one. Of a sum that is not known nothing is."""
    if limit is None:
        return None
    return Decimal(0) if so_far is None else max(limit - so_far, Decimal(0))


def closed(configuration: Configuration, check: LimitCheck, sums: Sums) -> str | None:
    """Return why nothing at all can be asked for, whatever it is worth; None when something can."""
    always = configuration.rule(check.action).always_approve
    if always and not has_approver(configuration.approvers, but=check.actor_id):
        return f"Nothing was sent: {NOBODY}."
    if not moves_money(check.action):
        return None
    day, hour = configuration.day_limit, configuration.hour_limit
    if day is not None and sums.person is not None and left(day, sums.person) == 0:
        used_up = f"Nothing was sent: your daily limit, {_money(day, check)}, is used up."
        return f"{used_up} {_later(check, sums)}"
    is_full = hour is not None and sums.hour is not None and left(hour, sums.hour) == 0
    if hour is not None and is_full and not check.is_approver:
        return (
            f"Nothing was sent: the hourly limit for the team, {_money(hour, check)}, is used up. "
            "Only approvers can go on now."
        )
    return None


def unbounded_codes(configuration: Configuration) -> str:
    """Return how codes without an order are bounded where one person has no daily limit.

    They count toward no order and no customer, so their sum is held against limits of time alone.
    "" where a daily limit is set, or where each of them needs a second person or can't be made.
    """
    rule, above = configuration.rule(CREATE_DISCOUNT_CODE.name), configuration.approval_above
    if configuration.day_limit is not None or not rule.enabled or rule.always_approve or above == 0:
        return ""
    is_hour_left = configuration.hour_limit is not None and not configuration.approvers.everyone
    bound = "only the hourly limit for the team" if is_hour_left else "nothing"
    return (
        "Codes without an order count toward no order and no customer: without a daily limit per "
        f"person, {bound} bounds how much one person gives with them."
    )


def moves_money(action: str) -> bool:
    """Tell whether an action of this name gives money back or away."""
    return is_refund(action) or gives_away(action)


def _over_limit(
    configuration: Configuration, check: LimitCheck, worth: Decimal | None
) -> str | None:
    if configuration.limit is None:
        return None
    if worth is None:
        return _not_comparable(check)
    if worth <= configuration.limit:
        return None
    return (
        f"this comes to {_money(worth, check)}, above the limit per request, "
        f"{_money(configuration.limit, check)}. It is for everybody; an admin sets it in the Home "
        "tab."
    )


def _over_day(
    configuration: Configuration, check: LimitCheck, worth: Decimal | None, sums: Sums
) -> str | None:
    if configuration.day_limit is None or worth == 0:
        return None
    if worth is None:
        return _not_comparable(check)
    if sums.person is None:
        unknown = _sum_unknown("you asked for in the last 24 hours", "your daily limit", check)
        return f"{unknown} {_found(check, sums)}".rstrip()
    rest = left(configuration.day_limit, sums.person) or Decimal(0)
    if worth <= rest:
        return None
    return (
        f"this comes to {_money(worth, check)}, and of your daily limit {_money(rest, check)} is "
        f"left. {_later(check, sums)}"
    )


def _later(check: LimitCheck, sums: Sums) -> str:
    """Return what can be done about a daily limit that is in the way."""
    if not (found := _found(check, sums)):
        return COLLEAGUE
    return f"{found} Until then an admin can set another limit in the Home tab."


def _found(check: LimitCheck, sums: Sums) -> str:
    """Return what counts for everybody, as it is not known who asked for it; "" for nothing."""
    if sums.found_until is None:
        return ""
    what = "A part" if sums.found is None else str(_money(sums.found, check))
    until = f"{sums.found_until.day} {sums.found_until:%B %Y, %H:%M} UTC"
    return f"{what} of what is used {FOUND} {until}: who asked for it is not known."


def _over_hour(
    configuration: Configuration, check: LimitCheck, worth: Decimal | None, sums: Sums
) -> str | None:
    if configuration.hour_limit is None or worth == 0:
        return None
    if worth is None:
        return _not_comparable(check)
    if sums.hour is None:
        about = "the hourly limit for the team"
        return _sum_unknown("the team gave in the last 60 minutes", about, check)
    if sums.hour + worth <= configuration.hour_limit:
        return None
    return (
        f"this comes to {_money(worth, check)}, and of the hourly limit for the team, "
        f"{_money(configuration.hour_limit, check)}, {_money(sums.hour, check)} is used. Only "
        "approvers can go on now; they have been told in the channel."
    )


def _not_comparable(check: LimitCheck) -> str:
    if gives_away(check.action):
        return (
            f"{UNKNOWN_CODE}. So it cannot be held against the limits. What such codes count "
            "is set by an admin in the Home tab under Discount codes."
        )
    return (
        f"BigCommerce does not tell what this is in {check.currency}, so it cannot be held against "
        "the limits. Refund it in the BigCommerce control panel."
    )


def _sum_unknown(what: str, limit: str, check: LimitCheck) -> str:
    return (
        f"what {what} is not all known in {check.currency}, so this cannot be held against "
        f"{limit}. Try again later. Where it was a discount code, an admin sets in the Home tab "
        "under Discount codes what such a code counts."
    )


def _money(amount: Decimal, check: LimitCheck) -> Money:
    return Money(amount=amount, currency=check.currency)
