"""Who may end a request by hand. Asked with every click and again with every form."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from bot.actions.registry import ACTIONS
from bot.actions.rules.limits import approval_reason, has_approver
from bot.actions.rules.sums import Sums
from bot.actions.rules.worth import counted_in, worth_of
from bot.values.outcome import Outcome
from handlers.access.limit_sums import entry_check
from handlers.access.person import Person
from handlers.desk import Desk
from storage.log.entries import Entry

OWN_REFUND = (
    "You asked for this refund, and it is above the amount that needs a second person. Somebody "
    "else has to say that the money was sent. Nothing was changed."
)
OWN_REQUEST = "You asked for this yourself, so an approver has to end it. Nothing was changed."


async def sender_refusal(desk: Desk, person: Person, entry: Entry) -> str | None:
    """Return why this person may not say that the money was sent, or take that back.

    Whoever may refund may; above the approval amount not the one who asked.
    """
    action = entry.action if entry.action in ACTIONS else None
    # It completes what was made, so it is not stopped by what was switched off since.
    if (no := await desk.access.refusal(*person.ids, action, even_off=True)) is not None:
        return no
    if person.user_id != entry.actor_id:
        return None
    if entry.held_until is not None:
        return OWN_REFUND
    check = entry_check(entry, currency="", given_back=None, is_approver=True)
    alone = replace(check, worth=await _worth(desk, entry))
    is_above = approval_reason(desk.configuration.current(person.user_id), alone, Sums())
    return OWN_REFUND if is_above else None


async def ender_refusal(
    desk: Desk, person: Person, entry: Entry, *, fresh: bool = False
) -> str | None:
    """Return why this person may not end what is unknown, None when they may.

    An approver who did not ask for it. Without a second person the one who asked may, and an admin.
    """
    if (no := await desk.access.refusal(*person.ids, fresh=fresh)) is not None:
        return no
    has_other = has_approver(desk.configuration.current().approvers, but=entry.actor_id)
    if person.user_id == entry.actor_id:
        return OWN_REQUEST if has_other else None
    no = await desk.access.approver_refusal(*person.ids, fresh=fresh, asked_by=entry.actor_id)
    if no is None or has_other:
        return no
    return None if await desk.access.admin_refusal(*person.ids, fresh=fresh) is None else no


async def _worth(desk: Desk, entry: Entry) -> Decimal | None:
    """Return what the request moves in the store's currency, None when that is not known.

    In 0.1, what was asked for while nothing was limited was not counted.
    """
    if entry.counted is None or (entry.counted == 0 and entry.outcome is None):
        return entry.counted
    currency = (await desk.catalogue.store()).default_currency
    if entry.counted > 0:
        return counted_in(entry.counted, entry.counted_in, currency)
    return worth_of(Outcome.model_validate(entry.outcome).amount, None, currency)
