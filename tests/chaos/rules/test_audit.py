"""The count of what went beyond the rules, on doctored books: each line of it can fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from storage.log.entries import APPROVED
from tests.chaos.envelopes import Decision, Press
from tests.chaos.rules.audit import Evidence, audit_rules, missing
from tests.chaos.rules.gifts import CANCELLED, CODE, REFUND, Gift, read_gifts
from tests.chaos.rules.plan import HONEST
from tests.chaos.rules.timeline import GRACE_S, Rules, Timeline

NOW = 2_000_000.0
USERS = {"Anna": "U1", "Ben": "U2", "Fay": "U3", "Dev": "U4"}
RULES = Rules(
    members=frozenset({"U1", "U2", "U3"}),
    approvers=frozenset({"U2"}),
    approval_above=Decimal(75),
    limit=Decimal(200),
    day_limit=Decimal(300),
    hour_limit=Decimal(400),
    most_worth=Decimal(100),
)
WHO, UNASKED, ORDER, CUSTOMER, ONE, DAY, HOUR, CODES = range(8)


def refund(job: int, amount: str, by: str = "Anna", **other: Any) -> Gift:
    """Return a refund, ten seconds after the one of the job before."""
    gift = Gift(
        REFUND,
        f"MG-{job}",
        by,
        job,
        1042,
        frozenset({"guest@mail.example"}),
        Decimal(amount),
        NOW + 10 * job,
    )
    return replace(gift, **other)


def evidence(*gifts: Gift, **other: Any) -> Evidence:
    """Return what is counted from where everybody has confirmed what they sign."""
    known = {
        "timeline": Timeline([(0.0, RULES)]),
        "users": USERS,
        "asked_at": {each.job: each.at - 1 for each in gifts if each.job},
        "actions": {each.job: "refund_items" for each in gifts if each.job},
    }
    return Evidence(gifts=gifts, **{**known, **other})


def found(*gifts: Gift, **other: Any) -> dict[int, int]:
    """Return how often each line of the count finds something, those that do."""
    lines = audit_rules(evidence(*gifts, **other))
    return {number: line.counted for number, line in enumerate(lines) if line.counted}


def approval(job: int, user: str = "U2", at: float | None = None) -> Decision:
    moment = NOW + 10 * job - 0.5 if at is None else at
    return Decision(f"MG-{job}", user, APPROVED, False, moment)


def changed(at: float, **values: Any) -> Timeline:
    return Timeline([(0.0, RULES), (at, replace(RULES, **values))])


def test_what_is_within_the_rules_is_not_counted() -> None:
    assert found(refund(1, "40.00"), refund(2, "35.00")) == {}


def test_a_split_refund_is_beyond_the_approval_amount() -> None:
    assert found(refund(1, "40.00"), refund(2, "35.01", by="Fay")) == {ORDER: 1, CUSTOMER: 1}


def test_an_approval_by_another_approver_lets_it_through() -> None:
    gifts = refund(1, "40.00"), refund(2, "60.00")

    assert found(*gifts, decisions=[approval(2)]) == {}


@pytest.mark.parametrize(
    ("by", "user"), [("Ben", "U2"), ("Anna", "U3"), ("Anna", "U1"), ("Anna", "U4")]
)
def test_an_approval_by_oneself_or_by_who_may_not_lets_nothing_through(by: str, user: str) -> None:
    gifts = refund(1, "80.00", by=by)

    assert found(gifts, decisions=[approval(1, user)]) == {ORDER: 1, CUSTOMER: 1}


def test_an_approval_after_it_was_sent_lets_nothing_through() -> None:
    late = approval(1, at=NOW + 60)

    assert found(refund(1, "80.00"), decisions=[late]) == {ORDER: 1, CUSTOMER: 1}


def test_who_is_no_approver_any_more_when_it_is_sent_has_not_approved() -> None:
    timeline = changed(NOW - GRACE_S, members=RULES.members - {"U2"})
    early = approval(1, at=NOW - 60)

    assert found(refund(1, "80.00"), decisions=[early], timeline=timeline) == {
        ORDER: 1,
        CUSTOMER: 1,
    }


def test_what_another_app_gave_back_counts_on_its_order_alone() -> None:
    other = replace(refund(1, "70.00"), reference="", job=None, by="")

    assert found(other, refund(2, "10.00")) == {ORDER: 1, CUSTOMER: 1}
    assert found(replace(other, order_id=1), refund(2, "10.00")) == {}


def test_orders_of_one_customer_count_together() -> None:
    assert found(refund(1, "40.00"), refund(2, "40.00", order_id=1)) == {CUSTOMER: 1}
    assert found(refund(1, "40.00"), refund(2, "40.00", order_id=1, customers=frozenset())) == {}


def test_what_was_approved_after_the_request_does_not_count_before_it() -> None:
    gifts = refund(1, "70.00"), refund(2, "40.00", by="Fay")

    assert found(*gifts, decisions=[approval(1)], asked_at={1: NOW, 2: NOW}) == {}
    later = {1: NOW, 2: NOW + 15}
    assert found(*gifts, decisions=[approval(1)], asked_at=later) == {ORDER: 1, CUSTOMER: 1}


def test_one_request_and_the_day_hold_whoever_approves() -> None:
    gifts = refund(1, "201.00"), refund(2, "100.00")

    assert found(*gifts, decisions=[approval(1), approval(2)]) == {ONE: 1, DAY: 1}


def test_the_hour_stops_who_is_no_approver() -> None:
    apart = [
        refund(n, "70.00", by=by, order_id=n, customers=frozenset())
        for n, by in enumerate(["Anna", "Anna", "Fay", "Fay", "Anna", "Fay"], start=1)
    ]

    assert found(*apart) == {HOUR: 1}
    assert found(*apart[:5], replace(apart[5], by="Ben")) == {}


@pytest.mark.parametrize(
    "values",
    [
        {"activated": False},
        {"off": frozenset({"refund_items"})},
        {"members": frozenset({"U2"})},
        {"unfit": frozenset({"U1"})},
    ],
)
def test_a_write_for_who_may_not_is_counted(values: dict[str, Any]) -> None:
    long_ago, just_now = NOW - GRACE_S, NOW + 9

    assert found(refund(1, "10.00"), timeline=changed(long_ago, **values)) == {WHO: 1}
    assert found(refund(1, "10.00"), timeline=changed(just_now, **values)) == {}


def test_who_may_and_has_pressed_a_button_for_it_has_it_done() -> None:
    timeline = changed(NOW - GRACE_S, members=frozenset({"U3"}))
    press = Press("MG-1", "U3", NOW)

    assert found(refund(1, "10.00"), timeline=timeline, presses=[press]) == {}


def test_what_nobody_has_confirmed_is_counted() -> None:
    assert found(refund(1, "10.00"), asked_at={}) == {UNASKED: 1}
    assert found(replace(refund(1, "10.00"), by="", job=None)) == {WHO: 1, UNASKED: 1}


def test_an_order_cancelled_for_who_may_not_is_counted() -> None:
    gift = refund(1, "0.00", by="Dev", kind=CANCELLED)

    assert found(gift) == {WHO: 1}


def test_a_code_counts_what_it_is_worth_and_one_of_unknown_worth_is_above_everything() -> None:
    code = refund(1, "70.00", kind=CODE)

    assert found(code, refund(2, "10.00")) == {CUSTOMER: 1}
    assert found(replace(code, amount=None), decisions=[approval(1)]) == {ONE: 1, DAY: 1, CODES: 1}


def test_a_limit_counts_as_it_was_when_it_was_sent() -> None:
    tighter = changed(NOW - GRACE_S, approval_above=Decimal(5))

    assert found(refund(1, "10.00"), timeline=tighter) == {ORDER: 1, CUSTOMER: 1}
    assert found(refund(1, "10.00"), timeline=changed(NOW + 9, approval_above=Decimal(5))) == {}


def _order(**other: Any) -> dict[str, Any]:
    order = {
        "customer_id": 0,
        "email": "Guest+2@Mail.example ",
        "refunds": [],
        "history": [],
        "staff_notes": "",
    }
    return {**order, **other}


def _promotion(action: dict[str, Any], uses: int | None) -> dict[str, Any]:
    code = {"code": "BY-ANNA-7", "max_uses": 0, "created": "2026-11-27T04:00:00+00:00"}
    return {
        "name": "Makegood MG-7F3K-2Q9D BY-ANNA-7",
        "max_uses": uses,
        "rules": [{"action": action}],
        "codes": [code],
    }


@pytest.mark.parametrize(
    ("action", "uses", "worth"),
    [
        ({"cart_value": {"discount": {"fixed_amount": "7.50"}}}, 3, Decimal("22.50")),
        ({"cart_value": {"discount": {"percentage_amount": "10"}}}, 1, None),
        ({"cart_value": {"discount": {"fixed_amount": "7.50"}}}, None, None),
        ({"shipping": {"free_shipping": True}}, 1, None),
    ],
)
def test_the_books_tell_what_a_code_is_worth(
    action: dict[str, Any], uses: int | None, worth: Decimal | None
) -> None:
    books = {"orders": {"1042": _order()}, "promotions": [_promotion(action, uses)]}

    [gift] = read_gifts(books, {7: 1042})

    assert (gift.by, gift.job, gift.amount) == ("Anna", 7, worth)
    assert gift.customers == {"guest@mail.example"}


def test_a_ceiling_bounds_a_percentage() -> None:
    value = {"discount": {"percentage_amount": "10"}, "maximum_allowed_discount_amount": "20"}
    books = {"orders": {}, "promotions": [_promotion({"cart_items": value}, 2)]}

    assert _amounts(read_gifts(books, {})) == [Decimal(40)]


def test_the_books_tell_who_signed_a_refund() -> None:
    item = {"reason": "by Fay 12 [MG-7F3K-2Q9D]"}
    row = {"reason": "", "items": [item], "created_at": "2026-11-27T04:00:00+00:00"}
    order = _order(refunds=[{**row, "given_back": "12.34"}], customer_id=7)

    [gift] = read_gifts({"orders": {"1042": order}, "promotions": []}, {})

    assert (gift.reference, gift.by, gift.job) == ("MG-7F3K-2Q9D", "Fay", 12)
    assert (gift.order_id, gift.amount) == (1042, Decimal("12.34"))
    assert gift.customers == {"guest@mail.example", "7"}


def test_the_books_tell_who_signed_a_cancellation() -> None:
    note = "2026-11-27 Cancelled with Makegood MG-7F3K-2Q9D: by Ben 3"
    change = {"at": "2026-11-27T04:00:00Z", "field": "status_id", "after": "5"}
    order = _order(staff_notes=note, history=[change])

    [gift] = read_gifts({"orders": {"1042": order}, "promotions": []}, {})

    assert (gift.kind, gift.by, gift.job, gift.amount) == (CANCELLED, "Ben", 3, Decimal(0))


def _amounts(gifts: Sequence[Gift]) -> list[Decimal | None]:
    return [gift.amount for gift in gifts]


def test_an_honest_refund_that_did_not_leave_is_counted() -> None:
    given, other = refund(HONEST.number, "25.98"), refund(1, "25.98")

    assert missing(evidence(other, given), HONEST).counted == 0
    line = missing(evidence(other), HONEST)
    assert (line.counted, line.departures) == (1, ["refund_items on 1042, by Anna"])
