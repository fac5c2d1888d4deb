"""What a search found, drawn for a message or a modal: a list to choose from, or what was tried."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.actions.orders.snapshot import OrderSnapshot
from bot.bigcommerce.customers import Customer
from bot.bigcommerce.models import Order
from bot.lookup.finder import Found
from bot.lookup.search_terms import Wanted
from handlers.block_kit.builders import Block, actions, button, context, section
from handlers.block_kit.mrkdwn import date, typed

PAGE = 10
# A list's rows and its pages' buttons, by which a press on a list is known.
LIST = "hits"
NEAR = "Nobody is called exactly that. These come near:"
SUGGESTION = (
    "Check the spelling, or search for something else: the order number, the e-mail address on the "
    "order, a part of the customer's name, or the phone number as the customer typed it."
)


def results_text(found: Found, wanted: Wanted) -> str:
    """Return in one sentence of mrkdwn what was found; it stands above the list, too."""
    about = f" for “{typed(wanted.text, limit=80)}”" if wanted.text else ""
    if not found.orders:
        names = ", ".join(typed(customer.name, limit=80) for customer in found.customers[:5])
        return f"{names}: no orders." if names else f"Nothing was found{about}."
    count = len(found.orders)
    return f"{count} {'order' if count == 1 else 'orders'}{about}, newest first."


def results_blocks(found: Found, wanted: Wanted, token: str, page: int) -> list[Block]:
    """Return one page of the orders, or what was tried in vain; at most some 20 blocks."""
    heading = section(f"*{results_text(found, wanted)}*" + (f"\n{NEAR}" if found.is_near else ""))
    notes = [context(typed(note, limit=600)) for note in found.notes[:3]]
    if not found.orders:
        return [heading, *_in_vain(found), *notes]
    last = (len(found.orders) - 1) // PAGE
    page = min(max(page, 0), last)
    shown = found.orders[page * PAGE : (page + 1) * PAGE]
    place = f"{LIST}~{token}~{page}"
    rows = [order_row(order, f"{place}~{order.id}") for order in shown]
    as_of = context(f"As of {date(datetime.now(UTC), time=True)}")
    return [heading, *rows, *notes, *_pager(token, page, last), as_of]


def order_row(order: Order, block_id: str | None = None) -> Block:
    """Return an order in two lines, with the button that opens it."""
    button_ = button("Open", "hit", str(order.id), label=f"Open order {order.id}")
    return section("\n".join(order_lines(order)), accessory=button_, block_id=block_id)


def order_lines(order: Order) -> list[str]:
    """Return an order's number, state and total, and below it whose and from when."""
    snapshot = OrderSnapshot(order)
    status = typed(order.custom_status or order.status, limit=60)
    guest = "" if order.customer_id else " · guest"
    name = f"{typed(snapshot.customer_name, limit=80)}{guest}"
    return [
        f"*Order {order.id}* · {status} · {snapshot.total}",
        f"{date(order.date_created)} · {name}",
    ]


def whose(found: Found) -> Order | Customer | None:
    """Return the one that everything found is about; None when there are several."""
    if len(found.customers) == 1:
        return found.customers[0]
    emails = {order.billing_address.email.casefold() for order in found.orders}
    are_guests = not any(order.customer_id for order in found.orders)
    if found.orders and are_guests and not found.customers and len(emails) == 1:
        return found.orders[0]
    return None


def _in_vain(found: Found) -> list[Block]:
    tried = _listed(found.tried)
    return [section(f"*What was searched*\n{tried}"), section(SUGGESTION)]


def _listed(sentences: Sequence[str]) -> str:
    return "\n".join(f"• {typed(sentence, limit=400)}" for sentence in sentences)


def _pager(token: str, page: int, last: int) -> list[Block]:
    if last == 0:
        return []
    buttons = []
    if page > 0:
        buttons.append(button("Previous", "hits:previous", f"{token} {page - 1}"))
    if page < last:
        buttons.append(button("Next", "hits:next", f"{token} {page + 1}"))
    pages = actions(buttons, block_id=f"{LIST}~{token}~{page}")
    return [context(f"Page {page + 1} of {last + 1}"), pages]
