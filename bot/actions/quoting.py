"""A refund before it is made: BigCommerce's quote, and the review that an agent confirms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.actions.base import MethodChoice, Review, RuleBroken
from bot.actions.eligibility import refusal
from bot.actions.email_line import read_email_line
from bot.actions.failures import sentence
from bot.actions.in_flight import check_none_in_flight
from bot.actions.itemising import everything_left, given_on_the_order
from bot.actions.methods import build_methods
from bot.actions.refund_request import RefundRequest
from bot.actions.refund_words import describe_items
from bot.actions.restock_words import describe_goods
from bot.actions.snapshot import OrderSnapshot, load_snapshot
from bot.bigcommerce import (
    BigCommerceClient,
    MissingScope,
    NotAuthorised,
    RateLimited,
    RefundItem,
    RefundQuote,
    Refused,
)
from bot.money import Money

R = TypeVar("R", bound=RefundRequest)
Itemise = Callable[[R, OrderSnapshot], tuple[RefundItem, ...]]

# The button of a review without a choice; Slack's buttons get too wide beyond.
_LABEL_LIMIT = 24


@dataclass(frozen=True, slots=True)
class QuotedRefund:
    """What would be given back, BigCommerce's figures for it, and the methods, best first."""

    snapshot: OrderSnapshot
    items: tuple[RefundItem, ...]
    quote: RefundQuote
    methods: tuple[MethodChoice, ...]

    @property
    def total(self) -> Money:
        """BigCommerce's own figure, in the order's transactional currency."""
        return self.money(self.quote.total_refund_amount)

    def money(self, amount: object) -> Money:
        """Return an amount in the order's transactional currency."""
        return Money.model_validate({"amount": amount, "currency": self.snapshot.order.currency})


async def quote_refund(
    request: R, store: BigCommerceClient, *, action: str, itemise: Itemise[R]
) -> QuotedRefund:
    """Re-read the order and quote the request; raise RuleBroken when it cannot be refunded so."""
    snapshot = await load_snapshot(store, request.order_id)
    if (text := refusal(snapshot.order, action)) is not None:
        raise RuleBroken("", text)
    if snapshot.total.amount <= 0:
        raise RuleBroken("", f"Order {request.order_id} cost nothing, so nothing can be refunded.")
    items = itemise(request, snapshot)
    if not items:
        raise RuleBroken("", nothing_left(request.order_id))
    await check_none_in_flight(store, snapshot)
    quote = await _ask(store, request.order_id, items)
    if quote.total_refund_amount <= 0:
        raise RuleBroken("", nothing_left(request.order_id))
    methods = build_methods(snapshot.order, quote)
    if not methods:
        raise RuleBroken("", f"BigCommerce offers no way to refund order {request.order_id}.")
    return QuotedRefund(snapshot=snapshot, items=items, quote=quote, methods=methods)


async def review_refund(
    request: R,
    store: BigCommerceClient,
    *,
    action: str,
    itemise: Itemise[R],
    then_cancelled: bool = False,
) -> Review:
    """Return what the agent confirms: BigCommerce's figures, the methods, what else happens."""
    quoted = await quote_refund(request, store, action=action, itemise=itemise)
    order = quoted.snapshot.order
    becomes = _status_after(quoted)
    statuses = (becomes, "Cancelled") if then_cancelled else (becomes,)
    return Review(
        effect=_effect(quoted, becomes, then_cancelled=then_cancelled),
        facts=(*_facts(quoted), *describe_goods(request.goods)),
        notices=(await read_email_line(store, order.channel_id, *statuses),),
        warnings=_warnings(quoted),
        methods=quoted.methods,
        confirm_label=_confirm_label(quoted.methods[0]),
        rate=order.rate,
    )


def _effect(quoted: QuotedRefund, becomes: str, *, then_cancelled: bool) -> str:
    order_id, now = quoted.snapshot.order.id, _label(quoted)
    if then_cancelled:
        return (
            f"The refund of {quoted.total} comes first. When it has gone through, order {order_id} "
            "becomes Cancelled."
        )
    if now == becomes:
        return f"Order {order_id} stays {now}."
    return f"Order {order_id} goes from {now} to {becomes} when the refund has gone through."


def nothing_left(order_id: int) -> str:
    """Return the sentence for an order of which all has been given back."""
    return f"Nothing is left to refund on order {order_id}."


async def _ask(
    store: BigCommerceClient, order_id: int, items: tuple[RefundItem, ...]
) -> RefundQuote:
    try:
        return await store.quote_refund(order_id, items)
    except (NotAuthorised, MissingScope, RateLimited):
        raise
    except Refused as error:
        text = f"BigCommerce does not refund this on order {order_id}: {sentence(error.reason)}"
        raise RuleBroken("", text) from error


def _facts(quoted: QuotedRefund) -> tuple[tuple[str, str], ...]:
    quote, snapshot = quoted.quote, quoted.snapshot
    items = quote.total_refund_amount - quote.total_refund_tax_amount
    facts = [
        ("Order", f"{snapshot.order.id}, {_label(quoted)}"),
        ("Customer", snapshot.customer_name),
        ("Before tax", str(quoted.money(items))),
        ("Tax", str(quoted.money(quote.total_refund_tax_amount))),
        ("Total refund", str(quoted.total)),
        ("What is refunded", describe_items(snapshot, quoted.items)),
    ]
    if snapshot.refunded.amount > 0:
        facts.insert(2, ("Refunded before", str(snapshot.refunded)))
    return tuple(facts)


def _warnings(quoted: QuotedRefund) -> tuple[str, ...]:
    warnings = []
    if quoted.quote.adjustment < 0:
        warnings.append(_clipped(quoted))
    elif quoted.quote.adjustment > 0:
        added = quoted.money(quoted.quote.adjustment)
        warnings.append(f"BigCommerce adds {added} to what these items come to.")
    return tuple(warnings)


def _clipped(quoted: QuotedRefund) -> str:
    asked = quoted.money(quoted.quote.total_refund_amount - quoted.quote.adjustment)
    text = (
        f"These items come to {asked}, but BigCommerce refunds only {quoted.total}: that is all it "
        "still allows on this order."
    )
    earlier = given_on_the_order(quoted.snapshot)
    if earlier is None:
        return text
    return f"{text} An earlier refund gave {earlier} back on the order as a whole."


def _status_after(quoted: QuotedRefund) -> str:
    everything = {_identity(item) for item in everything_left(quoted.snapshot)}
    is_whole = everything == {_identity(item) for item in quoted.items}
    return "Refunded" if is_whole else "Partially Refunded"


def _identity(item: RefundItem) -> tuple[object, ...]:
    return item.item_type, item.item_id, item.quantity, item.amount


def _label(quoted: QuotedRefund) -> str:
    return quoted.snapshot.order.custom_status or quoted.snapshot.order.status


def _confirm_label(method: MethodChoice) -> str:
    verb = "Refund" if method.moves_money else "Record"
    return f"{verb} {method.amount}"[:_LABEL_LIMIT]
