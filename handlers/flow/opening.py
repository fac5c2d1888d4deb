"""The way every action takes through Slack: command or button, then its form. Written once.

Each step is checked on the server: who acts, and that the draft is theirs. What a view carries back
is only the draft's id, and a mark of the review that it shows (`handlers.flow.review`). A request's
reference is made with its draft, so the same confirmation delivered twice is the same request.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.actions.action import ActionRequest
from bot.actions.orders.snapshot import OrderSnapshot, load_to_show
from bot.actions.registry import allowed_actions
from bot.actions.rules.eligibility import refusal
from handlers.access.access import is_unreadable
from handlers.access.person import Person
from handlers.block_kit.builders import Block, context
from handlers.cancellations.before_cancelling import refund_there_view
from handlers.desk import Desk
from handlers.flow.asked_already import (
    WHOLE,
    asked_already,
    asked_already_view,
    whole_order_asked,
    whole_request,
)
from handlers.flow.form import (
    ActionForm,
    FieldErrors,
    FormState,
    submitted_blocks,
    submitted_values,
)
from handlers.flow.open_forms import form_notice, is_warned_about, open_forms
from handlers.flow.terms import form_terms, read_terms, terms_in_short
from handlers.forms import FORMS
from handlers.orders.order_card import KEEPING_NONE, closed_by_money, offer, summary
from handlers.timeline.outcomes.outcome_message import refunded_label
from handlers.windows.followed import request_view
from handlers.windows.views import (
    EXPIRED,
    View,
    choice_view,
    form_view,
    loading_view,
    notice_view,
    number_view,
)
from storage.form_drafts import CLOSED, FORM, REVIEW, Draft
from storage.log.references import new_reference

Answer = dict[str, Any]  # the arguments of ack()
DRAFTS_KEPT = timedelta(days=7)  # they hold what customers are called


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
    refusals = {each: await desk.access.refusal(*person.ids, each) for each in candidates}
    if all(refusals.values()):
        return notice_view(title, refusals[candidates[0]] or "")
    if (unread := next(filter(is_unreadable, refusals.values()), None)) is not None:
        return notice_view(title, unread)  # else what is left would be taken for what was asked for
    if order_id is None:
        form = FORMS[candidates[0]]
        if form.action.needs_order:
            return number_view(title, " ".join(candidates))
        return await start_form(desk, person, form, None)
    snapshot = await load_to_show(desk.store, order_id)
    possible = [name for name in candidates if refusal(snapshot.order, FORMS[name].action) is None]
    if not possible:
        return await refused_view(desk, snapshot, candidates)
    for name in possible:
        instead = await FORMS[name].instead(desk, snapshot.order)
        if isinstance(instead, dict):
            return instead
        if instead is not None:
            possible = [instead]
            refusals[instead] = await desk.access.refusal(*person.ids, instead)
            break
    meant, possible = possible[0], [name for name in possible if refusals[name] is None]
    if not possible:
        return notice_view(title, refusals[meant] or "")
    if len(possible) > 1:
        if asked := await whole_order_asked(desk, order_id):
            possible = [name for name in possible if name not in WHOLE]
        terms = [await terms_in_short(desk, person, name) for name in possible]
        # What goes for all of them alike is said once, below them.
        shared = terms[0] if len(set(terms)) == 1 else ""
        ways = [
            (f"{FORMS[name].does} {'' if shared else said}".strip(), button)
            for name, said, button in zip(possible, terms, offer(possible, order_id), strict=True)
        ]
        about = summary(snapshot, refunded=refunded_label(desk.log, order_id))
        return choice_view(title, about, ways, " ".join(filter(None, [asked, shared])))
    return await start_form(desk, person, FORMS[possible[0]], snapshot)


async def refused_view(desk: Desk, snapshot: OrderSnapshot, candidates: Sequence[str]) -> View:
    """Return why the order does not allow it, with buttons for what it does allow."""
    title, now = title_of(candidates, snapshot.order.id), desk.configuration.current()
    closed, _ = closed_by_money(snapshot, refunds_unpaid=now.refund_before_cancel)
    if closed & KEEPING_NONE:
        return await refund_there_view(desk, title, snapshot.order.id, snapshot.left)
    # The action that the status is for knows best what else stands against it.
    actions = [FORMS[name].action for name in candidates]
    meant = [action for action in actions if snapshot.order.status_id in action.statuses]
    text = refusal(snapshot.order, (meant or actions)[0]) or ""
    possible = [name for name in allowed_actions(snapshot.order) if now.allows(name)]
    asked = whole_request(desk.log, snapshot.order.id)
    instead = [
        name for name in possible if name not in candidates and not (asked and name in WHOLE)
    ]
    buttons = offer(instead, snapshot.order.id)
    return notice_view(title, text, buttons=buttons)


async def start_form(
    desk: Desk, person: Person, form: ActionForm[Any], snapshot: OrderSnapshot | None
) -> View:
    """Begin a draft and return its form."""
    name = form.action.name
    order_id = snapshot.order.id if snapshot else None
    if (other := asked_already(desk.log, name, order_id, but="")) is not None:
        return await asked_already_view(desk, form.title, other)
    terms = await read_terms(desk, person, name, snapshot)
    if terms.refusal is not None:
        return notice_view(form.title, terms.refusal)
    known = {**terms.opened.saved(), **await form.load(desk, snapshot)}
    desk.drafts.delete_before(datetime.now(UTC) - DRAFTS_KEPT)
    draft = desk.drafts.create(
        reference=new_reference(),
        team_id=person.team_id,
        actor_id=person.user_id,
        action=name,
        order_id=order_id,
    )
    view = draw_form(desk, dataclasses.replace(draft, context=known))
    show_open_forms(desk, draft)
    return view


def show_open_forms(desk: Desk, draft: Draft) -> None:
    """Have the order's root message say who has a form open; nobody waits for it."""
    if draft.order_id is None or not is_warned_about(draft):
        return
    if desk.threads.find(draft.order_id) is not None:
        desk.tasks.spawn(desk.timeline.refresh(draft.order_id), name="root message")


