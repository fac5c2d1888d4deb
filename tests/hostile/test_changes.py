from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

from tests.hostile.acts import acted, fewer
from tests.hostile.cases import BEFORE, FROM_HERE, INSTEAD, ONCE, Case, Place, all_cases
from tests.hostile.changes import Answer, changed, possible

REFUNDS = "GET v3/orders/N/payment_actions/refunds"
REFUND = "POST v3/orders/N/payment_actions/refunds"
BODY = {
    "data": [
        {"id": 17, "order_id": 5001, "total_amount": "154.10", "is_declined": False, "reason": "x"}
    ]
}
TRUE = Answer(200, json.dumps(BODY))
EARLIER = Answer(200, json.dumps({"data": []}))


def after(change: str, answer: Answer = TRUE) -> Answer:
    return changed(change, REFUNDS, answer, other_order=5002, earlier=EARLIER)


def field_after(change: str, name: str) -> Any:
    return after(change).value["data"][0].get(name, "missing")


@pytest.mark.parametrize(
    ("change", "name", "value"),
    [
        ("null.data.0.id", "id", None),
        ("missing.data.0.id", "id", "missing"),
        ("type.data.0.id", "id", "17"),
        ("type.data.0.total_amount", "total_amount", 154.1),
        ("junk.data.0.id", "id", [{"unexpected": True}]),
        ("flip.data.0.is_declined", "is_declined", True),
        ("blank.data.0.reason", "reason", ""),
        ("amount.data.0.total_amount=half", "total_amount", "77.05"),
        ("amount.data.0.total_amount=below", "total_amount", "-154.10"),
        ("id.data.0.order_id=other", "order_id", 5002),
        ("id.data.0.id=other", "id", 18),
    ],
)
def test_a_field_is_changed_and_nothing_else(change: str, name: str, value: Any) -> None:
    assert field_after(change, name) == value
    same = {key for key in BODY["data"][0] if field_after(change, key) == BODY["data"][0][key]}
    assert same == BODY["data"][0].keys() - {name}


def test_lists_lose_all_entries_or_have_one_twice() -> None:
    assert after("empty.data").value == {"data": []}
    assert after("double.data").value == {"data": BODY["data"] * 2}


def test_a_whole_answer_is_another_one() -> None:
    assert after("status.404") == Answer(404, after("status.404").body)
    assert after("none") == Answer(204, None)
    assert after("html").content_type == "text/html"
    assert after("shape").value == BODY["data"]
    assert after("stale") == EARLIER
    assert after("lost").is_cut


def test_an_answer_without_the_field_stays_as_it_is() -> None:
    assert after("null.data.3.id") == TRUE
    assert after("null.data.0.id", EARLIER) == EARLIER


def test_every_change_that_is_offered_changes_something() -> None:
    luck = Random(1)  # noqa: S311 - repeatable, guards nothing
    offered = set(possible(REFUNDS, TRUE, luck))

    assert {change for change in offered if after(change) == TRUE} == set()
    assert {"status.503", "null.data", "double.data", "surrogate.data.0.reason"} <= offered


def test_a_case_is_found_again_by_its_name() -> None:
    place = Place("refund", "run", "POST v3/orders/N/payment_actions/refund_quotes", 2)
    case = Case(place, FROM_HERE, "amount.data.total_refund_amount=half")

    assert Case.of(case.id) == case


def test_the_order_follows_from_the_seed_and_its_beginning_is_a_sample() -> None:
    answers = {
        Place("refund", phase, call, 1): TRUE
        for phase in ("form", "run")
        for call in (REFUNDS, REFUND)
    }

    cases = all_cases(answers, 1)

    assert cases == all_cases(answers, 1)
    assert cases != all_cases(answers, 2)
    assert len(set(cases)) == len(cases)
    assert len({case.kind for case in cases[:80]}) == len({case.kind for case in cases})


def test_only_a_write_without_its_result_is_answered_before_its_effect() -> None:
    writes = all_cases({Place("refund", "run", REFUND, 1): TRUE}, 1)
    reads = all_cases({Place("refund", "run", REFUNDS, 1): TRUE}, 1)

    assert {case.kind for case in writes if case.how == BEFORE} == {
        *("status", "none", "html", "shape", "lost"),
    }
    assert {case.how for case in writes} == {BEFORE, ONCE}
    assert {case.how for case in reads} == {ONCE, FROM_HERE}


def test_a_write_can_be_carried_out_otherwise() -> None:
    asked = {"amount": "10.00", "enabled": True, "max_uses": 2, "code": "SORRY", "name": "x"}
    place = Place("code_coupon", "run", "POST v2/coupons", 1)
    answer = Answer(201, json.dumps({"id": 1}), asked=json.dumps(asked))

    acts = {case.change for case in all_cases({place: answer}, 1) if case.how == INSTEAD}

    assert acts == {"act.amount=double", "act.enabled=flip", "act.max_uses=double"}
    assert json.loads(acted("act.amount=double", answer.asked)) == asked | {"amount": "20.00"}
    assert json.loads(acted("act.enabled=flip", answer.asked)) == asked | {"enabled": False}


def test_a_refund_is_made_of_its_first_item_as_that_was_quoted() -> None:
    way = [{"provider_id": "braintree", "amount": "9.00", "offline": False, "description": "x"}]
    other = [{"provider_id": "custom", "amount": "9.00", "offline": True}]
    asked = {
        "items": [{"item_id": 1}, {"item_id": 2}],
        "payments": [{"provider_id": "braintree", "amount": "20.00", "offline": False}],
        "reason": "Damaged",
    }
    quote = json.dumps({"data": {"refund_methods": [other, way]}})

    done = json.loads(fewer(json.dumps(asked), quote))

    assert done == {
        "items": [{"item_id": 1}],
        "payments": [{"provider_id": "braintree", "amount": "9.00", "offline": False}],
        "reason": "Damaged",
    }
