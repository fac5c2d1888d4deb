"""What a call is about: its conversations, its people, every text that it carries."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.control import Refusal
from bot.sandbox.slack.faults.calls import Call
from bot.sandbox.slack.faults.faults import Faults

POST = {"channel": "C1", "text": "Order 1042", "blocks": '[{"text": {"text": "Refunded 25.98"}}]'}


def taken(faults: Faults, **arguments: Any) -> str | None:
    fault = faults.take(Call.of("chat.postMessage", POST | arguments))
    return fault.error if fault else None


def ordered(**fields: Any) -> Faults:
    faults = Faults()
    faults.add({"kind": "error", "method": "chat.postMessage", "error": "fatal_error"} | fields)
    return faults


def test_texts_are_found_inside_of_structures_and_of_json_text() -> None:
    call = Call.of("chat.update", POST | {"metadata": {"event_payload": {"key": "post-7"}}})

    assert set(call.text.split("\n")) == {"C1", "Order 1042", "Refunded 25.98", "post-7"}


def test_a_person_stands_for_their_direct_messages_and_the_other_way_round() -> None:
    assert Call.of("m", {"channel": "U7"}).channels == {"U7", "D7"}
    assert Call.of("m", {"channel": "D7"}).users == {"U7"}
    assert Call.of("m", {"users": "U7"}, "U8").users == {"U7", "U8"}
    assert Call.of("m", {"channel": "C7"}).users == frozenset()


@pytest.mark.parametrize(
    ("narrowed", "goes_wrong"),
    [
        ({}, True),
        ({"method": "*"}, True),
        ({"method": "chat.update"}, False),
        ({"channel": "C1"}, True),
        ({"channel": "C2"}, False),
        ({"contains": "25.98"}, True),
        ({"contains": "1043"}, False),
        ({"user": "U1"}, False),
    ],
)
def test_a_fault_concerns_the_calls_that_it_names(
    narrowed: dict[str, Any], goes_wrong: bool
) -> None:
    assert taken(ordered(**narrowed)) == ("fatal_error" if goes_wrong else None)


def test_the_first_may_pass_and_then_it_is_used_up() -> None:
    faults = ordered(skip=1, times=2)

    assert [taken(faults) for _ in range(4)] == [None, "fatal_error", "fatal_error", None]
    assert faults.active == []


def test_a_call_that_is_not_meant_is_not_counted() -> None:
    faults = ordered(skip=1, channel="C1")

    assert [taken(faults, channel=c) for c in ("C2", "C1", "C1")] == [None, None, "fatal_error"]


def test_an_envelope_is_doubled_by_its_type() -> None:
    faults = Faults()
    faults.add({"kind": "duplicate_delivery", "type": "view_submission"})

    doubled = [faults.take_duplicate(kind) for kind in ("block_actions", *["view_submission"] * 2)]

    assert doubled == [False, True, False]


@pytest.mark.parametrize("order", [{"kind": "nonsense", "method": "*"}, {"kind": "error"}, {}])
def test_an_order_that_makes_no_sense_is_refused(order: dict[str, Any]) -> None:
    with pytest.raises(Refusal):
        Faults().add(order)
