"""What a submitted modal leads to: the answer to Slack, and the work that follows it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.runner.runner import NotNoted
from bot.values.parsing import NotUnderstood, parse_order_id
from handlers.access.pace import TOO_FAST
from handlers.access.person import Person
from handlers.approvals.decisions import DECLINE, decline
from handlers.customers.link_form import LINK_THREAD, submit_thread_link
from handlers.desk import Desk
from handlers.endings.ended_by_hand import MADE_FORM, NOT_MADE_FORM, submit_made, submit_not_made
from handlers.endings.money_sent import SENT_BY_HAND, TAKE_BACK, submit_sent, submit_taken_back
from handlers.flow.asked_already import AskedAlready, asked_already, asked_already_view
from handlers.flow.confirmation import NOT_AGREED, NotAgreed, confirm_review, mark_sent, not_noted
from handlers.flow.form import FieldErrors, submitted_blocks, submitted_values
from handlers.flow.opening import (
    NotYours,
    draw_form,
    first_view,
    own_draft,
    sent,
    submit_form,
    title_of,
)
from handlers.flow.review import review_draft
from handlers.flow.submitted import Submitted
from handlers.forms import FORMS
from handlers.orders.search import SEARCH, submit_search
from handlers.settings.editing import CONFIGURE, submit_editor
from handlers.settings.forms.discount_presets import PRESET, submit_preset
from handlers.windows.followed import close_when_over, follow_request, window_key
from handlers.windows.modals import Window, show
from handlers.windows.views import AGREED, FORM, ORDER_NUMBER, REVIEW, loading_view, notice_view
from storage.form_drafts import SENT, Draft
from storage.log.entries import Entry

logger = logging.getLogger(__name__)

FREE_AGAIN = "What stood in the way is over. Nothing of yours was sent."


async def submit(desk: Desk, person: Person, view: Mapping[str, Any]) -> Submitted:
    """Take a submission; NotYours when it is refused as a whole."""
    key = window_key(str(view.get("id")))
    screen = desk.shown.find(key)
    desk.shown.forget(key)
    name = str(view.get("callback_id"))
    handle = SUBMISSIONS.get(name)
    if handle is None:
        raise NotYours
    if name in PACED and desk.pace.is_too_fast(person):
        raise NotYours(TOO_FAST)
    done = await handle(desk, person, view)
    if screen is not None and done.answer.get("response_action") == "errors":
        desk.shown.put(key, screen)  # it stands as it was, with what is wrong next to the fields
    return done


async def _submit_number(desk: Desk, person: Person, view: Mapping[str, Any]) -> Submitted:
    candidates = [name for name in str(view.get("private_metadata")).split() if name in FORMS]
    if not candidates:
        raise NotYours
    try:
        order_id = parse_order_id(str(submitted_values(view).get("order_id") or ""))
    except NotUnderstood as wrong:
        return Submitted({"response_action": "errors", "errors": {"order_id": str(wrong)}})
    title = title_of(candidates, order_id)
    work = first_view(desk, person, candidates, order_id)
    waiting = loading_view(title, f"Reading order {order_id} …")
    follow_up = show(Window.of(desk, person, view), title, work)
    return Submitted({"response_action": "update", "view": waiting}, follow_up)


async def _submit_form(desk: Desk, person: Person, view: Mapping[str, Any]) -> Submitted:
    sent_before = own_draft(desk, person, view)
    if sent_before.step == SENT:
        return await _submit_again(desk, person, view, sent_before)
    answer, filled = await submit_form(desk, person, view)
    if filled is None:
        return Submitted(answer)
    work = review_draft(desk, person, filled)
    title = FORMS[filled.draft.action].title
    return Submitted(answer, show(Window.of(desk, person, view), title, work))


async def _submit_again(
    desk: Desk, person: Person, view: Mapping[str, Any], draft: Draft
) -> Submitted:
    """Show how what was sent from a form stands."""
    shown = await sent(desk, draft)
    follow_request(Window.of(desk, person, view), draft.reference, shown)
    return Submitted({"response_action": "update", "view": shown})


async def _submit_review(desk: Desk, person: Person, view: Mapping[str, Any]) -> Submitted:
    try:
        answer, draft = await confirm_review(desk, person, view)
    except FieldErrors as wrong:
        changed = draw_form(desk, own_draft(desk, person, view), wrong.errors)
        return Submitted({"response_action": "update", "view": changed})
    except NotAgreed:
        errors = {submitted_blocks(view).get(AGREED, AGREED): NOT_AGREED}
        return Submitted({"response_action": "errors", "errors": errors})
    except AskedAlready as already:
        title = FORMS[own_draft(desk, person, view).action].title
        said = notice_view(title, str(already))
        window = Window.of(desk, person, view)
        close_when_over(
            window,
            already.entry.reference,
            lambda entry: _is_in_the_way(desk, entry),
            first=FREE_AGAIN,
        )
        linked = show(window, title, asked_already_view(desk, title, already.entry))
        return Submitted({"response_action": "update", "view": said}, linked)
    except NotNoted:
        logger.exception("request not noted")
        return Submitted(not_noted(desk, person, view))
    window = Window.of(desk, person, view)
    follow_request(window, draft.reference, answer["view"])
    return Submitted(answer, _close(desk, draft))


async def _close(desk: Desk, draft: Draft) -> None:
    mark_sent(desk, draft)


def _is_in_the_way(desk: Desk, entry: Entry) -> bool:
    """Whether it still keeps another request for the whole order from being sent."""
    other = asked_already(desk.log, entry.action, entry.order_id, but="")
    return other is not None and other.reference == entry.reference


# What takes a submission, by the view's callback_id. A feature adds a line here.
SUBMISSIONS: Mapping[str, Callable[[Desk, Person, Mapping[str, Any]], Awaitable[Submitted]]] = {
    ORDER_NUMBER: _submit_number,
    FORM: _submit_form,
    REVIEW: _submit_review,
    DECLINE: decline,
    SENT_BY_HAND: submit_sent,
    TAKE_BACK: submit_taken_back,
    MADE_FORM: submit_made,
    NOT_MADE_FORM: submit_not_made,
    CONFIGURE: submit_editor,
    PRESET: submit_preset,
    SEARCH: submit_search,
    LINK_THREAD: submit_thread_link,
}
# These only look something up.
PACED = frozenset({ORDER_NUMBER, SEARCH, LINK_THREAD})
