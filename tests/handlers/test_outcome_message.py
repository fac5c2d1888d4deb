"""What the thread says, as text."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.outcome import Outcome, Status
from handlers.outcome_message import SIGNS, log_line, render_outcome, under_way_line
from storage.entries import Entry
from tests.agent import button_labels, words

ASKED_AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def entry(**changes: Any) -> Entry:
    fields: dict[str, Any] = {field.name: None for field in dataclasses.fields(Entry)}
    fields |= {
        "reference": "MG-7F3K-2Q9D",
        "action": "refund_order",
        "order_id": 1042,
        "actor_id": "UANNA",
        "request": {"reason": "Damaged <!channel>"},
        "asked_at": ASKED_AT,
        "round": 1,
        "finished_round": 1,
    }
    return Entry(**(fields | changes))


def outcome(status: Status = Status.SUCCEEDED, **changes: Any) -> Outcome:
    fields: dict[str, Any] = {"status": status, "message": "Refunded 54.10 USD for order 1042."}
    return Outcome(**(fields | changes))


def test_the_result_comes_first() -> None:
    message = render_outcome(entry(), outcome(next_step="Nothing to do."))

    assert message.text.startswith("Refunded 54.10 USD for order 1042. Nothing to do.")
    assert "MG-7F3K-2Q9D" in message.text


def test_actor_reason_and_reference_are_named() -> None:
    shown = words(render_outcome(entry(), outcome()).blocks)

    assert "<@UANNA>" in shown
    assert "Reason: Damaged &lt;!channel&gt;" in shown
    assert "MG-7F3K-2Q9D" in shown


@pytest.mark.parametrize("status", Status)
def test_the_state_is_said_in_words(status: Status) -> None:
    message = render_outcome(entry(), outcome(status))

    assert SIGNS[status][1] in words(message.blocks)
    assert SIGNS[status][1] in message.text


@pytest.mark.parametrize("status", Status)
def test_only_what_is_open_can_be_checked_again(status: Status) -> None:
    labels = button_labels({"blocks": render_outcome(entry(), outcome(status)).blocks})

    assert labels == (["Check again"] if status in {Status.PENDING, Status.UNKNOWN} else [])


def test_a_new_code_can_be_copied() -> None:
    asked = entry(action="create_discount_code", request={"code": "_SORRY_"})

    assert "`_SORRY_`" in words(render_outcome(asked, outcome()).blocks)


def test_a_list_tells_what_runs_and_what_is_done() -> None:
    done = entry(status="succeeded", outcome=outcome().model_dump(mode="json"))

    assert "Done: Refunded 54.10 USD for order 1042." in log_line(done)
    assert "is under way" in log_line(entry())
    assert under_way_line(entry()).startswith("Under way: ")
