"""Phone numbers: what may be one, and how it may have been written down."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lookup.phone import MOST_SPELLINGS, phone_spellings, read_phone


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("512 555 0100", "512 555 0100"),
        ("  (512)  555-0100 ", "(512) 555-0100"),
        ("+1 512.555.0100", "+1 512.555.0100"),
        ("٥١٢٥٥٥٠١٠٠", "5125550100"),
        ("0049 30 901820", "0049 30 901820"),
        ("1042", ""),
        ("00000", ""),
        ("512-FERN", ""),
        ("maya@example.com", ""),
        ("1" * 16, ""),
        ("", ""),
    ],
)
def test_only_what_may_be_dialled_is_a_number(typed: str, read: str) -> None:
    assert read_phone(typed) == read


@pytest.mark.parametrize(
    ("phone", "region", "spellings"),
    [
        (
            "5125550100",
            "US",
            ["(512) 555-0100", "(512)555-0100", "512-555-0100", "+15125550100", "+1 512-555-0100"],
        ),
        ("+1 512 555 0100", "GB", ["5125550100", "(512) 555-0100", "15125550100"]),
        ("020 7946 0958", "GB", ["02079460958", "+442079460958", "+44 20 7946 0958"]),
        ("0049 30 901820", "US", ["030 901820", "+4930901820", "+49 30 901820", "004930901820"]),
    ],
)
def test_the_usual_spellings_are_looked_for(phone: str, region: str, spellings: list[str]) -> None:
    found = phone_spellings(phone, region)

    assert found[0] == phone
    assert set(spellings) <= set(found)


def test_what_can_be_no_number_there_is_looked_for_as_it_is() -> None:
    assert phone_spellings("12 345", "ZZ") == ("12 345", "12345", "12-345", "12.345")


@given(st.text("0123456789 +-()./", max_size=25), st.sampled_from(["US", "GB", "DE", "", "ZZ"]))
def test_spellings_are_few_and_all_different(typed: str, region: str) -> None:
    read = read_phone(typed)
    if not read:
        return

    found = phone_spellings(read, region)

    assert found[0] == read
    assert len(found) == len(set(found)) <= MOST_SPELLINGS
