"""“I have sent it”: the money of a refund that BigCommerce only records, sent by a person.

The reference of the payment is asked for, and who pressed is checked with the click and again with
the form. What was said by mistake is taken back with a reason, and the task is open again.
"""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from typing import Any

from bot.values.outcome import Outcome, Status
from handlers.access.person import Person
from handlers.block_kit.builders import Block, input_block, modal, section, text_input
from handlers.block_kit.mrkdwn import clean, typed
from handlers.desk import Desk
from handlers.endings.rules import sender_refusal
from handlers.flow.click import Click
from handlers.flow.form import submitted_values
from handlers.flow.submitted import Submitted
from handlers.home.page import refresh_home
from handlers.timeline.outcomes.ending_words import ending_line
from handlers.windows.followed import close_when_over, state_view
from handlers.windows.modals import open_modal
from handlers.windows.stale_presses import draw_request_anew
from handlers.windows.views import NOTICE, View, notice_view
from storage.log.entries import SENT, Entry

SENT_BY_HAND = "sent_by_hand"
TAKE_BACK = "take_back"
NOTE_LENGTH = 100
REASON_LENGTH = 300
NO_SUCH = "Makegood has no such open task. Nothing was changed."
TITLES = {SENT_BY_HAND: "I have sent it", TAKE_BACK: "Take back"}


async def ask_for_note(click: Click) -> None:
    """Open the form that asks for the payment's reference, or say why not."""
    await _open(click, SENT_BY_HAND)


async def ask_to_take_back(click: Click) -> None:
    """Open the form that asks why it is taken back, or say why not."""
    await _open(click, TAKE_BACK)


async def submit_sent(desk: Desk, person: Person, view: Mapping[str, Any]) -> Submitted:
    """Note that the money was sent."""
    entry, instead = await _checked(desk, person, view, SENT_BY_HAND)
    if entry is None:
        return _update(instead)
    note = clean(str(submitted_values(view).get("note") or ""), limit=NOTE_LENGTH)
    if not note:
        return _wrong("note", "Enter the reference of the payment.")
    done = desk.runner.ending.mark_sent(entry.reference, actor_id=person.user_id, note=note)
    return _answer(desk, person, entry, "Noted as sent.", is_done=done)


async def submit_taken_back(desk: Desk, person: Person, view: Mapping[str, Any]) -> Submitted:
    """Open the task again."""
    entry, instead = await _checked(desk, person, view, TAKE_BACK)
    if entry is None:
        return _update(instead)
    reason = clean(str(submitted_values(view).get("reason") or ""), limit=REASON_LENGTH)
    if not reason:
        return _wrong("reason", "Say why, in a few words.")
    done = desk.runner.ending.take_back(entry.reference, actor_id=person.user_id, reason=reason)
    return _answer(desk, person, entry, "Taken back. The task is open again.", is_done=done)


async def _open(click: Click, what: str) -> None:
    entry = click.desk.log.find(click.value)
    no = await _refusal(click.desk, click.person, entry, what)
    if entry is None or no is not None:
        await open_modal(click.respond, click.trigger_id, _instead(entry, no, what))
        if entry is not None:
            draw_request_anew(click, entry)
        return
    window = await open_modal(click.respond, click.trigger_id, _form(entry, what))
    if window is not None:
        close_when_over(window, entry.reference, lambda now: _is_open(now, what))


async def _checked(
    desk: Desk, person: Person, view: Mapping[str, Any], what: str
) -> tuple[Entry | None, View]:
    """Return the task; None where this cannot be done, and the view that says so."""
    entry = desk.log.find(str(view.get("private_metadata") or ""))
    no = await _refusal(desk, person, entry, what)
    return (entry if no is None else None), _instead(entry, no, what)


def _instead(entry: Entry | None, no: str | None, what: str) -> View:
    if entry is not None and no == NO_SUCH:
        return state_view(entry)
    return notice_view(TITLES[what], no or NO_SUCH, level="error")


async def _refusal(desk: Desk, person: Person, entry: Entry | None, what: str) -> str | None:
    if entry is None:
        return NO_SUCH
    if (no := await sender_refusal(desk, person, entry)) is not None:
        return no
    return None if _is_open(entry, what) else NO_SUCH


def _is_open(entry: Entry, what: str) -> bool:
    """Tell whether it is still there to be sent, or to be taken back."""
    return entry.status == Status.TO_DO if what == SENT_BY_HAND else entry.ended_as == SENT


def _form(entry: Entry, what: str) -> View:
    if what == SENT_BY_HAND:
        to_send = Outcome.model_validate(entry.outcome).to_send
        about = f"You say that *{to_send}* went to the customer of order {entry.order_id}."
        element = text_input("note", max_length=NOTE_LENGTH, focus=True)
        hint = "As the bank or the payment provider names it. It stands in the thread."
        blocks: list[Block] = [
            section(about),
            input_block("note", "Reference of the payment", element, hint=hint),
        ]
        submit = "It is sent"
    else:
        element = text_input("reason", multiline=True, max_length=REASON_LENGTH, focus=True)
        blocks = [
            section(f"{ending_line(entry)}\nThe task is open again afterwards."),
            input_block("reason", "Why?", element),
        ]
        submit = "Take back"
    return modal(
        callback_id=what,
        title=TITLES[what],
        submit=submit,
        private_metadata=entry.reference,
        blocks=blocks,
    )


def _wrong(field: str, text: str) -> Submitted:
    return Submitted({"response_action": "errors", "errors": {field: text}})


def _answer(desk: Desk, person: Person, entry: Entry, done: str, *, is_done: bool) -> Submitted:
    latest = desk.log.get(entry.reference)
    said = done if is_done else f"Somebody was faster. {ending_line(latest)}"
    message = typed(Outcome.model_validate(latest.outcome).message)
    view = modal(callback_id=NOTICE, title="Makegood", blocks=[section(f"*{said}*\n{message}")])
    return _update(view, refresh_home(desk, person))


def _update(view: View, follow_up: Coroutine[None, None, None] | None = None) -> Submitted:
    return Submitted({"response_action": "update", "view": view}, follow_up)
