"""The confirmation of a review: held against the limits, written down, started, then answered."""

from __future__ import annotations

import dataclasses
import logging
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.actions.action import ActionRequest, MethodChoice, Review
from bot.actions.refunds.request import ConfirmedRefund, RefundRequest
from handlers.access.limits import LimitReached, admitted, note_hourly_limit
from handlers.access.person import Person
from handlers.access.tender import Tender
from handlers.block_kit.builders import alert
from handlers.desk import Desk
from handlers.flow.asked_already import check_alone
from handlers.flow.form import FieldErrors, FormState, submitted_values
from handlers.flow.form_context import OpenedForm
from handlers.flow.opening import Answer, NotYours, own_draft, sent
from handlers.flow.review import check_of, draw_review, find_method, metadata, review_of
from handlers.flow.terms import shown_to_approver
from handlers.forms import FORMS
from handlers.windows.views import AGREED, agreed_value
from storage.form_drafts import Draft

logger = logging.getLogger(__name__)

REPLACED = (
    "These are no longer the latest figures of this form, so nothing was sent. Start again with "
    "the command."
)
NOT_OFFERED = (
    "This way of paying is not offered for the refund. Nothing was sent. Start again with the "
    "command."
)
OLD_FORM = (
    "Makegood was updated while you filled in this form, so nothing was sent. Start again with the "
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


NOT_AGREED = "Tick this if it is meant. Nothing was sent."


class NotAgreed(Exception):
    """Something is left out, and the box that says so was not ticked."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What somebody confirms: the review that they saw, and the request that follows from it."""

    draft: Draft
    review: Review
    chosen: MethodChoice | None
    request: ActionRequest


async def confirm_review(
    desk: Desk, person: Person, view: Mapping[str, Any]
) -> tuple[Answer, Draft]:
    """Write the request down, start it, and only then return the answer to the confirmation.

    Raises FieldErrors for what the configuration no longer allows, NotAgreed where the figure that
    is left out was not agreed to, AskedAlready where another one is for the whole order.
    """
    draft = own_draft(desk, person, view)
    if draft.review is None or view.get("private_metadata") != metadata(draft):
        raise NotYours(REPLACED)
    form, review = FORMS[draft.action], review_of(draft)
    chosen = _confirmed_method(review, view)
    _check_agreement(review, view)
    request = _confirmed(form.action.request_type.model_validate(draft.request), review, chosen)
    if (no := await desk.access.refusal(*person.ids, draft.action)) is not None:
        raise NotYours(no)
    tender = Tender.of_method(chosen) if chosen else None
    if (no := await desk.permission.tender_refusal(person, tender)) is not None:
        raise NotYours(no)
    if refused := form.refusals(desk, FormState.of(draft), request):
        raise FieldErrors(refused)
    is_new = await _ask(desk, person, Confirmation(draft, review, chosen, request))
    if not is_new and desk.log.get(draft.reference).request != request.model_dump(mode="json"):
        raise NotYours(SENT_BEFORE)
    return {"response_action": "update", "view": await sent(desk, draft)}, draft


async def _ask(desk: Desk, person: Person, confirmation: Confirmation) -> bool:
    """Write the request down if the limits let it in; NotYours when they do not."""
    draft, review, chosen = confirmation.draft, confirmation.review, confirmation.chosen
    opened = OpenedForm.of(draft.context)
    if opened.shop is None:
        raise NotYours(OLD_FORM)
    check = await check_of(desk, person, draft, review, chosen, opened.shop.currency)
    shown = shown_to_approver(review, chosen, confirmation.request.reason, opened.customer)
    is_asking = bool(opened.approval)
    try:
        with desk.runner.noting(draft.reference):
            if desk.log.find(draft.reference) is not None:
                return False
            check_alone(desk.log, draft.action, draft.order_id, but=draft.reference)
            desk.runner.note(
                draft.reference,
                draft.action,
                confirmation.request,
                team_id=person.team_id,
                actor_id=person.user_id,
                counted=check.worth,
                counted_in=check.currency,
                customer=check.customer,
                hold=admitted(desk, check, is_asking=is_asking, shown=shown),
            )
    except LimitReached as reached:
        if reached.verdict.brake:
            note_hourly_limit(desk, check)
        raise NotYours(str(reached)) from reached
    await desk.runner.begin(draft.reference)
    return True


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
    again = draw_review(draft, review_of(draft), str(submitted_values(view).get("method") or ""))
    blocks = [alert(NOT_NOTED, level="error"), *again["blocks"]]
    return {"response_action": "update", "view": {**again, "blocks": blocks}}


def _confirmed_method(review: Review, view: Mapping[str, Any]) -> MethodChoice | None:
    """Return the method that the agent confirms, None where there is none; never another one."""
    if len(review.methods) <= 1:  # shown as a fact, nothing to choose
        return review.methods[0] if review.methods else None
    chosen = find_method(review, str(submitted_values(view).get("method") or ""))
    if chosen is None:
        raise NotYours(NOT_OFFERED)
    return chosen


def _check_agreement(review: Review, view: Mapping[str, Any]) -> None:
    """Raise NotAgreed unless the box with the figure that is left out was ticked."""
    if not review.must_confirm:
        return
    ticked = [value for value, _ in submitted_values(view).get(AGREED) or []]
    if ticked != [agreed_value(review)]:
        raise NotAgreed


def _confirmed(
    request: ActionRequest, review: Review, chosen: MethodChoice | None
) -> ActionRequest:
    """Return the request with the figure and the method that the agent has just confirmed."""
    if chosen is None or not isinstance(request, RefundRequest):
        return request
    confirmed = ConfirmedRefund(
        total=chosen.amount,
        method=chosen.key,
        payments=chosen.payments,
        left_out=review.left_out,
        items=review.items,
        status=review.status,
        is_unasked_credit=chosen.is_unasked_credit,
    )
    return request.model_copy(update={"confirmed": confirmed})
