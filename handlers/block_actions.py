"""Clicks and choices: in messages, on the order's card, and inside open modals."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Mapping
from typing import Any

from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.actions.typed import NotUnderstood, parse_order_id
from handlers import refund_items
from handlers.desk import Desk
from handlers.flow import (
    NotYours,
    draw_form,
    first_view,
    keep_typed,
    own_draft,
    title_of,
)
from handlers.form import FormState, submitted_values
from handlers.forms import FORMS
from handlers.modals import NOT_OPENED, open_then, show, update_modal
from handlers.order import refresh_card, say
from handlers.person import Person
from handlers.reviewing import draw_review
from handlers.text import escape
from handlers.views import BROKEN, View, loading_view, notice_view

logger = logging.getLogger(__name__)

PAGES = {"page:next": 1, "page:previous": -1}


async def run_block_action(desk: Desk, body: Mapping[str, Any], respond: AsyncRespond) -> None:
    """Do what a click asks for; who clicks is checked first, a failure is shown where it was."""
    action, person = body["actions"][0], Person.of(body)
    name, view = str(action.get("action_id")), body.get("view")
    if name.startswith("link:"):
        return
    try:
        if (no := await desk.access.refusal(person.team_id, person.user_id)) is not None:
            await _tell(desk, view, respond, no)
        elif name.startswith("open:"):
            wanted = name.removeprefix("open:")
            await _open(desk, person, body, respond, wanted, str(action.get("value")))
        elif view is not None:
            changed = _change_view(desk, person, view, name, action)
            await update_modal(desk, view["id"], changed, view_hash=str(view.get("hash") or ""))
        elif name == "refresh":
            await refresh_card(desk, respond, body, parse_order_id(str(action.get("value"))))
        elif name == "check_again":
            await _check_again(desk, person, respond, str(action.get("value")))
    except NotYours as refused:
        await _tell(desk, view, respond, refused.text)
    except Exception:  # the person must see that it failed, whatever it was
        logger.exception("block action failed", extra={"action_id": name[:60]})
        await _tell(desk, view, respond, BROKEN)


def _change_view(
    desk: Desk, person: Person, view: Mapping[str, Any], name: str, action: Mapping[str, Any]
) -> View:
    """Return the modal after a click inside it."""
    draft = own_draft(desk, person, view)
    if draft.step == "sent":
        raise NotYours("This request is already on its way.")
    if name == "back":
        return draw_form(desk, draft)
    if name == "method" and draft.review is not None:
        return draw_review(draft, str(submitted_values(view).get("method") or ""))
    if name in PAGES:
        draft = keep_typed(desk, draft, view)
        state = FormState.of(draft)
        refund_items.turn_page(state, PAGES[name])
        return draw_form(desk, dataclasses.replace(draft, context=state.context))
    raise NotYours


async def _open(
    desk: Desk,
    person: Person,
    body: Mapping[str, Any],
    respond: AsyncRespond,
    action: str,
    value: str,
) -> None:
    """Open an action's form: in a new modal from a message, in place from inside one."""
    if action not in FORMS:
        raise NotYours
    try:
        order_id = parse_order_id(value)
    except NotUnderstood as wrong:
        raise NotYours(str(wrong)) from wrong
    candidates = (action,)
    title, about = title_of(candidates, order_id), f"Reading order {order_id} …"
    work = first_view(desk, person, candidates, order_id)
    if view := body.get("view"):
        await update_modal(desk, view["id"], loading_view(title, about))
        await show(desk, view["id"], title, work)
    else:
        if not await open_then(desk, str(body["trigger_id"]), title, about, work):
            await say(respond, NOT_OPENED)


async def _check_again(desk: Desk, person: Person, respond: AsyncRespond, reference: str) -> None:
    begun = await desk.runner.check_again(reference, actor_id=person.user_id)
    text = (
        f"Looking again at {reference}. The message changes when there is news."
        if begun
        else f"{reference} is settled or being looked at already. The message says where it stands."
    )
    await say(respond, escape(text))


async def _tell(
    desk: Desk, view: Mapping[str, Any] | None, respond: AsyncRespond, text: str
) -> None:
    if view is not None:
        await update_modal(desk, view["id"], notice_view("Makegood", text, level="error"))
    else:
        await say(respond, escape(text))
