"""Finding an order: `/order` with anything behind it, the search form, and the list of hits."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.bigcommerce.customers import Customer
from bot.bigcommerce.http.errors import BigCommerceError
from bot.bigcommerce.http.quota import looks_of
from bot.bigcommerce.models import Order
from bot.lookup.finder import Found
from bot.lookup.search_terms import Wanted, read_wanted
from bot.values.parsing import NotUnderstood, parse_order_id
from handlers.access.person import Person
from handlers.block_kit.builders import (
    Block,
    actions,
    button,
    context,
    input_block,
    modal,
    section,
    text_input,
)
from handlers.block_kit.mrkdwn import date, inert
from handlers.customers.customer_links import wanted_of
from handlers.customers.customer_summary import read_customer_summary, summary_blocks
from handlers.desk import Desk
from handlers.flow.click import Click
from handlers.flow.form import submitted_values
from handlers.flow.opening import NotYours
from handlers.flow.submitted import Submitted
from handlers.orders.order_command import card_blocks, show_order
from handlers.orders.search_results import PAGE, results_blocks, results_text, whose
from handlers.windows.followed import follow
from handlers.windows.modals import Window, load_then, open_modal, show, update_modal
from handlers.windows.reply import Reply, say
from handlers.windows.shown import RULES, order_subject
from handlers.windows.views import NOTICE, View, loading_view, trouble_text
from storage.threads.customer_links import Conversation

logger = logging.getLogger(__name__)

SEARCH = "search"
AGAIN = "search_again"
TITLE = "Find an order"
SEARCHING = "Searching the store …"
TOO_OLD = "This list is no longer kept. Search again."
# How long a list or a card in a modal waits for what is known of the customer.
GLANCE_S = 4.0
HINT = (
    "For example 1042, rosa@mail.example, Lindqvist or 512-555-0101. Guests are found by e-mail "
    "address and order number."
)


async def find_order(desk: Desk, body: Mapping[str, Any], text: str, respond: Reply) -> None:
    """Answer `/order`: the card of the only hit, a list of several, or what was tried."""
    if not text.strip():
        await _without_words(desk, body, respond)
        return
    try:
        wanted = read_wanted(text)
    except NotUnderstood as wrong:
        await say(respond, inert(str(wrong)))
        return
    if wanted.order_id is not None and not wanted.phone:
        await open_card(desk, respond, wanted.order_id)
    else:
        await _answer(desk, respond, wanted)


async def open_card(desk: Desk, respond: Reply, order_id: int) -> None:
    """Show the order's card at once, and what is known of its customer when that is read."""
    order = await show_order(desk, respond, order_id)
    if order is None:
        return
    try:
        blocks = summary_blocks(await read_customer_summary(desk, order))
    except BigCommerceError as error:
        logger.warning("customer not read", extra={"error": str(error)})
        return
    as_of = context(f"As of {date(datetime.now(UTC), time=True)}")
    await say(respond, f"The customer of order {order_id}", [*blocks, as_of])


async def _without_words(desk: Desk, body: Mapping[str, Any], respond: Reply) -> None:
    """Show the orders of the one that the channel is about, else ask what to look for."""
    person = desk.installation.person(body)
    link = desk.links.find(Conversation(person.team_id, str(body.get("channel_id") or "")))
    if link is not None:
        await _answer(desk, respond, wanted_of(link), is_linked=True)
    else:
        await open_modal(respond, str(body["trigger_id"]), search_view())


async def _answer(desk: Desk, respond: Reply, wanted: Wanted, *, is_linked: bool = False) -> None:
    try:
        found = await desk.finder.find(wanted)
    except BigCommerceError as error:
        await say(respond, inert(trouble_text(error)))
        return
    if len(found.orders) == 1 and not found.is_near:
        await open_card(desk, respond, found.orders[0].id)
        return
    blocks = await _list_blocks(desk, wanted, found)
    if is_linked:
        blocks += [
            context("This channel is linked to this customer. `/makegood unlink` ends that."),
            actions([button("Search for somebody else", "search")]),
        ]
    elif not found.orders:
        blocks.append(again_row())
    await say(respond, results_text(found, wanted), blocks)


async def _list_blocks(desk: Desk, wanted: Wanted, found: Found) -> list[Block]:
    """Return the first page, with what is known of the customer when there is only one."""
    blocks = results_blocks(found, wanted, desk.finder.remember(wanted), 0)
    who = whose(found)
    about = await summary_in_time(desk, who) if who is not None else []
    # That nobody is called exactly so stands before whoever comes near.
    return [*blocks, *about] if found.is_near else [*about, *blocks]


async def summary_in_time(desk: Desk, who: Order | Customer) -> list[Block]:
    """Return what is known of the customer, or nothing: it is a help and holds nobody up."""
    try:
        async with asyncio.timeout(GLANCE_S):
            return summary_blocks(await read_customer_summary(desk, who))
    except (BigCommerceError, TimeoutError) as error:
        logger.warning("customer not read", extra={"error": type(error).__name__})
        return []


def search_view(initial: str = "", *, above: list[Block] | None = None) -> View:
    """Return the form with its one field; `above` stands over it."""
    element = text_input("wanted", initial=initial, max_length=255, focus=True)
    label = "Order number, e-mail, name or phone number"
    return modal(
        callback_id=SEARCH,
        title=TITLE,
        submit="Search",
        blocks=[*(above or []), input_block("wanted", label, element, hint=HINT)],
    )


