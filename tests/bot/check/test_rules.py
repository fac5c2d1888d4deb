"""What `check` says of the rules: who may do what, up to how much, and what nothing limits."""

from __future__ import annotations

from bot.check.rules import check_rules
from bot.config.configuration import ActionRule, Configuration, DiscountRules, People

HOME = "An admin sets that in the Home tab of Makegood."
UNBOUNDED_CODES = (
    "Codes without an order count toward no order and no customer: without a daily limit per"
    " person, {} bounds how much one person gives with them."
)


def said(**changes: object) -> list[str]:
    now = Configuration.model_validate({"audit_channel": "C1", "activated": True, **changes})
    return [str(each) for each in check_rules(now)]


def test_that_nothing_is_limited_is_said() -> None:
    assert said() == [
        "PASS  Actions: activated.",
        "NOTE  Rules: no amount needs a second person, no daily limit per person, no hourly limit"
        f" for the team, no highest worth of a code. {UNBOUNDED_CODES.format('nothing')} {HOME}",
    ]


def test_the_rules_are_said_in_plain_words() -> None:
    assert said(
        approval_above="1060",
        limit="2000",
        day_limit="3000",
        hour_limit="4000",
        discount=DiscountRules(most_worth="50"),
        rules={
            "cancel_order": ActionRule(enabled=False),
            "refund_order": ActionRule(who=People(user_ids=("U1", "U2"), group_ids=("S1",))),
        },
    ) == [
        "PASS  Actions: activated. Only for some: Full refund (2 members and 1 user group). Off:"
        " Cancel order.",
        "PASS  Rules: approval needed above 1,060.00, limit per request 2,000.00, daily limit per"
        " person 3,000.00, hourly limit for the team 4,000.00, highest worth of a code 50.00 (in"
        " the store's currency).",
    ]


def test_codes_without_an_order_are_said_to_be_unbounded_where_they_are() -> None:
    always = {"create_discount_code": ActionRule(always_approve=True)}
    off = {"create_discount_code": ActionRule(enabled=False)}

    for bound, changes in (
        ("only the hourly limit for the team", {"hour_limit": "500"}),
        ("nothing", {"hour_limit": "500", "approvers": People(everyone=True)}),
        ("nothing", {"approval_above": "60", "limit": "100"}),
    ):
        assert UNBOUNDED_CODES.format(bound) in " ".join(said(**changes))
    for bounded in (
        {"day_limit": "100"},
        {"approval_above": "0"},
        {"rules": always},
        {"rules": off},
    ):
        assert "Codes without an order" not in " ".join(said(**bounded))
