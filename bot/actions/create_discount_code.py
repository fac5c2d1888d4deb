"""Create a discount code that works at once.

As a coupon where one will do: in the store's default currency and for every channel. As a coupon
promotion for other currencies, for all of them, and for a single channel.
"""

from __future__ import annotations

from datetime import UTC, datetime

from bot.actions.base import Action, Attempt, Review, RuleBroken
from bot.actions.discount_coupon import create_coupon, is_there
from bot.actions.discount_outcomes import code_taken, succeeded, unknown
from bot.actions.discount_promotion import (
    create_promotion,
    find_promotion,
    finish_promotion,
    give_up,
    has_code,
    is_taken,
    remove_others,
)
from bot.actions.discount_request import CreateDiscountCode
from bot.actions.discount_words import (
    SHOWN,
    SHOWN_IN_SHORT,
    currency_of,
    describe_categories,
    describe_expiry,
    describe_products,
    describe_reach,
    describe_uses,
    discount_of,
    taken,
)
from bot.actions.failures import nothing_changed, rejected
from bot.actions.reading import together
from bot.bigcommerce import (
    EVERY_CURRENCY,
    BigCommerceClient,
    BigCommerceError,
    CouponType,
    Order,
    Store,
)
from bot.money import DECIMAL_PLACES, Money
from bot.outcome import Outcome


async def review_create_discount_code(
    request: CreateDiscountCode, store: BigCommerceClient
) -> Review:
    """Return what the code will do; raise RuleBroken when it is taken or past its end."""
    _check_expiry(request)
    async with together() as group:
        is_gone = group.create_task(is_taken(store, request.code))
        reading_shop = group.create_task(store.get_store())
        reading_currencies = group.create_task(store.get_currencies())
        naming = group.create_task(_applies_to(request, store))
        reading_order = group.create_task(_order(request, store))
    if is_gone.result():
        raise RuleBroken("code", taken(request.code))
    shop, currencies = reading_shop.result(), reading_currencies.result()
    currency = currency_of(request, shop.default_currency)
    payable = {each.code for each in currencies if each.enabled and each.is_transactional}
    if currency not in {*payable, shop.default_currency}:
        raise RuleBroken("currency", f"The store no longer sells in {currency}. Choose another.")
    _check_decimals(request, currency)
    reach = describe_reach(request, currencies, shop.default_currency)
    return Review(
        facts=tuple(_facts(request, shop, naming.result())),
        notices=(reach,) if reach else (),
        warnings=_misfits(request, currency, reading_order.result()),
        confirm_label="Create code",
        worth=_worth(request, shop),
        rate=next((each.rate for each in currencies if each.code == currency), None),
    )


async def _order(request: CreateDiscountCode, store: BigCommerceClient) -> Order | None:
    return None if request.order_id is None else await store.get_order(request.order_id)


def _misfits(request: CreateDiscountCode, currency: str, order: Order | None) -> tuple[str, ...]:
    """Return why the customer of the order may not be able to use the code."""
    if order is None:
        return ()
    warnings = []
    if request.currency not in {"", EVERY_CURRENCY} and currency != order.currency:
        warnings.append(
            f"Order {order.id} was paid in {order.currency}, and this code is for orders in "
            f"{currency} only."
        )
    if request.channel_id is not None and request.channel_id != order.channel_id:
        warnings.append(
            f"Order {order.id} came through another channel than the one that this code is for."
        )
    return tuple(warnings)


def _facts(request: CreateDiscountCode, shop: Store, applies_to: str) -> list[tuple[str, str]]:
    facts = [
        ("Code", request.code),
        ("Discount", discount_of(request, shop.default_currency)),
        ("Applies to", applies_to),
    ]
    if request.minimum_spend is not None:
        currency = currency_of(request, shop.default_currency)
        facts.append(("Minimum spend", str(Money(amount=request.minimum_spend, currency=currency))))
    if uses := describe_uses(request):
        facts.append(("Can be used", uses))
    if request.channel_id is not None:
        facts.append(("Channel", request.channel_name or str(request.channel_id)))
    return [*facts, ("Expires", describe_expiry(request.expires_at, shop.timezone_name))]


