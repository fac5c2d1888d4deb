"""Which e-mail addresses can be mailed, and how one is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mail.addresses import is_address, masked


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("maya@example.com", True),
        ("maya.lind+shop@mail.example.co.uk", True),
        ("o'brien@example.com", True),
        ("maya@localhost", True),
        ("", False),
        ("maya", False),
        ("@example.com", False),
        ("maya@", False),
        ("maya@@example.com", False),
        (".maya@example.com", False),
        ("maya.@example.com", False),
        ("ma..ya@example.com", False),
        ("maya@-example.com", False),
        ("maya@example..com", False),
        ("Maya <maya@example.com>", False),
        ("maya@example.com\r\nBcc: all@example.com", False),
        ("maya@example.com, ben@example.com", False),
        (f"{'m' * 65}@example.com", False),
        (f"maya@{'a.' * 130}com", False),
    ],
)
def test_only_one_plain_address_can_be_mailed(text: str, is_one: bool) -> None:
    assert is_address(text) == is_one


@given(st.text(max_size=300) | st.emails())
def test_no_address_ends_a_header_or_names_another(text: str) -> None:
    if is_address(text):
        assert text.isascii()
        assert text.isprintable()
        assert not set(text) & set(' ,;:<>()[]"\\')
        assert text.count("@") == 1


def test_an_address_is_shown_by_its_first_letter() -> None:
    assert masked("maya.lind@example.com") == "m…@example.com"
    assert masked("Maya <maya@example.com>") == ""
