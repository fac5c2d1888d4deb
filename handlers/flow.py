"""The way every action takes through Slack: command or button, form, review, sent. Written once.

Each step is checked on the server: who acts, and that the draft is theirs. What a view carries back
is only the draft's id. A request's reference is made with its draft, so the same confirmation
delivered twice is the same request.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from bot.actions import (
    ActionRequest,
    ConfirmedRefund,
    MethodChoice,
    RefundRequest,
    Review,
    RuleBroken,
)
from bot.actions.eligibility import allowed_actions, refusal
from bot.actions.snapshot import OrderSnapshot, load_snapshot
from handlers.card import offer, summary
from handlers.desk import Desk
from handlers.form import ActionForm, FieldErrors, FormState, submitted_blocks, submitted_values
from handlers.forms import FORMS
from handlers.person import Person
from handlers.views import (
    EXPIRED,
    NOT_ALLOWED,
    View,
    choice_view,
    form_view,
    loading_view,
    notice_view,
    number_view,
    review_view,
    sent_view,
)
from storage.drafts import Draft
from storage.references import new_reference

Answer = dict[str, Any]  # the arguments of ack()
NO_ORDER_NEEDED = "create_discount_code"


class NotYours(Exception):
    """The step belongs to a draft that is gone or somebody else's; `text` is for the person."""

    def __init__(self, text: str = EXPIRED) -> None:
        super().__init__(text)
        self.text = text


def title_of(candidates: Sequence[str], order_id: int | None = None) -> str:
    """Return the modal's title for what may be asked."""
    if len(candidates) == 1:
        return FORMS[candidates[0]].title
    return f"Order {order_id}" if order_id else "Which order?"


async def first_view(
    desk: Desk, person: Person, candidates: Sequence[str], order_id: int | None
) -> View:
    """Return the first view: the order's number, the choice, the form, or why not."""
    title = title_of(candidates, order_id)
    if not await desk.access.is_allowed(person.team_id, person.user_id):
        return notice_view(title, NOT_ALLOWED)
    if order_id is None:
        if candidates[0] != NO_ORDER_NEEDED:
            return number_view(title, " ".join(candidates))
        return await start_form(desk, person, FORMS[NO_ORDER_NEEDED], None)
    snapshot = await load_snapshot(desk.store, order_id)
    possible = [name for name in candidates if refusal(snapshot.order, name) is None]
    if not possible:
        return refused_view(snapshot, candidates)
    if len(possible) > 1:
        ways = [
            (FORMS[name].does, button)
            for name, button in zip(possible, offer(possible, order_id), strict=True)
        ]
        return choice_view(title, summary(snapshot), ways)
    return await start_form(desk, person, FORMS[possible[0]], snapshot)


def refused_view(snapshot: OrderSnapshot, candidates: Sequence[str]) -> View:
    """Return why the order does not allow it, with buttons for what it does allow."""
    text = refusal(snapshot.order, candidates[0]) or ""
    instead = [name for name in allowed_actions(snapshot.order) if name not in candidates]
    buttons = offer(instead, snapshot.order.id)
    return notice_view(title_of(candidates, snapshot.order.id), text, buttons=buttons)


async def start_form(
    desk: Desk, person: Person, form: ActionForm[Any], snapshot: OrderSnapshot | None
) -> View:
    """Begin a draft and return its form."""
    context = await form.load(desk, snapshot)
    draft = desk.drafts.create(
        reference=new_reference(),
        team_id=person.team_id,
        actor_id=person.user_id,
        action=form.action.name,
        order_id=snapshot.order.id if snapshot else None,
    )
    return draw_form(desk, dataclasses.replace(draft, context=context))


def draw_form(desk: Desk, draft: Draft, errors: Mapping[str, str] | None = None) -> View:
    """Return the draft's form as it was filled in, with what is wrong next to the fields."""
    form = FORMS[draft.action]
    state = FormState.of(draft, errors)
    state.context = {**draft.context, "drawn": int(draft.context.get("drawn", 0)) + 1}
    blocks = form.build(state)
    blocks = [*state.other_errors(), *blocks]
    desk.drafts.save(dataclasses.replace(draft, step="form", context=state.context))
    return form_view(form.title, draft.draft_id, blocks)


def own_draft(desk: Desk, person: Person, view: Mapping[str, Any]) -> Draft:
    """Return the draft behind a view; NotYours when it is gone or somebody else's."""
    draft = desk.drafts.find(str(view.get("private_metadata") or ""))
    if draft is None:
        raise NotYours
    if (draft.team_id, draft.actor_id) != (person.team_id, person.user_id):
        raise NotYours("This form belongs to somebody else. Nothing was sent.")
    return draft


