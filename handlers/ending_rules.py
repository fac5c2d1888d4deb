"""Who may end a request by hand. Asked with every click and again with every form."""

from __future__ import annotations

from decimal import Decimal

from bot.actions import ACTIONS
from bot.actions.allowance import has_approver, needs_approval, worth_of
from bot.outcome import Outcome
from handlers.desk import Desk
from handlers.person import Person
from storage.entries import Entry

OWN_REFUND = (
    "You asked for this refund, and it is above the amount that needs a second person. Somebody "
    "else has to say that the money was sent. Nothing was changed."
)
OWN_REQUEST = "You asked for this yourself, so an approver has to end it. Nothing was changed."


async def sender_refusal(desk: Desk, person: Person, entry: Entry) -> str | None:
    """Return why this person may not say that the money was sent, or take that back.

    Whoever may refund may; above the approval amount not the one who asked.
    """
    if (no := await action_refusal(desk, person, entry)) is not None:
        return no
    if person.user_id != entry.actor_id:
        return None
    worth = await _worth(desk, entry)
    return OWN_REFUND if needs_approval(desk.configuration.current(), entry.action, worth) else None


async def ender_refusal(desk: Desk, person: Person, entry: Entry) -> str | None:
    """Return why this person may not end what is unknown, None when they may.

    An approver who did not ask for it. Without a second person the one who asked may, and an admin.
    """
    if (no := await desk.access.refusal(*person.ids)) is not None:
        return no
    has_other = has_approver(desk.configuration.current().approvers, but=entry.actor_id)
    if person.user_id == entry.actor_id:
        return OWN_REQUEST if has_other else None
    no = await desk.access.approver_refusal(*person.ids, asked_by=entry.actor_id)
    if no is None or has_other:
        return no
    return None if await desk.access.admin_refusal(*person.ids) is None else no


async def action_refusal(desk: Desk, person: Person, entry: Entry) -> str | None:
    """Return why this person may not do what the request does, None when they may."""
    # What follows from a request is for everybody who may use the bot, as before it was asked.
    action = entry.action if entry.action in ACTIONS else None
    return await desk.access.refusal(*person.ids, action)


async def _worth(desk: Desk, entry: Entry) -> Decimal | None:
    """Return what the request moves in the store's currency, None when that is not known.

    What was asked for while nothing was limited was not counted then.
    """
    if entry.counted is None or entry.counted > 0:
        return entry.counted
    if entry.outcome is None or desk.configuration.current().approval_above is None:
        return entry.counted
    store = await desk.catalogue.store()
    return worth_of(Outcome.model_validate(entry.outcome).amount, None, store.default_currency)
