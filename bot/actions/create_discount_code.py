"""Create a discount code that works at once: a coupon in the store's default currency."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal

from pydantic import AwareDatetime, ValidationInfo, field_validator

from bot.actions.base import Action, ActionRequest, Attempt, Review, RuleBroken
from bot.actions.discount_words import (
    describe_categories,
    describe_currencies,
    describe_discount,
    describe_expiry,
    taken,
)
from bot.actions.failures import nothing_changed, rejected
from bot.actions.reading import read_until
from bot.actions.typed import AMOUNT_LIMIT, NotUnderstood
from bot.bigcommerce import (
    BigCommerceClient,
    BigCommerceError,
    Conflict,
    CouponType,
    NewCoupon,
    NoAnswer,
    Store,
)
from bot.money import DECIMAL_PLACES, Money
from bot.outcome import Change, Outcome, Status

CODE_LIMIT = 50
# A coupon is there or not: a few looks settle it, and writing it again cannot double it.
_QUICK_LOOKS = 3
_CODE = re.compile(r"[A-Za-z0-9_ -]+")


class CreateDiscountCode(ActionRequest):
    """Create this code. `value` is money in the store's default currency, or percent, by `type`.

    `category_ids` empty means the whole catalogue. `expires_at` None means never; its offset is
    the store's. `order_id` is the order that the code makes good, if there is one.
    """

    code: str
    type: CouponType
    value: Decimal
    category_ids: tuple[int, ...] = ()
    expires_at: AwareDatetime | None = None

    @field_validator("code")
    @classmethod
    def _check_code(cls, code: str) -> str:
        code = code.strip()
        if not code:
            raise NotUnderstood("Type the code that the customer will enter.")
        if len(code) > CODE_LIMIT:
            raise NotUnderstood(f"A code has at most {CODE_LIMIT} characters.")
        if not _CODE.fullmatch(code):
            raise NotUnderstood(
                "A code may hold the letters A to Z, digits, spaces, hyphens and underscores."
            )
        return code

    @field_validator("value")
    @classmethod
    def _check_value(cls, value: Decimal, info: ValidationInfo) -> Decimal:
        if not value.is_finite() or value <= 0:
            raise NotUnderstood("The value must be above 0.")
        if info.data.get("type") is CouponType.PERCENTAGE and value > 100:
            raise NotUnderstood("A percentage cannot be above 100.")
        if value >= AMOUNT_LIMIT:
            raise NotUnderstood(f"The value must be below {AMOUNT_LIMIT:,.0f}.")
        if value != round(value, 2):
            raise NotUnderstood("Use at most two decimals.")
        return value


async def review_create_discount_code(
    request: CreateDiscountCode, store: BigCommerceClient
) -> Review:
    """Return what the code will do; raise RuleBroken when it is taken or past its end."""
    _check_expiry(request)
    if await store.find_coupon(code=request.code) is not None:
        raise RuleBroken("code", taken(request.code))
    shop = await store.get_store()
    _check_decimals(request, shop.default_currency)
    categories = await store.get_categories() if request.category_ids else []
    return Review(
        facts=(
            ("Code", request.code),
            ("Discount", describe_discount(request.type, request.value, shop.default_currency)),
            ("Applies to", describe_categories(request.category_ids, categories)),
            ("Expires", describe_expiry(request.expires_at, shop.timezone_name)),
        ),
        notices=describe_currencies(await store.get_currencies(), shop.default_currency),
        confirm_label="Create code",
    )


async def create_discount_code(request: CreateDiscountCode, attempt: Attempt) -> Outcome:
    """Create the code unless an earlier run of the reference did.

    There is nothing to claim: the coupon's name holds the reference and is unique in the store, so
    a second write of the same coupon is refused there.
    """
    try:
        shop = await attempt.store.get_store()
        found = await attempt.store.find_coupon(name=_name(request, attempt.reference))
        if found is None:
            _check_expiry(request)
    except RuleBroken as broken:
        return rejected(broken)
    except BigCommerceError as error:
        return nothing_changed(error)
    if found is None and (refused := await _create(request, attempt)) is not None:
        return refused
    return _succeeded(request, shop, await _name_categories(request, attempt.store))


def _check_expiry(request: CreateDiscountCode) -> None:
    if request.expires_at is not None and request.expires_at <= datetime.now(UTC):
        raise RuleBroken("expires_at", "That day is over. Choose a later one.")


def _check_decimals(request: CreateDiscountCode, currency: str) -> None:
    is_money = request.type is CouponType.FIXED_AMOUNT
    if is_money and DECIMAL_PLACES.get(currency) == 0 and request.value % 1:
        raise RuleBroken("value", f"{currency} has no decimals. Type a whole number.")


async def _create(request: CreateDiscountCode, attempt: Attempt) -> Outcome | None:
    """Create the coupon, twice at most; None means that it is there."""
    coupon = NewCoupon(
        name=_name(request, attempt.reference),
        code=request.code,
        type=request.type,
        amount=request.value,
        category_ids=request.category_ids,
        expires_at=request.expires_at,
    )
    is_lost = False
    for _ in range(2):
        try:
            await attempt.store.create_coupon(coupon)
        except NoAnswer:
            is_lost = True
            if await _is_ours(request, attempt):
                return None
        except BigCommerceError as error:
            return await _settle_refusal(error, request, attempt, is_lost=is_lost)
        else:
            return None
    return _unknown(request)


async def _settle_refusal(
    error: BigCommerceError, request: CreateDiscountCode, attempt: Attempt, *, is_lost: bool
) -> Outcome | None:
    """Tell what a no means; after a lost answer the code may be there, put there by ourselves."""
    if is_lost and await _is_ours(request, attempt):
        return None
    if isinstance(error, Conflict):
        return Outcome(
            status=Status.REJECTED,
            message=taken(request.code),
            next_step="Choose another code with /discount-code.",
        )
    return _unknown(request) if is_lost else nothing_changed(error)


async def _is_ours(request: CreateDiscountCode, attempt: Attempt) -> bool:
    """Whether the store has the code under this request's name, soon after the write."""
    name = _name(request, attempt.reference)
    found = await read_until(
        attempt.settle_waits[:_QUICK_LOOKS],
        lambda: attempt.store.find_coupon(code=request.code),
        lambda coupon: coupon is not None,
    )
    return found is not None and found.name == name


