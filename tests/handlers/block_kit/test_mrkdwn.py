"""What somebody typed is shown and does nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.block_kit.builders import plain
from handlers.block_kit.mrkdwn import clean, code, inert, mention, shorten, shorten_start, typed
from handlers.flow.form import FormState
from handlers.windows.views import notice_view

MARKUP = re.compile(r"[<>*~`]|(?<!\w)_|_(?!\w)")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Tom & Jerry", "Tom &amp; Jerry"),
        ("<!channel> hi", "&lt;!channel&gt; hi"),
        ("a\n> quoted", "a &gt; quoted"),
        ("*bold* _it_ `code`", "∗bold∗ ˍitˍ ˋcodeˋ"),
        ("SORRY_10", "SORRY_10"),
        (":white_check_mark: Done", "∶white_check_mark: Done"),
        (":x::+1:", "∶x:∶+1:"),
        ("at 10:15:30", "at 10:15:30"),
        ("5:8ball: 1:100: 3:x:", "5∶8ball: 1∶100: 3∶x:"),
        ("Order: late", "Order: late"),
        ("\u202eevil", "evil"),
        ("\x1b[31mred", "[31mred"),
    ],
)
def test_typed_text_is_shown_without_effect(text: str, shown: str) -> None:
    assert typed(text) == shown


def test_typed_text_shows_no_emoji_on_a_label() -> None:
    assert plain("Gift :x: card", 75)["text"] == "Gift ∶x: card"


def texts(view: dict[str, Any]) -> list[str]:
    """Return the texts of the view's notices and small print."""
    parts = [part for b in view["blocks"] for part in b.get("elements") or [b["text"]]]
    return [str(part["text"]) for part in parts]


NAME = "*Maya* _L_ `x` :white_check_mark: <!channel>"
SHOWN = "∗Maya∗ ˍLˍ ˋxˋ ∶white_check_mark: &lt;!channel&gt;"


def test_a_sentence_with_a_name_formats_nothing_and_keeps_its_lines() -> None:
    assert inert(f"Order of {NAME}\nis gone.") == f"Order of {SHOWN}\nis gone."


def test_notices_in_forms_format_nothing() -> None:
    view = notice_view("Order", f"{NAME} has moved.", small=NAME)

    assert texts(view) == [f"{SHOWN} has moved.", SHOWN]


def test_errors_in_forms_format_nothing() -> None:
    wrong = {"lines": f"{NAME}: choose fewer."}
    by_field = FormState(1042, {}, {}, errors=dict(wrong)).error("lines")
    others = FormState(1042, {}, {}, errors=dict(wrong)).other_errors()

    assert texts({"blocks": by_field}) == [f"{SHOWN}: choose fewer."]
    assert texts({"blocks": others}) == [f"{SHOWN}: choose fewer."]


def test_right_to_left_text_is_isolated() -> None:
    assert typed("שלום") == "\u2068שלום\u2069"


@given(st.text())
def test_nothing_typed_becomes_markup(text: str) -> None:
    assert not MARKUP.search(typed(text))
    assert "\n" not in typed(text)


@given(st.text(), st.integers(min_value=1, max_value=80))
def test_text_is_cut_at_its_limit(text: str, limit: int) -> None:
    assert len(clean(text, limit=limit)) <= limit
    assert len(shorten(text, limit)) <= limit
    assert len(shorten_start(text, limit)) <= limit


def test_a_path_keeps_its_end() -> None:
    assert shorten_start("Garden › Bath › Towels", 10) == "…› Towels"


def test_a_code_cannot_break_out_of_its_quotes() -> None:
    assert code("A`<!here>`") == "`A&lt;!here&gt;`"


def test_only_an_id_is_mentioned() -> None:
    assert mention("U0ANNA") == "<@U0ANNA>"
    assert mention("U1> <!channel") == "somebody"
