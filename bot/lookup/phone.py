"""Phone numbers: what may be one, and how it may have been written down. Pure.

BigCommerce compares a customer's phone number as it was typed, so that all likely spellings are
asked for at once: those of the number's country, with that country's code and without.
"""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

FEWEST_DIGITS, MOST_DIGITS = 5, 15  # ITU-T E.164 allows no more, with the country's code
MOST_SPELLINGS = 40
_SHAPE = re.compile(r"\+?[\d\s()./\-\u2010-\u2015]+")
_JOINED_BY = ("", " ", "-", ".")


def read_phone(text: str) -> str:
    """Return the phone number in `text` as typed, in plain digits and spaces; "" if it is none."""
    typed = " ".join("".join(_ascii_digit(char) for char in text).split())
    digits = re.sub(r"\D", "", typed).removeprefix("00")
    is_one = FEWEST_DIGITS <= len(digits) <= MOST_DIGITS and digits.strip("0") != ""
    return typed if is_one and _SHAPE.fullmatch(typed) else ""


def phone_spellings(phone: str, region: str) -> tuple[str, ...]:
    """Return the spellings of a number that `read_phone` found, as typed first.

    `region` is the country in which it is dialled, as two letters of ISO 3166-1.
    """
    groups = re.findall(r"\d+", phone)
    found = [phone, *_joined(groups), *_usual(phone, groups, region)]
    return tuple(dict.fromkeys(found))[:MOST_SPELLINGS]


def _usual(phone: str, groups: list[str], region: str) -> list[str]:
    """Return how the number is usually written, at home and abroad; nothing if it can't be one."""
    is_foreign = "".join(groups).startswith("00")  # dialled so from most countries
    dialled = f"+{''.join(groups)[2:]}" if is_foreign else phone
    try:
        number = phonenumbers.parse(dialled, region)
    except NumberParseException:
        return []
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason not in {ValidationResult.IS_POSSIBLE, ValidationResult.IS_POSSIBLE_LOCAL_ONLY}:
        return []
    national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    at_home = [national, national.replace(") ", ")"), *_joined(re.findall(r"\d+", national))]
    if reason == ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
        return at_home
    abroad = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    code, *rest = re.findall(r"\d+", abroad)
    everywhere = [f"{prefix}{way}" for way in _joined([code, *rest]) for prefix in ("+", "", "00")]
    return [
        *at_home,
        abroad,
        *everywhere,
        *(f"{before}{national}" for before in (f"+{code} ", f"+{code}", f"{code} ")),
        *_joined(rest),
    ]


def _joined(groups: list[str]) -> list[str]:
    return [by.join(groups) for by in _JOINED_BY]


def _ascii_digit(char: str) -> str:
    return str(unicodedata.digit(char)) if unicodedata.category(char) == "Nd" else char
