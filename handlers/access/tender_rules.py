"""What a person may not use is not offered in the review; `permission` says who may."""

from __future__ import annotations

from bot.actions.action import Review, RuleBroken
from handlers.access.permission import WHO
from handlers.access.person import Person
from handlers.access.tender import Tender
from handlers.desk import Desk


async def within_tender_rules(desk: Desk, person: Person, review: Review) -> Review:
    """Return the review with the methods that this person may use, and a notice about the others.

    Raises RuleBroken when none is left.
    """
    tenders = [Tender.of_method(each) for each in review.methods]
    refused = [
        method
        for method, tender in zip(review.methods, tenders, strict=True)
        if await desk.permission.tender_refusal(person, tender)
    ]
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
