"""What an agent may still refund today."""

from __future__ import annotations

from handlers.configuration.wording import Wording
from handlers.desk import Desk
from handlers.person import Person


def allowance_lines(desk: Desk, person: Person, wording: Wording) -> list[str]:
    """Return the limits that count for this person, as mrkdwn; nothing where there is none."""
    configuration = desk.configuration.current()
    limits = (
        ("Your limit for a day", configuration.day_limit),
        ("The whole team's limit for an hour", configuration.hour_limit),
    )
    return [f"{label}: {wording.amount(limit)}" for label, limit in limits if limit is not None]