def _name(request: CreateDiscountCode, reference: str) -> str:
    return f"Makegood {reference} {request.code}"


async def _name_categories(request: CreateDiscountCode, store: BigCommerceClient) -> str:
    """Return the categories by name; how many there are when they cannot be read now."""
    if not request.category_ids:
        return "all categories"
    try:
        return describe_categories(request.category_ids, await store.get_categories())
    except (BigCommerceError, RuleBroken):
        count = len(request.category_ids)
        return "one category" if count == 1 else f"{count} categories"


def _succeeded(request: CreateDiscountCode, shop: Store, applies_to: str) -> Outcome:
    currency = shop.default_currency
    amount = Money(amount=request.value, currency=currency)
    discount = describe_discount(request.type, request.value, currency)
    expiry = describe_expiry(request.expires_at, shop.timezone_name)
    until = "never expires" if request.expires_at is None else f"valid until {expiry}"
    return Outcome(
        status=Status.SUCCEEDED,
        message=f"Created discount code {request.code}: {discount}, for {applies_to}, {until}.",
        next_step="Give the code to the customer: it works at once.",
        changes=(Change(field="discount code", before="", after=request.code),),
        amount=amount if request.type is CouponType.FIXED_AMOUNT else None,
    )


def _unknown(request: CreateDiscountCode) -> Outcome:
    return Outcome(
        status=Status.UNKNOWN,
        message=(
            f"It is not known whether the discount code {request.code} was created: BigCommerce "
            "did not answer."
        ),
        next_step="Choose Check again: Makegood looks and creates the code if it is not there.",
    )


CREATE_DISCOUNT_CODE = Action(
    name="create_discount_code",
    title="Discount code",
    request_type=CreateDiscountCode,
    review=review_create_discount_code,
    run=create_discount_code,
)
