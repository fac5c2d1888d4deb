"""What an agent is told before the button: where figures differ, and what is left out. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bot.actions.orders.cost_names import cost_name
from bot.actions.orders.inconsistencies import (
    count_difference,
    find_differences,
    is_rounding,
    missing_words,
    untold,
    worth_of_items,
)
from bot.actions.orders.remaining_items import given_on_the_order
from bot.actions.refunds.quoting import QuotedRefund
from bot.actions.rules.eligibility import BEFORE_SHIPPING, STATUS_NAMES
from bot.bigcommerce.models import Order

# The text of a choice in Slack is within 75 characters.
_CHOICE_LIMIT = 75


def refund_warnings(quoted: QuotedRefund, *, then_cancelled: bool) -> tuple[str, ...]:
    """Return all that is out of the ordinary about the refund, one sentence or two each."""
    warnings = [
        *_left_out(quoted, then_cancelled=then_cancelled),
        *_refused(quoted),
        *_differences(quoted),
        *_adjusted(quoted),
    ]
    if quoted.quote.order_level_refund_amount:
        warnings.append(
            f"BigCommerce books {quoted.money(quoted.quote.order_level_refund_amount)} of it on "
            "the order as a whole, without tax: the tax records stay as they are. No line counts "
            "as refunded by it, but it lowers what is left for the lines."
        )
    return tuple(warnings)


def queue_warning(order: Order, label: str, becomes: str) -> Iterator[str]:
    """Yield that an order still to be shipped leaves the queue in which shipping tools look."""
    if order.status_id in BEFORE_SHIPPING and becomes == STATUS_NAMES[14]:
        yield (
            f"Order {order.id} is still to be shipped, but as {becomes} most shipping tools no "
            f"longer see it. The form has a choice to set it back to {label} afterwards."
        )


def not_partial(order_id: int, label: str) -> str:
    """Return why an order is not set back that this refund gives back as a whole."""
    return (
        f"This is all that is left of order {order_id}, which becomes Refunded by it, so it is not "
        f"set back to {label}. Untick that, or refund less."
    )


def must_confirm(quoted: QuotedRefund) -> str:
    """Return what has to be agreed to because something is left out; "" for nothing."""
    if quoted.left_out is None:
        return ""
    text = f"Refund {quoted.total} and leave {quoted.left_out}"
    why = _why_left_out(quoted)
    told = f"{text} ({why})" if why else text
    return told if len(told) <= _CHOICE_LIMIT else text


def _left_out(quoted: QuotedRefund, *, then_cancelled: bool) -> Iterator[str]:
    if quoted.left_out is None:
        return
    left = quoted.snapshot.left
    of = f"the {left} that is left" if quoted.snapshot.is_paid_known else f"{left} by the order"
    why = _why_left_out(quoted)
    stays = f"{quoted.left_out} of {of} stays with the store{f': {why}' if why else ''}."
    if quoted.quote.adjustment < 0:
        yield stays  # BigCommerce allows no more, whoever asks
    elif then_cancelled:
        yield f"{stays} Once the order is cancelled, Makegood cannot refund it any more."
    else:
        yield f"{stays} Ask for it afterwards with Partial refund, as an amount on the order."


def _why_left_out(quoted: QuotedRefund) -> str:
    """Return "shipping not found", "handling refused"; "" when it is not known."""
    if quoted.refused:
        names = (
            cost_name(quoted.snapshot, item.item_type, item.item_id) for item, _ in quoted.refused
        )
        return f"{', '.join(dict.fromkeys(names))} refused"
    missing = missing_words(quoted.snapshot)
    return f"{missing} not found" if missing else ""


def _refused(quoted: QuotedRefund) -> Iterator[str]:
    for item, said in quoted.refused:
        name = cost_name(quoted.snapshot, item.item_type, item.item_id)
        amount = f" {quoted.money(item.amount)} of" if item.amount is not None else ""
        yield f"BigCommerce does not refund{amount} {name}: {said}"


def _differences(quoted: QuotedRefund) -> Iterator[str]:
    if names := untold(quoted.snapshot):
        yield f"BigCommerce did not tell this of the order: {', '.join(names)}."
    if count := count_difference(quoted.snapshot):
        yield count
    for difference in find_differences(quoted.snapshot):
        yield str(difference)
    worth = worth_of_items(quoted.snapshot, quoted.items)
    if worth is None or quoted.quote.adjustment:
        return
    if not is_rounding(worth.amount - quoted.total.amount, len(quoted.items)):
        yield f"By the order's own figures this comes to {worth}; BigCommerce says {quoted.total}."


def _adjusted(quoted: QuotedRefund) -> Iterator[str]:
    adjustment = quoted.quote.adjustment
    if adjustment > 0:
        yield f"BigCommerce adds {quoted.money(adjustment)} to what these items come to."
    elif adjustment < 0:
        asked = quoted.money(quoted.quote.total_refund_amount - adjustment)
        text = (
            f"These items come to {asked}, but BigCommerce refunds only {quoted.total}: that is "
            "all it still allows on this order."
        )
        earlier = given_on_the_order(quoted.snapshot)
        also = f" An earlier refund gave {earlier} back on the order as a whole."
        yield text if earlier is None else f"{text}{also}"
