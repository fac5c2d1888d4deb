from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bigcommerce.http.errors import BigCommerceError
from bot.bigcommerce.http.refusals import REASON_MAX, error_from, reason_in

TYPE = "https://developer.bigcommerce.com/api-docs/getting-started/api-status-codes"

SHAPES: dict[str, tuple[Any, str]] = {
    "v2_list": ([{"status": 404, "message": "The order was not found."}],
                "The order was not found."),
    "v2_list_with_details": (
        [{"status": 409, "message": "Conflict", "details": {"conflict_reason": "Name is taken."}}],
        "Conflict. conflict_reason: Name is taken."),
    "v3_dict": ({"status": 404, "title": "Not here", "type": TYPE}, "Not here."),
    "v3_dict_with_fields": (
        {"status": 422, "title": "JSON data is missing or invalid", "type": TYPE,
         "errors": {"items.0.amount": "error.expected.jsnumber"}},
        "JSON data is missing or invalid. items.0.amount: error.expected.jsnumber."),
    "v3_dict_without_fields": (
        {"status": 403, "title": "You don't have a required scope", "type": TYPE, "errors": {}},
        "You don't have a required scope."),
    "v3_dict_with_detail": ({"status": 400, "title": "Bad", "detail": "Amount is negative"},
                            "Bad. Amount is negative."),
    "data_list_with_title": (
        {"data": [{"status": 422, "title": "Unable to provide store credit for a guest customer.",
                   "type": TYPE}]},
        "Unable to provide store credit for a guest customer."),
    "data_list_with_error": (
        {"data": [{"order_id": 1, "status": 503, "error": "Tax service gone away"}], "meta": {}},
        "Tax service gone away."),
    "errors_list": ({"errors": [{"status": 422, "title": "No such promotion"}]},
                    "No such promotion."),
    "errors_in_a_batch": (
        {"data": [], "errors": [{"order_id": 1, "status": 422,
                                 "error": "Refund amount exceeds remaining amount"}],
         "meta": {"failure": 1, "success": 0, "total": 1}},
        "Refund amount exceeds remaining amount."),
    "json_text": ("Unauthorized", "Unauthorized."),
    "the_same_twice": ([{"message": "No."}, {"message": "No."}], "No."),
    "nothing_said": ({"status": 422}, ""),
    "null": (None, ""),
    "too_deep": ([[[[[[[[["No."]]]]]]]]], ""),
}  # fmt: skip


@pytest.mark.parametrize(("body", "reason"), SHAPES.values(), ids=SHAPES.keys())
def test_every_json_shape_gives_its_words(body: Any, reason: str) -> None:
    assert reason_in({}, json.dumps(body).encode()) == reason


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"Please send a valid token", "Please send a valid token."),
        (b"", ""),
        (b"  \n", ""),
        (b"<html><body>502</body></html>", ""),
        (b"Oops <br> at nginx", ""),
        (b'{"title": "cut off', ""),
        (b"\xff\xfe\x00binary", ""),
        (b"bell \x07 inside", ""),
        (b'[{"message": "<b>Fatal error</b> in /var/www"}]', ""),
        (b"[" * 100_000, ""),
        (b"1e999999999999999999999999", "1e999999999999999999999999."),
    ],
)
def test_other_bodies_show_only_readable_text(body: bytes, reason: str) -> None:
    assert reason_in({}, body) == reason


def test_a_page_is_not_shown_even_without_tags() -> None:
    assert reason_in({"content-type": "text/html; charset=utf-8"}, b"Bad gateway") == ""


def test_control_characters_and_direction_marks_are_taken_out() -> None:
    body = json.dumps([{"message": "one\u0000\u001b[31m\ntwo\u202ethree"}]).encode()

    assert reason_in({}, body) == "one\ufffd [31m two three."


def test_a_long_reason_is_cut() -> None:
    reason = reason_in({}, json.dumps({"title": "word " * 500}).encode())

    assert len(reason) <= REASON_MAX
    assert reason.endswith("word…")


def test_personal_details_are_hidden() -> None:
    text = "Card 4111 1111 1111 1111 of ada.king@example.com was declined"

    assert reason_in({}, text.encode()) == "Card *** of *** was declined."


@pytest.mark.parametrize("text", ["x" * 2**20, "1" * 2**20, "a@" * 2**19, "word " * 2**18])
def test_an_endless_message_is_cut_before_it_is_searched(text: str) -> None:
    assert len(reason_in({}, json.dumps({"title": text}).encode())) <= REASON_MAX


def test_an_address_at_the_cut_is_not_shown_in_part() -> None:
    text = "ada.king@example.com " * 2000

    assert reason_in({}, text.encode()).replace("***", "").strip(" .…*") == ""


def test_three_messages_are_enough() -> None:
    body = json.dumps([{"message": f"Line {n}"} for n in range(60)]).encode()

    assert reason_in({}, body) == "Line 0. Line 1. Line 2."


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(["data", "errors", "details", "title", "message"]) | st.text(), inner
        )
    ),
    max_leaves=20,
)


@given(
    status=st.integers(100, 999).filter(lambda status: not 200 <= status < 300),
    body=st.binary() | st.text().map(str.encode) | ANY_JSON.map(lambda v: json.dumps(v).encode()),
    headers=st.dictionaries(st.sampled_from(["content-type", "x"]), st.text()),
)
def test_any_body_gives_an_error_with_a_sane_reason(
    status: int, body: bytes, headers: dict[str, str]
) -> None:
    error = error_from("GET /v2/orders/1", status, headers, body)

    assert isinstance(error, BigCommerceError)
    assert 0 < len(error.reason) <= REASON_MAX
    assert error.reason == " ".join(error.reason.split())
    assert error.reason.isprintable()
    assert error.reason[-1] in ".!?…"
    assert error.status_code == status
