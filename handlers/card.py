"""The order as it is now, drawn for a message: facts, lines and the buttons it allows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.actions import ACTIONS
from bot.actions.eligibility import allowed_actions
from bot.actions.snapshot import OrderSnapshot
from bot.bigcommerce import Order, OrderLine, Store
from bot.money import Money
from handlers.blocks import Block, actions, button, context, divider, facts, header, section
from handlers.text import shorten, typed

SHOWN_LINES = 8


def summary(snapshot: OrderSnapshot, *, is_settled: bool = True) -> list[tuple[str, str]]:
    """Return the facts of an order as label and mrkdwn value.

    BigCommerce counts a refund from the moment that it is accepted. Unless everything `is_settled`
    the label says so, for "refunded" is said of money that has moved.
    """
    order = snapshot.order
    status = typed(order.custom_status or order.status)
    payment = [typed(part) for part in (_payment(order), order.payment_method) if part]
    return [
        ("Status", f"{status}{' · archived' if order.is_deleted else ''}"),
        ("Customer", f"{typed(snapshot.customer_name)}{'' if order.customer_id else ' · guest'}"),
        ("Ordered", date(order.date_created)),
        ("Payment", " · ".join(payment) or "None"),
        ("Total", str(snapshot.total)),
        ("Paid", str(snapshot.paid)),
        ("Refunded" if is_settled else "Refunded or on its way", str(snapshot.refunded)),
        ("Left to refund", str(snapshot.left)),
    ]


def order_card(
    snapshot: OrderSnapshot,
    store: Store,
    *,
    open_requests: Sequence[str] = (),
    thread_url: str | None = None,
) -> list[Block]:
    """Return the card's blocks; `open_requests` are mrkdwn lines about what is not settled yet."""
    order = snapshot.order
    more = len(snapshot.lines) - SHOWN_LINES
    lines = [line_text(snapshot, line) for line in snapshot.lines[:SHOWN_LINES]]
    if more > 0:
        lines.append(f"… and {more} more {'line' if more == 1 else 'lines'}")
    about = summary(snapshot, is_settled=not open_requests)
    blocks = [header(f"Order {order.id}"), *facts(about), divider()]
    blocks.append(section("\n".join(lines) or "This order has no lines."))
    blocks += [section(line) for line in open_requests[:5]]
    blocks.append(actions(_buttons(snapshot, store, thread_url), block_id="order_actions"))
    blocks.append(context(f"{typed(store.name)} · as of {date(datetime.now(UTC), time=True)}"))
    return blocks


def card_text(snapshot: OrderSnapshot) -> str:
    """Return the card in words, for notifications and screen readers."""
    order = snapshot.order
    return (
        f"Order {order.id} of {typed(snapshot.customer_name)}: "
        f"{typed(order.custom_status or order.status)}, total {snapshot.total}, "
        f"paid {snapshot.paid}, refunded {snapshot.refunded}, left to refund {snapshot.left}."
    )


def line_text(snapshot: OrderSnapshot, line: OrderLine) -> str:
    """Return one line of the order: quantity, name, options, what was paid, what came back."""
    paid = Money(amount=line.paid_inc_tax, currency=snapshot.order.currency)
    refunded = line.quantity - snapshot.quantity_left(line.id)
    back = f" · {refunded} of {line.quantity} refunded" if refunded else ""
    return f"{line.quantity} × {line_name(line)} · {paid}{back}"


def line_name(line: OrderLine) -> str:
    """Return a line's name with its options, as mrkdwn."""
    return typed(full_name(line))


def full_name(line: OrderLine) -> str:
    """Return a line's name with its options, as plain text of some length at most."""
    chosen = ", ".join(f"{o.display_name}: {o.display_value}" for o in line.product_options)
    return shorten(line.name, 120) + (f" ({shorten(chosen, 80)})" if chosen else "")


def offer(names: Sequence[str], order_id: int) -> list[Block]:
    """Return a button for each action; the same buttons work in a message and in a modal."""
    return [button(f"{ACTIONS[name].title} …", f"open:{name}", str(order_id)) for name in names]


def date(at: datetime, *, time: bool = False) -> str:
    """Return a time that Slack shows in each reader's own zone."""
    form = "{date_short_pretty} at {time}" if time else "{date_short}"
    return f"<!date^{int(at.timestamp())}^{form}|{at.day} {at:%B %Y, %H:%M} UTC>"


def _payment(order: Order) -> str:
    """Return BigCommerce's word for the payment, spelt and written as in all other texts."""
    return order.payment_status.replace("authorized", "authorised").capitalize()


def _buttons(snapshot: OrderSnapshot, store: Store, thread_url: str | None) -> list[Block]:
    order_id = snapshot.order.id
    buttons = offer(allowed_actions(snapshot.order), order_id)
    buttons.append(button("Refresh", "refresh", str(order_id)))
    if thread_url:
        buttons.append(button("Open its thread", "link:thread", url=thread_url))
    if store.control_panel_base_url:
        buttons.append(button("Open in BigCommerce", "link:store", url=store.order_url(order_id)))
    return buttons
