"""Whom a channel or a thread is about: `/makegood link`, and the same from a message.

Only ids are kept: the customer's, or for a guest the order's from which the e-mail is read anew.
What is said about it is seen by the one who asked, and nobody else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.actions.orders.snapshot import OrderSnapshot
from bot.bigcommerce.customers import Customer
from bot.bigcommerce.http.errors import BigCommerceError
from bot.bigcommerce.models import Order
from bot.lookup.finder import Found
from bot.lookup.search_terms import Wanted, read_wanted
from bot.values.parsing import NotUnderstood
from handlers.access.person import Person
from handlers.block_kit.builders import Block, alert, button, modal, section
from handlers.block_kit.mrkdwn import inert, mention, typed
from handlers.desk import Desk
from handlers.flow.click import Click
from handlers.flow.opening import NotYours
from handlers.orders.search_results import results_blocks, results_text
from handlers.windows.modals import update_modal
from handlers.windows.reply import Reply, say
from handlers.windows.views import NOTICE, View, trouble_text
from storage.threads.customer_links import Conversation, Link

MOST_OFFERED = 10
LINK_TITLE = "Link to a customer"
USAGE = (
    "Type whom this channel is about: `/makegood link` and an e-mail address, a customer's name or "
    "an order number."
)
NOT_LINKED = f"This channel is not linked to a customer. {USAGE}"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody to link to: `value` is what a button carries, `name` and `about` what is read."""

    value: str
    name: str
    about: str


def wanted_of(link: Link) -> Wanted:
    """Return what finds the orders of the one that is linked."""
    return Wanted(customer_id=link.customer_id, guest_of=link.order_id)


def candidates(found: Found) -> list[Candidate]:
    """Return everybody whom a search found, each once; a guest by the newest order."""
    people = {f"customer {who.id}": _customer(who) for who in found.customers}
    seen: set[str] = set()
    for order in found.orders:
        if order.customer_id:
            people.setdefault(f"customer {order.customer_id}", _buyer(order))
        elif (email := order.billing_address.email.casefold()) not in seen:
            seen.add(email)
            people[f"order {order.id}"] = _buyer(order)
    return list(people.values())


async def link_command(desk: Desk, body: Mapping[str, Any], rest: str, respond: Reply) -> None:
    """Answer `/makegood link`, with or without somebody behind it."""
    here = _channel(body, desk.installation.person(body))
    if not rest.strip():
        await _say_link(desk, here, respond)
        return
    try:
        wanted = read_wanted(rest)
        found = await desk.finder.find(wanted)
    except NotUnderstood as wrong:
        await say(respond, inert(str(wrong)))
        return
    except BigCommerceError as error:
        await say(respond, inert(trouble_text(error)))
        return
    people = candidates(found)
    if len(people) == 1 and not found.is_near:
        save_link(desk, here, people[0].value, desk.installation.person(body))
        await say(respond, linked_text(people[0].name, here))
    elif people:
        await say(respond, "Who is meant?", candidate_rows(people))
    else:
        await say(respond, results_text(found, wanted), results_blocks(found, wanted, "", 0))


async def unlink_command(desk: Desk, body: Mapping[str, Any], rest: str, respond: Reply) -> None:
    """Answer `/makegood unlink`."""
    was_linked = desk.links.forget(_channel(body, desk.installation.person(body)))
    await say(respond, "This channel is no longer linked." if was_linked else NOT_LINKED)


async def choose_link(click: Click) -> None:
    """Link to the one of several whose button was pressed."""
    if click.modal is not None:
        here = conversation_of(click.modal, click.person)
    else:
        channel = str((click.body.get("channel") or {}).get("id") or "")
        here = Conversation(click.person.team_id, channel)
    save_link(click.desk, here, click.value, click.person)
    if click.window is not None:
        await update_modal(click.window, linked_view("", here))
    else:
        await say(click.respond, linked_text("", here), replace=True)


def save_link(desk: Desk, here: Conversation, value: str, person: Person) -> None:
    """Keep the link to "customer 12" or "order 1042"; NotYours for anything else."""
    kind, _, digits = value.partition(" ")
    if not here.channel or not (digits.isascii() and digits.isdecimal()):
        raise NotYours
    number = int(digits)
    if kind == "customer":
        link = Link(customer_id=number, order_id=None, linked_by=person.user_id)
    elif kind == "order":
        link = Link(customer_id=None, order_id=number, linked_by=person.user_id)
    else:
        raise NotYours
    desk.links.save(here, link)


def candidate_rows(people: list[Candidate]) -> list[Block]:
    """Return a row for each, with the button that links to them."""
    rows = [
        section(
            f"*{typed(who.name, limit=120)}*\n{typed(who.about, limit=300)}",
            accessory=button("Link", "about", who.value),
        )
        for who in people[:MOST_OFFERED]
    ]
    more = len(people) - MOST_OFFERED
    rest = [section(f"… and {more} more. Type more of the name.")] if more > 0 else []
    return [section("*Who is meant?*"), *rows, *rest]


def linked_text(name: str, here: Conversation) -> str:
    """Return in mrkdwn what is linked now and what that is good for."""
    to = f" to *{typed(name, limit=120)}*" if name else ""
    return f"{_place(here)} is linked{to}. {_use(here)}"


def linked_view(name: str, here: Conversation) -> View:
    """Return the same as a view."""
    blocks = [alert(linked_text(name, here), level="success")]
    return modal(callback_id=NOTICE, title=LINK_TITLE, blocks=blocks)


def _place(here: Conversation) -> str:
    return "This thread" if here.thread_ts else "This channel"


def _use(here: Conversation) -> str:
    if here.thread_ts:
        return "“Order actions” on its messages offers those orders."
    return "/order with nothing behind it shows those orders here."


def conversation_of(view: Mapping[str, Any], person: Person) -> Conversation:
    """Return the conversation that a modal was opened for, by the ids that it carries."""
    channel, _, thread_ts = str(view.get("private_metadata") or "").partition(" ")
    if not channel:
        raise NotYours
    return Conversation(person.team_id, channel, thread_ts)


async def _say_link(desk: Desk, here: Conversation, respond: Reply) -> None:
    link = desk.links.find(here)
    if link is None:
        await say(respond, NOT_LINKED)
        return
    try:
        people = candidates(await desk.finder.find(wanted_of(link)))
    except BigCommerceError as error:
        await say(respond, inert(trouble_text(error)))
        return
    name = f"*{typed(people[0].name, limit=120)}*" if people else "a customer who is gone"
    await say(
        respond,
        f"This channel is linked to {name}, by {mention(link.linked_by)}. `/order` shows those "
        "orders, `/makegood unlink` ends it.",
    )


def _channel(body: Mapping[str, Any], person: Person) -> Conversation:
    return Conversation(person.team_id, str(body.get("channel_id") or ""))


def _customer(who: Customer) -> Candidate:
    return Candidate(f"customer {who.id}", who.name, who.email)


def _buyer(order: Order) -> Candidate:
    value = f"customer {order.customer_id}" if order.customer_id else f"order {order.id}"
    about = order.billing_address.email
    guest = "" if order.customer_id else " · guest"
    return Candidate(value, OrderSnapshot(order).customer_name, f"{about}{guest}")
