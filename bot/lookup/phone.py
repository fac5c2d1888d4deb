"""Phone numbers: how one number may have been written down. Pure.

BigCommerce compares a customer's phone number as it was typed, so that all likely spellings are
asked for at once.
"""

from __future__ import annotations

import re
import unicodedata

FEWEST_DIGITS, MOST_DIGITS = 5, 15  # ITU-T E.164 allows no more, with the country's code
MOST_SPELLINGS = 40
_SHAPE = re.compile(r"\+?[\d\s()./\-\u2010-\u2015]+")
_JOINED_BY = ("", " ", "-", ".")


def phone_spellings(text: str) -> tuple[str, ...]:
    """Return the spellings of the phone number in `text`, as typed first; none if it is none."""
    typed = " ".join("".join(_ascii_digit(char) for char in text).split())
    if not _SHAPE.fullmatch(typed):
        return ()
    digits = re.sub(r"\D", "", typed)
    is_foreign = typed.startswith("+") or digits.startswith("00")
    groups = re.findall(r"\d+", typed)
    if digits.startswith("00"):
        digits, groups = digits[2:], _without_prefix(groups)
    if not FEWEST_DIGITS <= len(digits) <= MOST_DIGITS or not digits.strip("0"):
        return ()
    found = [typed, *_joined(groups), digits]
    if is_foreign:
        found += [f"{way}{number}" for way in ("+", "00") for number in (digits, *_joined(groups))]
        # The code of a country has one to three digits; in the country a 0 may stand for it.
        found += [f"{trunk}{digits[code:]}" for code in (2, 1, 3) for trunk in ("0", "")]
    found += _north_american(digits)
    return tuple(dict.fromkeys(spelling.strip() for spelling in found))[:MOST_SPELLINGS]


def _north_american(digits: str) -> list[str]:
    """Return the usual ways of writing ten digits in three groups, the country's code before."""
    if len(digits) == 7:
        return [f"{digits[:3]}-{digits[3:]}"]
    local = digits.removeprefix("1") if len(digits) == 11 else digits
    if len(local) != 10:
        return []
    area, office, line = local[:3], local[3:6], local[6:]
    found = [
        f"{area}-{office}-{line}",
        f"({area}) {office}-{line}",
        f"({area}){office}-{line}",
        f"{area} {office} {line}",
        f"{area}.{office}.{line}",
        local,
    ]
    return [*found, *(f"{code}{way}" for code in ("+1 ", "+1", "1-", "+1-", "1") for way in found)]


def _without_prefix(groups: list[str]) -> list[str]:
    """Return the groups of digits without the leading 00."""
    first = groups[0].removeprefix("00")
    return [first, *groups[1:]] if first else groups[1:]


def _joined(groups: list[str]) -> list[str]:
    return [by.join(groups) for by in _JOINED_BY] if len(groups) > 1 else groups


def _ascii_digit(char: str) -> str:
    return str(unicodedata.digit(char)) if unicodedata.category(char) == "Nd" else char
