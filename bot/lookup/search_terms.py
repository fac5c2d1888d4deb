"""What somebody typed to find an order: its number, an e-mail, a phone number or a name. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from bot.lookup.phone import read_phone
from bot.values.parsing import LARGEST_ORDER_ID, NotUnderstood

LONGEST = 255
MOST_TYPED = 8 * LONGEST
EXAMPLES = "Type an order number, an e-mail address, a customer's name or a phone number."
# Anything but white space and what surrounds an address in a sentence.
_PART = r"[^\s@<>()\[\]|,;:\"]"
EMAIL = re.compile(rf"{_PART}{{1,64}}@{_PART}{{1,180}}\.{_PART}{{2,63}}")
_NUMBER = re.compile(r"(?:order\s*)?(?:no\.?\s*|number\s*)?(#?)\s*([0-9]{1,20})", re.IGNORECASE)
_SLACKS_LINK = re.compile(r"<(?:mailto:|tel:)([^|>]*)(?:\|([^>]*))?>")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom or what to look for. A number of many digits may be an order or a telephone.

    `phone` is as typed. `customer_id` and `guest_of` (an order whose e-mail is a guest's) are
    never typed, but kept.
    """

    text: str = ""
    order_id: int | None = None
    email: str = ""
    phone: str = ""
    names: tuple[str, ...] = ()
    customer_id: int | None = None
    guest_of: int | None = None


def read_wanted(typed: str) -> Wanted:
    """Return what was typed; NotUnderstood, with what to type instead, when it is none of these."""
    text = _tidied(typed)
    if not text:
        raise NotUnderstood(EXAMPLES)
    if email := EMAIL.search(text):
        return Wanted(text, email=email[0].rstrip(".!?"))
    if number := _NUMBER.fullmatch(text):
        return _number(text, number[2], is_order=bool(number[1]) or not text[0].isdigit())
    if phone := read_phone(text):
        return Wanted(text, phone=phone)
    if _is_name(text):
        return Wanted(text, names=_names(text))
    raise NotUnderstood(f"An order number has digits only. {EXAMPLES}")


def unescaped(text: str) -> str:
    """Return the text with the three characters that Slack escapes."""
    for escape, char in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(escape, char)
    return text


def _number(text: str, digits: str, *, is_order: bool) -> Wanted:
    phone = "" if is_order or len(digits) < 7 else read_phone(text)
    order_id = int(digits)
    if phone and digits.startswith("0"):
        return Wanted(text, phone=phone)
    if order_id == 0:
        raise NotUnderstood("Order numbers start at 1.")
    if order_id > LARGEST_ORDER_ID:
        if phone:
            return Wanted(text, phone=phone)
        raise NotUnderstood("No order number is that large. Check it and type it again.")
    return Wanted(text, order_id=order_id, phone=phone)


def _tidied(typed: str) -> str:
    """Return the text on one line as the person sees it: without Slack's escapes and links."""
    # Slack's escapes and links make it longer; the pattern is slow on a long text of opening links.
    typed = typed[:MOST_TYPED]
    text = unescaped(_SLACKS_LINK.sub(lambda link: link[2] or link[1], typed))
    kept = (char if unicodedata.category(char)[0] != "C" else " " for char in text)
    return " ".join("".join(kept).split())[:LONGEST].strip()


def _is_name(text: str) -> bool:
    """Whether there are two letters, or one of a script in which a single one is a name."""
    letters = [char for char in text if char.isalpha()]
    return len(letters) > 1 or any(unicodedata.category(char) == "Lo" for char in letters)


def _names(text: str) -> tuple[str, ...]:
    """Return the name as typed, turned round, and with capitals: BigCommerce may mind the case."""
    last, comma, first = text.partition(",")
    plain = f"{first.strip()} {last.strip()}" if comma and first.strip() else text.strip(" ,")
    words = plain.split()
    turned = [" ".join(reversed(words))] if len(words) == 2 else []
    found = [plain, *turned]
    return tuple(dict.fromkeys([*found, *(name.title() for name in found)]))
