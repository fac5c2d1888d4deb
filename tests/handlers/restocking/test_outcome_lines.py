"""What the thread says about the goods of a refund."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from bot.values.outcome import Status
from handlers.forms import DETAILS
from handlers.restocking.outcome_lines import item_lines, items_sentence
from handlers.timeline.outcomes.outcome_message import render_outcome
from storage.log.entries import Entry
from tests.handlers.timeline.outcomes.test_outcome_message import entry, outcome
from tests.support.agent import words

FERN = {
    "order_product_id": 1,
    "quantity": 2,
    "condition": "back_to_stock",
    "name": "Fern <!here>",
    "place_id": 2,
    "place": "North & Sons",
}
LOST = {"order_product_id": 2, "quantity": 1, "condition": "lost", "name": "Mug", "place": ""}
DAMAGED = {**LOST, "condition": "damaged", "name": ""}


def restocking(*goods: dict[str, Any]) -> Entry:
    request = {"reason": "Sent back", "goods": list(goods)}
    return entry(action="restock_items", request=request, follows="MG-AAAA-BBBB")


def test_goods_whose_way_is_unknown_are_not_said_to_be_back() -> None:
    unknown = dataclasses.replace(restocking(FERN), status="unknown")

    assert item_lines(unknown)[0].endswith("· meant to go back to stock at North &amp; Sons")
    assert " · back to stock" in item_lines(restocking(FERN))[0]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("pending", "The goods are seen to once the money has moved."),
        ("unknown", "The stock is left alone until that is known."),
        ("failed", "The stock was left alone."),
        ("rejected", ""),
        ("succeeded", ""),
        (None, ""),
    ],
)
def test_a_refund_says_what_is_to_become_of_its_goods(status: str | None, said: str) -> None:
    assert items_sentence(entry(status=status, request={"goods": [FERN]})) == said


def test_a_refund_without_goods_says_nothing_of_them() -> None:
    assert items_sentence(entry(status="pending", request={"goods": []})) == ""
    assert items_sentence(entry(status="pending")) == ""


def test_the_sentence_stands_in_the_refunds_message() -> None:
    asked = entry(status="failed", request={"reason": "x", "goods": [FERN]})

    message = render_outcome(asked, outcome(Status.FAILED), DETAILS[asked.action])

    assert "The stock was left alone." in message.text
    assert "Fern" not in words(message.blocks)


def test_a_restocking_names_every_piece_and_what_it_follows_from() -> None:
    message = render_outcome(restocking(FERN, LOST, DAMAGED), outcome(), DETAILS["restock_items"])

    shown = words(message.blocks)
    assert "2 × Fern &lt;!here&gt; · back to stock at North &amp; Sons" in shown
    assert "1 × Mug · lost" in shown
    assert "1 × item · damaged" in shown
    assert "Restocking by <@UANNA>" in shown
    assert "after MG-AAAA-BBBB" in shown


def test_the_refunds_reference_is_not_in_the_text_that_marks_a_message() -> None:
    assert (
        "MG-AAAA-BBBB"
        not in render_outcome(restocking(FERN), outcome(), DETAILS["restock_items"]).text
    )


def test_a_long_restocking_is_cut() -> None:
    message = render_outcome(restocking(*[FERN] * 60), outcome(), DETAILS["restock_items"])

    assert "… and 45 more lines" in words(message.blocks)
