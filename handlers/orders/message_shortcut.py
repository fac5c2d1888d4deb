"""“Order actions” in the menu of any message: the orders that it mentions, and what they allow.

It works inside threads, where slash commands do not. On an order's own thread it is that order;
elsewhere the numbers and e-mail addresses of the text are looked up, and only what exists is shown.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.actions.registry import ACTIONS, allowed_actions
from bot.bigcommerce.http.errors import OrderNotFound
from bot.bigcommerce.models import Order
from bot.lookup.finder import Found
from bot.lookup.mentioned import Mentioned, find_mentioned
from bot.lookup.search_terms import Wanted
from handlers.access.pace import TOO_FAST
from handlers.access.person import Person
from handlers.block_kit.builders import Block, actions, button, context, divider, modal, section
from handlers.block_kit.mrkdwn import typed
from handlers.customers.customer_links import wanted_of
from handlers.desk import Desk
from handlers.flow.asked_already import WHOLE, whole_order_asked
from handlers.orders.order_card import offer
from handlers.orders.search import AGAIN, again_row, card_view, follow_card, search_view
from handlers.orders.search_results import order_lines, order_row
from handlers.windows.modals import NOT_OPENED, Window, open_modal, show
from handlers.windows.reply import Reply, say
from handlers.windows.views import NOTICE, View, loading_view, notice_view
from storage.threads.customer_links import Conversation

NAME = "order_actions"
TITLE = "Order actions"
SHOWN_OF_PERSON = 5
LONGEST_GUESS = 60  # a message of so few characters may be a name
DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Place:
    """The message that the shortcut was used on: where it is, and what it says."""

    team_id: str
    channel: str
    ts: str
    thread_ts: str
    text: str

    @classmethod
    def of(cls, body: Mapping[str, Any], person: Person) -> Place:
        """Read Slack's payload; a message outside a thread is the root of one to be."""
        message = body.get("message") or {}
        ts = str(message.get("ts") or body.get("message_ts") or "")
        thread_ts = str(message.get("thread_ts") or ts)
        channel = str((body.get("channel") or {}).get("id") or "")
        return cls(person.team_id, channel, ts, thread_ts, text_of(message))

    @property
    def thread(self) -> Conversation:
        """The message's thread."""
        return Conversation(self.team_id, self.channel, self.thread_ts)


def text_of(message: Mapping[str, Any]) -> str:
    """Return all that a message says: apps write in blocks and attachments, too."""
    parts = [str(message.get("text") or "")]
    for key in ("blocks", "attachments"):
        parts += _texts(message.get(key), DEEPEST)
    return "\n".join(dict.fromkeys(parts))


async def run_shortcut(desk: Desk, body: Mapping[str, Any], respond: Reply) -> None:
    """Open the modal at once, then look up what the message mentions."""
    if body.get("callback_id") != NAME:
        return
    person = desk.installation.person(body)
    if desk.pace.is_too_fast(person):
        await say(respond, TOO_FAST)
        return
    waiting = loading_view(TITLE, "Reading the message …")
    window = await open_modal(respond, str(body["trigger_id"]), waiting, otherwise=NOT_OPENED)
    if window is not None:
        await show(window, TITLE, _view(desk, person, Place.of(body, person), window))


async def _view(desk: Desk, person: Person, place: Place, window: Window) -> View:
    if (no := await desk.access.refusal(*person.ids)) is not None:
        return notice_view(TITLE, no)
    order_id = desk.threads.order_of(place.channel, place.thread_ts)
    if order_id is not None:
        return await _card(window, place, order_id)
    mentioned = find_mentioned(place.text)
    orders, others = await asyncio.gather(_orders(desk, mentioned), _people(desk, mentioned))
    if not orders and not others:
        others = await _linked(desk, place)
    if not orders and not others:
        return _with_link(search_view(_guess(place, mentioned), above=_nothing(mentioned)), place)
    if len(orders) == 1 and not others:
        return await _card(window, place, orders[0].id)
    off = desk.configuration.current().switched_off(ACTIONS)
    blocks = [block for order in orders for block in await _order(desk, order, off)]
    seen = {order.id for order in orders}
    for found in others:
        blocks += _person(found, seen)
    view = modal(callback_id=NOTICE, title=TITLE, blocks=[*blocks[:90], again_row()])
    return _with_link(view, place)


