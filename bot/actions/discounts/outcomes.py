"""How creating a discount code ends, in words."""

from __future__ import annotations

from bot.actions.action import Attempt
from bot.actions.discounts.request import CreateDiscountCode
from bot.actions.discounts.words import currency_of, reply, summary, taken
from bot.actions.failures import heard
from bot.bigcommerce.coupons import CouponType
from bot.bigcommerce.http.errors import BigCommerceError
from bot.bigcommerce.models import Store
from bot.values.money import Money
from bot.values.outcome import Change, Outcome, Status

ANOTHER = "Choose another code with /discount-code."
LOOK_FIRST = (
    "It was there before. See with “Was it used?” how it stands before you give it to the customer."
)


def code_created(
    request: CreateDiscountCode, shop: Store, applies_to: str, *, was_there: bool = False
) -> Outcome:
    """Return the outcome of a code that the store has as asked, with a text for the customer.

    `was_there`: it was made before this log knew of it, so it may have been used or given away.
    """
    is_money = request.type is CouponType.FIXED_AMOUNT
    currency = currency_of(request, shop.default_currency)
    created = "BigCommerce has discount code" if was_there else "Created discount code"
    return Outcome(
        status=Status.SUCCEEDED,
        message=f"{created} {request.code}: {summary(request, shop, applies_to)}.",
        next_step=LOOK_FIRST if was_there else "Give the code to the customer: it works at once.",
        changes=(Change(field="discount code", before="", after=request.code),),
        amount=Money(amount=request.value, currency=currency) if is_money else None,
        reply=reply(request, shop, applies_to),
        was_there=was_there,
    )


def code_taken(request: CreateDiscountCode) -> Outcome:
    """Return the outcome for a code that somebody else's discount has."""
    return Outcome(status=Status.REJECTED, message=taken(request.code), next_step=ANOTHER)


def code_unknown(request: CreateDiscountCode, error: BigCommerceError | None = None) -> Outcome:
    """Return the outcome for a write that reading back did not settle."""
    return Outcome(
        status=Status.UNKNOWN,
        message=(
            f"It is not known whether the discount code {request.code} was created. {heard(error)}"
        ),
        next_step="Choose Check again: Makegood looks and creates the code if it is not there.",
    )


def code_half_done(request: CreateDiscountCode, attempt: Attempt, why: str) -> Outcome:
    """Return the outcome for a promotion that has no code yet, or cannot be removed."""
    return Outcome(
        status=Status.UNKNOWN,
        message=(
            f"The discount code {request.code} is not finished: {why} A promotion without a code "
            f"may be left in BigCommerce under the name “{request.name(attempt.reference)}”; "
            "nobody can use it."
        ),
        next_step="Choose Check again: Makegood finishes the promotion or removes it.",
    )


def taken_back(request: CreateDiscountCode, difference: str) -> Outcome:
    """Return the outcome for a code that was made otherwise than asked, and is gone again."""
    return Outcome(
        status=Status.REJECTED,
        message=(
            f"The discount code {request.code} was not created: BigCommerce made it with "
            f"{difference}, so Makegood deleted it again."
        ),
        next_step="Ask for the code again with /discount-code.",
    )


def stands_differently(
    request: CreateDiscountCode, name: str, difference: str, *, is_off: bool
) -> Outcome:
    """Return the outcome for a code that the store has otherwise than asked.

    `is_off`: it is switched off for sure.
    """
    works = (
        "Makegood switched it off, so nobody can use it."
        if is_off
        else "It may work as it stands there."
    )
    return Outcome(
        status=Status.UNKNOWN,
        message=(
            f"The discount code {request.code} is not as asked: BigCommerce has {difference}. "
            f"{works}"
        ),
        next_step=(
            f"Do not give it to the customer. Look at “{name}” in the BigCommerce control panel, "
            "and correct it or delete it there. Then choose Check again."
        ),
    )
