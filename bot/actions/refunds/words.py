"""What is said about a refund. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from bot.actions.orders.cost_names import cost_name, tax_words
from bot.actions.orders.line_kinds import line_kind
from bot.actions.orders.remaining_items import amount_left, wrapping_left
from bot.actions.orders.snapshot import OrderSnapshot
from bot.actions.refunds.request import ConfirmedRefund
from bot.actions.refunds.tenders import CUSTOM, STORE_CREDIT, is_recorded_only, name_tender
from bot.bigcommerce.models import OrderLine
from bot.bigcommerce.refunds import ItemType, Refund, RefundedPayment, RefundItem, RefundPayment
from bot.values.money import Money

# Beyond this many items a list is skimmed, not read.
_ITEMS_NAMED = 8


def describe_items(snapshot: OrderSnapshot, items: Sequence[RefundItem]) -> str:
    """Return "2 × Fern; 1 × Pot, large; shipping; 2.00 USD of handling", long lists cut short.

    Lines of the same name are all told. An amount stands where it is not all that is left; where it
    is, the shipping of several addresses is told once.
    """
    lines = [item for item in items if item.item_type is ItemType.PRODUCT]
    others = [item for item in items if item.item_type is not ItemType.PRODUCT]
    names = [_pieces(snapshot, item) for item in lines]
    extras = list(dict.fromkeys(_extra(snapshot, item) for item in others))
    return "; ".join([*_cut(names, "line"), *_cut(extras, "entry", "entries")])


def describe_deduction(items: Sequence[RefundItem], currency: str) -> str:
    """Return "5.00 USD: Restocking fee", as it was asked for; "" when nothing is deducted."""
    made = [each for item in items for each in item.adjustments]
    if not made:
        return ""
    amount = Money(amount=-sum((each.amount for each in made), Decimal(0)), currency=currency)
    return f"{amount}: {made[0].description}"


def describe_deducted(asked: Mapping[str, str] | None, currency: str) -> str:
    """Return "5.00 USD (Restocking fee)" for a request's deduction, "" for none."""
    if not asked:
        return ""
    return f"{Money(amount=Decimal(asked['amount']), currency=currency)} ({asked['text']})"


def describe_refund(confirmed: ConfirmedRefund, refund: Refund) -> str:
    """Return what a settled refund did, as a sentence without its full stop."""
    order_id = refund.order_id
    recorded = _recorded(confirmed, refund)
    if not recorded.amount:
        total = total_of(confirmed, refund)
        # What was confirmed has the providers' names; it was sent as it stands.
        tenders = describe_tenders(confirmed.payments, confirmed.total.currency)
        return f"Refunded {total} for order {order_id} {tenders}"
    moved = _money(confirmed, (each for each in refund.payments if not is_recorded_only(each)))
    if not moved.amount:
        return f"Recorded a refund of {recorded} for order {order_id}; no money moved"
    return (
        f"Refunded {moved} for order {order_id} and recorded another {recorded}, which "
        "BigCommerce does not send"
    )


def describe_decline(refund: Refund) -> str:
    """Return why the payment was declined, in the gateway's words, as a sentence."""
    declined = [each for each in refund.payments if each.is_declined]
    words = [each.declined_message.strip().rstrip(".") for each in declined]
    named = "; ".join(dict.fromkeys(word for word in words if word))
    return f"The payment gateway says: {named}." if named else "The payment gateway gave no reason."


def total_of(confirmed: ConfirmedRefund, refund: Refund) -> Money:
    """Return BigCommerce's own total of the refund, in the transactional currency."""
    return Money(amount=refund.total_amount, currency=confirmed.total.currency)


def describe_tenders(payments: Sequence[RefundPayment], currency: str) -> str:
    """Return "through Braintree"; a split with the amount of each."""
    if len(payments) == 1:
        return _way(payments[0])
    split = (f"{Money(amount=each.amount, currency=currency)} {_way(each)}" for each in payments)
    return f"({', '.join(split)})"


def describe_for_customer(
    payments: Sequence[RefundPayment | RefundedPayment], currency: str
) -> str:
    """Return how the customer gets the money, after "You get the money back".

    "" when a person still has to send some of it: then there is nothing to tell yet.
    """
    if not payments or any(is_recorded_only(payment) for payment in payments):
        return ""
    ways = [_way_for_customer(payment) for payment in payments]
    if len(set(ways)) == 1:
        return ways[0]
    amounts = (Money(amount=payment.amount, currency=currency) for payment in payments)
    parts = (f"{amount} {way}" for amount, way in zip(amounts, ways, strict=True))
    return f"in parts: {'; '.join(parts)}"


def _way_for_customer(payment: RefundPayment | RefundedPayment) -> str:
    if payment.provider_id == STORE_CREDIT:
        return "as store credit, to spend in our shop"
    return "the way you paid for the order"


def _way(payment: RefundPayment) -> str:
    if payment.provider_id == STORE_CREDIT:
        return "as store credit"
    if payment.provider_id == CUSTOM:
        return "outside BigCommerce"
    return f"through {name_tender(payment)}"


def _recorded(confirmed: ConfirmedRefund, refund: Refund) -> Money:
    return _money(confirmed, (each for each in refund.payments if is_recorded_only(each)))


def _money(confirmed: ConfirmedRefund, payments: Iterable[RefundedPayment]) -> Money:
    amount = sum((payment.amount for payment in payments), Decimal(0))
    return Money(amount=amount, currency=confirmed.total.currency)


def _full_name(line: OrderLine) -> str:
    chosen = ", ".join(f"{o.display_name}: {o.display_value}" for o in line.product_options)
    kind = line_kind(line)
    name = f"{line.name} ({chosen})" if chosen else line.name
    return f"{name} [{kind}]" if kind else name


def _pieces(snapshot: OrderSnapshot, item: RefundItem) -> str:
    line = snapshot.find_line(item.item_id)
    return f"{item.quantity} × {_full_name(line) if line else 'item'}"


def _extra(snapshot: OrderSnapshot, item: RefundItem) -> str:
    if item.item_type is ItemType.GIFT_WRAPPING:
        line = snapshot.find_line(item.item_id)
        whole = line is not None and item.quantity == wrapping_left(snapshot, line)
        return "gift wrapping" if whole else f"gift wrapping of {_pieces(snapshot, item)}"
    amount = Money(amount=item.amount or Decimal(0), currency=snapshot.order.currency)
    if item.item_type is ItemType.ORDER:
        return f"{amount} on the order as a whole"
    if item.amount in (None, amount_left(snapshot, item.item_type, item.item_id)):
        name = item.item_type.lower()
        return cost_name(snapshot, item.item_type, item.item_id) if name == "fee" else name
    name = cost_name(snapshot, item.item_type, item.item_id)
    return f"{amount} of {name}, {tax_words(snapshot)}"


def _cut(names: list[str], one: str, several: str = "") -> list[str]:
    more = len(names) - _ITEMS_NAMED
    if more <= 0:
        return names
    return [*names[:_ITEMS_NAMED], f"{more} more {one if more == 1 else several or one + 's'}"]


def recorded_only(moved: Money) -> str:
    """Return what became of a refund of which a person has to send some; `moved` is the rest."""
    if moved.amount:
        return f"{moved} was refunded by BigCommerce; the rest is only recorded there."
    return "Recorded in BigCommerce; no money has moved."
