"""What the audit channel is told of a log that was behind the store."""

from __future__ import annotations

import pytest

from bot.recovery.words import foreign_words, open_line, restored_words
from storage.recovery.periods import RESTORED, Period
from tests.handlers.entries import NOON, entry

PERIOD = Period(1, RESTORED, None, None)
LAST = (
    "Settings, limits and approvers are as they were then, too: an admin looks them through in the "
    "Home tab."
)


def test_where_nothing_was_forgotten_it_is_said() -> None:
    assert restored_words(PERIOD, [], [], []) == (
        "Makegood started on a restored backup. Nothing was found in BigCommerce that its log did "
        f"not know.\n\n{LAST}"
    )


def test_what_was_found_is_told_line_by_line() -> None:
    said = restored_words(
        Period(1, "older", None, None), ["A", "B"], ["C"], ["refunds", "coupons"], ["D"]
    ).split("\n\n")

    assert said == [
        "Makegood started on data that is older than the store. 2 things were found in BigCommerce "
        "that its log did not know, and 1 open request was done already. Nothing was sent a second "
        "time.",
        "Written into the log as found:\n• A\n• B",
        "Who asked for these is not in the log, so each counts in everybody's limit of its day.",
        "Were still open here, and are done:\n• C",
        "Are open here, and may have been sent by hand, decided or ended since. Look at the "
        "order's thread before you act on them:\n• D",
        "BigCommerce refused the list of refunds and of coupons: what the log has forgotten of "
        "these could not be looked up. Compare them by hand.",
        LAST,
    ]


def test_of_many_lines_some_are_told() -> None:
    said = foreign_words([str(number) for number in range(25)])

    assert said.startswith("Another Makegood works on this store")
    assert said.count("\n• ") == 20
    assert said.endswith("• 19\n… and 5 more: python -m bot log")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"held_until": NOON}, "MG-7F3K-2Q9D (order 1042): waits for approval"),
        (
            {"status": "to_do", "outcome": {"to_send": {"amount": "59", "currency": "USD"}}},
            "MG-7F3K-2Q9D (order 1042): 59.00 USD to be sent by hand",
        ),
        ({"status": "unknown", "outcome": {}}, "MG-7F3K-2Q9D (order 1042): needs checking"),
        ({"order_id": None}, "MG-7F3K-2Q9D: needs checking"),
    ],
)
def test_what_is_open_says_what_it_waits_for(changes: dict[str, object], said: str) -> None:
    assert open_line(entry(**changes)) == said
