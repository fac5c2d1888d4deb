"""Each field of the configuration, and which way of changing it loosens the rules."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.configuration import ActionRule, Configuration, DiscountRules
from bot.config.loosening import (
    DISCOUNT_FIELDS,
    FIELDS,
    RULE_FIELDS,
    Loosening,
    is_loosened,
    split,
    stricter,
    value_at,
    with_values,
)

RULE = "rules.refund_order"
NOBODY = {"everyone": False, "user_ids": [], "group_ids": []}
EVERYONE = {"everyone": True, "user_ids": [], "group_ids": []}


def some(*users: str, groups: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"everyone": False, "user_ids": list(users), "group_ids": list(groups)}


# (path, stricter, looser): the first way loosens, the way back does not.
ONE_WAY = [
    ("activated", False, True),
    ("approvers", NOBODY, some("U1")),
    ("approvers", some("U1"), some("U2")),
    ("approvers", some("U1"), some("U1", groups=("S1",))),
    ("approvers", some("U1", "U2"), EVERYONE),
    ("approval_above", "0", "60.00"),
    ("approval_above", "60.00", "60.01"),
    ("approval_above", "9.00", "60.00"),
    ("approval_above", "60.00", None),
    ("limit", "100.00", "1000.00"),
    ("limit", "100.00", None),
    ("day_limit", "100.00", "200.00"),
    ("day_limit", "100.00", None),
    ("hour_limit", "100.00", "200.00"),
    ("hour_limit", "100.00", None),
    ("guests", False, True),
    ("recorded_only", NOBODY, some("U1")),
    ("store_credit", some("U1"), EVERYONE),
    ("refund_before_cancel", False, True),
    (f"{RULE}.enabled", False, True),
    (f"{RULE}.who", some("U1"), EVERYONE),
    (f"{RULE}.always_approve", True, False),
    ("discount.most_percent", "10", "25"),
    ("discount.most_percent", "10", None),
    ("discount.most_amount", "10.00", None),
    ("discount.most_days", 9, 30),
    ("discount.ceiling", "50.00", "500.00"),
    ("discount.ceiling", "50.00", None),
    ("discount.most_worth", "50.00", "51.00"),
    ("discount.most_worth", "50.00", None),
    ("discount.unknown_counts_as", None, "100.00"),
    ("discount.unknown_counts_as", "100.00", "10.00"),
    ("discount.stacking", "alone", "replaces"),
    ("discount.stacking", "replaces", "together"),
    ("discount.as_coupons", False, True),
]
BOTH_WAYS = [("audit_channel", "C1", "C2"), ("approvers", some("U1"), some("U2"))]
NEITHER = [
    ("notifications", "bigcommerce", "email"),
    ("approval_hours", 24, 168),
    ("restocking", False, True),
    (f"{RULE}.reasons", None, ["Fraud"]),
    ("discount.prefix", "SORRY", "FERN"),
    ("discount.presets", [], [{"name": "All", "type": "percentage", "value": "100"}]),
]


def test_each_field_has_an_answer_and_is_tried_here() -> None:
    assert FIELDS.keys() == Configuration.model_fields.keys() - {"rules", "discount"}
    assert RULE_FIELDS.keys() == ActionRule.model_fields.keys()
    assert DISCOUNT_FIELDS.keys() == DiscountRules.model_fields.keys()
    answered = {*FIELDS, *(f"{RULE}.{name}" for name in RULE_FIELDS)}
    answered |= {f"discount.{name}" for name in DISCOUNT_FIELDS}
    assert {path for path, _, _ in [*ONE_WAY, *BOTH_WAYS, *NEITHER]} == answered


def changed(path: str, before: Any, after: Any) -> tuple[Configuration, Configuration]:
    nothing = Configuration(audit_channel="C1")
    return with_values(nothing, {path: before}), with_values(nothing, {path: after})


@pytest.mark.parametrize(("path", "strict", "loose"), ONE_WAY)
def test_what_lets_more_through_is_a_loosening(path: str, strict: Any, loose: Any) -> None:
    before, after = changed(path, strict, loose)

    _, [found] = split(before, after)
    assert (found.path, found.after) == (path, value_at(after, path))


@pytest.mark.parametrize(
    ("path", "strict", "loose"), [case for case in ONE_WAY if case not in BOTH_WAYS]
)
def test_the_way_back_loosens_nothing(path: str, strict: Any, loose: Any) -> None:
    before, after = changed(path, loose, strict)

    assert split(before, after) == (after, ())


@pytest.mark.parametrize(("path", "one", "other"), BOTH_WAYS)
def test_some_changes_loosen_in_either_direction(path: str, one: Any, other: Any) -> None:
    assert is_loosened(path, one, other)
    assert is_loosened(path, other, one)


@pytest.mark.parametrize(("path", "one", "other"), NEITHER)
def test_some_changes_loosen_in_neither_direction(path: str, one: Any, other: Any) -> None:
    assert not is_loosened(path, one, other)
    assert not is_loosened(path, other, one)


def test_a_field_that_nobody_has_judged_is_loosened_by_any_change() -> None:
    assert is_loosened("new_field", 1, 2)
    assert is_loosened("discount.new_field", 2, 1)


def test_who_goes_goes_at_once_and_who_comes_waits() -> None:
    before, after = changed("approvers", some("U1", "U2"), some("U2", "U3"))

    at_once, later = split(before, after)

    assert value_at(at_once, "approvers") == some("U2")
    assert later == (Loosening("approvers", some("U2"), some("U2", "U3")),)


def test_a_change_that_does_both_is_split() -> None:
    before = Configuration(audit_channel="C1", day_limit="100", hour_limit="1000")
    after = Configuration(audit_channel="C1", day_limit="200", hour_limit="500", restocking=True)

    at_once, later = split(before, after)

    assert at_once == before.model_copy(update={"hour_limit": after.hour_limit, "restocking": True})
    assert later == (Loosening("day_limit", "100", "200"),)


def test_an_action_that_nothing_was_configured_for_has_the_defaults() -> None:
    before = Configuration(audit_channel="C1")
    off = with_values(before, {f"{RULE}.enabled": False})

    assert split(before, off) == (off, ())
    assert [each.path for each in split(off, before)[1]] == [f"{RULE}.enabled"]
    on = with_values(off, {f"{RULE}.enabled": True})
    assert [each.path for each in split(off, on)[1]] == [f"{RULE}.enabled"]


LIMITS = st.none() | st.decimals("0.01", "9999.99", places=2).map(str)
PEOPLE = st.builds(
    lambda everyone, users: EVERYONE if everyone else some(*users),
    st.booleans(),
    st.lists(st.sampled_from(["U1", "U2", "U3"]), unique=True),
)
VALUES = st.sampled_from(["day_limit", "discount.unknown_counts_as"]).flatmap(
    lambda path: st.tuples(st.just(path), LIMITS, LIMITS)
) | st.tuples(st.just("approvers"), PEOPLE, PEOPLE)


@given(VALUES)
def test_the_stricter_of_two_loosens_neither(case: tuple[str, Any, Any]) -> None:
    path, one, other = case
    met = stricter(path, one, other)

    assert not is_loosened(path, one, met)
    assert not is_loosened(path, other, met)
    assert is_loosened(path, one, other) == (met != other)
