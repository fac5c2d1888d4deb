"""How a code that Makegood created stands now: read from BigCommerce, never remembered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.actions.discount_words import describe_expiry
from bot.actions.reading import together
from bot.bigcommerce import (
    ENABLED,
    MIRROR_OF_PROMOTION,
    BigCommerceClient,
    Coupon,
    Promotion,
    PromotionCode,
)


@dataclass(frozen=True, slots=True)
class CodeState:
    """A code as it is; `held_by` is what it belongs to. 0 uses at most means no limit."""

    code: str
    uses: int
    max_uses: int
    is_on: bool
    expires_at: datetime | None
    held_by: Coupon | Promotion


async def find_code(store: BigCommerceClient, name: str, code: str) -> CodeState | None:
    """Return the code that is kept under this name; None when it is gone or was renamed.

    By its name, which holds the reference: after a deletion the same letters may be anybody's.
    """
    async with together() as group:
        finding = group.create_task(store.find_coupon(name=name))
        promotions = group.create_task(store.find_promotions(name))
    coupon = finding.result()
    if coupon is not None and coupon.type != MIRROR_OF_PROMOTION:
        return _of_coupon(coupon)
    for promotion in promotions.result():
        for each in await store.get_promotion_codes(promotion.id):
            if each.code.casefold() == code.casefold():
                return _of_promotion(promotion, each)
    return None


async def switch_off(store: BigCommerceClient, state: CodeState) -> None:
    """Switch off what holds the code."""
    if isinstance(state.held_by, Coupon):
        await store.switch_off_coupon(state.held_by)
    else:
        await store.switch_off_promotion(state.held_by.id)


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
            f"The code {code} is not in BigCommerce under Makegood's name any more: it was deleted "
            "or renamed there."
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
        is_on=coupon.enabled,
        expires_at=coupon.expires_at,
        held_by=coupon,
    )


def _of_promotion(promotion: Promotion, code: PromotionCode) -> CodeState:
    return CodeState(
        code=code.code,
        uses=code.current_uses,
        max_uses=code.max_uses,
        is_on=promotion.status == ENABLED,
        expires_at=promotion.end_date,
        held_by=promotion,
    )