def _worth(request: CreateDiscountCode, shop: Store) -> Money | None:
    """Return what a fixed amount gives away in all; what the others do shows when they are used.

    Where limits hold, the form asks for a number of uses.
    """
    if request.type is not CouponType.FIXED_AMOUNT:
        return None
    amount = request.value * max(request.max_uses, 1)
    return Money(amount=amount, currency=currency_of(request, shop.default_currency))


async def create_discount_code(request: CreateDiscountCode, attempt: Attempt) -> Outcome:
    """Create the code unless an earlier run of the reference did.

    It may be sent again: what is made is named after the reference, so that a later run finds it,
    and two codes of the same letters are refused by the store. The claim only notes that something
    was sent, so that a later run that can read nothing does not say that nothing is there.
    """
    try:
        shop = await attempt.store.get_store()
        if request.needs_promotion(shop.default_currency):
            refused = await _as_promotion(request, attempt, shop)
        else:
            refused = await _as_coupon(request, attempt)
    except RuleBroken as broken:
        return rejected(broken)
    except BigCommerceError as error:
        return unknown(request) if attempt.claimed else nothing_changed(error)
    if refused is not None:
        return refused
    return succeeded(request, shop, await _told_items(request, attempt.store))


async def _as_coupon(request: CreateDiscountCode, attempt: Attempt) -> Outcome | None:
    if await is_there(request, attempt):
        return None
    _check_expiry(request)
    attempt.claim()
    return await create_coupon(request, attempt)


async def _as_promotion(
    request: CreateDiscountCode, attempt: Attempt, shop: Store
) -> Outcome | None:
    promotion = await find_promotion(request, attempt)
    if promotion is None:
        _check_expiry(request)
        if await is_taken(attempt.store, request.code):
            return code_taken(request)
        attempt.claim()
        return await create_promotion(request, attempt, shop.default_currency)
    if await has_code(promotion, request, attempt):
        await remove_others(request, attempt, keep=promotion.id)
        return None
    try:
        _check_expiry(request)
    except RuleBroken as broken:
        return await give_up(broken, request, attempt)
    return await finish_promotion(promotion, request, attempt)


def _check_expiry(request: CreateDiscountCode) -> None:
    if request.expires_at is not None and request.expires_at <= datetime.now(UTC):
        raise RuleBroken("expires_at", "That day is over. Choose a later one.")


def _check_decimals(request: CreateDiscountCode, currency: str) -> None:
    is_money = request.type is CouponType.FIXED_AMOUNT
    if DECIMAL_PLACES.get(currency) != 0:
        return
    text = f"{currency} has no decimals. Type a whole number."
    if is_money and request.value % 1:
        raise RuleBroken("value", text)
    if request.minimum_spend is not None and request.minimum_spend % 1:
        raise RuleBroken("minimum_spend", text)


async def _applies_to(
    request: CreateDiscountCode, store: BigCommerceClient, *, most: int = SHOWN
) -> str:
    """Return what the code applies to, by name; raise RuleBroken for what is not there."""
    if request.type is CouponType.FREE_SHIPPING:
        return "The order's shipping"
    if request.product_ids:
        found = await store.get_products(request.product_ids)
        return describe_products(request.product_ids, found, most=most)
    categories = await store.get_categories() if request.category_ids else []
    return describe_categories(request.category_ids, categories, most=most)


async def _told_items(request: CreateDiscountCode, store: BigCommerceClient) -> str:
    """Return what the code applies to within a sentence; how many when it cannot be read now."""
    if not request.category_ids and not request.product_ids:
        return "all categories"
    try:
        return await _applies_to(request, store, most=SHOWN_IN_SHORT)
    except (BigCommerceError, RuleBroken):
        if request.product_ids:
            count = len(request.product_ids)
            return "one product" if count == 1 else f"{count} products"
        count = len(request.category_ids)
        return "one category" if count == 1 else f"{count} categories"


CREATE_DISCOUNT_CODE = Action(
    name="create_discount_code",
    title="Discount code",
    request_type=CreateDiscountCode,
    review=review_create_discount_code,
    run=create_discount_code,
)
