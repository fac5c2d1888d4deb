"""Text from outside of a megabyte, made to keep a pattern busy: each is read in one go.

No time is measured: what is quadratic would take hours here.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress

import pytest

from bot.bigcommerce.http.refusals import MESSAGE_MAX, error_from, reason_in
from bot.bigcommerce.http.wire_json import loads
from bot.lookup.mentioned import find_mentioned
from bot.lookup.phone import phone_spellings, read_phone
from bot.lookup.search_terms import read_wanted
from bot.mail.addresses import is_address
from bot.process.logs import printable
from bot.values.clean_text import clean_text
from bot.values.marks import mark_of_name, mark_of_reason, marks_of_note, without_marks
from bot.values.parsing import clean_reason, parse_amount, parse_order_id, parse_percentage
from handlers.block_kit.mrkdwn import clean, code, inert, link, mention, typed, without_emoji
from tests.support.long_texts import MEGABYTE, UNITS, long_text

pytestmark = pytest.mark.slow  # a minute for all of them

READERS: dict[str, Callable[[str], object]] = {
    "an answer in plain text": lambda text: reason_in({}, text.encode()),
    "an answer in JSON": lambda text: reason_in({}, json.dumps([{"message": text}]).encode()),
    "a refusal": lambda text: error_from("GET /v2/orders/1", 403, {}, text.encode()),
    "JSON": lambda text: loads(json.dumps(text).encode()),
    "what is kept": clean_text,
    "a line of the log": printable,
    "a name in a message": typed,
    "a sentence in a notice": inert,
    "a label": clean,
    "a label without emoji": without_emoji,
    "a code": code,
    "a link": lambda text: link(f"https://{text}", text),
    "a mention": mention,
    "a search": read_wanted,
    "a message": find_mentioned,
    "a phone number": read_phone,
    "a phone number's spellings": lambda text: phone_spellings(text, "US"),
    "an order number": parse_order_id,
    "an amount": parse_amount,
    "a percentage": parse_percentage,
    "a reason": clean_reason,
    "a refund's reason": mark_of_reason,
    "a staff note": marks_of_note,
    "a coupon's name": mark_of_name,
    "a reason without marks": without_marks,
    "an address": is_address,
}


@pytest.mark.parametrize("reader", READERS)
def test_a_megabyte_is_read_in_one_go(reader: str) -> None:
    for unit in UNITS:
        with suppress(ValueError):  # refused is as good as read
            READERS[reader](long_text(unit))


def test_many_messages_of_an_answer_are_not_all_read() -> None:
    # The same one again and again, and ones that nobody should read.
    for message in ("a" * MESSAGE_MAX, "<p>" + "a" * MESSAGE_MAX, ""):
        body = json.dumps([{"status": 422, "message": message}] * 20_000).encode()

        assert len(reason_in({}, body)) <= 300


def test_an_address_in_a_long_error_is_hidden_all_the_same() -> None:
    said = reason_in({}, f"Customer maria@example.com {'x' * MEGABYTE}".encode())

    assert said == "Customer ***."


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ('Mail "maria@example.com", please', 'Mail "***", please.'),
        ("to:maria@example.com;x", "***."),
        ("a@b@c", "***."),
        ("20 % off @ checkout", "20 % off @ checkout."),
        ("Ask @support", "Ask @support."),
        ("card 4111 1111 1111 1111 declined", "card *** declined."),
    ],
)
def test_personal_details_are_hidden_word_by_word(told: str, shown: str) -> None:
    assert reason_in({}, json.dumps([{"message": told}]).encode()) == shown


def test_a_cut_text_ends_with_an_ellipsis() -> None:
    assert clean("a" * MEGABYTE, limit=10) == "a" * 9 + "…"
    assert clean(" " * MEGABYTE + "a") == "…"
    assert clean("a b", limit=10) == "a b"
