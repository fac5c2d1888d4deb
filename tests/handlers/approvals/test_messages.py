"""The words of approvals, with the most that an order, a shop and a person's typing can bring."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.config.configuration import Configuration, People
from bot.values.outcome import Outcome, Status
from handlers.access.limit_words import approval_line, approver_names
from handlers.approvals.messages import approval_marker, approval_message, hourly_limit_message
from handlers.timeline.outcomes.decision_words import decision_sentence
from handlers.timeline.outcomes.outcome_message import (
    log_line,
    outcome_marker,
    render_outcome,
    under_way_line,
)
from storage.log.entries import Entry
from storage.outbox.posts import Post
from tests.support.agent import button_labels, words

AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
NASTY = "<!channel> *bold* `code` " + "x" * 300
MANY = People(user_ids=tuple(f"U{n:09}" for n in range(60)), group_ids=("S1",))


EMPTY = (
    *("sent_at", "finished_at", "next_check_at", "channel", "thread_ts", "message_ts"),
    *("told_status", "told_at"),
)


def entry(**changes: Any) -> Entry:
    total = {"amount": "123456789.10", "currency": "USD"}
    values: dict[str, Any] = {
        "reference": "MG-AAAA-BBBB",
        "action": "refund_order",
        "order_id": 1042,
        "team_id": "T1",
        "actor_id": "U1",
        "request": {
            "order_id": 1042,
            "reason": "Damaged",
            "confirmed": {"total": total, "method": "m", "payments": []},
        },
        "status": None,
        "outcome": None,
        "asked_at": AT,
        "held_until": AT + timedelta(hours=24),
        "round": 0,
        "finished_round": 0,
    }
    empty: dict[str, Any] = dict.fromkeys(EMPTY)
    return Entry(**(empty | values | changes))


def notice(**content: Any) -> Post:
    shown = {"facts": [["Reason", NASTY]] * 30, "warnings": [NASTY] * 20} | content
    return Post("MG-AAAA-BBBB", "approval", 1042, None, "U1", shown, AT, "asked")


def texts(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["text"]] if isinstance(node.get("text"), str) else []
        return own + [text for value in node.values() for text in texts(value)]
    return [text for each in node for text in texts(each)] if isinstance(node, list) else []


def test_the_request_keeps_slacks_limits_and_does_nothing_that_was_typed() -> None:
    message = approval_message(entry(), notice(), MANY)

    assert len(message.blocks) <= 50
    assert all(len(text) <= 3000 for text in texts(message.blocks))
    assert all(len(block.get("fields", [])) <= 10 for block in message.blocks)
    assert "<!channel>" not in words(message.blocks) + message.text
    assert "*bold*" not in words(message.blocks)
    (row,) = [block for block in message.blocks if block["type"] == "actions"]
    approve = row["elements"][0]
    assert approve["text"]["text"] == "Approve 123,456,789.10 USD"
    assert len(approve["confirm"]["confirm"]["text"]) <= 30
    assert "123,456,789.10 USD" in approve["confirm"]["text"]["text"]


def test_an_outcome_is_never_taken_for_the_request_when_the_thread_is_read_back() -> None:
    message = approval_message(entry(), notice(), MANY)
    assert message.text.endswith("Request MG-AAAA-BBBB.")
    outcome = render_outcome(
        entry(status="rejected"), Outcome(status=Status.REJECTED, message="Over.", next_step="")
    )
    assert outcome_marker(entry()) not in message.text
    assert approval_marker(entry()) not in outcome.text


def test_who_has_withdrawn_a_request_is_said_once() -> None:
    outcome = {"status": "rejected", "message": "A full refund was withdrawn.", "next_step": ""}
    withdrawn = entry(
        decision="declined", decided_by="U1", decided_at=AT, status="rejected", outcome=outcome
    )

    told = render_outcome(withdrawn, Outcome.model_validate(outcome))
    asked = approval_message(withdrawn, notice(), MANY)

    assert words(told.blocks).count("<@U1>") == 1
    assert asked.text.count("<@U1>") == 1
    assert "withdrawn by <@U1>" in asked.text


def test_many_approvers_are_called_and_the_one_who_asks_is_not() -> None:
    people = People(user_ids=("U1", "U2"), group_ids=("S1",))
    assert approver_names(people, but="U1") == "<!subteam^S1> or <@U2>"
    assert approver_names(MANY).endswith(" or 49 others")
    assert approver_names(People(everyone=True)) == "any other member of the channel"
    assert approver_names(People()) == ""


@pytest.mark.parametrize(
    ("decision", "by", "said"),
    [
        ("approved", "U2", "<@U1>: approved by <@U2>"),
        ("declined", "U2", "<@U1>: declined by <@U2>"),
        ("lapsed", None, "<@U1>: nobody decided before"),
    ],
)
def test_the_decision_is_said_everywhere(decision: str, by: str | None, said: str) -> None:
    outcome = {"status": "rejected", "message": "Over.", "next_step": ""}
    decided = entry(
        decision=decision, decided_by=by, decided_at=AT, status="rejected", outcome=outcome
    )
    assert decision_sentence(decided).startswith(said)
    shown = render_outcome(decided, Outcome.model_validate(outcome))
    assert said in shown.text
    assert said in words(shown.blocks)
    assert said.partition(": ")[2].partition(" ")[2] in log_line(decided)
    message = approval_message(decided, notice(), MANY)
    assert button_labels({"blocks": message.blocks}) == []
    assert said.partition(": ")[2] in message.text


def test_what_waits_is_said_to_wait_and_not_to_be_under_way() -> None:
    for line in (under_way_line(entry()), log_line(entry())):
        assert "Waits for approval: " in line
        assert "nder way" not in line
        assert "123,456,789.10 USD for order 1042" in line


def test_the_brake_calls_somebody_even_without_approvers() -> None:
    content = {
        "actor_id": "U1",
        "title": "Full refund",
        "order_id": None,
        "worth": "5.00 USD",
        "spent": "0.00 USD",
        "limit": "1.00 USD",
    }
    message = hourly_limit_message(notice(**content), People(), at=AT)
    assert "Nobody is set as approver. Everybody: look" in message.text
    since = "0.00 USD of 1.00 USD was given in the 60 minutes before <!date^1767268800^"
    assert since in message.text
    called = hourly_limit_message(notice(**content), People(user_ids=("U2",)), at=AT)
    assert "<@U2>: look" in called.text


@pytest.mark.parametrize(
    ("approvers", "able", "said"),
    [
        (("U2",), ("U2",), "Needs approval by <@U2> above 60.00 USD."),
        (("U2",), None, "Needs approval by <@U2> above 60.00 USD."),
        (("U2",), (), "Needs approval above 60.00 USD, and nobody can approve now."),
        (
            ("U1",),
            (),
            "Needs approval above 60.00 USD, and nobody else is set as approver; an admin sets "
            "them in the Home tab.",
        ),
    ],
)
def test_who_is_set_but_cannot_approve_is_not_said_to_be_missing(
    approvers: tuple[str, ...], able: tuple[str, ...] | None, said: str
) -> None:
    now = Configuration(
        audit_channel="C1", approval_above=Decimal(60), approvers=People(user_ids=approvers)
    )

    assert approval_line(now, "refund_order", "USD", "U1", able) == said
