"""The form of discount codes: what agents may give away with one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bot.actions.discounts.request import LEAST_CEILING
from bot.config.configuration import AMOUNT_NAMES
from bot.values.parsing import parse_percentage
from handlers.block_kit.builders import Block, input_block, option, radio, text_input
from handlers.settings.forms.editor import Editor, Present
from handlers.settings.forms.fields import Reading, amount_field, whole_field
from handlers.settings.words import MADE_AS, OFF, ON, STACKING

LONGEST_DAYS = 3650
NO_SHIPPING_CAP = "Empty: no limit. Free shipping is not limited by it: its worth is not known."
CEILING = (
    "What a percentage takes off one order at most; agents may change it. Empty: agents start "
    "without one, and what such a code gives away is not known to any limit."
)
MOST_WORTH = "What it takes off one order at most, times its uses. Empty: no limit."
UNKNOWN_WORTH = (
    "Free shipping, percentages without a ceiling, codes without a number of uses. Empty: more "
    "than every amount, so they need approval where that is set, and a limit refuses them."
)
COUPONS = (
    "Coupons can be edited there, but work in the store's own currency and in every storefront "
    "only, and have no ceiling."
)
NO_COUPON_STACKING = "For coupons this cannot be set. Choose the first, or promotions below."
NO_PREFIX = "Use 1 to 20 letters and digits, for example SORRY."


async def _build_discount(present: Present) -> list[Block]:
    rules, wording = present.configuration.discount, present.wording
    percent = "" if rules.most_percent is None else f"{rules.most_percent.normalize():f}"
    return [
        input_block(
            "prefix",
            "Codes start with",
            text_input("prefix", initial=rules.prefix, max_length=20),
            hint="Letters and digits, for example SORRY.",
        ),
        input_block(
            "most_percent",
            "Highest percentage",
            text_input("most_percent", initial=percent, max_length=10),
            hint="Empty: no limit.",
            optional=True,
        ),
        amount_field(
            "most_amount", "Highest amount", rules.most_amount, wording, hint=NO_SHIPPING_CAP
        ),
        whole_field(
            "most_days",
            "Longest validity (days)",
            rules.most_days,
            hint="With it, every code has an end. Empty: no limit.",
        ),
        amount_field(
            "ceiling", "Usual ceiling of a percentage", rules.ceiling, wording, hint=CEILING
        ),
        amount_field(
            "most_worth", AMOUNT_NAMES["most_worth"], rules.most_worth, wording, hint=MOST_WORTH
        ),
        amount_field(
            "unknown_counts_as",
            "A code of unknown worth counts",
            rules.unknown_counts_as,
            wording,
            hint=UNKNOWN_WORTH,
        ),
        input_block(
            "stacking",
            "Beside other promotions",
            radio(
                "stacking",
                [option(text, value) for value, text in STACKING.items()],
                initial=rules.stacking,
            ),
        ),
        input_block(
            "as_coupons",
            "Codes are made as",
            radio(
                "as_coupons",
                [option(text, value) for value, text in MADE_AS.items()],
                initial=ON if rules.as_coupons else OFF,
            ),
            hint=COUPONS,
        ),
    ]


async def _parse_discount(present: Present, reading: Reading, _: str) -> dict[str, Any]:
    prefix = reading.text("prefix")
    if not (prefix.isascii() and prefix.isalnum() and len(prefix) <= 20):
        reading.errors["prefix"] = NO_PREFIX
    as_coupons, stacking = reading.text("as_coupons") == ON, reading.text("stacking")
    if as_coupons and stacking != "together":
        reading.errors["stacking"] = NO_COUPON_STACKING
    ceiling = reading.amount("ceiling")
    if ceiling is not None and Decimal(ceiling) < LEAST_CEILING:
        reading.errors["ceiling"] = f"BigCommerce takes {LEAST_CEILING} or more here."
    rules = present.configuration.discount.model_dump(mode="json") | {
        "prefix": prefix,
        "most_percent": reading.parsed("most_percent", parse_percentage),
        "most_amount": reading.amount("most_amount"),
        "most_days": reading.whole("most_days", most=LONGEST_DAYS),
        "ceiling": ceiling,
        "most_worth": reading.amount("most_worth"),
        "unknown_counts_as": reading.amount("unknown_counts_as"),
        "stacking": stacking,
        "as_coupons": as_coupons,
    }
    return {"discount": rules}


DISCOUNT = Editor("Discount codes", ("discount",), _build_discount, _parse_discount)
