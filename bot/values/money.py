"""Amounts of money: a Decimal with its currency, never a float."""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel

# ISO 4217: the currencies that do not have two decimal places.
DECIMAL_PLACES = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW"), 0),
    **dict.fromkeys(("PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
UNTOLD = "(currency not known)"


def has_decimals(currency: str) -> bool:
    """Tell whether the currency has a smaller unit; one that is not known has."""
    return DECIMAL_PLACES.get(currency, 2) > 0


def no_decimals(currency: str) -> str:
    """Return what is said of an amount with decimals in a currency that has none."""
    return f"{currency} has no decimals. Type a whole number."


class Money(BaseModel, frozen=True):
    """An amount in a currency. `str()` is what a person reads: `1,054.10 USD`.

    The currency is "" where BigCommerce does not tell it; then no money is moved by this figure.
    """

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        places = DECIMAL_PLACES.get(self.currency, 2)
        return f"{self.amount:,.{places}f} {self.currency or UNTOLD}"
