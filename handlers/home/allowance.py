"""What limits an agent, and what is left of it."""

from __future__ import annotations

from decimal import Decimal

from bot.actions.rules.limits import LimitCheck
from handlers.configuration.wording import Wording
from handlers.desk import Desk
from handlers.limit_sums import read_sums
from handlers.limit_words import amount_lines
from handlers.person import Person


def allowance_lines(desk: Desk, person: Person, wording: Wording) -> list[str]:
    """Return it for this person, as mrkdwn; nothing where there is no limit."""
    now = desk.configuration.current(person.user_id)
    check = LimitCheck(*person.ids, "", None, Decimal(0), wording.currency)
    so_far = read_sums(desk.log, now, check)
    return amount_lines(now, so_far, wording.amount)
