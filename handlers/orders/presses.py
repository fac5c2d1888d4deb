"""A press tells what somebody sees: that is kept in mind, to be drawn anew when it changes."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.values.parsing import NotUnderstood, parse_order_id
from handlers.block_kit.builders import Block
from handlers.flow.click import Click
from handlers.orders.history import PAGES, history_message
from handlers.orders.order_card import ORDER_ACTIONS
from handlers.orders.order_command import card_message
from handlers.orders.search import list_message
from handlers.orders.search_results import LIST, PAGE
from handlers.windows.cards import keep_card
from handlers.windows.followed import window_key


def note_press(click: Click) -> None:
    """Keep what was pressed in mind, and forget a window that the press is about to change."""
    if click.modal is not None:
        if click.name != "link":
            click.desk.shown.forget(window_key(str(click.modal.get("id"))))
        return
    kind, *place = str(click.action.get("block_id") or "").split("~")
    if kind == ORDER_ACTIONS:
        _note_card(click)
    elif kind == LIST and len(place) >= 2:
        _note_list(click, place[0], place[1])
    elif kind == PAGES and len(place) == 2:
        _note_history(click, place[0], place[1])


def _note_card(click: Click) -> None:
    try:
        order_id = parse_order_id(click.value.partition(" ")[0])
    except NotUnderstood:
        return
    since = datetime.now(UTC)

    async def render() -> tuple[str, list[Block]]:
        return await card_message(click.desk, order_id, watched_since=since)

    keep_card(click, [order_id], render, is_true=click.name == "refresh")


def _note_list(click: Click, token: str, page: str) -> None:
    desk, wanted = click.desk, click.desk.finder.recall(token)
    if click.name == LIST:  # to another page
        page = click.value.partition(" ")[2]
    found = None if wanted is None else desk.finder.latest(wanted)
    if wanted is None or found is None or not page.isdecimal():
        return
    shown = found.orders[int(page) * PAGE : (int(page) + 1) * PAGE]

    async def render() -> tuple[str, list[Block]]:
        desk.finder.forget(wanted)
        return await list_message(desk, wanted, token, int(page))

    keep_card(click, [order.id for order in shown], render, is_true=click.name == LIST)


def _note_history(click: Click, order: str, page: str) -> None:
    page = click.value.partition(" ")[2] or page  # where the press leads
    if not order.isdecimal() or not page.isdecimal():
        return

    async def render() -> tuple[str, list[Block]]:
        return history_message(click.desk, int(order), int(page))

    keep_card(click, [int(order)], render, is_true=True)
