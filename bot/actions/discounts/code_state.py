"""How a code that Makegood created stands now: read from BigCommerce, never remembered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.actions.discounts.words import describe_expiry
from bot.actions.reading import together
from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.coupons import Coupon
from bot.bigcommerce.promotions import ENABLED, Promotion, PromotionCode


@dataclass(frozen=True, slots=True)
class CodeState:
    """A code as it is; `held_by` is what it belongs to. 0 uses at most means no limit."""

    code: str
    uses: int
    max_uses: int
    is_on: bool
    expires_at: datetime | None
    held_by: Coupon | Promotion


async def look_for(
    store: BigCommerceClient, name: str, *, code: str = ""
) -> Coupon | Promotion | None:
    """Return what is kept under this name: a coupon, or a promotion, with a code if there are two.

    By its name, which holds the reference: after a deletion the same letters may be anybody's.
    `code`: BigCommerce is asked for the code, and the name must be right all the same.
    """
    async with together() as group:
        by = {"code": code} if code else {"name": name}
        finding = group.create_task(store.coupons.find(**by))
        promotions = group.create_task(store.promotions.find(name, code=code))
    coupon, found = finding.result(), promotions.result()
    if coupon is not None and coupon.name == name and not coupon.is_mirror:
        return coupon
    for promotion in found[1:] and found:
        if await store.promotions.codes(promotion.id):
            return await store.promotions.get(promotion.id, name)
    return await store.promotions.get(found[0].id, name) if found else None


async def find_code(store: BigCommerceClient, name: str, code: str) -> CodeState | None:
    """Return the code that is kept under this name; None when it is gone or was renamed.

    One empty answer proves nothing: before it is said to be gone it is looked for by its letters.
    """
    for letters in ("", code):
        held = await look_for(store, name, code=letters)
        if isinstance(held, Coupon):
            return _of_coupon(held)
        if held is None:
            continue
        for each in await store.promotions.codes(held.id):
            if each.code.casefold() == code.casefold():
                return _of_promotion(held, each)
    return None


async def is_taken(store: BigCommerceClient, code: str) -> bool:
    """Whether a coupon or a promotion has the code."""
    async with together() as group:
        coupon = group.create_task(store.coupons.find(code=code))
        of_promotion = group.create_task(store.promotions.find_code(code))
    return coupon.result() is not None or of_promotion.result() is not None


async def switch_code_off(
    store: BigCommerceClient, held_by: Coupon | Promotion
) -> Coupon | Promotion:
    """Switch off what holds a code, and return what BigCommerce says it is now."""
    if isinstance(held_by, Coupon):
        return await store.coupons.switch_off(held_by)
    return await store.promotions.switch_off(held_by.id)


def is_on(held_by: Coupon | Promotion) -> bool:
    """Whether a code of it can be used."""
    return held_by.enabled if isinstance(held_by, Coupon) else held_by.status == ENABLED


def describe_use(state: CodeState, *, never: str = "has not been used yet") -> str:
    """Return "was used twice (of at most 5)", or what stands for never."""
    if not state.uses:
        return never
    of = f" (of at most {state.max_uses})" if state.max_uses else ""
    times = {1: "once", 2: "twice"}.get(state.uses, f"{state.uses} times")
    return f"was used {times}{of}"


def describe_state(state: CodeState | None, code: str, timezone_name: str) -> str:
    """Return whether a code was used and whether it still works, in whole sentences."""
    if state is None:
        return (
            f"BigCommerce shows no code {code} under Makegood's name, looked for by both: it was "
            "deleted or renamed there."
        )
    return f"The code {code} {describe_use(state)}. {_still(state, timezone_name)}"


def _still(state: CodeState, timezone_name: str) -> str:
    if not state.is_on:
        return "It is switched off."
    if state.expires_at is not None and state.expires_at <= datetime.now(UTC):
        return f"It expired on {describe_expiry(state.expires_at, timezone_name)}."
    if state.max_uses and state.uses >= state.max_uses:
        return "It is used up."
    if state.expires_at is None:
        return "It still works, and never expires."
    return f"It still works, until {describe_expiry(state.expires_at, timezone_name)}."


def _of_coupon(coupon: Coupon) -> CodeState:
    return CodeState(
        code=coupon.code,
        uses=coupon.num_uses,
        max_uses=coupon.max_uses,
        is_on=is_on(coupon),
        expires_at=coupon.expires_at,
        held_by=coupon,
    )


def _of_promotion(promotion: Promotion, code: PromotionCode) -> CodeState:
    return CodeState(
        code=code.code,
        uses=code.current_uses,
        max_uses=code.max_uses,
        is_on=is_on(promotion),
        expires_at=promotion.end_date,
        held_by=promotion,
    )
