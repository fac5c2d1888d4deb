"""Codes and stock, held against the store's books."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from bot.sandbox.bigcommerce.books import Books
from bot.sandbox.bigcommerce.discounts.codes import Coupon, Promotion
from bot.sandbox.bigcommerce.refunds.payments import ZERO
from tests.hostile.evidence import AMOUNT, NOT_DONE, TWICE, Departure, Told


def audit_code(told: Told, books: Books) -> Iterator[Departure]:
    """Hold a code that was told as created against the one that is there."""
    asked, made = told.entry.request, marked(books, told.entry.reference)
    working = [each for each in made if works(each, str(asked["code"]))]
    if len(made) > 1:
        yield Departure(TWICE, f"{len(made)} codes of one request")
    if not working:
        yield Departure(NOT_DONE, f"no such code works: {told.message}")
    elif wrong := _differs(working[0], asked):
        yield Departure(AMOUNT, f"{wrong}: {told.message}")


def _differs(made: Coupon | Promotion, asked: dict[str, Any]) -> str:
    """Say in what the code is not what was asked for, "" for nothing."""
    value, uses = Decimal(str(asked["value"])), int(asked["max_uses"])
    ends = asked["expires_at"] is not None
    if isinstance(made, Coupon):
        found = (made.amount, made.max_uses, bool(made.expires))
    else:
        amounts = [Decimal(text) for text in re.findall(r"[0-9]+\.[0-9]{2}", str(made.rules))]
        amount = value if value in amounts else next(iter(amounts), ZERO)
        found = (amount, made.codes[0].max_uses, made.end_date is not None)
    return "" if found == (value, uses, ends) else f"asked {(value, uses, ends)}, made {found}"


def audit_stock(told: Told, books: Books) -> Iterator[Departure]:
    """Hold goods that were told as back in stock against its changes."""
    changes = moved(books, told.entry.reference)
    wanted = sum(
        int(goods["quantity"])
        for goods in told.entry.request["goods"]
        if goods["condition"] == "back_to_stock"
    )
    found = sum(move.quantity for change in changes for move in change.moves)
    if len(changes) > 1:
        yield Departure(TWICE, f"the stock was changed {len(changes)} times")
    elif found != wanted:
        yield Departure(NOT_DONE, f"{found} pieces of {wanted} are back: {told.message}")


def moved(books: Books, reference: str) -> list[Any]:
    """Return the changes of stock that a request has made."""
    return [change for change in books.stock.changes if reference in change.reason]


def marked(books: Books, reference: str) -> list[Coupon | Promotion]:
    """Return what a request has made."""
    return [row for row in all_codes(books) if reference in row.name]


def all_codes(books: Books) -> list[Coupon | Promotion]:
    """Return all there are."""
    return [*books.coupons.values(), *books.promotions.values()]


def has_code(made: Coupon | Promotion) -> bool:
    """Tell whether it is more than a promotion that nobody can use."""
    return isinstance(made, Coupon) or bool(made.codes)


def works(made: Coupon | Promotion, code: str) -> bool:
    """Tell whether this code of it gives anything."""
    if isinstance(made, Coupon):
        return made.enabled and made.code == code
    return made.status == "ENABLED" and code in [each.code for each in made.codes]
