"""Who may give a refund in a way that an admin keeps for some: recorded only, or as store credit.

Approvers and admins always may. What a person may not use is not offered in the review, and refused
again when it is confirmed and when it is approved.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.actions import ConfirmedRefund, MethodChoice, Review, RuleBroken
from bot.actions.methods import is_recorded_only
from bot.bigcommerce import RefundPayment
from bot.configuration import EVERYONE, People
from handlers.desk import Desk
from handlers.person import Person

WHO = "Approvers, admins and whom an admin has named in the Home tab may use it."


async def within_tender_rules(desk: Desk, person: Person, review: Review) -> Review:
    """Return the review with the methods that this person may use, and a notice about the others.

    Raises RuleBroken when none is left.
    """
    refused = [each for each in review.methods if await tender_refusal(desk, person, each)]
    if not refused:
        return review
    methods = tuple(each for each in review.methods if each not in refused)
    labels = ", ".join(method.label for method in refused)
    if not methods:
        raise RuleBroken(
            "", f"BigCommerce offers only this, and it is not for you: {labels}. {WHO}"
        )
    notice = f"Not for you: {labels}. {WHO}"
    return review.model_copy(update={"methods": methods, "notices": (*review.notices, notice)})


async def tender_refusal(desk: Desk, person: Person, method: MethodChoice) -> str | None:
    """Return why this person may not refund in this way now, None when they may."""
    configuration = desk.configuration.current()
    rules: list[People] = []
    if _is_recorded(method.payments):
        rules.append(configuration.recorded_only)
    if method.is_unasked_credit:
        rules.append(configuration.store_credit)
    for rule in rules:
        if rule != EVERYONE and not await desk.access.is_lead_or_among(*person.ids, rule):
            return f"“{method.label}” is not for you, so nothing was sent. {WHO}"
    return None


async def recorded_refusal(
    desk: Desk, person: Person, confirmed: ConfirmedRefund | None
) -> str | None:
    """Return why this person may not have that refund recorded now, None when they may."""
    rule = desk.configuration.current().recorded_only
    if confirmed is None or not _is_recorded(confirmed.payments) or rule == EVERYONE:
        return None
    if await desk.access.is_lead_or_among(*person.ids, rule):
        return None
    return f"A refund that is only recorded is not for everybody. {WHO}"


def _is_recorded(payments: Sequence[RefundPayment]) -> bool:
    return any(is_recorded_only(payment) for payment in payments)
