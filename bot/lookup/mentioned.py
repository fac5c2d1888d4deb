"""Order numbers and e-mail addresses in what somebody wrote. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.lookup.search_terms import EMAIL, unescaped
from bot.values.parsing import LARGEST_ORDER_ID

# Each number is a call to BigCommerce.
MOST_NUMBERS, MOST_EMAILS = 8, 3
LONGEST_TEXT = 12_000
_LINK = re.compile(r"<([^<>]*)>")
_IN_URL = re.compile(r"/orders?/([0-9]{1,10})(?![0-9])")
_NAMED = re.compile(
    r"(?:#|\border(?:s|\s+(?:no\.?|nr\.?|number|id))?\s*[:#]?\s*#?)\s*([0-9]{1,10})(?![\w]|[.,][0-9])",
    re.IGNORECASE | re.ASCII,
)
# No part of an amount, a date, a time, a version, a phone number or a word.
_BARE = re.compile(
    r"(?<![\w$€£¥.,:/@+#\-])([1-9][0-9]{2,9})(?![\w%€£¥]|[.,:/\-][0-9]|\s?(?:USD|EUR|GBP|AUD|CAD)\b)"
)


@dataclass(frozen=True, slots=True)
class Mentioned:
    """What may be order numbers, those that are called so first; and e-mail addresses."""

    order_ids: tuple[int, ...] = ()
    emails: tuple[str, ...] = ()


def find_mentioned(text: str) -> Mentioned:
    """Return what a message mentions, at most `MOST_NUMBERS` and `MOST_EMAILS`."""
    text = text[:LONGEST_TEXT]
    in_urls = _IN_URL.findall(text)
    plain = unescaped(_LINK.sub(_shown, text))
    emails = [found.rstrip(".!?'’”").casefold() for found in EMAIL.findall(plain)]
    # A number in an address is part of the address. Spaces are joined: a long run of them would
    # keep the patterns busy for hours.
    rest = " ".join(EMAIL.sub(" ", plain).split())
    numbers = _order_ids([*in_urls, *_NAMED.findall(rest), *_BARE.findall(rest)])
    kept = (email for email in emails if len(email) <= 254)
    return Mentioned(numbers[:MOST_NUMBERS], tuple(dict.fromkeys(kept))[:MOST_EMAILS])


def _shown(link: re.Match[str]) -> str:
    """Return what a link of Slack's shows; nothing of an address, a mention or a date."""
    target, _, label = link[1].partition("|")
    if target.startswith("mailto:"):
        return f" {target.removeprefix('mailto:')} "
    return " " if target.startswith(("@", "#", "!", "tel:")) or not label else f" {label} "


def _order_ids(digits: Iterable[str]) -> tuple[int, ...]:
    numbers = (int(found) for found in digits)
    return tuple(dict.fromkeys(n for n in numbers if 0 < n <= LARGEST_ORDER_ID))
