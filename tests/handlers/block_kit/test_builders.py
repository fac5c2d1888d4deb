"""Blocks within Slack's limits, whatever is put into them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.slack.blocks.checks import check_message, check_view
from handlers.block_kit import builders as kit
from handlers.block_kit.fact_blocks import fact_blocks
from handlers.block_kit.mrkdwn import typed

LONG = ["x" * 4000, "&<" * 2000, "ab " * 1500]
texts = st.text(max_size=80) | st.sampled_from(LONG)


@given(texts, texts)
def test_a_message_of_any_length_is_taken(text: str, other: str) -> None:
    sure = kit.confirmation(text, other, text, deny=other)
    button = kit.button(text, "do", other, label=other, confirm=sure)
    chosen = kit.select("one", [kit.option(text, "1", other)], initial="1", placeholder=text)

    blocks = [
        kit.header(text),
        kit.section(typed(text), accessory=button),
        *kit.facts([(typed(text), typed(other))] * 21),
        kit.context(*([typed(other)] * 11)),
        kit.divider(),
        kit.actions([button | {"action_id": f"do{number}"} for number in range(30)]),
        kit.actions([chosen]),
    ]

    assert check_message(blocks) == []


@given(texts, texts)
def test_a_modal_of_any_length_is_taken(text: str, other: str) -> None:
    ways = [kit.option(text[:200], str(number), other[:200]) for number in range(120)]
    fields = {
        "text": kit.text_input("text", initial=text, placeholder=other, max_length=300),
        "number": kit.number_input("number", minimum=0, maximum=9, initial="3"),
        "select": kit.select("select", ways, initial="99"),
        "radio": kit.radio("radio", ways, initial="3"),
        "boxes": kit.checkboxes("boxes", ways, initial=["0", "9", "11"]),
    }
    blocks = [
        kit.alert(typed(text)),
        *(kit.input_block(name, text, field, hint=other) for name, field in fields.items()),
        *[kit.divider()] * 120,
    ]

    view = kit.modal(callback_id="x", title=text, submit=f"Go {other}", close=text, blocks=blocks)

    assert check_view(view, "modal") == []
    assert len(view["title"]["text"]) <= 24
    assert len(view["blocks"]) == 100


@given(st.lists(st.text(max_size=3000).map(str.strip), min_size=1, max_size=12))
def test_of_paragraphs_nothing_is_cut(rows: list[str]) -> None:
    blocks = kit.paragraphs(rows)

    shown = [block["text"]["text"] for block in blocks]
    assert max(map(len, shown)) <= 3000
    assert sum(map(len, shown)) >= sum(map(len, rows))
    assert [each for each in "\n".join(shown).split("\n") if each not in {"", "–"}] == [
        part for row in rows for part in row.split("\n") if part not in {"", "–"}
    ]


def test_a_value_that_is_no_longer_offered_is_not_chosen() -> None:
    ways = [kit.option("Damaged", "damaged")]

    assert "initial_option" not in kit.select("reason", ways, initial="late")
    assert kit.select("reason", ways, initial="damaged")["initial_option"] == ways[0]


def test_an_empty_text_is_shown_as_a_dash() -> None:
    assert kit.section("")["text"]["text"] == kit.header(" ")["text"]["text"] == "–"


def test_long_facts_stand_below_the_short_ones() -> None:
    blocks = fact_blocks([("Reason", "a" * 60), ("Order", "1042"), ("Total", "*5* USD")])

    assert [field["text"] for field in blocks[0]["fields"]] == ["*Order*\n1042", "*Total*\n∗5∗ USD"]
    assert blocks[1]["text"]["text"] == f"*Reason*\n{'a' * 60}"
    assert len(blocks) == 2
