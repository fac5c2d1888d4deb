from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from bot.values.clean_text import clean_text, cleaned


def test_half_an_emoji_and_nul_become_a_mark() -> None:
    assert clean_text("Fern \ud83d and \udf31\x00!") == "Fern \ufffd and \ufffd\ufffd!"
    assert clean_text("Fern 🌱") == "Fern 🌱"


@given(st.text(st.characters(exclude_categories=())))
def test_clean_text_can_be_encoded_and_keeps_its_length(text: str) -> None:
    assert len(clean_text(text).encode().decode()) == len(text)


def test_texts_are_cleaned_wherever_they_stand() -> None:
    value = json.loads('{"\\ud83d": [1, null, {"name": "\\udc00"}], "flag": true}')

    assert cleaned(value) == {"\ufffd": [1, None, {"name": "\ufffd"}], "flag": True}
