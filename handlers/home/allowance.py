"""What an agent may still give within 24 hours, before the limits stop them."""

from __future__ import annotations

from decimal import Decimal

from bot.actions.rules.limits import LimitCheck, left
from handlers.configuration.wording import Wording
from handlers.desk import Desk
from handlers.limit_sums import read_sums
from handlers.person import Person


def allowance_lines(desk: Desk, person: Person, wording: Wording) -> list[str]:
    """Return what is left for this person, as mrkdwn; nothing where there is no limit."""
    now = desk.configuration.current(person.user_id)
    check = LimitCheck(*person.ids, "", None, Decimal(0), wording.currency)
    so_far = read_sums(desk.log, now, check)
    limits = (
        ("You, within 24 hours", now.day_limit, so_far.person),
        ("All of you, this hour", now.hour_limit, so_far.hour),
    )
    return [
        f"{who}: {wording.amount(left(limit, given))} left of {wording.amount(limit)}"
        for who, limit, given in limits
        if limit is not None
    ]
