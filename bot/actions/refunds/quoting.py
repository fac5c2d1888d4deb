"""A refund before it is made: the order as it is now, and BigCommerce's quote held against it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

from bot.actions.action import Action, MethodChoice, RuleBroken
from bot.actions.failures import sentence
from bot.actions.orders.marketplaces import find_marketplace
from bot.actions.orders.snapshot import OrderSnapshot, load_snapshot
from bot.actions.refunds.chosen_items import GOODWILL
from bot.actions.refunds.request import RefundRequest
from bot.actions.refunds.settlement.refund_in_progress import check_none_in_flight
from bot.actions.refunds.tenders import build_methods
from bot.actions.rules.eligibility import refusal
from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.http.errors import Forbidden, NotAuthorised, RateLimited, Refused
from bot.bigcommerce.refunds import RefundItem, RefundQuote
from bot.values.money import Money

R = TypeVar("R", bound=RefundRequest)
Itemise = Callable[[R, OrderSnapshot], tuple[RefundItem, ...]]


class QuoteRefused(RuleBroken):
    """BigCommerce does not refund these items; `said` is why, in its own words."""

    def __init__(self, order_id: int, said: str) -> None:
        """Word it for the agent."""
        super().__init__("", f"BigCommerce does not refund this on order {order_id}: {said}")
        self.said = said


@dataclass(frozen=True, slots=True)
class Quoted:
    """BigCommerce's figures for these items, and what it would not refund along with them."""

    items: tuple[RefundItem, ...]
    quote: RefundQuote
    refused: tuple[tuple[RefundItem, str], ...] = ()


@dataclass(frozen=True, slots=True)
class QuotedRefund:
    """What would be given back, BigCommerce's figures for it, and the methods, best first.

    `left_out` is what stays with the store although all that is left was asked for; None: nothing
    does, or not all was asked for. `refused` is what BigCommerce would not refund, with its words;
    `marketplace` is where the order came from, "" for the shop itself.
    """

    snapshot: OrderSnapshot
    items: tuple[RefundItem, ...]
    quote: RefundQuote
    methods: tuple[MethodChoice, ...]
    left_out: Money | None = None
    refused: tuple[tuple[RefundItem, str], ...] = ()
    marketplace: str = ""

    @property
    def total(self) -> Money:
        """BigCommerce's own figure, in the order's transactional currency."""
        return self.money(self.quote.total_refund_amount)

    def money(self, amount: Decimal) -> Money:
        """Return an amount in the order's transactional currency."""
        return self.snapshot.money(amount)


async def quote_refund(
    request: R,
    store: BigCommerceClient,
    *,
    action: Action[R],
    itemise: Itemise[R],
    snapshot: OrderSnapshot | None = None,
) -> QuotedRefund:
    """Re-read the order and quote the request; raise RuleBroken when it cannot be refunded so.

    A request that was confirmed is held against what was confirmed to be left out. `snapshot` is
    the order where it has been read this very moment.
    """
    snapshot = snapshot or await load_snapshot(store, request.order_id)
    text = refusal(snapshot.order, action, in_unpaid=request.in_unpaid)
    if text is not None:
        raise RuleBroken("", text)
    if snapshot.total.amount <= 0:
        raise RuleBroken("", f"Order {request.order_id} cost nothing, so nothing can be refunded.")
    items = itemise(request, snapshot)
    if not items:
        raise RuleBroken("", nothing_left(request.order_id))
    check_none_in_flight(snapshot)
    quoted = await _quote(store, snapshot, items, is_whole=action.takes_whole)
    if quoted.quote.total_refund_amount <= 0:
        raise RuleBroken("", _quoted_nothing(snapshot))
    _check_goodwill(snapshot, quoted.quote)
    _check_figures(snapshot, quoted.quote)
    marketplace = await find_marketplace(store, snapshot.order)
    refund = QuotedRefund(
        snapshot=snapshot,
        items=quoted.items,
        quote=quoted.quote,
        methods=_methods(snapshot, quoted.quote, marketplace),
        # It promises all that is left, so whatever it leaves has to be confirmed by its figure.
        left_out=_left_out(snapshot, quoted.quote) if action.takes_whole else None,
        refused=quoted.refused,
        marketplace=marketplace,
    )
    _check_left_out(request, refund)
    return refund


def nothing_left(order_id: int) -> str:
    """Return the sentence for an order of which all has been given back."""
    return f"Nothing is left to refund on order {order_id}."


def _quoted_nothing(snapshot: OrderSnapshot) -> str:
    """Return what a quote of nothing means: the order may have money left all the same."""
    if snapshot.left.amount <= 0:
        return nothing_left(snapshot.order.id)
    return (
        f"BigCommerce would refund nothing of this on order {snapshot.order.id}, although "
        f"{snapshot.left} is left. Try again in a minute, or look at the order in the BigCommerce "
        "control panel."
    )


async def ask_quote(
    store: BigCommerceClient, order_id: int, items: tuple[RefundItem, ...]
) -> RefundQuote:
    """Return BigCommerce's quote for the items; QuoteRefused when it does not refund them."""
    try:
        return await store.refunds.quote(order_id, items)
    except (NotAuthorised, Forbidden, RateLimited):
        raise
    except Refused as error:
        raise QuoteRefused(order_id, sentence(error.reason)) from error


