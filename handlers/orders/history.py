"""`/order 1042 history`: an order's case told anew from the log, when its messages are gone.

Oldest first, a page at a time, the last page first: every request with what became of it and who
had a hand in it, and what was changed outside the bot.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.values.outcome import Status
from bot.values.parsing import NotUnderstood, parse_order_id
from handlers.block_kit.builders import Block, actions, button, context, header, modal, paragraphs
from handlers.block_kit.mrkdwn import date, inert, mention, typed
from handlers.desk import Desk
from handlers.flow.click import Click
from handlers.forms import DETAILS
from handlers.timeline.outcomes.outcome_message import SIGNS, log_line, no_details
from handlers.windows.modals import update_modal
from handlers.windows.reply import Reply, say
from handlers.windows.views import NOTICE
from storage.log.entries import (
    CODE_EXPIRED,
    CODE_GONE,
    CODE_OFF,
    CODE_USED_UP,
    CODE_WORKS,
    Entry,
    Event,
)
from storage.outbox.posts import DIRECT, IN_CHANNEL, UNDER_WAY
from storage.webhooks.external_changes import OutsideEvent

PER_PAGE = 6
MOST = 600
SHOWN_LINES = 5
SHOWN_STEPS = 12
WORD = "history"
# The buttons that turn its pages, by which a press on a history is known.
PAGES = "history"

# Steps of a request's life that say something to people; others only count for the bot.
STEPS = {
    "held": "held for a second person",
    "lapsed": "nobody decided in time",
    "overtaken": "closed, it could not be carried out any more",
    "sent": "sent to BigCommerce",
    "not_told": "told in the Home tab alone",
    "mail_sent": "the customer was e-mailed",
    "mail_failed": "the e-mail was not sent",
    "mail_put_off": "the e-mail was not sent yet",
    "mail_lost": "the e-mail may have been sent",
    "mail_unsure": "the e-mail may have been sent before a restore",
    "mail_again": "the e-mail was sent again",
    "sent_by_hand": "the money was sent by hand",
    "taken_back": "taken back",
    "made": "ended as made",
    "not_made": "ended as not made",
    "asked_again": "asked again",
}
# Where an outcome was told; earlier releases did not note it.
TOLD_IN = {IN_CHANNEL: "told in the channel", DIRECT: "told in a direct message"}
# What became of a discount code.
CODE_STEPS = {
    CODE_OFF: "the code was switched off",
    CODE_EXPIRED: "the code expired",
    CODE_USED_UP: "the code was found used up",
    CODE_GONE: "the code was found deleted",
    CODE_WORKS: "the code was found to work",
}
SILENT = frozenset(
    {
        *("asked", "telling"),
        *("mail_due", "mail_addressed", "mail_claimed", "mail_withdrawn", "mail_none"),
    }
)


def asked_for(text: str) -> str | None:
    """Return the number before the word `history`; None for all else, which may be a name."""
    number, _, word = text.strip().rpartition(" ")
    has_digits = any(char.isdigit() for char in number)
    return number.strip() if word.casefold() == WORD and has_digits else None


async def on_history(click: Click) -> None:
    """Answer the button on a card, and those that turn the pages."""
    order_text, _, page = click.value.partition(" ")
    order_id = parse_order_id(order_text)
    turned = int(page) if page.isascii() and page.isdigit() else None
    if click.window is None:
        await show_history(click.desk, click.respond, order_id, page=turned, replace=bool(page))
        return
    blocks = [
        *history_blocks(click.desk, order_id, turned),
        actions([button("Back to the order", "hit", str(order_id))]),
    ]
    view = modal(callback_id=NOTICE, title=f"Order {order_id}", blocks=blocks)
    await update_modal(click.window, view)


async def answer_history(desk: Desk, respond: Reply, number: str) -> None:
    """Show the history of the order that was typed, or say what is wrong with its number."""
    try:
        order_id = parse_order_id(number)
    except NotUnderstood as wrong:
        await say(respond, inert(f"{wrong} Type it like this: /order 1042 {WORD}"))
        return
    await show_history(desk, respond, order_id)


async def show_history(
    desk: Desk,
    respond: Reply,
    order_id: int,
    *,
    page: int | None = None,
    replace: bool = False,
) -> None:
    """Show a page of an order's history, the last one unless told which."""
    text, blocks = history_message(desk, order_id, page)
    await say(respond, text, blocks, replace=replace)


