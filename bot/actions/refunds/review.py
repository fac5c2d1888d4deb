"""What an agent confirms of a refund: BigCommerce's figures, the methods, what else happens."""

from __future__ import annotations

from bot.actions.action import Action, MethodChoice, Review, RuleBroken
from bot.actions.orders.line_kinds import line_warnings
from bot.actions.orders.remaining_items import everything_left
from bot.actions.orders.store_email import read_email_line
from bot.actions.refunds.chosen_items import DEDUCTION, SET_BACK
from bot.actions.refunds.quoting import Itemise, QuotedRefund, R, ask_quote, quote_refund
from bot.actions.refunds.warnings import must_confirm, not_partial, queue_warning, refund_warnings
from bot.actions.refunds.words import describe_deduction, describe_items
from bot.actions.restocking.outcomes import describe_restocking
from bot.actions.rules.customer import customer_of
from bot.actions.rules.eligibility import STATUS_NAMES
from bot.actions.rules.given_back import listed_refunds
from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.refunds import RefundItem
from bot.values.money import Money

# The button of a review without a choice; Slack's buttons get too wide beyond.
_LABEL_LIMIT = 24


async def review_refund(
    request: R,
    store: BigCommerceClient,
    *,
    action: Action[R],
    itemise: Itemise[R],
    then_cancelled: bool = False,
    is_set_back: bool = False,
) -> Review:
    """Return what the agent confirms: BigCommerce's figures, the methods, what else happens.

    `is_set_back`: the order gets its present status back afterwards.
    """
    quoted = await quote_refund(request, store, action=action, itemise=itemise)
    whole = await _without_deduction(quoted, store)
    order = quoted.snapshot.order
    becomes = _status_after(quoted)
    label = _label(quoted)
    if is_set_back and becomes == "Refunded":
        raise RuleBroken(SET_BACK, not_partial(order.id, label))
    statuses = [becomes, *(["Cancelled"] if then_cancelled else [label] if is_set_back else [])]
    return Review(
        effect=_effect(quoted, becomes, then_cancelled=then_cancelled, is_set_back=is_set_back),
        facts=(*_facts(quoted, whole), *describe_restocking(request.goods)),
        notices=(await read_email_line(store, order.channel_id, *statuses),),
        warnings=(
            *refund_warnings(quoted, then_cancelled=then_cancelled),
            *line_warnings(quoted.snapshot, quoted.items),
            *([] if is_set_back or then_cancelled else queue_warning(order, label, becomes)),
        ),
        methods=quoted.methods,
        items=quoted.items,
        status=_label(quoted),
        confirm_label=_confirm_label(quoted.methods[0]),
        rate=order.rate,
        customer=customer_of(order),
        given_back=listed_refunds(order, quoted.snapshot.refunds),
        left_out=quoted.left_out,
        must_confirm=must_confirm(quoted),
    )


async def _without_deduction(quoted: QuotedRefund, store: BigCommerceClient) -> Money | None:
    """Return what BigCommerce would refund without the deduction, None when there is none.

    Asked, not added up: it shows what the deduction does, and that it does something.
    """
    if not any(item.adjustments for item in quoted.items):
        return None
    items = tuple(item.model_copy(update={"adjustments": ()}) for item in quoted.items)
    quote = await ask_quote(store, quoted.snapshot.order.id, items)
    whole = quoted.money(quote.total_refund_amount)
    if whole.amount <= quoted.total.amount:
        raise RuleBroken(
            DEDUCTION,
            f"BigCommerce would refund {quoted.total} with this deduction and without it. Choose "
            "fewer pieces, or deduct more.",
        )
    return whole


def _effect(quoted: QuotedRefund, becomes: str, *, then_cancelled: bool, is_set_back: bool) -> str:
    order_id, now = quoted.snapshot.order.id, _label(quoted)
    stays = STATUS_NAMES.get(quoted.snapshot.order.status_id) == becomes
    if then_cancelled and not quoted.methods[0].moves_money:
        return (
            f"The refund of {quoted.total} is recorded first. Then order {order_id} becomes "
            "Cancelled."
        )
    if then_cancelled:
        return (
            f"The refund of {quoted.total} comes first. When it has gone through, order {order_id} "
            "becomes Cancelled."
        )
    if stays:
        return f"Order {order_id} stays {now}."
    text = f"Order {order_id} goes from {now} to {becomes} when the refund has gone through."
    return f"{text} Then Makegood sets it back to {now}." if is_set_back else text


def _facts(quoted: QuotedRefund, whole: Money | None) -> tuple[tuple[str, str], ...]:
    quote, snapshot = quoted.quote, quoted.snapshot
    items = quote.total_refund_amount - quote.total_refund_tax_amount
    source = quoted.marketplace
    facts = [
        ("Order", f"{snapshot.order.id}, {_label(quoted)}{f', from {source}' if source else ''}"),
        ("Customer", snapshot.customer_name),
        ("Before tax", str(quoted.money(items))),
        ("Tax", str(quoted.money(quote.total_refund_tax_amount))),
        ("Total refund", str(quoted.total)),
        ("What is refunded", describe_items(snapshot, quoted.items)),
    ]
    if quote.order_level_refund_amount:
        amount = quoted.money(quote.order_level_refund_amount)
        facts.insert(-1, ("Booked without tax", str(amount)))
    if quoted.left_out is not None:
        facts.insert(-1, ("Left out", str(quoted.left_out)))
    if whole is not None:
        facts.insert(-1, ("Without the deduction", str(whole)))
        facts.append(("What is deducted", describe_deduction(quoted.items, quoted.total.currency)))
    if snapshot.refunded.amount > 0:
        facts.insert(2, ("Refunded before", str(snapshot.refunded)))
    return tuple(facts)


def _status_after(quoted: QuotedRefund) -> str:
    snapshot = quoted.snapshot
    if quoted.total == snapshot.left:
        return "Refunded"
    if quoted.left_out is not None and quoted.quote.adjustment >= 0:
        return "Partially Refunded"  # BigCommerce knows of more than was asked for
    # A bundle's parts cost nothing: whether they are named makes no difference.
    parts = {line.id for line in snapshot.lines if line.parent_order_product_id is not None}
    everything = {_identity(item) for item in everything_left(snapshot)}
    asked = {_identity(item) for item in quoted.items}
    rest = [each for each in everything - asked if each[1] not in parts]
    # What is deducted stays with the store, and so does the order's last money.
    is_whole = not rest and not any(item.adjustments for item in quoted.items)
    return "Refunded" if is_whole else "Partially Refunded"


def _identity(item: RefundItem) -> tuple[object, ...]:
    return item.item_type, item.item_id, item.quantity, item.amount


def _label(quoted: QuotedRefund) -> str:
    return quoted.snapshot.order.custom_status or quoted.snapshot.order.status


def _confirm_label(method: MethodChoice) -> str:
    verb = "Refund" if method.moves_money else "Record"
    return f"{verb} {method.amount}"[:_LABEL_LIMIT]
