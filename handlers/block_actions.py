"""Clicks and choices: in messages, on the order's card, and inside open modals."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.process.internal_errors import note_internal_error
from bot.values.parsing import NotUnderstood, parse_order_id
from handlers.access.pace import TOO_FAST
from handlers.approvals.decisions import approve, ask_why
from handlers.block_kit.mrkdwn import inert
from handlers.customers.customer_links import choose_link
from handlers.customers.email_again import send_mail_again
from handlers.customers.link_form import open_link_form, unlink_thread
from handlers.desk import Desk
from handlers.discounts.code_buttons import on_code_click
from handlers.endings.ended_by_hand import ask_again, ask_what_was_made, ask_why_not_made
from handlers.endings.money_sent import ask_for_note, ask_to_take_back
from handlers.flow.click import Click
from handlers.flow.form import FormState
from handlers.flow.opening import NotYours, draw_form, first_view, keep_typed, own_draft, title_of
from handlers.flow.review import draw_review, review_of
from handlers.forms import FORMS
from handlers.home.clicks import choose_settled_by, show_configuration, show_desk
from handlers.home.page import keep_home_true
from handlers.orders.history import on_history
from handlers.orders.order_command import refresh_card
from handlers.orders.presses import note_press
from handlers.orders.search import open_result, open_search, turn_results
from handlers.settings.activation import activate, deactivate
from handlers.settings.connection import check_connections
from handlers.settings.deciding_changes import confirm_change, refuse_change, withdraw_change
from handlers.settings.editing import open_editor
from handlers.settings.forms.discount_presets import change_presets, open_presets
from handlers.timeline.outcomes.email_line import MAIL_AGAIN
from handlers.timeline.outcomes.settled import CHOICE
from handlers.windows.followed import show_request
from handlers.windows.modals import ViewWork, load_then, open_modal, open_then, update_modal
from handlers.windows.reply import Reply, say
from handlers.windows.stale_presses import answer, answer_with_state, draw_order_anew
from handlers.windows.views import BROKEN, View, notice_view
from storage.data_folder.trouble import DataFolderGone
from storage.form_drafts import FORM, REVIEW, SENT, Draft

NO_SUCH = "Makegood has no such request. Nothing was sent."


async def run_block_action(desk: Desk, body: Mapping[str, Any], respond: Reply) -> None:
    """Do what a click asks for; who clicks is checked first, a failure is shown where it was."""
    click = Click.of(desk, body, respond)
    note_press(click)
    if click.name == "link":
        return
    try:
        handle = CLICKS.get(click.name)
        if handle is None:
            raise NotYours
        refusal = desk.access.admin_refusal if click.name in FOR_ADMINS else desk.access.refusal
        decides = click.name in DECISIONS
        if click.name not in UNPACED and desk.pace.is_too_fast(click.person, decides=decides):
            raise NotYours(TOO_FAST)
        asks_itself = click.name in ASK_THEMSELVES
        if not asks_itself and (no := await refusal(*click.person.ids)) is not None:
            raise NotYours(no)
        await handle(click)
    except NotYours as refused:
        await _tell(click, refused.text)
        if click.is_at_home and refused.text != TOO_FAST:
            await keep_home_true(desk, click.person)
    except DataFolderGone as gone:
        await _tell(click, str(gone))
    except Exception:  # the person must see that it failed, whatever it was
        note_internal_error("block action failed", action_id=click.action_id[:60])
        await _tell(click, BROKEN)


async def _change_view(click: Click) -> None:
    """Change the form or the review that was clicked in."""
    view, window = click.modal, click.window
    if view is None or window is None:
        raise NotYours
    draft = own_draft(click.desk, click.person, view)
    if draft.step == SENT:
        await show_request(window, draft.reference)
        return
    changed = _changed(click, view)
    drawn = own_draft(click.desk, click.person, view)
    await update_modal(
        window,
        changed,
        view_hash=str(view.get("hash") or ""),
        redraw=lambda: _as_it_is(click, drawn),
    )


def _as_it_is(click: Click, drawn: Draft) -> View | None:
    """Return the draft as it is by now; None where it went on from the step that was drawn.

    Slack has another view there when two clicks come quickly, or when an answer was lost.
    """
    latest = click.desk.drafts.find(drawn.draft_id)
    if latest is None or (latest.step, latest.request) != (drawn.step, drawn.request):
        return None
    if latest.step not in {FORM, REVIEW}:
        return None
    if latest.step == FORM:
        return draw_form(click.desk, latest)
    return draw_review(latest, review_of(latest))


def _changed(click: Click, view: Mapping[str, Any]) -> View:
    """Return the modal after a click inside it."""
    desk, name = click.desk, click.action_id
    draft = own_draft(desk, click.person, view)
    if name == "back":
        return draw_form(desk, keep_typed(desk, draft, view))
    if name == "method" and draft.review is not None:
        return draw_review(keep_typed(desk, draft, view), review_of(draft))
    form = FORMS[draft.action]
    if click.name == "form" and form.click is not None:
        draft = keep_typed(desk, draft, view)
        state = FormState.of(draft)
        form.click(state, name, click.value)
        changed = dataclasses.replace(draft, values=state.values, context=state.context)
        desk.drafts.save(changed)
        return draw_form(desk, changed)
    raise NotYours


async def _open(click: Click) -> None:
    """Open an action's form: in a new modal from a message, in place from inside one."""
    desk, action = click.desk, click.detail
    if action not in FORMS:
        raise NotYours
    try:
        order_id = parse_order_id(click.value)
    except NotUnderstood as wrong:
        raise NotYours(str(wrong)) from wrong
    candidates = (action,)
    title, about = title_of(candidates, order_id), f"Reading order {order_id} …"
    work = _view_or_news(click, order_id, first_view(desk, click.person, candidates, order_id))
    if click.window is not None:
        await load_then(click.window, title, about, work)
    else:
        await open_then(click.respond, click.trigger_id, title, about, work)