async def _card(window: Window, place: Place, order_id: int) -> View:
    follow_card(window, order_id, add=lambda view: _with_link(view, place))
    return _with_link(await card_view(window.desk, order_id), place)


async def _orders(desk: Desk, mentioned: Mentioned) -> list[Order]:
    """Return those of the mentioned orders that there are, all read at once."""
    found = await asyncio.gather(
        *(desk.finder.find(Wanted(order_id=order_id)) for order_id in mentioned.order_ids)
    )
    return [order for each in found for order in each.orders]


async def _people(desk: Desk, mentioned: Mentioned) -> list[Found]:
    """Return what is found for the mentioned e-mail addresses."""
    wanted = [Wanted(email, email=email) for email in mentioned.emails]
    found = await asyncio.gather(*(desk.finder.find(each) for each in wanted))
    return [each for each in found if each.orders]


async def _linked(desk: Desk, place: Place) -> list[Found]:
    """Return the orders of the one that the thread, else the channel, is about."""
    channel = Conversation(place.team_id, place.channel)
    link = desk.links.find(place.thread) or desk.links.find(channel)
    if link is None:
        return []
    try:
        found = await desk.finder.find(wanted_of(link))
    except OrderNotFound:  # a guest's order that is gone
        return []
    return [found] if found.orders else []


async def _order(desk: Desk, order: Order, off: frozenset[str]) -> list[Block]:
    """Return an order with what it allows now."""
    asked = await whole_order_asked(desk, order.id)
    no = off | WHOLE if asked else off
    ways = offer([name for name in allowed_actions(order) if name not in no], order.id)
    row: list[Block] = [actions(ways, block_id=f"order~{order.id}")] if ways else []
    return [order_row(order), *row, *([context(asked)] if asked else []), divider()]


def _person(found: Found, seen: set[int]) -> list[Block]:
    """Return somebody's newest orders, without those that are shown already."""
    orders = [order for order in found.orders if order.id not in seen]
    if not orders:
        return []
    name = order_lines(orders[0])[1].partition(" · ")[2]
    rows = [order_row(order) for order in orders[:SHOWN_OF_PERSON]]
    seen.update(order.id for order in orders)
    more = len(orders) - len(rows)
    rest = [context(f"… and {more} more. Search for the e-mail address to see them.")]
    return [section(f"*Orders of {name}*"), *rows, *(rest if more > 0 else [])]


def _nothing(mentioned: Mentioned) -> list[Block]:
    """Return what was looked for in vain."""
    looked = [str(order_id) for order_id in mentioned.order_ids] + list(mentioned.emails)
    if not looked:
        return [section("This message mentions no order number and no e-mail address.")]
    named = ", ".join(typed(each, limit=120) for each in looked)
    return [section(f"No order was found for what this message mentions: {named}.")]


def _guess(place: Place, mentioned: Mentioned) -> str:
    """Return what the form may begin with: what was found in the text, or a short text itself."""
    for each in (*mentioned.emails, *map(str, mentioned.order_ids)):
        return each
    text = " ".join(place.text.split())
    return text if len(text) <= LONGEST_GUESS else ""


def _with_link(view: View, place: Place) -> View:
    """Return the view with the button that links the thread."""
    if not place.thread.channel or not place.thread_ts:
        return view
    link = button("Link this thread to …", "link_thread", f"{place.channel} {place.thread_ts}")
    blocks = view["blocks"][:99]
    last = blocks[-1]
    if last.get("block_id") == AGAIN:
        return {**view, "blocks": [*blocks[:-1], {**last, "elements": [*last["elements"], link]}]}
    return {**view, "blocks": [*blocks, actions([link], block_id="link_thread")]}


def _texts(node: Any, depth: int) -> Iterator[str]:
    """Yield what blocks and attachments say, as deep as Slack's go."""
    if depth == 0:
        return
    if isinstance(node, list):
        for entry in node[:100]:
            yield from _texts(entry, depth - 1)
    elif isinstance(node, Mapping):
        for key, value in node.items():
            if isinstance(value, str) and key in {"text", "fallback", "title", "pretext", "value"}:
                yield value
            else:
                yield from _texts(value, depth - 1)
