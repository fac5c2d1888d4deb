"""What is held against each other: what stood in the books, what was told; how they can differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bot.sandbox.bigcommerce.books import Books, Order
from storage.log.entries import Entry

TWICE = "refunded twice"
NOT_DONE = "told as done, and it is not"
AMOUNT = "another amount than the books have"
KEPT = "cancelled, and money silently kept"
INTERNAL = "internal error"
ENDLESS = "no end"
CHANGED = "told as nothing changed, and it did"
OTHER = "another order touched"
NEEDLESS = "unknown though nothing was sent"
TOLD = "not told, or not once"
SAID = "a sentence that is not so"
DEPARTURES = (
    TWICE,
    NOT_DONE,
    AMOUNT,
    KEPT,
    INTERNAL,
    ENDLESS,
    CHANGED,
    OTHER,
    NEEDLESS,
    TOLD,
    SAID,
)


@dataclass(frozen=True, slots=True)
class Departure:
    """A difference: its kind, one of DEPARTURES, and what differs."""

    kind: str
    what: str


@dataclass(frozen=True, slots=True)
class Before:
    """What stood in the books when a case began."""

    order: Order
    beside: Order
    codes: frozenset[str]
    moves: int

    @classmethod
    def of(cls, books: Books, order_id: int, beside_id: int) -> Before:
        """Take it down."""
        return cls(
            books.orders[order_id].model_copy(deep=True),
            books.orders[beside_id].model_copy(deep=True),
            frozenset(codes_of(books)),
            len(books.stock.changes),
        )


@dataclass(frozen=True, slots=True)
class Told:
    """One request: its entry, the messages that name it, and the button that was confirmed."""

    entry: Entry
    messages: Sequence[dict[str, Any]]
    confirmed: str

    @property
    def status(self) -> str:
        """How it ended."""
        return self.entry.status or ""

    @property
    def amount(self) -> Decimal | None:
        """The amount that the log has, None for none."""
        found = (self.entry.outcome or {}).get("amount")
        return Decimal(str(found["amount"])) if found else None

    @property
    def message(self) -> str:
        """The sentence that the log has."""
        return str((self.entry.outcome or {}).get("message"))


def codes_of(books: Books) -> Iterator[str]:
    """Return every code that can be typed at the checkout, and works or not."""
    yield from (each.code for each in books.coupons.values())
    yield from (code.code for each in books.promotions.values() for code in each.codes)