def close_form(desk: Desk, person: Person, view: Mapping[str, Any]) -> None:
    """Put away the draft of a form that was closed; NotYours when it is somebody else's."""
    draft = own_draft(desk, person, view)
    if draft.step in {FORM, REVIEW}:
        desk.drafts.save(dataclasses.replace(draft, step=CLOSED))
        show_open_forms(desk, draft)


def draw_form(desk: Desk, draft: Draft, errors: Mapping[str, str] | None = None) -> View:
    """Return the draft's form as it was filled in, with what is wrong next to the fields."""
    form = FORMS[draft.action]
    state = FormState.of(draft, errors)
    state.context = {**draft.context, "drawn": state.opened.drawn + 1}
    blocks = form.build(state)
    limits = [context(text) for text in [form_terms(desk, draft)] if text]
    blocks = [*_others(desk, draft), *state.other_errors(), *limits, *blocks]
    desk.drafts.save(dataclasses.replace(draft, step="form", context=state.context))
    return form_view(form.title, draft.draft_id, blocks)


def _others(desk: Desk, draft: Draft) -> list[Block]:
    """Return who else has a form open on the same order."""
    if draft.order_id is None:
        return []
    return form_notice(open_forms(desk.drafts, draft.order_id, but=draft.actor_id))


def own_draft(desk: Desk, person: Person, view: Mapping[str, Any]) -> Draft:
    """Return the draft behind a view; NotYours when it is gone or somebody else's."""
    draft_id, _, _ = str(view.get("private_metadata") or "").partition(" ")
    draft = desk.drafts.find(draft_id)
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


@dataclasses.dataclass(frozen=True, slots=True)
class Filled:
    """A form that was filled in right: its draft, and the request that it makes."""

    draft: Draft
    request: ActionRequest


async def submit_form(
    desk: Desk, person: Person, view: Mapping[str, Any]
) -> tuple[Answer, Filled | None]:
    """Return the answer to a form's submission, and what to review when it was right."""
    draft = keep_typed(desk, own_draft(desk, person, view), view)
    try:
        request = FORMS[draft.action].parse(FormState.of(draft))
    except FieldErrors as wrong:
        return _error_answer(desk, draft, view, wrong.errors), None
    if refused := FORMS[draft.action].refusals(desk, FormState.of(draft), request):
        return _error_answer(desk, draft, view, refused), None
    asked = request.model_dump(mode="json")
    # The same form delivered twice leaves its review standing.
    review = draft.review if draft.request == asked else None
    draft = dataclasses.replace(draft, request=asked, review=review)
    desk.drafts.save(draft)
    waiting = loading_view(FORMS[draft.action].title, "Asking BigCommerce for the exact figures …")
    return {"response_action": "update", "view": waiting}, Filled(draft, request)


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


async def sent(desk: Desk, draft: Draft) -> View:
    """Return how the request of a draft stands that was sent."""
    return await request_view(desk, desk.log.get(draft.reference))
