"""What `check` says of the rules: who may do what, up to how much, and what nothing limits."""

from __future__ import annotations

from bot.check.rules import check_rules
from bot.configuration import ActionRule, Configuration, DiscountRules, People

NOBODY_LIMITS = (
    "NOTE  Rules: no amount needs a second person, no daily limit per person, no hourly limit for"
    " the team, no highest worth of a code. An admin sets that in the Home tab of Makegood."
)


def said(**changes: object) -> list[str]:
    now = Configuration.model_validate({"audit_channel": "C1", "activated": True, **changes})
    return [str(each) for each in check_rules(now)]


def test_that_nothing_is_limited_is_said() -> None:
    assert said() == [
        "PASS  Actions: activated.",
        NOBODY_LIMITS,
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
        "PASS  Rules: a second person above 1,060.00, one request up to 2,000.00, one person up to"
        " 3,000.00 in 24 hours, all together up to 4,000.00 in an hour, codes worth up to 50.00 (in"
        " the store's currency).",
    ]
