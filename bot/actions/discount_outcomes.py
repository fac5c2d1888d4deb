"""How creating a discount code ends, in words."""

from __future__ import annotations

from bot.actions.base import Attempt
from bot.actions.discount_request import CreateDiscountCode
from bot.actions.discount_words import currency_of, reply, summary, taken
from bot.bigcommerce import CouponType, Store
from bot.money import Money
from bot.outcome import Change, Outcome, Status

ANOTHER = "Choose another code with /discount-code."


def succeeded(request: CreateDiscountCode, shop: Store, applies_to: str) -> Outcome:
    """Return the outcome of a code that works, with a text for the customer."""
    is_money = request.type is CouponType.FIXED_AMOUNT
    currency = currency_of(request, shop.default_currency)
    return Outcome(
        status=Status.SUCCEEDED,
        message=f"Created discount code {request.code}: {summary(request, shop, applies_to)}.",
        next_step="Give the code to the customer: it works at once.",
        changes=(Change(field="discount code", before="", after=request.code),),
        amount=Money(amount=request.value, currency=currency) if is_money else None,
        reply=reply(request, shop, applies_to),
    )


def code_taken(request: CreateDiscountCode) -> Outcome:
    """Return the outcome for a code that somebody else's discount has."""
    return Outcome(status=Status.REJECTED, message=taken(request.code), next_step=ANOTHER)


def unknown(request: CreateDiscountCode) -> Outcome:
    """Return the outcome for a write that reading back did not settle."""
    return Outcome(
        status=Status.UNKNOWN,
        message=(
            f"It is not known whether the discount code {request.code} was created: BigCommerce "
            "did not answer."
        ),
        next_step="Choose Check again: Makegood looks and creates the code if it is not there.",
    )


def half_done(request: CreateDiscountCode, attempt: Attempt, why: str) -> Outcome:
    """Return the outcome for a promotion without a code that could not be removed either."""
    return Outcome(
        status=Status.UNKNOWN,
        message=(
            f"The discount code {request.code} was not created: {why} A promotion without a code "
            f"is left in BigCommerce under the name “{request.name(attempt.reference)}”; nobody "
            "can use it."
        ),
        next_step="Choose Check again: Makegood finishes the promotion or removes it.",
    )