def history_message(desk: Desk, order_id: int, page: int | None) -> tuple[str, list[Block]]:
    """Return a page of an order's history as a message."""
    return _title(order_id), history_blocks(desk, order_id, page)


def history_blocks(desk: Desk, order_id: int, page: int | None) -> list[Block]:
    """Return a page of an order's history, the last one for None."""
    found = _items(desk, order_id)
    pages = max(1, -(-len(found) // PER_PAGE))
    page = min(max(page or pages, 1), pages)
    blocks = [header(_title(order_id))]
    if not found:
        blocks += paragraphs(["Nothing was asked for this order, and nothing was told about it."])
    for _, item in found[(page - 1) * PER_PAGE : page * PER_PAGE]:
        blocks += paragraphs(_rows(desk, item))
    if turns := _turns(order_id, page, pages):
        blocks.append(actions(turns, block_id=f"{PAGES}~{order_id}~{page}"))
    as_of = f"As of {date(datetime.now(UTC), time=True)}"
    return [*blocks, context(_footer(order_id, page, pages), as_of)]


def _title(order_id: int) -> str:
    return f"The history of order {order_id}"


def _items(desk: Desk, order_id: int) -> list[tuple[datetime, Entry | OutsideEvent]]:
    entries = desk.log.of_order(order_id, MOST)
    items: list[tuple[datetime, Entry | OutsideEvent]] = [(each.asked_at, each) for each in entries]
    items += [(each.happened_at, each) for each in desk.events.of_order(order_id)]
    return sorted(items, key=lambda item: item[0])


def _rows(desk: Desk, item: Entry | OutsideEvent) -> list[str]:
    if isinstance(item, OutsideEvent):
        when = date(item.happened_at, time=True)
        said = typed(item.said or "", limit=500)
        return [f":globe_with_meridians: Outside Makegood: {said}", when]
    lines = DETAILS.get(item.action, no_details)(item, None).lines
    more = len(lines) - SHOWN_LINES
    shown = [*lines[:SHOWN_LINES], *([f"… and {more} more"] if more > 0 else [])]
    return [*log_line(item).split("\n"), *shown, _trail(desk.log.events(item.reference))]


def _trail(events: Sequence[Event]) -> str:
    """Return the steps of a request's life, each with its time, in a line."""
    steps: list[str] = []
    status = ""
    for event in events:
        text = _step(event)
        if event.event == "outcome":
            # Looks at a payment that find nothing new are no news here either.
            if event.detail.get("status") == status:
                continue
            status = str(event.detail.get("status"))
        if text:
            steps.append(f"{text} {date(event.at, time=True)}")
    more = len(steps) - SHOWN_STEPS
    shown = [*steps[:SHOWN_STEPS], *([f"and {more} more"] if more > 0 else [])]
    return "Steps: " + (" · ".join(shown) or "none yet")


def _step(event: Event) -> str:
    """Return a step in words, "" for one that says nothing to people."""
    who = event.detail.get("approver_id") or event.detail.get("actor_id")
    by = f" by {mention(str(who))}" if who else ""
    if event.event in SILENT or (event.event == "checked_again" and not who):
        return ""
    if event.event == "outcome":
        known = {each.value: SIGNS[each][1] for each in Status}
        return typed(known.get(str(event.detail.get("status")), "an outcome"))
    if event.event == "told" and event.detail.get("status") == UNDER_WAY:
        return "said to be under way"
    if event.event == "told":
        return TOLD_IN.get(str(event.detail.get("place")), "told in the thread")
    if event.event == "code":
        return CODE_STEPS.get(str(event.detail.get("over")), "") + by
    plain = STEPS.get(event.event) or event.event.replace("_", " ")
    why = str(event.detail.get("reason") or event.detail.get("payment_reference") or "")
    return typed(plain) + by + (f" ({typed(why, limit=100)})" if why else "")


def _turns(order_id: int, page: int, pages: int) -> list[Block]:
    earlier = button("Earlier", "history:earlier", f"{order_id} {page - 1}")
    later = button("Later", "history:later", f"{order_id} {page + 1}")
    return [*([earlier] if page > 1 else []), *([later] if page < pages else [])]


def _footer(order_id: int, page: int, pages: int) -> str:
    where = f"Page {page} of {pages}, oldest first. " if pages > 1 else ""
    return (
        f"{where}From Makegood's log. Whoever runs Makegood can print all "
        f"of it: `python -m bot log --order {order_id}`"
    )
