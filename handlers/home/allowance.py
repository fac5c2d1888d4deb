"""What limits an agent, and what is left of it."""

from __future__ import annotations

from decimal import Decimal

from bot.actions.rules.limits import LimitCheck
from handlers.access.limit_sums import read_sums
from handlers.access.limit_words import amount_lines
from handlers.access.person import Person
from handlers.desk import Desk
from handlers.settings.names import Wording


def allowance_lines(desk: Desk, person: Person, wording: Wording) -> list[str]:
    """Return it for this person, as mrkdwn; nothing where there is no limit."""
    now = desk.configuration.current(person.user_id)
    check = LimitCheck(*person.ids, "", None, Decimal(0), wording.currency)
    so_far = read_sums(desk.log, now, check)
    return amount_lines(now, so_far, wording.amount)
