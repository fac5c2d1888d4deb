"""What was typed to find an order: numbers, addresses, telephones, names, and nonsense."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bigcommerce.customers import LONGEST_NAME
from bot.lookup.phone import MOST_SPELLINGS, phone_spellings, read_phone
from bot.lookup.search_terms import read_wanted
from bot.sandbox.bigcommerce.seed.goods import NAMES
from bot.values.parsing import LARGEST_ORDER_ID, NotUnderstood

WORDS = st.text(st.characters(categories=["Lu", "Ll"]), min_size=2, max_size=20)


@pytest.mark.parametrize(
    "typed", ["1042", "#1042", " 1042 ", "order 1042", "Order #1042", "no. 42"]
)
def test_an_order_number_is_one_however_it_is_typed(typed: str) -> None:
    wanted = read_wanted(typed)

    assert (wanted.phone, wanted.names) == ("", ())
    assert wanted.order_id == int(re.sub(r"\D", "", typed))


@given(st.integers(min_value=1, max_value=LARGEST_ORDER_ID))
def test_every_possible_order_number_is_looked_up_as_one(number: int) -> None:
    assert read_wanted(str(number)).order_id == number
    assert read_wanted(f"#{number}").phone == ""


@given(st.emails(domains=st.just("mail.example")))
def test_an_address_is_searched_as_it_stands(email: str) -> None:
    if not set(email) & set('"&<>|,;:()[]') and not email.endswith("."):
        wanted = read_wanted(f" {email} ")
        assert wanted.email == email
        assert wanted.order_id is None


@pytest.mark.parametrize(
    "typed", ["<mailto:a@b.example|a@b.example>", "Maya <a@b.example>", "mail a@b.example."]
)
def test_an_address_is_found_in_what_surrounds_it(typed: str) -> None:
    assert read_wanted(typed).email == "a@b.example"


@pytest.mark.parametrize(
    "typed",
    [
        "5125550101",
        "512-555-0101",
        "(512) 555 0101",
        "+1 512.555.0101",
        "1-512-555-0101",
        "0015125550101",
        "+1 (512) 555–0101",
        "<tel:+15125550101|512-555-0101>",
        "٥١٢-٥٥٥-٠١٠١",
    ],
)
def test_a_number_is_asked_for_as_others_write_it(typed: str) -> None:
    spellings = phone_spellings(read_wanted(typed).phone, "US")

    assert {"512-555-0101", "5125550101", "(512) 555-0101", "+15125550101"} <= set(spellings)


@pytest.mark.parametrize(
    ("typed", "region", "kept"),
    [
        ("+49 170 1234567", "US", "01701234567"),
        ("0049 170 1234567", "US", "+491701234567"),
        ("+44 20 7946 0018", "US", "02079460018"),
        ("+39 06 1234 5678", "US", "06 1234 5678"),  # where the 0 stays, abroad, too
        ("0170 1234567", "US", "01701234567"),
        ("0170/123 45 67", "US", "0170 123 45 67"),
        ("0170/123 45 67", "DE", "+49 170 1234567"),
        ("030 123456", "DE", "+49 30 123456"),
        ("020 7946 0018", "GB", "+442079460018"),
        ("0491 570 006", "AU", "+61 491 570 006"),
        ("512-555-0101", "", "512 555 0101"),
        ("555-0101", "US", "5550101"),
        ("5550101", "US", "555-0101"),
    ],
)
def test_a_country_may_be_left_out_or_put_in(typed: str, region: str, kept: str) -> None:
    assert kept in phone_spellings(read_wanted(typed).phone, region)


@pytest.mark.parametrize(("typed", "region"), [("0170 1234567", "US"), ("555-0101", "US")])
def test_no_country_is_put_before_what_is_no_number_there(typed: str, region: str) -> None:
    spellings = phone_spellings(read_wanted(typed).phone, region)

    assert not [spelling for spelling in spellings if spelling.startswith(("+", "1"))]


@given(
    st.text(string.digits + " ()+-./", max_size=40).map(read_phone).filter(bool),
    st.sampled_from(["US", "DE", "GB", "AU", "BR", "IT", "", "XX"]),
)
def test_spellings_are_few_and_plain(typed: str, region: str) -> None:
    spellings = phone_spellings(typed, region)

    assert spellings[0] == typed
    assert len(spellings) <= MOST_SPELLINGS
    for spelling in spellings:
        assert "," not in spelling  # it separates values in the query
        assert spelling == spelling.strip() != ""


@pytest.mark.parametrize("first_last", NAMES)
def test_every_seeded_name_is_a_name(first_last: tuple[str, str]) -> None:
    typed = " ".join(first_last)

    assert typed in read_wanted(typed).names


@given(WORDS, WORDS)
def test_a_name_is_tried_both_ways_round(first: str, last: str) -> None:
    names = read_wanted(f"{first} {last}").names

    assert f"{last} {first}" in names
    assert f"{first} {last}" in read_wanted(f"{last}, {first}").names


@pytest.mark.parametrize(
    "typed", ["", "   ", "??", "-5", "0", "x", "🌿", "()", "\u202e\u202c", "@"]
)
def test_nonsense_is_answered_with_what_to_type(typed: str) -> None:
    with pytest.raises(NotUnderstood) as caught:
        read_wanted(typed)

    assert str(caught.value).endswith(".")


@given(st.text(max_size=400))
def test_whatever_is_typed_is_one_thing_or_nothing(typed: str) -> None:
    try:
        wanted = read_wanted(typed)
    except NotUnderstood:
        return
    kinds = [wanted.email, wanted.names, wanted.order_id or wanted.phone]
    assert sum(map(bool, kinds)) == 1
    assert len(wanted.text) <= LONGEST_NAME
    assert all(name.strip() for name in wanted.names)
