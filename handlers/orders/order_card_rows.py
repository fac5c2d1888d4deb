"""What the cover of an order's case shows below its facts: sums, coupons, parcels, and what is no.

All of it is mrkdwn, and all of it is bounded: an order may have sixty lines and as many parcels.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bot.actions.orders.line_kinds import line_kind
from bot.actions.orders.snapshot import OrderSnapshot
from bot.actions.registry import ACTIONS, led_to_by
from bot.actions.rules.eligibility import CANCEL_COMMAND, REFUND_COMMAND, refusal
from bot.bigcommerce.models import Order, OrderLine
from bot.bigcommerce.order_parts import Shipment, UsedCoupon
from bot.values.money import Money
from handlers.block_kit.mrkdwn import code, date, inert, link, shorten, some, typed

NOTHING_ON = (
    "Nothing can be done here now: Makegood's actions are not activated. An admin activates them "
    "in Makegood's Home tab."
)
SHOWN_LINES = 8
SHOWN_PARCELS = 5
SHOWN_COUPONS = 5

# What agents come for; each is one thing to them, whichever action the status makes of it.
MAIN_COMMANDS = (("Refunding", REFUND_COMMAND), ("Cancelling", CANCEL_COMMAND))


def line_rows(snapshot: OrderSnapshot) -> list[str]:
    """Return the lines and what else was charged, so that all of it adds up to the total."""
    shown = [line_text(snapshot, line) for line in snapshot.lines[:SHOWN_LINES]]
    if rest := snapshot.lines[SHOWN_LINES:]:
        amount = _money(snapshot, sum((line.paid_inc_tax for line in rest), Decimal(0)))
        shown.append(f"… and {len(rest)} more {_noun(rest, 'line')} · {amount}")
    shown += [f"{label} · {_money(snapshot, amount)}" for label, amount in _charges(snapshot)]
    if not snapshot.lines:
        shown.insert(0, "This order has no lines.")
    return [*shown, f"*Total · {snapshot.total}*"]


def line_text(snapshot: OrderSnapshot, line: OrderLine) -> str:
    """Return one line of the order: quantity, name, options, what was paid, what came back."""
    paid = _money(snapshot, line.paid_inc_tax)
    refunded = line.quantity - snapshot.quantity_left(line.id)
    back = f" · {refunded} of {line.quantity} refunded" if refunded else ""
    return f"{line.quantity} × {line_name(line)} · {paid}{back}"


def line_name(line: OrderLine) -> str:
    """Return a line's name with its options, as mrkdwn."""
    return typed(full_name(line))


def full_name(line: OrderLine) -> str:
    """Return a line's name with its options, as plain text of some length at most.

    What is no goods says so: a gift certificate, a download.
    """
    chosen = ", ".join(f"{o.display_name}: {o.display_value}" for o in line.product_options)
    kind = line_kind(line)
    name = shorten(line.name, 120) + (f" ({shorten(chosen, 80)})" if chosen else "")
    return f"{name} [{kind}]" if kind else name


def coupon_rows(snapshot: OrderSnapshot) -> list[str]:
    """Return which coupons were used, nothing for none."""
    if snapshot.coupons is None:
        return ["Coupons: they could not be read just now."]
    used = [_coupon(snapshot, coupon) for coupon in snapshot.coupons]
    return [f"{_noun(used, 'Coupon')} used: {', '.join(some(used, SHOWN_COUPONS))}"] if used else []


def parcel_rows(snapshot: OrderSnapshot) -> list[str]:
    """Return what was sent and where to follow it, nothing for nothing."""
    if snapshot.shipments is None:
        return ["*Shipments*", "They could not be read just now."]
    parcels = [_parcel(parcel) for parcel in snapshot.shipments]
    return [f"*{_noun(parcels, 'Shipment')}*", *some(parcels, SHOWN_PARCELS)] if parcels else []


def not_now(order: Order, off: frozenset[str] = frozenset()) -> str:
    """Return in one line why a main action has no button, "" when all have theirs.

    `off` are the actions that the configuration has switched off.
    """
    if off and off >= ACTIONS.keys():
        return NOTHING_ON
    for label, command in MAIN_COMMANDS:
        names = led_to_by(command)
        reasons = {name: refusal(order, ACTIONS[name]) for name in names}
        allowed = [name for name, reason in reasons.items() if reason is None]
        if not allowed:
            # The action that the status is for knows best what else stands against it.
            meant = [name for name in names if order.status_id in ACTIONS[name].statuses]
            return typed(reasons[(meant or names)[0]] or "", limit=400)
        if all(name in off for name in allowed):
            return f"{label} is switched off. An admin switches it on in Makegood's Home tab."
    return ""


def _charges(snapshot: OrderSnapshot) -> list[tuple[str, Decimal]]:
    """Return what was charged besides the lines; the last of them is what BigCommerce adds up."""
    order = snapshot.order
    known = [
        ("Gift wrapping", order.wrapping_cost_inc_tax),
        ("Shipping", order.shipping_cost_inc_tax),
        ("Handling", order.handling_cost_inc_tax),
    ]
    listed = sum((line.paid_inc_tax for line in snapshot.lines), Decimal(0))
    rest = snapshot.total.amount - listed - sum((amount for _, amount in known), Decimal(0))
    label = "Fees and other charges" if rest > 0 else "Discounts on the whole order"
    return [(name, amount) for name, amount in (*known, (label, rest)) if amount != 0]


def _coupon(snapshot: OrderSnapshot, coupon: UsedCoupon) -> str:
    name = code(coupon.code) if coupon.code.strip() else "one without a code"
    if coupon.discount <= 0:
        return name
    return f"{name} ({_money(snapshot, coupon.discount)} off)"


def _parcel(parcel: Shipment) -> str:
    when = date(parcel.date_created) if parcel.date_created else ""
    number = shorten(parcel.tracking_number.strip(), 60)
    # A link without a number is still a link.
    tracked = link(parcel.link, number or "track it") if parcel.link else typed(number)
    pieces = f"{parcel.quantity} {'item' if parcel.quantity == 1 else 'items'}"
    about = (when, typed(parcel.carrier, limit=60), tracked, pieces if parcel.quantity else "")
    return "• " + (" · ".join(part for part in about if part) or inert("Sent"))


def _money(snapshot: OrderSnapshot, amount: Decimal) -> Money:
    return Money(amount=amount, currency=snapshot.order.currency)


def _noun(things: Sequence[object], noun: str) -> str:
    return noun if len(things) == 1 else f"{noun}s"
