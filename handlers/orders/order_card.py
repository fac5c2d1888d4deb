"""The order as it is now, drawn for a message: facts, lines and the buttons it allows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.actions.action import Moves
from bot.actions.cancellations.cancelling import keeps
from bot.actions.orders.marketplaces import marketplace_of
from bot.actions.orders.snapshot import OrderSnapshot
from bot.actions.registry import ACTIONS, allowed_actions
from bot.actions.rules.eligibility import UNPAID
from bot.bigcommerce.models import Order, Store
from handlers.block_kit.builders import (
    Block,
    actions,
    button,
    context,
    divider,
    facts,
    header,
    paragraphs,
    section,
)
from handlers.block_kit.mrkdwn import date, typed
from handlers.flow.asked_already import WHOLE
from handlers.orders.order_card_rows import coupon_rows, line_rows, not_now, parcel_rows
from handlers.orders.refunded_rows import refunded_rows

# The row of buttons, by which a press on a card is known.
ORDER_ACTIONS = "order_actions"
REFUNDS = frozenset(name for name, action in ACTIONS.items() if action.moves is Moves.BACK)
GIVING_BACK = frozenset(name for name, action in ACTIONS.items() if action.gives_back)
KEEPING_NONE = frozenset(
    name for name, action in ACTIONS.items() if action.moves is Moves.NOTHING_KEPT
)
NOTHING_LEFT = (
    "All that was paid is refunded, on its way or to be sent, so nothing is left to refund."
)


def summary(snapshot: OrderSnapshot, *, refunded: str = "Refunded") -> list[tuple[str, str]]:
    """Return the facts of an order as label and mrkdwn value.

    `refunded` is what the sum is called that BigCommerce counts as refunded: it does so from the
    moment that a refund is accepted.
    """
    order = snapshot.order
    status = typed(order.custom_status or order.status)
    payment = [typed(part) for part in (_payment(order), order.payment_method) if part]
    source = marketplace_of(order)
    return [
        ("Status", f"{status}{' · archived' if order.is_deleted else ''}"),
        ("Customer", f"{typed(snapshot.customer_name)}{'' if order.customer_id else ' · guest'}"),
        ("Ordered", date(order.date_created)),
        *([("Came from", f"{source} · refunds are made there")] if source else []),
        ("Payment", " · ".join(payment) or "None"),
        *_amounts(snapshot, refunded),
    ]


def _amounts(snapshot: OrderSnapshot, refunded: str) -> list[tuple[str, str]]:
    """Return the order's money; where it is not known what was paid, nothing is called so."""
    total, given = ("Order total", str(snapshot.total)), (refunded, str(snapshot.refunded))
    if not snapshot.is_paid_known:
        return [total, given, ("Left of the order total", str(snapshot.left))]
    return [total, ("Paid", str(snapshot.paid)), given, ("Left to refund", str(snapshot.left))]


def order_card(
    snapshot: OrderSnapshot,
    store: Store,
    *,
    open_requests: Sequence[str] = (),
    refunded: str = "Refunded",
    forms: Sequence[str] = (),
    off: frozenset[str] = frozenset(),
    refunds_unpaid: bool = False,
    whole_asked: str = "",
    thread_url: str | None = None,
    ended: Sequence[str] = (),
) -> list[Block]:
    """Return the card's blocks.

    `ended` are mrkdwn lines about what somebody who watches it has seen come to its end.
    `open_requests` are mrkdwn lines about what is not settled yet, `forms` about who is at it;
    `refunded` is as in `summary`; `off` are the actions that are switched off;
    `refunds_unpaid`: money taken for an unpaid order is given back before it is cancelled.
    `whole_asked`: why the whole order can't be asked for, mrkdwn.
    """
    order = snapshot.order
    about = summary(snapshot, refunded=refunded)
    said = [section(line) for line in ended]
    blocks = [header(f"Order {order.id}"), *said, *facts(about), divider()]
    charged = [*line_rows(snapshot), *refunded_rows(snapshot)]
    for rows in (charged, coupon_rows(snapshot), parcel_rows(snapshot)):
        blocks += paragraphs(rows)
    blocks += [section(line) for line in open_requests[:5]]
    blocks += [section("\n".join(forms))] if forms else []
    closed, why = closed_by_money(snapshot, refunds_unpaid=refunds_unpaid)
    closed |= WHOLE if whole_asked else frozenset()
    buttons = _buttons(snapshot, store, off | closed, thread_url)
    blocks.append(actions(buttons, block_id=ORDER_ACTIONS))
    as_of = f"{typed(store.name)} · as of {date(datetime.now(UTC), time=True)}"
    why = why or not_now(order, off)
    blocks += [context(text) for text in (whole_asked, why, as_of) if text]
    return blocks


def card_text(snapshot: OrderSnapshot, *, refunded: str = "Refunded") -> str:
    """Return the card in words, for notifications and screen readers."""
    order = snapshot.order
    amounts = ", ".join(
        f"{label[:1].lower()}{label[1:]} {amount}" for label, amount in _amounts(snapshot, refunded)
    )
    return (
        f"Order {order.id} of {typed(snapshot.customer_name)}: "
        f"{typed(order.custom_status or order.status)}, {amounts}."
    )


def offer(names: Sequence[str], order_id: int) -> list[Block]:
    """Return a button for each action; the same buttons work in a message and in a modal."""
    return [button(f"{ACTIONS[name].title} …", f"open:{name}", str(order_id)) for name in names]


def closed_by_money(snapshot: OrderSnapshot, *, refunds_unpaid: bool) -> tuple[frozenset[str], str]:
    """Return the actions that the status would allow and the money does not, and why.

    A refund on its way counts already, while the status that it brings is still to come. Of a
    marketplace's order only a payment that BigCommerce took itself can be given back. Cancelling
    keeps no money that was taken: where that is not given back first, it is refused.
    """
    allowed = frozenset(allowed_actions(snapshot.order))
    source = marketplace_of(snapshot.order)
    if source and not snapshot.is_paid_known and allowed & GIVING_BACK:
        return GIVING_BACK, f"{source} has the customer's money, so the order is refunded there."
    if snapshot.refunded.amount > 0 >= snapshot.left.amount and allowed & REFUNDS:
        return REFUNDS, NOTHING_LEFT
    is_first = refunds_unpaid and snapshot.order.status_id in UNPAID
    if allowed & KEEPING_NONE and snapshot.left.amount > 0 and not is_first:
        return KEEPING_NONE, keeps(snapshot.order.id, snapshot.left)
    return frozenset(), ""


def _payment(order: Order) -> str:
    """Return BigCommerce's word for the payment, spelt and written as in all other texts."""
    return order.payment_status.replace("authorized", "authorised").capitalize()


def _buttons(
    snapshot: OrderSnapshot, store: Store, closed: frozenset[str], thread_url: str | None
) -> list[Block]:
    order_id = snapshot.order.id
    allowed = [name for name in allowed_actions(snapshot.order) if name not in closed]
    buttons = offer(allowed, order_id)
    buttons.append(button("Refresh", "refresh", str(order_id)))
    buttons.append(button("History", "history", str(order_id)))
    if thread_url:
        buttons.append(button("Open its thread", "link:thread", str(order_id), url=thread_url))
    if store.control_panel_base_url:
        url = store.order_url(order_id)
        buttons.append(button("Open in BigCommerce", "link:store", str(order_id), url=url))
    return buttons
