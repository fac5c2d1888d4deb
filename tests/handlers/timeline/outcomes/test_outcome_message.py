"""What the thread says, as text."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.values.money import Money
from bot.values.outcome import Change, Outcome, Status
from handlers.forms import DETAILS
from handlers.timeline.outcomes.outcome_message import (
    SIGNS,
    is_reminded_enough,
    log_line,
    open_requests,
    refunded_label,
    render_outcome,
    under_way_line,
)
from storage.database import open_database
from storage.log.action_log import ActionLog
from storage.log.entries import Entry
from tests.support.agent import button_labels, words

UNKNOWN = {"status": "unknown", "message": "It is not known."}
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


@pytest.mark.parametrize(
    ("made", "word"), [("20.00", "Partly refunded"), ("54.11", "Refunded too much")]
)
def test_what_is_no_part_of_what_was_confirmed_is_not_called_one(made: str, word: str) -> None:
    asked = entry(
        request={
            "order_id": 1042,
            "reason": "Damaged",
            "confirmed": {
                "total": {"amount": "54.10", "currency": "USD"},
                "method": "braintree",
                "payments": [],
            },
        }
    )
    ended = outcome(Status.PARTIAL, amount=Money(amount=Decimal(made), currency="USD"))

    assert f"({word}, MG-7F3K-2Q9D)" in render_outcome(asked, ended).text
    told = dataclasses.replace(asked, status="partial", outcome=ended.model_dump(mode="json"))
    assert f" {word}: " in log_line(told)


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
def test_what_is_open_has_the_buttons_that_end_it(status: Status) -> None:
    labels = button_labels({"blocks": render_outcome(entry(), outcome(status)).blocks})

    expected = {
        Status.PENDING: ["Check again"],
        Status.UNKNOWN: ["Check again", "It was made…", "It was not made…"],
        Status.TO_DO: ["I have sent it"],
    }
    assert labels == expected.get(status, [])


def test_a_new_code_can_be_copied() -> None:
    asked = entry(action="create_discount_code", request={"code": "_SORRY_"})

    assert "`_SORRY_`" in words(render_outcome(asked, outcome(), DETAILS[asked.action]).blocks)


def test_a_list_tells_what_runs_and_what_is_done() -> None:
    done = entry(status="succeeded", outcome=outcome().model_dump(mode="json"))

    assert "Done: Refunded 54.10 USD for order 1042." in log_line(done)
    assert "is under way" in log_line(entry())
    assert under_way_line(entry()).startswith(":hourglass_flowing_sand: Under way: ")


def test_a_list_tells_what_was_done_why_and_what_changed() -> None:
    ended = outcome(
        changes=(Change(field="refunded", before="0.00 USD", after="54.10 USD"),), refund_id=7
    )

    shown = log_line(entry(status="succeeded", outcome=ended.model_dump(mode="json")))

    assert "Full refund by <@UANNA>" in shown
    assert "Reason: Damaged &lt;!channel&gt;" in shown
    assert "Refunded: 0.00 USD → 54.10 USD · BigCommerce refund 7" in shown


def test_the_thread_tells_each_line_of_a_partial_refund() -> None:
    line = {"order_product_id": 1, "quantity": 2, "reason": "Damaged", "name": "Fern *large*"}
    asked = entry(action="refund_items", request={"reason": "Damaged", "lines": [line]})

    shown = words(render_outcome(asked, outcome(), DETAILS[asked.action]).blocks)

    assert "• 2 × Fern ∗large∗ · Damaged" in shown


def test_a_long_list_of_lines_is_cut_short() -> None:
    lines = [{"order_product_id": n, "quantity": 1, "reason": "Damaged"} for n in range(16)]
    asked = entry(action="refund_items", request={"reason": "Damaged", "lines": lines})

    shown = words(render_outcome(asked, outcome(), DETAILS[asked.action]).blocks)

    assert shown.count("1 × item · Damaged") == 15
    assert "… and 1 more line\n" in shown


def test_what_changed_and_the_refunds_number_are_on_record() -> None:
    changes = (
        Change(field="refunded", before="0.00 USD", after="54.10 USD"),
        Change(field="status", before="Shipped", after="Refunded"),
    )

    shown = words(render_outcome(entry(), outcome(changes=changes, refund_id=7)).blocks)

    record = "Refunded: 0.00 USD → 54.10 USD · Status: Shipped → Refunded · BigCommerce refund 7"
    assert record in shown


@pytest.mark.parametrize("status", [Status.PENDING, Status.UNKNOWN])
def test_the_card_tells_what_is_not_settled(status: Status, tmp_path: Path) -> None:
    db = open_database(tmp_path / "makegood.sqlite")
    log = ActionLog(db)
    log.ask("MG-1", action="refund_order", order_id=7, team_id="T", actor_id="U1", request={})
    assert "Under way: Full refund, asked by <@U1>" in open_requests(log, 7)[0]
    assert refunded_label(log, 7) == "Refunded or on its way"
    ended = outcome(status, amount=Money(amount=Decimal("54.10"), currency="USD"))

    log.finish("MG-1", status=status, outcome=ended.model_dump(mode="json"), next_check_at=None)
    log.begin_round("MG-1")  # a look that may find nothing new, and then draws nothing

    (shown,) = open_requests(log, 7)
    assert f"{SIGNS[status][1]}: Full refund of 54.10 USD, asked by <@U1>" in shown
    log.finish("MG-1", status="succeeded", outcome={}, next_check_at=None)
    assert open_requests(log, 7) == []
    assert refunded_label(log, 7) == "Refunded"
    db.close()


def test_a_task_is_named_once_and_counts_nothing_as_refunded() -> None:
    amount = Money(amount=Decimal("42.97"), currency="USD")
    task = outcome(
        Status.TO_DO,
        message="To do: send 42.97 USD to Samuel Reyes by hand · order 1024",
        changes=(Change(field="refunded", before="0.00 USD", after="42.97 USD"),),
        amount=amount,
        to_send=amount,
    )
    recorded = entry(status="to_do", outcome=task.model_dump(mode="json"))

    line = log_line(recorded)
    assert line.startswith(":memo: To do: send 42.97 USD to Samuel Reyes by hand · order 1024\n")
    assert "Refunded or to be sent: 0.00 USD → 42.97 USD" in line
    assert "Refunded or to be sent: 0.00 USD" in words(render_outcome(recorded, task).blocks)


def test_a_task_is_called_so_on_the_card_until_it_is_done(tmp_path: Path) -> None:
    db = open_database(tmp_path / "makegood.sqlite")
    log = ActionLog(db)
    log.ask("MG-1", action="refund_order", order_id=7, team_id="T", actor_id="U1", request={})
    to_send = Money(amount=Decimal("88.82"), currency="USD")
    ended = outcome(Status.TO_DO, amount=to_send, to_send=to_send).model_dump(mode="json")
    log.finish("MG-1", status="to_do", outcome=ended)

    assert open_requests(log, 7)[0].startswith(
        ":memo: To do: send 88.82 USD to the customer by hand · Full refund, asked by <@U1>"
    )
    assert refunded_label(log, 7) == "Refunded or to be sent"
    assert log.mark_sent("MG-1", actor_id="U2", note="7", status="succeeded", outcome={})
    assert open_requests(log, 7) == []
    assert refunded_label(log, 7) == "Refunded"
    db.close()


def test_only_an_open_refund_leaves_open_what_was_refunded(tmp_path: Path) -> None:
    db = open_database(tmp_path / "makegood.sqlite")
    log = ActionLog(db)
    for number, action in enumerate(("restock_items", "create_discount_code", "cancel_order")):
        log.ask(f"MG-{number}", action=action, order_id=7, team_id="T", actor_id="U", request={})
        log.finish(f"MG-{number}", status="unknown", outcome=UNKNOWN, next_check_at=None)

    assert len(open_requests(log, 7)) == 3
    assert refunded_label(log, 7) == "Refunded"
    db.close()


@pytest.mark.parametrize(
    ("action", "days", "is_enough"),
    [("restock_items", 8, True), ("restock_items", 6, False), ("refund_items", 8, False)],
)
def test_stock_that_nobody_can_settle_is_a_reminder_for_a_week(
    action: str, days: int, is_enough: bool
) -> None:
    asked_at = datetime.now(UTC) - timedelta(days=days)

    unknown = entry(action=action, status=Status.UNKNOWN, asked_at=asked_at)

    assert is_reminded_enough(unknown) is is_enough
