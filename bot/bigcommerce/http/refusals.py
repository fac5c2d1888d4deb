"""From an answer that is not a success to the error it means, with a sentence for a person.

BigCommerce has many shapes of error body: a list of `{status, message}` (V2), `{status, title,
errors}` (V3), either inside `data` (refunds) or `errors` (batches, promotions), plain text, nothing
at all, and HTML from a proxy. One walk reads them all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from bot.bigcommerce.http import errors
from bot.bigcommerce.http.wire_json import loads

REASON_MAX = 300
# Of one message; what personal details look like is not searched for in more than that.
MESSAGE_MAX = 2000
MESSAGES_MAX = 3
MESSAGES_READ = 20
# Of what is no JSON, and of what is searched for the word "scope".
BODY_MAX = 20_000
DEPTH_MAX = 6
# Where messages stand, the plainest first.
MESSAGE_FIELDS = ("message", "title", "error", "detail", "details", "errors", "data")

# 408, 423 and 499 come without word whether anything was done: whoever wrote must read back.
MAY_HAVE_HAPPENED = frozenset({408, 423, 499})
REFUSALS: Mapping[int, type[errors.Refused]] = {
    401: errors.NotAuthorised,
    403: errors.Forbidden,
    404: errors.NotFound,
    409: errors.Conflict,
    429: errors.RateLimited,
}
SENTENCES = {
    401: "BigCommerce does not accept the access token.",
    403: "BigCommerce does not allow this call.",
    404: "BigCommerce has no such thing in this store.",
    409: "Something of that name is there already.",
    423: "BigCommerce has this locked just now.",
    429: "BigCommerce's request limit for this store is used up for the moment.",
}
SCOPE = re.compile(rb"\bscopes?\b", re.IGNORECASE)
HTML = re.compile(r"<\s*[!/?a-z]", re.IGNORECASE)
# E-mail addresses and card-like numbers have no place in an error text. Words are told apart first:
# a pattern for a whole address would look through the rest of the text from each of its letters.
WORD = re.compile(r"[^\s<>\"']+")
CARD = re.compile(r"\b\d(?:[ -]?\d){12,18}\b")


def error_from(
    call: str, status: int, headers: Mapping[str, str], body: bytes
) -> errors.BigCommerceError:
    """Return the error that the answer means; never raises, whatever the body holds.

    4xx are Refused or a child of it; 5xx, redirects and all else that is no success ServerError.
    """
    reason = reason_in(headers, body) or SENTENCES.get(status) or _general(status)
    if not 400 <= status < 500 or status in MAY_HAVE_HAPPENED:
        return errors.ServerError(call, reason, status)
    if status == 403 and SCOPE.search(body[:BODY_MAX]):
        return errors.MissingScope(call, reason, status)
    return REFUSALS.get(status, errors.Refused)(call, reason, status)


def reason_in(headers: Mapping[str, str], body: bytes) -> str:
    """Return BigCommerce's own words as whole sentences, at most some 300 characters; or ""."""
    try:
        messages = _messages(loads(body))
    except ValueError:
        messages = _plain_text(headers, body)
    sentences: dict[str, None] = {}
    for sentence in filter(None, map(_sentence, islice(messages, MESSAGES_READ))):
        sentences[sentence] = None
        if len(sentences) == MESSAGES_MAX:
            break
    return _shortened(" ".join(sentences))


def _messages(value: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif depth > DEPTH_MAX:
        return
    elif isinstance(value, list):
        for member in value:
            yield from _messages(member, depth + 1)
    elif isinstance(value, dict):
        for field in MESSAGE_FIELDS:
            if field in {"errors", "details"} and isinstance(value.get(field), dict):
                yield from _field_messages(value[field], depth + 1)
            else:
                yield from _messages(value.get(field), depth + 1)


def _field_messages(fields: dict[str, Any], depth: int) -> Iterator[str]:
    """V3 names the offending field: {"items.0.amount": "error.required"}."""
    for field, value in fields.items():
        for message in _messages(value, depth):
            yield message if field in MESSAGE_FIELDS else f"{field}: {message}"


def _plain_text(headers: Mapping[str, str], body: bytes) -> Iterator[str]:
    if "html" in headers.get("content-type", "") or body.lstrip()[:1] in (b"{", b"["):
        return  # a proxy's page, or JSON cut off
    try:
        # A character that the cut divides is left out.
        cut = len(body) > BODY_MAX
        text = body[:BODY_MAX].decode(errors="ignore" if cut else "strict")
    except UnicodeDecodeError:
        return
    if all(character.isprintable() or character.isspace() for character in text):
        yield text


def _sentence(message: str) -> str:
    """Return the message on one line with a full stop, or "" for what nobody should read."""
    if len(message) > MESSAGE_MAX:  # without its last word, which may be cut
        message = message[:MESSAGE_MAX].rpartition(" ")[0] or message[:MESSAGE_MAX]
    if HTML.search(message):
        return ""
    text = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in message)
    text = CARD.sub("***", WORD.sub(_impersonal, " ".join(text.split())))
    return text if not text or text[-1] in ".!?…" else f"{text}."


def _impersonal(word: re.Match[str]) -> str:
    return "***" if "@" in word[0].strip("@") else word[0]


def _shortened(text: str) -> str:
    return text if len(text) <= REASON_MAX else f"{text[: REASON_MAX - 1].rstrip()}…"


def _general(status: int) -> str:
    if 400 <= status < 500:
        return f"BigCommerce refused this without giving a reason (HTTP {status})."
    if status >= 500:
        return f"BigCommerce has a problem of its own (HTTP {status})."
    return f"BigCommerce gave an unexpected answer (HTTP {status})."
