"""What limits a request, and who has to agree with it, in words. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from bot.actions.registry import gives_away
from bot.actions.rules.limits import FOUND, LimitCheck, has_approver, moves_money
from bot.actions.rules.sums import Sums
from bot.config.configuration import AMOUNT_NAMES, Configuration, People
from bot.values.money import Money
from handlers.block_kit.mrkdwn import date, mention, mention_group, one_of

SHOWN_APPROVERS = 12
CODE_COUNTS = "A code counts what it takes off one order at most, times its uses."


def approver_names(approvers: People, *, but: str = "", able: Sequence[str] | None = None) -> str:
    """Return who may approve, as mrkdwn; `but` is the one who asks and may not.

    `able` are those who can decide now, where that is known: others are not named.
    """
    if approvers.everyone:
        return "any other member of the channel"
    names = [mention_group(group_id) for group_id in approvers.group_ids]
    users = [user_id for user_id in approvers.user_ids if able is None or user_id in able]
    names += [mention(user_id) for user_id in users if user_id != but]
    more = len(names) - SHOWN_APPROVERS
    shown = names[:SHOWN_APPROVERS] + ([f"{more} others"] if more > 0 else [])
    return one_of(shown)


def limit_lines(
    configuration: Configuration, check: LimitCheck, sums: Sums, comes_to: str = ""
) -> list[str]:
    """Return what limits a request, as mrkdwn, most important first.

    `comes_to` is its amount where it is known already that this needs approval.
    """
    currency, is_code = check.currency, gives_away(check.action)

    def amount(value: Decimal) -> str:
        return str(_money(value, currency))

    lines = [
        approval_line(configuration, check.action, currency, check.actor_id, comes_to=comes_to),
        _given_line(configuration.approval_above, check, sums),
        *(f"{line}." for line in amount_lines(configuration, sums, amount)),
    ]
    said = [line for line in lines if line]
    return [*said, CODE_COUNTS] if said and is_code else said


def amount_lines(
    configuration: Configuration, sums: Sums, amount: Callable[[Decimal], str]
) -> list[str]:
    """Return the limits that are set and what is left of each, without a full stop."""
    said = []
    if configuration.limit is not None:
        said.append(f"{AMOUNT_NAMES['limit']}: {amount(configuration.limit)}")
    for name, limit, given in (
        ("Your daily limit", configuration.day_limit, sums.person),
        (AMOUNT_NAMES["hour_limit"], configuration.hour_limit, sums.hour),
    ):
        if limit is None:
            continue
        if given is None:
            said.append(f"{name}: {amount(limit)}, and what is used of it is not all known")
        else:
            rest = max(limit - given, Decimal(0))
            said.append(f"{name}: {amount(rest)} left of {amount(limit)}")
    if configuration.day_limit is not None and sums.found_until is not None:
        what = "A part" if sums.found is None else amount(sums.found)
        said.append(f"{what} of what is used {FOUND} {date(sums.found_until, time=True)}")
    return said


def _given_line(above: Decimal | None, check: LimitCheck, sums: Sums) -> str:
    """Return what was given before, and what more needs no second person; "" for nothing."""
    if above is None or not moves_money(check.action):
        return ""
    known = [each for each in (sums.order, sums.customer) if each is not None]
    given = max(known, default=Decimal(0))
    if not given:
        return ""
    where = "on this order" if given == sums.order else "to this customer in the last 30 days"
    rest = above - given
    more = (
        f"{_money(rest, check.currency)} more needs no approval"
        if rest > 0
        else "anything more needs approval"
    )
    return f"{_money(given, check.currency)} was given or asked for {where}, so {more}."


def approval_line(
    configuration: Configuration,
    action: str,
    currency: str,
    but: str,
    able: Sequence[str] | None = None,
    comes_to: str = "",
) -> str:
    """Return from which amount on a second person must agree, and who that is; "" for none.

    `able` are those who can decide now, where that is known. `comes_to` is an amount of which it is
    known that it needs approval.
    """
    above, always = configuration.approval_above, configuration.rule(action).always_approve
    if above is None and not always:
        return ""
    from_here = "always" if not above or always else f"above {_money(above, currency)}"
    if not has_approver(configuration.approvers, but=but):
        return (
            f"Needs approval {from_here}, and nobody else is set as approver; an admin sets them "
            "in the Home tab."
        )
    if able is not None and not able:
        return f"Needs approval {from_here}, and nobody can approve now."
    names = approver_names(configuration.approvers, but=but, able=able)
    if comes_to:
        return f"*This comes to {comes_to} and needs approval by {names}* ({from_here})."
    return f"Needs approval by {names} {from_here}."


def _money(amount: Decimal, currency: str) -> Money:
    return Money(amount=amount, currency=currency)
