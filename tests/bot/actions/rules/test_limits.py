from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions.rules.limits import LimitCheck, Verdict, check_limits, closed, left
from bot.actions.rules.sums import Sums
from bot.config.configuration import Configuration

BEN = {"user_ids": ["U2"]}
CODE = "create_discount_code"
amounts = st.decimals(0, 1000, places=2)
maybe = st.none() | amounts.filter(bool)


def configured(rule: dict[str, Any] | None = None, **sections: Any) -> Configuration:
    rules = {"refund_order": rule or {}}
    return Configuration.model_validate({"audit_channel": "C1", "rules": rules, **sections})


def check(worth: str | Decimal | None, **changes: Any) -> LimitCheck:
    known = None if worth is None else Decimal(worth)
    return replace(LimitCheck("T1", "U1", "refund_order", 1042, known, "USD"), **changes)


def verdict(
    configuration: Configuration,
    worth: str | Decimal | None,
    sums: Sums | None = None,
    **changes: Any,
) -> Verdict:
    return check_limits(configuration, check(worth, **changes), sums or Sums())


@pytest.mark.parametrize(
    ("above", "worth", "why"),
    [
        ("100", "100.00", ""),
        ("100", "100.01", "This comes to 100.01 USD, above 100.00 USD."),
        (
            "100",
            None,
            "BigCommerce does not tell what this is in USD. It counts as more than 100.00 USD.",
        ),
        ("0", "0.01", "This comes to 0.01 USD, above 0.00 USD."),
        ("0", "0", ""),
        (None, None, ""),
    ],
)
def test_above_the_amount_a_second_person_is_needed(
    above: str | None, worth: str | None, why: str
) -> None:
    found = verdict(configured(approval_above=above, approvers=BEN), worth)
    assert found == Verdict(needs_approval=bool(why), why=why)


def test_what_was_given_before_counts_with_what_is_asked_now() -> None:
    rules = configured(approval_above="60", approvers=BEN)

    on_order = verdict(rules, "59.00", Sums(order=Decimal("51.96")))
    to_customer = verdict(rules, "10.01", Sums(customer=Decimal("50")))

    assert on_order.why == (
        "With the 51.96 USD given back or asked for on this order it is 110.96 USD, "
        "above 60.00 USD."
    )
    assert to_customer.why == (
        "With the 50.00 USD this customer got in the last 30 days it is 60.01 USD, above 60.00 USD."
    )
    assert verdict(rules, "8.04", Sums(order=Decimal("51.96"))) == Verdict()
    assert verdict(rules, "1.00", Sums(person=Decimal(5000), hour=Decimal(5000))) == Verdict()


def test_what_was_given_before_and_is_not_known_may_be_anything() -> None:
    rules = configured(approval_above="60", approvers=BEN)
    assert "not all known in USD" in verdict(rules, "1", Sums(order=None)).why
    assert "not all known in USD" in verdict(rules, "1", Sums(customer=None)).why


def test_an_action_may_need_a_second_person_whatever_it_is_worth() -> None:
    found = verdict(configured({"always_approve": True}, approvers=BEN), "0")
    assert found == Verdict(needs_approval=True, why="This always needs a second person.")


@pytest.mark.parametrize("approvers", [{}, {"user_ids": ["U1"]}])
def test_without_somebody_else_nothing_is_sent(approvers: dict[str, Any]) -> None:
    found = verdict(configured(approval_above="10", approvers=approvers), "11")
    assert found.refusal is not None
    assert "nobody else is set as approver; an admin sets them in the Home tab" in found.refusal


@pytest.mark.parametrize("approvers", [{"group_ids": ["S1"]}, {"everyone": True}, BEN])
def test_a_group_or_everybody_is_somebody_else(approvers: dict[str, Any]) -> None:
    assert verdict(configured(approval_above="10", approvers=approvers), "11").needs_approval


def test_what_cannot_be_compared_is_above_every_limit() -> None:
    for configuration in (
        configured(limit="100"),
        configured(day_limit="100"),
        configured(hour_limit="100"),
    ):
        refund, code = verdict(configuration, None), verdict(configuration, None, action=CODE)
        assert "cannot be held against the limits" in (refund.refusal or "")
        assert "it has no number of uses, no ceiling, or free shipping" in (code.refusal or "")
    for known_of_none in (configured(day_limit="100"), configured(hour_limit="100")):
        unknown = Sums(person=None, hour=None)
        assert "is not all known in USD" in (verdict(known_of_none, "1", unknown).refusal or "")