async def _view_or_news(click: Click, order_id: int, work: ViewWork) -> View:
    """Return the view; where it is no form, what was pressed has offered too much."""
    view = await work
    if view["callback_id"] != FORM:
        draw_order_anew(click, order_id)
    return view


async def _refresh(click: Click) -> None:
    if click.modal is not None:
        await open_result(click)
        return
    await refresh_card(click.desk, click.respond, click.body, parse_order_id(click.value))


async def _check_again(click: Click) -> None:
    reference = click.value
    entry = click.desk.log.find(reference)
    if entry is not None:
        no = await click.desk.permission.refusal_to_look(click.person, entry)
        if no is not None:
            raise NotYours(no)
    if await click.desk.runner.check_again(reference, actor_id=click.person.user_id):
        text = f"Looking again at {reference}. The message changes when there is news."
        await answer(click, inert(text))
    elif entry is None:
        raise NotYours(NO_SUCH)
    else:
        await answer_with_state(click, click.desk.log.get(reference))


# What answers a click, by the part of its action_id before the colon. A feature adds a line here.
CLICKS: Mapping[str, Callable[[Click], Awaitable[None]]] = {
    "open": _open,
    "back": _change_view,
    "form": _change_view,
    "code": on_code_click,
    "method": _change_view,
    "refresh": _refresh,
    "approve": approve,
    "decline": ask_why,
    "history": on_history,
    "check_again": _check_again,
    "sent_by_hand": ask_for_note,
    "take_back": ask_to_take_back,
    "made": ask_what_was_made,
    "not_made": ask_why_not_made,
    "ask_again": ask_again,
    MAIL_AGAIN: send_mail_again,
    "home": show_desk,
    "configuration": show_configuration,
    CHOICE: choose_settled_by,
    "configure": open_editor,
    "presets": open_presets,
    "preset": change_presets,
    "activate": activate,
    "deactivate": deactivate,
    "connection": check_connections,
    "confirm_change": confirm_change,
    "refuse_change": refuse_change,
    "withdraw_change": withdraw_change,
    "hit": open_result,
    "hits": turn_results,
    "search": open_search,
    "about": choose_link,
    "link_thread": open_link_form,
    "unlink_thread": unlink_thread,
}
# These are for the admins, who need not be members of the audit channel; all others for members.
FOR_ADMINS = frozenset(
    {"configuration", "configure", "presets", "preset", "activate", "deactivate", "connection"}
)
# These ask for themselves: an admin need not be in the channel, an approver need be no admin.
ASK_THEMSELVES = frozenset({"confirm_change", "refuse_change", "withdraw_change"})
# A person's own looks do not hold these up.
DECISIONS = frozenset(
    {
        *("approve", "decline", "sent_by_hand", "take_back", "made", "not_made", "ask_again"),
        *(MAIL_AGAIN, "code", "confirm_change", "refuse_change", "withdraw_change"),
    }
)
# What is done in an open form, and by admins.
UNPACED = FOR_ADMINS | {"back", "form", "method"}


async def _tell(click: Click, text: str) -> None:
    """Say it where the click was: in the modal, in one over the Home tab, or below a message."""
    notice = notice_view("Makegood", text, level="error")
    if click.window is not None:
        await update_modal(click.window, notice)
    elif click.body.get("view"):
        await open_modal(click.respond, click.trigger_id, notice)
    else:
        await say(click.respond, inert(text))
