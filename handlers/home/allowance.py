"""What an agent may still give back today, before the limits stop them."""

from __future__ import annotations

from bot.actions.allowance import left_this_hour, left_today
from handlers.configuration.wording import Wording
from handlers.desk import Desk
from handlers.limits import spent
from handlers.person import Person


def allowance_lines(desk: Desk, person: Person, wording: Wording) -> list[str]:
    """Return what is left for this person, as mrkdwn; nothing where there is no limit.

    Days are the store's: where its zone is not known, the limits are told without what is left.
    """
    now = desk.configuration.current()
    limits = (("You, today", now.day_limit), ("All of you, this hour", now.hour_limit))
    if not wording.zone:
        return [f"{who}: up to {wording.amount(each)}" for who, each in limits if each is not None]
    so_far = spent(desk, person, wording.zone)
    left = (left_today(now, so_far), left_this_hour(now, so_far))
    return [
        f"{who}: {wording.amount(rest)} left of {wording.amount(limit)}"
        for (who, limit), rest in zip(limits, left, strict=True)
        if limit is not None and rest is not None
    ]
