"""Answers to a press on what is no longer true: how it stands now, and the old thing drawn anew."""

from __future__ import annotations

from handlers.block_kit.builders import modal, section
from handlers.flow.click import Click
from handlers.timeline.outcomes.outcome_message import state_line
from handlers.windows.cards import card_key
from handlers.windows.followed import NOTHING, view_title
from handlers.windows.modals import open_modal, update_modal
from handlers.windows.reply import say
from handlers.windows.views import NOTICE
from storage.log.entries import Entry


async def answer(click: Click, mrkdwn: str, title: str = "Makegood") -> None:
    """Say it where the press was: in the window, in one over the Home tab, or below the message."""
    if not click.body.get("view"):
        await say(click.respond, mrkdwn)
        return
    view = modal(callback_id=NOTICE, title=title, blocks=[section(mrkdwn)])
    if click.window is not None:
        await update_modal(click.window, view)
    else:
        await open_modal(click.respond, click.trigger_id, view)


async def answer_with_state(click: Click, entry: Entry) -> None:
    """Say how a request stands, and have its message drawn anew."""
    draw_request_anew(click, entry)
    await answer(click, f"{NOTHING}\n{state_line(entry)}", view_title(entry))


def draw_request_anew(click: Click, entry: Entry) -> None:
    """Have the message of a request's outcome drawn anew, which offered what is over."""
    if entry.status is not None and not entry.is_under_way and entry.message_ts:
        click.desk.log.draw_anew(entry.reference)


def draw_order_anew(click: Click, order_id: int) -> None:
    """Have the card that was pressed drawn anew, or the order's root message."""
    if click.modal is not None:
        return
    card = click.desk.shown.find(card_key(click.body))
    if card is not None:
        card.is_stale = True
    else:
        click.desk.tasks.spawn(click.desk.timeline.refresh(order_id), name="root message")
