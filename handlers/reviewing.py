"""The second half of the way: BigCommerce's figures are shown, confirmed, and the request is sent.

A review's view carries a mark of what it shows. Only the latest review of a draft can be confirmed,
so that nobody confirms what is no longer, or not yet, before their eyes.
"""

from __future__ import annotations

import dataclasses
import hashlib
import logging
import sqlite3
from collections.abc import Mapping
from typing import Any

from bot.actions import (
    RESTOCK_ITEMS,
    ActionRequest,
    ConfirmedRefund,
    MethodChoice,
    RefundRequest,
    Review,
    RuleBroken,
)
from bot.outcome import Status
from handlers.blocks import alert
from handlers.desk import Desk
from handlers.flow import Answer, NotYours, draw_form, own_draft, sent
from handlers.form import FieldErrors, FormState, submitted_values
from handlers.forms import FORMS
from handlers.notify import preview
from handlers.person import Person
from handlers.views import View, loading_view, notice_view, review_view
from storage.drafts import Draft
from storage.values import json_text

logger = logging.getLogger(__name__)

REPLACED = (
    "These are no longer the latest figures of this form, so nothing was sent. Start again with "
    "the command."
)
NOT_OFFERED = (
    "This way of paying is not offered for the refund. Nothing was sent. Start again with the "
    "command."
)
SENT_BEFORE = (
    "Something else was sent from this form before. Nothing new was sent: see the order's thread "
    "for what was, and start again with the command for the rest."
)
NOT_NOTED = (
    "This could not be noted on our side, so nothing was sent. Press the button again in a minute; "
    "if it stays like this, tell whoever runs Makegood that it cannot write to its disk."
)
ASKING = "Asking BigCommerce for the exact figures …"


async def review_draft(desk: Desk, person: Person, draft: Draft) -> View:
    """Return BigCommerce's own figures to confirm, or the form with what stands against it."""
    form = FORMS[draft.action]
    if (no := await desk.access.refusal(*person.ids, draft.action)) is not None:
        return notice_view(form.title, no)
    request = form.action.request_type.model_validate(draft.request)
    try:
        review = await form.action.review(request, desk.store)
    except RuleBroken as broken:
        return _overtaken(desk, draft) or draw_form(desk, draft, {broken.field: broken.text})
    if (view := _overtaken(desk, draft)) is not None:
        return view
    if isinstance(request, RefundRequest):
        review = _with_open_ends(desk, request.order_id, review)
    draft = dataclasses.replace(draft, step="review", review=review.model_dump(mode="json"))
    desk.drafts.save(draft)
    return draw_review(draft)


def _with_open_ends(desk: Desk, order_id: int, review: Review) -> Review:
    """Return the review with a warning for each request on the order whose end is unknown."""
    warnings = [
        f"It is still unknown what became of {entry.reference} on this order. Press Check again on "
        "it first: if it went through after all, this would pay the customer a second time."
        for entry in desk.log.of_order(order_id)
        if entry.status == Status.UNKNOWN and entry.action != RESTOCK_ITEMS.name
    ]
    return review.model_copy(update={"warnings": (*warnings[:5], *review.warnings)})


def _overtaken(desk: Desk, draft: Draft) -> View | None:
    """Return what to show when the draft was sent or filled in anew while it was reviewed."""
    latest = desk.drafts.find(draft.draft_id)
    if latest is None:
        raise NotYours
    if latest.step == "sent":
        return sent(desk, latest)
    if latest.request == draft.request:
        return None
    return draw_review(latest) if latest.review else loading_view(FORMS[draft.action].title, ASKING)


def draw_review(draft: Draft, method: str = "") -> View:
    """Return the review view with one of its refund methods chosen, the best by default.

    A choice that was made before the form was changed stands, where it is still offered.
    """
    review = _with_reason(Review.model_validate(draft.review), draft)
    best = review.methods[0] if review.methods else None
    chosen = _find_method(review, method or str(draft.values.get("method") or "")) or best
    mail = preview(draft, chosen)
    return review_view(FORMS[draft.action].title, _metadata(draft), review, chosen, mail)


def _with_reason(review: Review, draft: Draft) -> Review:
    """Return the review with the agent's reason: it is confirmed, too."""
    reason = str((draft.request or {}).get("reason") or "")
    facts = (*review.facts, ("Reason", reason)) if reason else review.facts
    return review.model_copy(update={"facts": facts})


async def confirm_review(
    desk: Desk, person: Person, view: Mapping[str, Any]
) -> tuple[Answer, Draft]:
    """Write the request down, start it, and only then return the answer to the confirmation.

    Raises FieldErrors for what the configuration no longer allows.
    """
    draft = own_draft(desk, person, view)
    if draft.review is None or view.get("private_metadata") != _metadata(draft):
        raise NotYours(REPLACED)
    request = FORMS[draft.action].action.request_type.model_validate(draft.request)
    review = Review.model_validate(draft.review)
    confirmed = _confirmed(request, _confirmed_method(review, view))
    if (no := await desk.access.refusal(*person.ids, draft.action)) is not None:
        raise NotYours(no)
    form = FORMS[draft.action]
    if refused := form.refusals(desk, FormState.of(draft), confirmed):
        raise FieldErrors(refused)
    is_new = await desk.runner.ask(
        draft.reference,
        draft.action,
        confirmed,
        team_id=person.team_id,
        actor_id=person.user_id,
    )
    if not is_new and desk.log.get(draft.reference).request != confirmed.model_dump(mode="json"):
        raise NotYours(SENT_BEFORE)
    return {"response_action": "update", "view": sent(desk, draft)}, draft


def mark_sent(desk: Desk, draft: Draft) -> None:
    """Close the draft. Slack need not wait for it: the log knows what was sent from the form."""
    try:
        desk.drafts.save(dataclasses.replace(draft, step="sent"))
    except sqlite3.Error:
        # The request is in the log, where the same confirmation finds it again.
        logger.exception("draft not marked as sent", extra={"reference": draft.reference})


def not_noted(desk: Desk, person: Person, view: Mapping[str, Any]) -> Answer:
    """Return the answer to a confirmation that could not be written down: the review once more."""
    draft = own_draft(desk, person, view)
    again = draw_review(draft, str(submitted_values(view).get("method") or ""))
    blocks = [alert(NOT_NOTED, level="error"), *again["blocks"]]
    return {"response_action": "update", "view": {**again, "blocks": blocks}}


def _metadata(draft: Draft) -> str:
    """Return the draft's id with a mark of the request and the figures that its review shows."""
    shown = json_text([draft.request, draft.review]).encode()
    return f"{draft.draft_id} {hashlib.sha256(shown).hexdigest()[:16]}"


def _confirmed_method(review: Review, view: Mapping[str, Any]) -> MethodChoice | None:
    """Return the method that the agent confirms, None where there is none; never another one."""
    if len(review.methods) <= 1:  # shown as a fact, nothing to choose
        return review.methods[0] if review.methods else None
    chosen = _find_method(review, str(submitted_values(view).get("method") or ""))
    if chosen is None:
        raise NotYours(NOT_OFFERED)
    return chosen


def _find_method(review: Review, method: str) -> MethodChoice | None:
    return next((entry for entry in review.methods if entry.key[:150] == method), None)


def _confirmed(request: ActionRequest, chosen: MethodChoice | None) -> ActionRequest:
    """Return the request with the figure and the method that the agent has just confirmed."""
    if chosen is None or not isinstance(request, RefundRequest):
        return request
    confirmed = ConfirmedRefund(total=chosen.amount, method=chosen.key, payments=chosen.payments)
    return request.model_copy(update={"confirmed": confirmed})