def test_a_code_of_unknown_worth_counts_what_the_admins_say() -> None:
    rules: dict[str, Any] = {"approval_above": "60", "approvers": BEN, "day_limit": "70"}
    unknown = verdict(configured(approval_above="60", approvers=BEN), None, action=CODE)
    assert "is not known" in unknown.why
    assert "as more than 60.00 USD" in unknown.why

    said = configured(**rules, discount={"unknown_counts_as": "25"})
    assert verdict(said, None, action=CODE) == Verdict()
    assert verdict(said, None, Sums(customer=Decimal(40)), action=CODE).needs_approval
    assert verdict(said, None, Sums(person=Decimal(50)), action=CODE).refusal is not None
    assert verdict(said, None).refusal is not None  # a refund is none of these codes


def test_an_approver_passes_the_hour_and_no_limit() -> None:
    sums = Sums(person=Decimal(90), hour=Decimal(90))
    assert verdict(configured(hour_limit="100"), "10", sums) == Verdict()
    assert verdict(configured(hour_limit="100"), "10.01", sums).brake
    assert verdict(configured(hour_limit="100"), "10.01", sums, is_approver=True) == Verdict()
    for configuration in (configured(limit="5"), configured(day_limit="100")):
        assert verdict(configuration, "10.01", sums, is_approver=True).refusal is not None


@given(
    worth=amounts,
    order=amounts,
    customer=amounts,
    person=amounts,
    hour=amounts,
    above=st.none() | amounts,
    limit=maybe,
    day_limit=maybe,
    hour_limit=maybe,
)
def test_what_is_let_in_keeps_every_limit(
    worth: Decimal,
    order: Decimal,
    customer: Decimal,
    person: Decimal,
    hour: Decimal,
    above: Decimal | None,
    limit: Decimal | None,
    day_limit: Decimal | None,
    hour_limit: Decimal | None,
) -> None:
    configuration = configured(
        approval_above=above,
        limit=limit,
        day_limit=day_limit,
        hour_limit=hour_limit,
        approvers=BEN,
    )

    found = verdict(configuration, worth, Sums(order, customer, person, hour))

    keeps = (
        (limit is None or worth <= limit)
        and (day_limit is None or not worth or person + worth <= day_limit)
        and (hour_limit is None or not worth or hour + worth <= hour_limit)
    )
    is_above = above is not None and bool(worth) and max(order, customer) + worth > above
    assert (found.refusal is None) is keeps
    assert found.needs_approval is (keeps and is_above)


def test_of_a_limit_never_less_than_nothing_is_left() -> None:
    assert left(Decimal(10), Decimal(4)) == 6
    assert left(Decimal(10), Decimal(40)) == 0
    assert left(Decimal(10), None) == 0
    assert left(None, Decimal(40)) is None


def test_when_nothing_is_left_the_form_is_not_opened() -> None:
    configuration = configured(day_limit="10", hour_limit="20")
    full, hour = Sums(person=Decimal(10), hour=Decimal(20)), Sums(hour=Decimal(20))

    def said(action: str, sums: Sums, *, boss: bool = False) -> str:
        return closed(configuration, check("0", action=action, is_approver=boss), sums) or ""

    assert "your daily limit, 10.00 USD, is used up" in said("refund_items", full)
    assert "your daily limit, 10.00 USD, is used up" in said(CODE, full)
    assert "Only approvers" in said("refund_items", hour)
    assert said("refund_items", hour, boss=True) == ""
    assert said("cancel_order", full) == ""


FOUND_UNTIL = datetime(2026, 11, 28, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("found", "what"), [(Decimal("60.00"), "60.00 USD of what"), (None, "A part of what")]
)
def test_what_was_found_in_the_store_is_said_to_count_and_until_when(
    found: Decimal | None, what: str
) -> None:
    configuration = configured(day_limit="100")
    sums = Sums(person=Decimal(95), found=found, found_until=FOUND_UNTIL)
    why = (
        f"{what} is used was found in BigCommerce, as after a restore, and counts for everybody "
        "until 28 November 2026, 10:30 UTC: who asked for it is not known. Until then an admin can "
        "set another limit in the Home tab."
    )

    assert verdict(configuration, "10", sums).refusal == (
        "Nothing was sent: this comes to 10.00 USD, and of your daily limit 5.00 USD is left. "
        f"{why}"
    )
    full = replace(sums, person=Decimal(100))
    assert closed(configuration, check("0", action="refund_items"), full) == (
        f"Nothing was sent: your daily limit, 100.00 USD, is used up. {why}"
    )
    unknown = verdict(configuration, "10", replace(sums, person=None, found=None)).refusal or ""
    assert "is not all known in USD" in unknown
    assert unknown.endswith("until 28 November 2026, 10:30 UTC: who asked for it is not known.")