async def found_view(window: Window, wanted: Wanted) -> View:
    """Return the only hit, the list, or the form once more with what was tried."""
    desk = window.desk
    found = await desk.finder.find(wanted)
    if len(found.orders) == 1 and not found.is_near:
        return await _followed_card(window, found.orders[0].id)
    if not found.orders:
        return search_view(wanted.text, above=results_blocks(found, wanted, "", 0))
    blocks = await _list_blocks(desk, wanted, found)
    follow_list(window, wanted, found, 0)
    return modal(callback_id=NOTICE, title=TITLE, blocks=[*blocks, again_row()])


def follow_list(window: Window, wanted: Wanted, found: Found, page: int) -> None:
    """Keep a page of a list in a window true for as long as it is open."""
    desk, person = window.desk, window.reply.person
    token = desk.finder.remember(wanted)

    async def look() -> View | None:
        desk.finder.forget(wanted)
        with looks_of(person.user_id):
            latest = await desk.finder.find(wanted)
            first = await _list_blocks(desk, wanted, latest) if not page else []
        blocks = first or results_blocks(latest, wanted, token, page)
        return modal(callback_id=NOTICE, title=TITLE, blocks=[*blocks, again_row()])

    shown = found.orders[page * PAGE : (page + 1) * PAGE]
    follow(window, [order_subject(order.id) for order in shown], look)


def again_row() -> Block:
    """Return the button that leads to the search form."""
    return actions([button("Search again", "search")], block_id=AGAIN)


async def card_view(desk: Desk, order_id: int) -> View:
    """Return the order's card with what is known of its customer, read anew."""
    snapshot, blocks = await card_blocks(desk, order_id)
    about = await summary_in_time(desk, snapshot.order)
    # The modal's title says which order it is; the card's own heading is for messages.
    body = [block for block in blocks if block["type"] != "header"]
    return modal(callback_id=NOTICE, title=f"Order {order_id}", blocks=[*body, *about])


async def _followed_card(window: Window, order_id: int) -> View:
    follow_card(window, order_id)
    return await card_view(window.desk, order_id)


def follow_card(
    window: Window, order_id: int, *, add: Callable[[View], View] = lambda view: view
) -> None:
    """Keep the card in a window true for as long as it is open; `add` adds what stands below it."""
    person = window.reply.person

    async def look() -> View | None:
        with looks_of(person.user_id):
            return add(await card_view(window.desk, order_id))

    follow(window, [order_subject(order_id), RULES], look)


async def open_result(click: Click) -> None:
    """Open an order of a list: in place in a modal, below the list in a channel."""
    try:
        order_id = parse_order_id(click.value)
    except NotUnderstood as wrong:
        raise NotYours(str(wrong)) from wrong
    if click.window is None:
        await open_card(click.desk, click.respond, order_id)
        return
    work = _followed_card(click.window, order_id)
    await load_then(click.window, f"Order {order_id}", "Reading the order …", work)


async def _say_too_old(click: Click) -> None:
    """Offer a new search in place of a list that cannot be turned any more."""
    said = section(TOO_OLD)
    if click.window is not None:
        await update_modal(click.window, search_view(above=[said]))
    else:
        await say(click.respond, TOO_OLD, [said, again_row()], replace=True)


async def turn_results(click: Click) -> None:
    """Show another page of a list."""
    token, _, page = click.value.partition(" ")
    wanted = click.desk.finder.recall(token)
    if wanted is None or not page.isdecimal():
        await _say_too_old(click)
        return
    try:
        text, blocks = await list_message(click.desk, wanted, token, int(page))
    except BigCommerceError as error:
        raise NotYours(trouble_text(error)) from error
    if click.window is not None:
        if (found := click.desk.finder.latest(wanted)) is not None:
            follow_list(click.window, wanted, found, int(page))
        view = modal(callback_id=NOTICE, title=TITLE, blocks=[*blocks, again_row()])
        await update_modal(click.window, view)
    else:
        await say(click.respond, text, blocks, replace=True)


async def list_message(
    desk: Desk, wanted: Wanted, token: str, page: int
) -> tuple[str, list[Block]]:
    """Return a page of a list, searched anew, as a message; raises BigCommerceError."""
    found = await desk.finder.find(wanted)
    return results_text(found, wanted), results_blocks(found, wanted, token, page)


async def open_search(click: Click) -> None:
    """Show the search form: in place in a modal, in a new one elsewhere."""
    if click.window is not None:
        await update_modal(click.window, search_view())
    else:
        await open_modal(click.respond, click.trigger_id, search_view())


async def submit_search(desk: Desk, person: Person, view: Mapping[str, Any]) -> Submitted:
    """Search for what was typed into the form."""
    if (no := await desk.access.refusal(*person.ids)) is not None:
        raise NotYours(no)
    try:
        wanted = read_wanted(str(submitted_values(view).get("wanted") or ""))
    except NotUnderstood as wrong:
        return Submitted({"response_action": "errors", "errors": {"wanted": str(wrong)}})
    waiting = loading_view(TITLE, SEARCHING)
    window = Window.of(desk, person, view)
    work = show(window, TITLE, found_view(window, wanted))
    return Submitted({"response_action": "update", "view": waiting}, work)
