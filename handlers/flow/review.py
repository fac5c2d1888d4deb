"""BigCommerce's own figures, shown to be confirmed.

A review's view carries a mark of what it shows. Only the latest review of a draft can be confirmed,
so that nobody confirms what is no longer, or not yet, before their eyes
(`handlers.flow.confirmation`).
"""

from __future__ import annotations

import dataclasses
import hashlib
import logging

from bot.actions.action import MethodChoice, Review, RuleBroken
from bot.actions.refunds.request import RefundRequest
from bot.actions.registry import leaves_mark
from bot.actions.requested import describe_request
from bot.actions.rules.limits import LimitCheck
from bot.actions.rules.worth import worth_of_review
from bot.values.outcome import Status
from handlers.access.limits import check_now, is_exempt, read_shop
from handlers.access.person import Person
from handlers.access.tender_rules import within_tender_rules
from handlers.desk import Desk
from handlers.flow.asked_already import asked_already, asked_already_view
from handlers.flow.form_context import OpenedForm
from handlers.flow.notification_box import preview
from handlers.flow.opening import Filled, NotYours, draw_form, sent
from handlers.flow.terms import customer_lines, review_terms
from handlers.forms import FORMS
from handlers.windows.views import View, loading_view, notice_view, review_view
from storage.form_drafts import Draft
from storage.values import json_text

logger = logging.getLogger(__name__)

NOT_OFFERED_NOW = "The way of paying that you chose before is not offered for this refund."
ASKING = "Asking BigCommerce for the exact figures …"


async def review_draft(desk: Desk, person: Person, filled: Filled) -> View:
    """Return BigCommerce's own figures to confirm, or the form with what stands against it."""
    draft, request = filled.draft, filled.request
    form = FORMS[draft.action]
    if (no := await desk.access.refusal(*person.ids, draft.action)) is not None:
        return notice_view(form.title, no)
    other = asked_already(desk.log, draft.action, draft.order_id, but=draft.reference)
    if other is not None:
        return await asked_already_view(desk, form.title, other)
    try:
        review = await form.action.review(request, desk.store)
        review = await within_tender_rules(desk, person, review)
    except RuleBroken as broken:
        return await _overtaken(desk, draft) or draw_form(desk, draft, {broken.field: broken.text})
    if (view := await _overtaken(desk, draft)) is not None:
        return view
    if isinstance(request, RefundRequest):
        review = _with_open_ends(desk, request.order_id, review)
    shop = await read_shop(desk)
    best = review.methods[0] if review.methods else None
    verdict = check_now(desk, await check_of(desk, person, draft, review, best, shop.currency))
    if verdict.refusal is not None:
        return await _overtaken(desk, draft) or draw_form(desk, draft, {"": verdict.refusal})
    approval = await review_terms(desk, draft, verdict)
    customer = await customer_lines(desk, draft.order_id) if approval else []
    # Nothing is awaited from here on: a draft that was overtaken meanwhile is left alone.
    if (view := await _overtaken(desk, draft)) is not None:
        return view
    opened = OpenedForm.of(draft.context).model_copy(
        update={"shop": shop, "approval": approval, "customer": tuple(customer)}
    )
    draft = dataclasses.replace(
        draft,
        step="review",
        review=review.model_dump(mode="json"),
        context={**draft.context, **opened.saved()},
    )
    desk.drafts.save(draft)
    return draw_review(draft, review)


def _with_open_ends(desk: Desk, order_id: int, review: Review) -> Review:
    """Return the review with a warning for each request on the order whose end is unknown."""
    unsettled = desk.log.open_of(order_id)
    warnings = [
        f"{describe_request(entry)} waits for approval already ({entry.reference}). Ask for more "
        "only if both are meant."
        for entry in unsettled
        if entry.is_waiting
    ]
    warnings += [
        f"It is still unknown what became of {entry.reference} on this order. Press Check again on "
        "it first: if it went through after all, this would pay the customer a second time."
        for entry in unsettled
        if entry.status == Status.UNKNOWN and leaves_mark(entry.action)
    ]
    return review.model_copy(update={"warnings": (*warnings[:5], *review.warnings)})


async def _overtaken(desk: Desk, draft: Draft) -> View | None:
    """Return what to show when the draft was sent or filled in anew while it was reviewed."""
    latest = desk.drafts.find(draft.draft_id)
    if latest is None:
        raise NotYours
    if latest.step == "sent":
        return await sent(desk, latest)
    if latest.request == draft.request:
        return None
    if latest.review is None:
        return loading_view(FORMS[draft.action].title, ASKING)
    return draw_review(latest, review_of(latest))


def review_of(draft: Draft) -> Review:
    """Return the review that a draft keeps; it must have one."""
    return Review.model_validate(draft.review)


def draw_review(draft: Draft, review: Review, method: str = "") -> View:
    """Return the draft's review as a view, one of its refund methods chosen, the best by default.

    A choice that was made before the form was changed stands, where it is still offered.
    """
    review = _with_reason(review, draft)
    best = review.methods[0] if review.methods else None
    wanted = method or str(draft.values.get("method") or "")
    found = find_method(review, wanted)
    chosen = found or best
    if wanted and chosen is not None and found is None:
        review = review.model_copy(update={"warnings": (*review.warnings, NOT_OFFERED_NOW)})
    mail = preview(draft, chosen)
    title, approval = FORMS[draft.action].title, OpenedForm.of(draft.context).approval
    return review_view(title, metadata(draft), review, chosen, mail, approval=approval)


def _with_reason(review: Review, draft: Draft) -> Review:
    """Return the review with the agent's reason: it is confirmed, too."""
    reason = str((draft.request or {}).get("reason") or "")
    facts = (*review.facts, ("Reason", reason)) if reason else review.facts
    return review.model_copy(update={"facts": facts})


async def check_of(
    desk: Desk,
    person: Person,
    draft: Draft,
    review: Review,
    chosen: MethodChoice | None,
    currency: str,
) -> LimitCheck:
    """Return what the limits are held against; `currency` is the store's default one."""
    return LimitCheck(
        *person.ids,
        draft.action,
        draft.order_id,
        worth_of_review(review, chosen, currency),
        currency,
        customer=review.customer,
        given_back=review.given_back,
        is_approver=await is_exempt(desk, person),
    )


def metadata(draft: Draft) -> str:
    """Return the draft's id with a mark of the request and the figures that its review shows."""
    shown = json_text([draft.request, draft.review]).encode()
    return f"{draft.draft_id} {hashlib.sha256(shown).hexdigest()[:16]}"


def find_method(review: Review, method: str) -> MethodChoice | None:
    """Return the refund method with this key, None where it is not offered."""
    return next((entry for entry in review.methods if entry.key == method), None)