def keep_typed(desk: Desk, draft: Draft, view: Mapping[str, Any]) -> Draft:
    """Save what the view holds into the draft and return it."""
    kept = dataclasses.replace(draft, values={**draft.values, **submitted_values(view)})
    desk.drafts.save(kept)
    return kept


def submit_form(desk: Desk, person: Person, view: Mapping[str, Any]) -> tuple[Answer, Draft | None]:
    """Return the answer to a form's submission, and the draft to review when it was right."""
    draft = own_draft(desk, person, view)
    if draft.step == "sent":
        return {"response_action": "update", "view": _sent(desk, draft)}, None
    draft = keep_typed(desk, draft, view)
    try:
        request = FORMS[draft.action].parse(FormState.of(draft))
    except FieldErrors as wrong:
        return _error_answer(desk, draft, view, wrong.errors), None
    draft = dataclasses.replace(draft, request=request.model_dump(mode="json"))
    desk.drafts.save(draft)
    waiting = loading_view(FORMS[draft.action].title, "Asking BigCommerce for the exact figures …")
    return {"response_action": "update", "view": waiting}, draft


def _error_answer(
    desk: Desk, draft: Draft, view: Mapping[str, Any], errors: Mapping[str, str]
) -> Answer:
    """Return errors next to the fields: Slack's way where each has one on this page."""
    blocks = submitted_blocks(view)
    if all(name in blocks for name in errors):
        return {
            "response_action": "errors",
            "errors": {blocks[name]: text for name, text in errors.items()},
        }
    return {"response_action": "update", "view": draw_form(desk, draft, errors)}


async def review_draft(desk: Desk, person: Person, draft: Draft) -> View:
    """Return BigCommerce's own figures to confirm, or the form with what stands against it."""
    form = FORMS[draft.action]
    if not await desk.access.is_allowed(person.team_id, person.user_id):
        return notice_view(form.title, NOT_ALLOWED)
    request = form.action.request_type.model_validate(draft.request)
    try:
        review = await form.action.review(request, desk.store)
    except RuleBroken as broken:
        return draw_form(desk, draft, {broken.field: broken.text})
    draft = dataclasses.replace(draft, step="review", review=review.model_dump(mode="json"))
    desk.drafts.save(draft)
    return draw_review(draft)


def draw_review(draft: Draft, method: str = "") -> View:
    """Return the review view with one of its refund methods chosen, the best by default."""
    review = Review.model_validate(draft.review)
    return review_view(
        FORMS[draft.action].title, draft.draft_id, review, chosen_method(review, method)
    )


def chosen_method(review: Review, method: str) -> MethodChoice | None:
    """Return the method of that key, else the best one; None where there is nothing to choose."""
    chosen = (entry for entry in review.methods if entry.key[:150] == method)
    return next(chosen, review.methods[0] if review.methods else None)


async def confirm_review(
    desk: Desk, person: Person, view: Mapping[str, Any]
) -> tuple[Answer, Draft]:
    """Write the request down, start it, and only then return the answer to the confirmation."""
    draft = own_draft(desk, person, view)
    if draft.step != "sent":
        if draft.review is None or draft.request is None:
            raise NotYours
        if not await desk.access.is_allowed(person.team_id, person.user_id):
            raise NotYours(NOT_ALLOWED)
        form = FORMS[draft.action]
        request = form.action.request_type.model_validate(draft.request)
        review = Review.model_validate(draft.review)
        chosen = chosen_method(review, submitted_values(view).get("method", ""))
        await desk.runner.ask(
            draft.reference,
            draft.action,
            _confirmed(request, chosen),
            team_id=person.team_id,
            actor_id=person.user_id,
        )
        desk.drafts.save(dataclasses.replace(draft, step="sent"))
    return {"response_action": "update", "view": _sent(desk, draft)}, draft


def _confirmed(request: ActionRequest, chosen: MethodChoice | None) -> ActionRequest:
    """Return the request with the figure and the method that the agent has just confirmed."""
    if chosen is None or not isinstance(request, RefundRequest):
        return request
    confirmed = ConfirmedRefund(total=chosen.amount, method=chosen.key, payments=chosen.payments)
    return request.model_copy(update={"confirmed": confirmed})


def _sent(desk: Desk, draft: Draft) -> View:
    return sent_view(FORMS[draft.action].title, draft.reference, draft.order_id, desk.channel_id)
