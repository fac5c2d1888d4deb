"""Create a discount code that works at once.

As a coupon promotion; as a coupon where an admin wants codes that can be edited in BigCommerce's
control panel, and then only what a coupon can do with the same meaning. A fixed amount is taken off
once, however many items it is for.
"""

from __future__ import annotations

from decimal import Decimal

from bot.actions.action import (
    Action,
    Attempt,
    Evidence,
    Moves,
    Review,
    RuleBroken,
    Sought,
    named_by_code,
    nothing_follows,
    sets_nothing,
)
from bot.actions.discounts.code_state import find_code, is_taken
from bot.actions.discounts.coupon import create_coupon
from bot.actions.discounts.outcomes import code_created, code_unknown
from bot.actions.discounts.promotion import create_promotion
from bot.actions.discounts.request import AS_COUPON, CreateDiscountCode
from bot.actions.discounts.take_back import check_expiry
from bot.actions.discounts.words import (
    SHOWN,
    SHOWN_IN_SHORT,
    currency_of,
    describe_categories,
    describe_expiry,
    describe_products,
    describe_reach,
    describe_stacking,
    describe_uses,
    discount_of,
    taken,
)
from bot.actions.endings.evidence import done
from bot.actions.endings.mark_in_store import has_code
from bot.actions.failures import nothing_changed
from bot.actions.reading import together
from bot.actions.rules.customer import NOBODY, customer_of
from bot.actions.rules.eligibility import ANY_STATUS
from bot.actions.rules.given_back import listed_refunds
from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.coupons import Coupon, CouponType
from bot.bigcommerce.http.errors import BigCommerceError
from bot.bigcommerce.models import Order, Store
from bot.bigcommerce.promotions import EVERY_CURRENCY
from bot.bigcommerce.refunds import Refund
from bot.values.money import Money, has_decimals, no_decimals
from bot.values.outcome import Outcome


async def review_create_discount_code(
    request: CreateDiscountCode, store: BigCommerceClient
) -> Review:
    """Return what the code will do; raise RuleBroken when it is taken or past its end."""
    check_expiry(request)
    async with together() as group:
        is_gone = group.create_task(is_taken(store, request.code))
        reading_shop = group.create_task(store.info.get())
        reading_currencies = group.create_task(store.info.currencies())
        naming = group.create_task(_applies_to(request, store))
        reading_order = group.create_task(_order(request, store))
        reading_refunds = group.create_task(_refunds(request, store))
    if is_gone.result():
        raise RuleBroken("code", taken(request.code))
    shop, currencies = reading_shop.result(), reading_currencies.result()
    currency = currency_of(request, shop.default_currency)
    payable = {each.code for each in currencies if each.enabled and each.is_transactional}
    if currency not in {*payable, shop.default_currency}:
        raise RuleBroken("currency", f"The store no longer sells in {currency}. Choose another.")
    if request.as_coupon and currency != shop.default_currency:
        only = f"{AS_COUPON} works in {shop.default_currency} only. Choose that."
        raise RuleBroken("currency", only)
    _check_decimals(request, currency)
    worth, order = _worth(request, shop), reading_order.result()
    reach = describe_reach(request, currencies, shop.default_currency)
    return Review(
        facts=tuple(_facts(request, shop, naming.result())),
        notices=tuple(each for each in (reach, UNTOLD if request.as_coupon else "") if each),
        warnings=_misfits(request, currency, order),
        confirm_label="Create code",
        worth=worth,
        is_worth_unknown=worth is None,
        customer=customer_of(order) if order else NOBODY,
        given_back=listed_refunds(order, reading_refunds.result()) if order else None,
        rate=next((each.rate for each in currencies if each.code == currency), None),
    )


UNTOLD = "Whether the code goes together with other promotions is up to BigCommerce."


async def _order(request: CreateDiscountCode, store: BigCommerceClient) -> Order | None:
    return None if request.order_id is None else await store.orders.get(request.order_id)


async def _refunds(request: CreateDiscountCode, store: BigCommerceClient) -> list[Refund]:
    return [] if request.order_id is None else await store.refunds.of_order(request.order_id)


