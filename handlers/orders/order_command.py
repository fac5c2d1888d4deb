"""`/order 1042`: the order's card, for the one who asked, and the refreshing of a card."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.actions.orders.order_card import load_for_card
from bot.actions.orders.snapshot import OrderSnapshot
from bot.actions.registry import ACTIONS
from bot.bigcommerce.http.errors import BigCommerceError, OrderNotFound
from bot.bigcommerce.models import Order
from handlers.block_kit.builders import Block, section
from handlers.block_kit.mrkdwn import inert
from handlers.desk import Desk
from handlers.flow.asked_already import whole_order_asked
from handlers.flow.open_forms import form_lines, open_forms
from handlers.orders.order_card import card_text, order_card
from handlers.timeline.outcomes.outcome_message import log_line, open_requests, refunded_label
from handlers.windows.reply import Reply, say
from handlers.windows.views import trouble_text
from storage.outbox.posts import root_key

SHOWN_ENDS = 3
NOT_DRAWN = "This could not be drawn anew just now. Makegood keeps trying."
SEARCH_HINT = " /order also takes an e-mail address, a name or a phone number."


async def show_order(
    desk: Desk, respond: Reply, order_id: int, *, replace: bool = False
) -> Order | None:
    """Show the card of an order and return the order; None: it was said why there is none."""
    try:
        snapshot, blocks = await card_blocks(desk, order_id)
    except BigCommerceError as error:
        hint = SEARCH_HINT if isinstance(error, OrderNotFound) else ""
        await say(respond, inert(f"Order {order_id}: {trouble_text(error)}{hint}"))
        return None
    await say(respond, _text(desk, snapshot), blocks, replace=replace)
    return snapshot.order


async def card_message(
    desk: Desk, order_id: int, *, watched_since: datetime
) -> tuple[str, list[Block]]:
    """Return the card of an order as a message, with what has ended while somebody watched.

    Raises BigCommerceError, but for an order that is gone.
    """
    try:
        snapshot, blocks = await card_blocks(desk, order_id, watched_since=watched_since)
    except OrderNotFound as error:
        text = inert(f"Order {order_id}: {trouble_text(error)}")
        return text, [section(text)]
    return _text(desk, snapshot), blocks


def _text(desk: Desk, snapshot: OrderSnapshot) -> str:
    return card_text(snapshot, refunded=refunded_label(desk.log, snapshot.order.id))


def _ended(desk: Desk, order_id: int, since: datetime) -> list[str]:
    """Return the latest ends of the order's requests since then, newest first."""
    entries = desk.log.of_order(order_id)
    return [
        log_line(entry)
        for entry in entries
        if entry.status is not None and entry.finished_at and entry.finished_at >= since
    ][:SHOWN_ENDS]


async def card_blocks(
    desk: Desk, order_id: int, *, watched_since: datetime | None = None
) -> tuple[OrderSnapshot, list[Block]]:
    """Read the order anew and return its card; raises BigCommerceError."""
    snapshot = await load_for_card(desk.store, order_id)
    store = await desk.catalogue.store()
    thread = desk.threads.find(order_id)
    link = await desk.poster.permalink(thread.channel, thread.thread_ts) if thread else None
    unsettled = open_requests(desk.log, order_id)
    forms = form_lines(open_forms(desk.drafts, order_id))
    now = desk.configuration.current()
    blocks = order_card(
        snapshot,
        store,
        open_requests=unsettled,
        refunded=refunded_label(desk.log, order_id),
        forms=forms,
        off=now.switched_off(ACTIONS),
        refunds_unpaid=now.refund_before_cancel,
        whole_asked=await whole_order_asked(desk, order_id),
        thread_url=link,
        ended=_ended(desk, order_id, watched_since) if watched_since else (),
    )
    return snapshot, blocks


async def refresh_card(desk: Desk, respond: Reply, body: Mapping[str, Any], order_id: int) -> None:
    """Draw a card anew: in place for the one who looks, or the root message for everybody."""
    if (body.get("container") or {}).get("is_ephemeral"):
        await show_order(desk, respond, order_id, replace=True)
        return
    key, pressed = root_key(order_id), str((body.get("container") or {}).get("message_ts"))
    root = desk.outbox.find(key)
    if root is None or root.message_ts != pressed:  # another one has taken its place
        await show_order(desk, respond, order_id)
        return
    await desk.timeline.refresh(order_id)
    root = desk.outbox.find(key)
    if root is not None and root.tries:
        await say(respond, NOT_DRAWN)
