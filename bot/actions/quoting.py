"""A refund before it is made: the order as it is now, and BigCommerce's quote."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.actions.base import MethodChoice, RuleBroken
from bot.actions.choosing import GOODWILL
from bot.actions.eligibility import refusal
from bot.actions.failures import sentence
from bot.actions.in_flight import check_none_in_flight
from bot.actions.methods import build_methods
from bot.actions.refund_request import RefundRequest
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
    quote = await ask_quote(store, request.order_id, items)
    if quote.total_refund_amount <= 0:
        raise RuleBroken("", nothing_left(request.order_id))
    _check_goodwill(snapshot, quote)
    methods = build_methods(snapshot.order, quote)
    if not methods:
        raise RuleBroken("", f"BigCommerce offers no way to refund order {request.order_id}.")
    return QuotedRefund(snapshot=snapshot, items=items, quote=quote, methods=methods)


def nothing_left(order_id: int) -> str:
    """Return the sentence for an order of which all has been given back."""
    return f"Nothing is left to refund on order {order_id}."


async def ask_quote(
    store: BigCommerceClient, order_id: int, items: tuple[RefundItem, ...]
) -> RefundQuote:
    """Return BigCommerce's quote for the items; RuleBroken when it does not refund them."""
    try:
        return await store.quote_refund(order_id, items)
    except (NotAuthorised, MissingScope, RateLimited):
        raise
    except Refused as error:
        text = f"BigCommerce does not refund this on order {order_id}: {sentence(error.reason)}"
        raise RuleBroken("", text) from error


def _check_goodwill(snapshot: OrderSnapshot, quote: RefundQuote) -> None:
    """Refuse an amount that BigCommerce would cut: the agent has chosen it to the cent."""
    if not quote.order_level_refund_amount or quote.adjustment >= 0:
        return
    currency = snapshot.order.currency
    asked = Money(amount=quote.total_refund_amount - quote.adjustment, currency=currency)
    allowed = Money(amount=quote.total_refund_amount, currency=currency)
    raise RuleBroken(
        GOODWILL,
        f"With this amount the refund comes to {asked}, but BigCommerce still allows only "
        f"{allowed} on this order. Lower the amount.",
    )