async def _quote(
    store: BigCommerceClient,
    snapshot: OrderSnapshot,
    items: tuple[RefundItem, ...],
    *,
    is_whole: bool,
) -> Quoted:
    try:
        return Quoted(items, await ask_quote(store, snapshot.order.id, items))
    except QuoteRefused as refused:
        costs = [item for item in items if item.quantity is None]
        if not is_whole or len(items) == 1 or not costs:
            raise
        return await _quote_one_by_one(store, snapshot.order.id, items, refused)


async def _quote_one_by_one(
    store: BigCommerceClient, order_id: int, items: tuple[RefundItem, ...], whole: QuoteRefused
) -> Quoted:
    """Quote the lines, then with one more cost each time; leave out what BigCommerce refuses."""
    kept = tuple(item for item in items if item.quantity is not None)
    quote = await ask_quote(store, order_id, kept) if kept else None
    refused: list[tuple[RefundItem, str]] = []
    for cost in (item for item in items if item.quantity is None):
        try:
            quote = await ask_quote(store, order_id, (*kept, cost))
        except QuoteRefused as no:
            refused.append((cost, no.said))
        else:
            kept = (*kept, cost)
    if quote is None:
        raise whole
    return Quoted(kept, quote, tuple(refused))


def _check_goodwill(snapshot: OrderSnapshot, quote: RefundQuote) -> None:
    """Refuse an amount that BigCommerce would cut: the agent has chosen it to the cent."""
    if not quote.order_level_refund_amount or quote.adjustment >= 0:
        return
    asked = snapshot.money(quote.total_refund_amount - quote.adjustment)
    allowed = snapshot.money(quote.total_refund_amount)
    raise RuleBroken(
        GOODWILL,
        f"With this amount the refund comes to {asked}, but BigCommerce still allows only "
        f"{allowed} on this order. Lower the amount.",
    )


def _check_figures(snapshot: OrderSnapshot, quote: RefundQuote) -> None:
    """Refuse a quote that cannot be true, or gives back more than is left."""
    order_id, total = snapshot.order.id, snapshot.money(quote.total_refund_amount)
    if not 0 <= quote.total_refund_tax_amount <= quote.total_refund_amount:
        tax = snapshot.money(quote.total_refund_tax_amount)
        raise RuleBroken("", _contradiction(order_id, f"a refund of {total} with {tax} of tax"))
    left = rounded_left(snapshot)
    if total.amount <= left.amount:
        return
    of = "what was paid" if snapshot.is_paid_known else "the order's total"
    raise RuleBroken(
        "",
        f"BigCommerce would refund {total} for order {order_id}, but only {left} of {of} is left. "
        "Nothing was sent: refund less of it, or look at the order in the BigCommerce control "
        "panel.",
    )


def _methods(
    snapshot: OrderSnapshot, quote: RefundQuote, marketplace: str
) -> tuple[MethodChoice, ...]:
    """Return the ways to pay; on a marketplace's order, where the money is, none is just noted."""
    order = snapshot.order
    methods = build_methods(order, quote, only_moving=bool(marketplace))
    if methods:
        return methods
    if marketplace and any(quote.refund_methods):
        raise RuleBroken(
            "",
            f"Order {order.id} came from {marketplace}, and BigCommerce could only record a refund "
            f"of it. Refund it on {marketplace}.",
        )
    paid = [sum((each.amount for each in method), Decimal(0)) for method in quote.refund_methods]
    if any(paid):
        total = snapshot.money(quote.total_refund_amount)
        ways = " or ".join(dict.fromkeys(str(snapshot.money(amount)) for amount in paid if amount))
        raise RuleBroken("", _contradiction(order.id, f"a refund of {total}, paid with {ways}"))
    raise RuleBroken("", f"BigCommerce offers no way to refund order {order.id}.")


def _contradiction(order_id: int, figures: str) -> str:
    return (
        f"BigCommerce's figures for order {order_id} contradict each other: {figures}. Nothing was "
        "sent. Try again in a minute, or refund it in the BigCommerce control panel."
    )


def _left_out(snapshot: OrderSnapshot, quote: RefundQuote) -> Money | None:
    amount = rounded_left(snapshot).amount - quote.total_refund_amount
    return snapshot.money(amount) if amount > 0 else None


def rounded_left(snapshot: OrderSnapshot) -> Money:
    """Return what is left, to the two decimals that BigCommerce refunds."""
    return snapshot.money(snapshot.left.amount.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _check_left_out(request: RefundRequest, refund: QuotedRefund) -> None:
    confirmed = request.confirmed
    # Another total is told by itself, with both figures.
    if confirmed is None or confirmed.total != refund.total:
        return
    if confirmed.left_out == refund.left_out:
        return
    then, now = (str(each) if each else "nothing" for each in (confirmed.left_out, refund.left_out))
    raise RuleBroken(
        "",
        f"Order {request.order_id} has changed since you confirmed the refund: {then} was to stay "
        f"with the store then, {now} would now. Ask again to see the figures.",
    )