def _misfits(request: CreateDiscountCode, currency: str, order: Order | None) -> tuple[str, ...]:
    """Return why the customer of the order may not be able to use the code."""
    if order is None:
        return ()
    warnings = []
    paid_in = order.currency or "a currency that BigCommerce does not tell"
    if request.currency not in {"", EVERY_CURRENCY} and currency != order.currency:
        warnings.append(
            f"Order {order.id} was paid in {paid_in}, and this code is for orders in "
            f"{currency} only."
        )
    if None not in (request.channel_id, order.channel_id) and (
        request.channel_id != order.channel_id
    ):
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
        facts.append(("Storefront", request.channel_name or str(request.channel_id)))
    if stacking := describe_stacking(request):
        facts.append(("Other promotions", f"{stacking[0].upper()}{stacking[1:]}"))
    return [*facts, ("Expires", describe_expiry(request.expires_at, shop.timezone_name))]


def _worth(request: CreateDiscountCode, shop: Store) -> Money | None:
    """Return the most that the code gives away in all, None where that is not known.

    Free shipping has no ceiling that BigCommerce would keep.
    """
    is_money = request.type is CouponType.FIXED_AMOUNT
    most: Decimal | None = request.value if is_money else request.ceiling
    if most is None or not request.max_uses:
        return None
    currency = currency_of(request, shop.default_currency)
    return Money(amount=most * request.max_uses, currency=currency)


async def create_discount_code(request: CreateDiscountCode, attempt: Attempt) -> Outcome:
    """Create the code unless the store has it under this reference's name."""
    try:
        shop = await attempt.store.info.get()
    except BigCommerceError as error:
        return code_unknown(request, error) if attempt.claimed else nothing_changed(error)
    create = create_coupon if request.as_coupon else create_promotion
    made = await create(request, attempt, shop)
    if isinstance(made, Outcome):
        return made
    applies_to = await _told_items(request, attempt.store)
    # What 0.1.0 made of it may be found as a coupon; what is told is of what the store has.
    told = request.model_copy(update={"as_coupon": isinstance(made.value, Coupon)})
    return code_created(told, shop, applies_to, was_there=made.was_there)


def _check_decimals(request: CreateDiscountCode, currency: str) -> None:
    is_money = request.type is CouponType.FIXED_AMOUNT
    if has_decimals(currency):
        return
    text = no_decimals(currency)
    if request.ceiling is not None and request.ceiling % 1:
        raise RuleBroken("ceiling", text)
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
        found = await store.catalog.products(request.product_ids)
        return describe_products(request.product_ids, found, most=most)
    categories = await store.catalog.categories() if request.category_ids else []
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


async def _evidence(
    request: CreateDiscountCode, store: BigCommerceClient, sought: Sought
) -> Evidence:
    found = await find_code(store, request.name(sought.reference), request.code)
    if found is None:
        return Evidence()
    state = "on" if found.is_on else "off"
    shown = f"BigCommerce has the discount code {request.code}, and it is {state}."
    return Evidence(
        made=done(f"Discount code {request.code} is in BigCommerce", f"It is {state} there."),
        against=f"{shown} Press Check again.",
    )


async def _overtaken(request: CreateDiscountCode, store: BigCommerceClient) -> str | None:
    try:
        check_expiry(request)
    except RuleBroken:
        return f"The day on which the code {request.code} was to end is over."
    if await is_taken(store, request.code):
        return f"The store has a code {request.code} by now."
    return None


CREATE_DISCOUNT_CODE = Action(
    name="create_discount_code",
    title="Discount code",
    request_type=CreateDiscountCode,
    review=review_create_discount_code,
    run=create_discount_code,
    follow_up=nothing_follows,
    moves=Moves.AWAY,
    sets=sets_nothing,
    subject=named_by_code,
    is_there=has_code,
    evidence=_evidence,
    overtaken=_overtaken,
    statuses=ANY_STATUS,
    needs_order=False,
    cannot="have a discount code",
    takes_whole=False,
    is_warned_about=False,
    commands=("/discount-code",),
)
