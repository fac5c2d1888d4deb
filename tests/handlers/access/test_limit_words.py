"""What limits a request, in words with the figures."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bot.actions.rules.limits import LimitCheck
from bot.actions.rules.sums import Sums
from bot.config.configuration import EVERYONE, ActionRule, Configuration, People
from handlers.access.limit_words import approval_line, approver_names, limit_lines
from tests.handlers.entries import AT, NOON

BEN = People(user_ids=("UBEN",))


def configuration(**changes: Any) -> Configuration:
    return Configuration(audit_channel="C1", **changes)


def sums(**changes: Any) -> Sums:
    return Sums(**{"order": Decimal(0), "customer": Decimal(0), **changes})


def check(action: str = "refund_order", currency: str = "USD") -> LimitCheck:
    return LimitCheck("T1", "UANNA", action, 1042, Decimal(5), currency)


def test_without_limits_nothing_is_said() -> None:
    assert limit_lines(configuration(), check(), sums()) == []


def test_what_needs_approval_is_said_first_then_what_is_left() -> None:
    rules = configuration(
        approvers=BEN,
        approval_above=Decimal(100),
        limit=Decimal(500),
        day_limit=Decimal(300),
        hour_limit=Decimal(1000),
    )

    said = limit_lines(
        rules,
        check(),
        sums(order=Decimal(40), person=Decimal(250), hour=Decimal("1000.01")),
    )

    assert said == [
        "Needs approval by <@UBEN> above 100.00 USD.",
        "40.00 USD was given or asked for on this order, so 60.00 USD more needs no approval.",
        "Limit per request: 500.00 USD.",
        "Your daily limit: 50.00 USD left of 300.00 USD.",
        "Hourly limit for the team: 0.00 USD left of 1,000.00 USD.",
    ]


def test_what_the_customer_got_elsewhere_counts_too() -> None:
    rules = configuration(approvers=BEN, approval_above=Decimal(100))

    (_, said) = limit_lines(rules, check(), sums(order=Decimal(40), customer=Decimal(100)))

    assert said == (
        "100.00 USD was given or asked for to this customer in the last 30 days, so anything more "
        "needs approval."
    )


def test_a_sum_that_is_not_known_is_not_made_up() -> None:
    rules = configuration(day_limit=Decimal(300), hour_limit=Decimal(1000))

    assert limit_lines(rules, check(), sums(person=None, hour=None)) == [
        "Your daily limit: 300.00 USD, and what is used of it is not all known.",
        "Hourly limit for the team: 1,000.00 USD, and what is used of it is not all known.",
    ]


def test_what_was_found_in_the_store_counts_until_then() -> None:
    said = limit_lines(
        configuration(day_limit=Decimal(300)),
        check(),
        sums(person=Decimal(20), found=Decimal(20), found_until=NOON),
    )

    assert said[-1] == (
        "20.00 USD of what is used was found in BigCommerce, as after a restore, and counts for "
        f"everybody until {AT}."
    )


def test_it_is_said_how_a_code_counts() -> None:
    rules = configuration(limit=Decimal(20))

    assert limit_lines(rules, check("create_discount_code", "JPY"), sums()) == [
        "Limit per request: 20 JPY.",
        "A code counts what it takes off one order at most, times its uses.",
    ]


@pytest.mark.parametrize(
    ("approvers", "above", "more", "said"),
    [
        (BEN, "100", {}, "Needs approval by <@UBEN> above 100.00 USD."),
        (BEN, "0", {}, "Needs approval by <@UBEN> always."),
        (
            BEN,
            "100",
            {"comes_to": "120.00 USD"},
            "*This comes to 120.00 USD and needs approval by <@UBEN>* (above 100.00 USD).",
        ),
        (BEN, "100", {"able": []}, "Needs approval above 100.00 USD, and nobody can approve now."),
        (
            People(user_ids=("UANNA",)),
            "100",
            {},
            "Needs approval above 100.00 USD, and nobody else is set as approver; an admin sets "
            "them in the Home tab.",
        ),
    ],
)
def test_who_has_to_agree_is_named(
    approvers: People, above: str, more: dict[str, Any], said: str
) -> None:
    rules = configuration(approvers=approvers, approval_above=Decimal(above))

    assert approval_line(rules, "refund_order", "USD", "UANNA", **more) == said


def test_an_action_may_always_need_a_second_person() -> None:
    rules = configuration(approvers=BEN, rules={"refund_order": ActionRule(always_approve=True)})

    assert approval_line(rules, "refund_order", "USD", "UANNA") == (
        "Needs approval by <@UBEN> always."
    )
    assert approval_line(rules, "cancel_order", "USD", "UANNA") == ""


def test_the_one_who_asks_and_those_who_cannot_are_no_approvers() -> None:
    people = People(user_ids=("UANNA", "UBEN", "UCHIARA"), group_ids=("S1",))

    assert approver_names(people) == "<!subteam^S1>, <@UANNA>, <@UBEN> or <@UCHIARA>"
    assert approver_names(people, but="UANNA", able=["UCHIARA"]) == "<!subteam^S1> or <@UCHIARA>"
    assert approver_names(EVERYONE) == "any other member of the channel"


def test_of_many_approvers_some_are_named() -> None:
    said = approver_names(People(user_ids=tuple(f"U{number:03}" for number in range(50))))

    assert said.startswith("<@U000>, <@U001>, ")
    assert said.endswith("<@U011> or 38 others")
