"""A change of the configuration in words, small and as large as it can be."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.settings.changes import describe_change
from handlers.settings.names import Wording
from storage.configuration.history import ConfigurationChange

WORDING = Wording("USD", {"S1": "leads"})
ODD = "<!channel> *&* " + "W" * 60
MANY = {"user_ids": [f"U{number}" for number in range(50)], "group_ids": ["S1"] * 20}
REASONS = [f"{number:02}{ODD}"[:75] for number in range(20)]
PRESET = {"type": "percentage", "value": "10", "days": 7, "uses": 1}


def change(section: str, before: Any, after: Any) -> str:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    return describe_change(ConfigurationChange(at, "T1", "U1", section, before, after), WORDING)


@pytest.mark.parametrize(
    ("section", "before", "after", "said"),
    [
        ("activated", False, True, "activated the actions"),
        ("rules.refund_order", {}, {"enabled": False}, "switched *Full refund* off"),
        (
            "rules.refund_order",
            {"limit": "50"},
            {"limit": "80", "approval_above": "0"},
            "changed *Full refund*: Needs approval: above the common amount → always; "
            "Limit per request, for this action: 50.00 USD → 80.00 USD; "
            "Approval needed above, for this action: – → 0.00 USD",
        ),
        (
            "rules.refund_order",
            {},
            {"always_approve": True},
            "changed *Full refund*: Needs approval: above the common amount → always",
        ),
        ("limit", None, "80", "changed *Limits*: Limit per request: no limit → 80.00 USD"),
        (
            "approval_above",
            "60",
            None,
            "changed *Approvals*: Approval needed above: 60.00 USD → never",
        ),
        (
            "approvers",
            {},
            {"group_ids": ["S1"]},
            "changed *Approvals*: Who approves: nobody → members of @leads",
        ),
        ("day_limit", "5", None, "changed *Limits*: Daily limit per person: 5.00 USD → no limit"),
        (
            "discount",
            {"presets": [{**PRESET, "name": "Ten"}]},
            {"presets": []},
            "changed *Discount codes*: Preset “Ten”: 10%, for 7 days, single use → –",
        ),
        ("rules.refund_order", {"gone": 1}, {}, "changed *Full refund*"),
        ("gone", 1, 2, "changed *gone*"),
    ],
)
def test_a_change_is_one_sentence(section: str, before: Any, after: Any, said: str) -> None:
    assert change(section, before, after) == said


def test_the_largest_change_fits_into_a_message() -> None:
    rule = {"who": MANY, "limit": "999999999.99", "approval_above": "0.01", "reasons": REASONS}
    other = {**rule, "who": {**MANY, "everyone": False, "group_ids": []}, "reasons": REASONS[::-1]}
    presets = [{**PRESET, "name": name} for name in REASONS]

    said = [
        change("rules.refund_order", rule, {**other, "limit": None}),
        change("discount", {"presets": presets}, {"presets": []}),
    ]

    assert all(len(each) < 2800 for each in said)
    assert all("<!channel>" not in each for each in said)
