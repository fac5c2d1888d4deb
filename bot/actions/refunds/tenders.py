"""The ways in which BigCommerce can pay a refund: their order and their words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bot.actions.action import MethodChoice
from bot.actions.failures import sentence
from bot.bigcommerce.models import Order
from bot.bigcommerce.refunds import RefundedPayment, RefundPayment, RefundQuote
from bot.values.money import Money

STORE_CREDIT = "storecredit"
CUSTOM = "custom"

# Slack's options have values of at most 150 characters.
KEY_LIMIT = 150
_UNASKED_CREDIT = 2


def build_methods(
    order: Order, quote: RefundQuote, *, only_moving: bool = False
) -> tuple[MethodChoice, ...]:
    """Return the quote's methods, best first.

    One that does not pay just what is refunded is left out; with `only_moving` so is one that is
    only recorded, even in part. Best is what the customer paid with and moves by itself. Store
    credit comes first only when the order was paid with it;
    what was refunded outside BigCommerce comes last.
    """
    methods = [method for method in quote.refund_methods if _pays(quote, method)]
    if only_moving:
        methods = [each for each in methods if not any(map(is_recorded_only, each))]
    ranks = {id(method): _rank(order, method) for method in methods}
    if not any(rank < _UNASKED_CREDIT for rank in ranks.values()):
        # Paid offline: that is what comes first, credit that nobody asked for must not.
        ranks = {key: 4.5 if rank == _UNASKED_CREDIT else rank for key, rank in ranks.items()}
    methods.sort(key=lambda method: ranks[id(method)])
    choices: list[MethodChoice] = []
    for method in methods:
        key = _key(method)[:KEY_LIMIT]
        if all(choice.key != key for choice in choices):
            choices.append(_choice(order, method, key))
    return tuple(choices)


def is_recorded_only(payment: RefundPayment | RefundedPayment) -> bool:
    """Whether BigCommerce only writes this tender down, so that no money moves."""
    return payment.offline or payment.provider_id == CUSTOM


def same_payments(one: Sequence[RefundPayment], other: Sequence[RefundPayment]) -> bool:
    """Whether two methods pay the same amounts through the same providers."""
    return _essence(one) == _essence(other)


def name_tender(payment: RefundPayment) -> str:
    """Return what people call the tender: "Store credit", "Braintree"."""
    if payment.provider_id == STORE_CREDIT:
        return "Store credit"
    if payment.provider_id == CUSTOM:
        return "Outside BigCommerce"
    return payment.provider_description.strip() or payment.provider_id


def _essence(payments: Sequence[RefundPayment]) -> list[tuple[str, Decimal, bool]]:
    return sorted((payment.provider_id, payment.amount, payment.offline) for payment in payments)


def _pays(quote: RefundQuote, method: Sequence[RefundPayment]) -> bool:
    are_amounts = all(each.amount >= 0 for each in method)
    return are_amounts and 0 < _total(method) == quote.total_refund_amount


def _total(method: Sequence[RefundPayment]) -> Decimal:
    return sum((payment.amount for payment in method), Decimal(0))


def _key(method: Sequence[RefundPayment]) -> str:
    """Return a name that the same method has in every quote; it tells nothing of the amounts."""
    return "+".join(
        f"{payment.provider_id}{':offline' if payment.offline else ''}" for payment in method
    )


def _rank(order: Order, method: Sequence[RefundPayment]) -> float:
    if any(payment.provider_id == CUSTOM for payment in method):
        return 5
    if all(is_recorded_only(payment) for payment in method):
        return 4
    if any(is_recorded_only(payment) for payment in method):
        return 3
    are_credit = [payment.provider_id == STORE_CREDIT for payment in method]
    if any(are_credit) and order.store_credit_amount == 0:
        return _UNASKED_CREDIT
    # Paid with both, giving all of it as credit is not what the customer paid with; paid with
    # credit alone, anything else is not.
    is_expected = not all(are_credit) if order.total_inc_tax > 0 else all(are_credit)
    return 0 if is_expected or order.store_credit_amount == 0 else 1


def _choice(order: Order, method: Sequence[RefundPayment], key: str) -> MethodChoice:
    label = " + ".join(name_tender(payment) for payment in method)
    moves_money = not all(is_recorded_only(payment) for payment in method)
    return MethodChoice(
        key=key,
        label=label if moves_money else f"{label} (recorded only)",
        description=" ".join(_describe(payment, order.currency) for payment in method),
        payments=tuple(method),
        amount=Money(amount=_total(method), currency=order.currency),
        moves_money=moves_money,
        is_unasked_credit=order.store_credit_amount == 0
        and any(payment.provider_id == STORE_CREDIT for payment in method),
    )


def _describe(payment: RefundPayment, currency: str) -> str:
    amount = Money(amount=payment.amount, currency=currency)
    if payment.provider_id == CUSTOM:
        return (
            f"BigCommerce only records that {amount} was refunded elsewhere. No money moves: send "
            "it by hand."
        )
    if payment.offline:
        reason = "" if payment.offline_provider else sentence(payment.offline_reason)
        text = f"{amount} by {name_tender(payment)} is only recorded. No money moves: send it by"
        return f"{text} hand. {reason}".strip()
    if payment.provider_id == STORE_CREDIT:
        return f"The customer gets {amount} as store credit to spend in this store."
    return f"{amount} goes back through {name_tender(payment)}."
