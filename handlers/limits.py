"""Limits and approvals at the desk: read with the form, checked when the request is written down.

What the checks need of the store (its currency and its zone) is read with the form and kept in the
draft, so that the confirmation asks BigCommerce nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.actions import ACTIONS
from bot.actions.allowance import (
    BRAKE_HOURS,
    NOBODY,
    Spent,
    Verdict,
    closed,
    has_approver,
    is_limited,
    judge,
    left_this_hour,
    left_today,
    midnight,
)
from bot.money import Money
from handlers.approval_words import limit_lines
from handlers.desk import Desk
from handlers.person import Person
from storage import Admit, Hold

BRAKE = "brake"
TRIPPED = "tripped"


class LimitReached(Exception):
    """The request is refused; `verdict` says why."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.refusal)
        self.verdict = verdict


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to do, and what that is worth in the store's default currency.

    `worth` None: that is not known. `shop` is what `read_shop` has returned.
    """

    person: Person
    action: str
    order_id: int | None
    worth: Decimal | None
    shop: Mapping[str, str]
    is_approver: bool = False

    @property
    def currency(self) -> str:
        """The store's default currency."""
        return self.shop["currency"]


async def read_shop(desk: Desk, action: str) -> dict[str, str]:
    """Return the store's currency and zone, {} where nothing limits the action.

    Raises BigCommerceError when the store cannot be read.
    """
    if not is_limited(desk.configuration.current(), action):
        return {}
    store = await desk.catalogue.store()
    return {"currency": store.default_currency, "zone": store.timezone_name}


def spent(desk: Desk, person: Person, zone: str) -> Spent:
    """Return what counts already, by the log as it is."""
    now, ids = datetime.now(UTC), {"team_id": person.team_id, "actor_id": person.user_id}
    return Spent(
        today=desk.log.counted_since(midnight(now, zone), **ids),
        this_hour=desk.log.counted_since(now - BRAKE_HOURS),
    )


async def is_exempt(desk: Desk, person: Person) -> bool:
    """Tell whether the brake does not stop this person; asked only where there is one."""
    if desk.configuration.current().hour_limit is None:
        return False
    return await desk.access.is_approver(*person.ids)


def weigh(desk: Desk, wish: Wish) -> Verdict:
    """Return what goes for the wish now; the brake's trip is noted, to be said in the channel."""
    verdict = judged(desk, wish)
    if verdict.brake:
        note_trip(desk, wish)
    return verdict


def nothing_left(desk: Desk, wish: Wish) -> str | None:
    """Return why nothing at all can be asked for, None when something can.

    Whom the used-up hour stops is said in the channel, too.
    """
    configuration = desk.configuration.current()
    so_far = spent(desk, wish.person, wish.shop["zone"])
    no = closed(
        configuration,
        wish.action,
        so_far,
        actor_id=wish.person.user_id,
        is_approver=wish.is_approver,
    )
    is_stopped = no is not None and not wish.is_approver
    if is_stopped and left_this_hour(configuration, so_far) == 0:
        note_trip(desk, wish)
    return no


def admission(desk: Desk, wish: Wish, *, is_asking: bool, shown: dict[str, Any]) -> Admit:
    """Return what decides in the log's own transaction; it raises LimitReached.

    `is_asking`: the person has been shown that this needs approval, and so it does.
    """

    def admit() -> Hold | None:
        verdict = judged(desk, wish)
        if verdict.refusal is not None:
            raise LimitReached(verdict)
        if not (verdict.needs_approval or is_asking):
            return None
        configuration = desk.configuration.current()
        if not has_approver(configuration.approvers, but=wish.person.user_id):
            raise LimitReached(Verdict(f"Nothing was sent: {NOBODY}."))
        hours = timedelta(hours=configuration.approval_hours)
        return Hold(datetime.now(UTC) + hours, shown)

    return admit


def lines_for(desk: Desk, person: Person, action: str, shop: Mapping[str, str]) -> list[str]:
    """Return what limits this person's use of the action, as lines of mrkdwn."""
    if not shop:
        return []
    configuration = desk.configuration.current()
    so_far = spent(desk, person, shop["zone"])
    return limit_lines(
        configuration,
        action,
        currency=shop["currency"],
        but=person.user_id,
        left_today=left_today(configuration, so_far),
        left_this_hour=left_this_hour(configuration, so_far),
    )


def note_trip(desk: Desk, wish: Wish) -> None:
    """Have the channel told once that the brake has stopped somebody."""
    limit = desk.configuration.current().hour_limit
    if limit is None:
        return
    so_far = spent(desk, wish.person, wish.shop["zone"])
    content = {
        "actor_id": wish.person.user_id,
        "title": ACTIONS[wish.action].title,
        "order_id": wish.order_id,
        "worth": str(Money(amount=wish.worth, currency=wish.currency)) if wish.worth else "",
        "spent": str(Money(amount=so_far.this_hour, currency=wish.currency)),
        "limit": str(Money(amount=limit, currency=wish.currency)),
    }
    desk.notices.add_unless_since(
        BRAKE, content, wanted=TRIPPED, since=datetime.now(UTC) - BRAKE_HOURS
    )


def judged(desk: Desk, wish: Wish) -> Verdict:
    """Return what goes for the wish now. Only looking: a trip of the brake is not noted."""
    return judge(
        desk.configuration.current(),
        wish.action,
        wish.worth,
        spent(desk, wish.person, wish.shop["zone"]),
        currency=wish.currency,
        actor_id=wish.person.user_id,
        is_approver=wish.is_approver,
    )
