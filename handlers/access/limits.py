"""Limits and approvals at the desk: read with the form, checked when the request is written down.

What the checks need of the store is read with the form and the review and kept in the draft, so
that the confirmation asks BigCommerce nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.actions.registry import ACTIONS
from bot.actions.rules.limits import (
    HOUR,
    NOBODY,
    LimitCheck,
    Verdict,
    check_limits,
    closed,
    has_approver,
    left,
)
from bot.actions.rules.sums import Sums
from bot.values.money import Money
from handlers.access.limit_sums import read_sums
from handlers.access.limit_words import limit_lines
from handlers.access.person import Person
from handlers.desk import Desk
from handlers.flow.form_context import Shop
from storage.log.entries import Hold
from storage.outbox.posts import BRAKE

TRIPPED = "tripped"


class LimitReached(Exception):
    """The request is refused; `verdict` says why."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.refusal)
        self.verdict = verdict


async def read_shop(desk: Desk) -> Shop:
    """Return what limits need of the store; raises BigCommerceError when it cannot be read."""
    store = await desk.catalogue.store()
    return Shop(currency=store.default_currency)


async def is_exempt(desk: Desk, person: Person) -> bool:
    """Tell whether the team's hour does not stop this person; asked only where there is one."""
    if desk.configuration.current().hour_limit is None:
        return False
    return await desk.access.is_approver(*person.ids)


def check_now(desk: Desk, check: LimitCheck) -> Verdict:
    """Return what goes for the request now; that the hour is used up is noted, for the channel."""
    verdict = checked_limits(desk, check)
    if verdict.brake:
        note_hourly_limit(desk, check)
    return verdict


def limits_used_up(desk: Desk, check: LimitCheck) -> str | None:
    """Return why nothing at all can be asked for, None when something can.

    Whom the used-up hour stops is said in the channel, too.
    """
    configuration, so_far = desk.configuration.current(check.actor_id), _sums(desk, check)
    no = closed(configuration, check, so_far)
    is_stopped = no is not None and not check.is_approver
    if is_stopped and left(configuration.hour_limit, so_far.hour) == 0:
        note_hourly_limit(desk, check)
    return no


def admitted(
    desk: Desk, check: LimitCheck, *, is_asking: bool, shown: dict[str, Any]
) -> Hold | None:
    """Return how the request is let in: at once (None), or held. Raises LimitReached.

    Called in the transaction that writes it down, so that nothing comes in between. `is_asking`:
    the person has been shown that this needs approval, and so it does.
    """
    verdict = checked_limits(desk, check)
    if verdict.refusal is not None:
        raise LimitReached(verdict)
    if not (verdict.needs_approval or is_asking):
        return None
    configuration = desk.configuration.current(check.actor_id)
    if not has_approver(configuration.approvers, but=check.actor_id):
        raise LimitReached(Verdict(f"Nothing was sent: {NOBODY}."))
    hours = timedelta(hours=configuration.approval_hours)
    facts = [*shown["facts"], *([["Why a second person", verdict.why]] if verdict.why else [])]
    return Hold(datetime.now(UTC) + hours, {**shown, "facts": facts})


def lines_for(desk: Desk, check: LimitCheck, comes_to: str = "") -> list[str]:
    """Return what limits this request, as lines of mrkdwn.

    `comes_to` is its amount where it is known already that this needs approval.
    """
    now = desk.configuration.current(check.actor_id)
    return limit_lines(now, check, _sums(desk, check), comes_to)


def note_hourly_limit(desk: Desk, check: LimitCheck) -> None:
    """Have the channel told once that the hour has stopped somebody."""
    limit = desk.configuration.current(check.actor_id).hour_limit
    if limit is None:
        return
    so_far = _sums(desk, check).hour
    content = {
        "actor_id": check.actor_id,
        "title": ACTIONS[check.action].title,
        "order_id": check.order_id,
        "worth": str(Money(amount=check.worth, currency=check.currency)) if check.worth else "",
        "spent": "" if so_far is None else str(Money(amount=so_far, currency=check.currency)),
        "limit": str(Money(amount=limit, currency=check.currency)),
    }
    desk.outbox.add_unless_since(BRAKE, content, wanted=TRIPPED, since=datetime.now(UTC) - HOUR)


def checked_limits(desk: Desk, check: LimitCheck) -> Verdict:
    """Return what goes for the request now. Only looking: a used-up hour is not noted."""
    return check_limits(desk.configuration.current(check.actor_id), check, _sums(desk, check))


def _sums(desk: Desk, check: LimitCheck) -> Sums:
    return read_sums(desk.log, desk.configuration.current(check.actor_id), check)
