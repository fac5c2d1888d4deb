"""What the rest of the bot asks of an action by its name, written out once more."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.actions.registry import (
    ACTIONS,
    RUNNABLE,
    gives_away,
    is_refund,
    leaves_mark,
    led_to_by,
)
from bot.actions.rules.limits import moves_money

REFUNDS = {"cancel_and_refund", "refund_order", "refund_items"}
CODES = {"create_discount_code"}
# Of these two cannot both be carried out, and they are never for less than all that is left.
WHOLE = {"cancel_order", "cancel_and_refund", "refund_order"}
WITHOUT_MARK = {"restock_items"}
GONE = "an_action_of_another_release"


def named(question: Callable[[str], bool]) -> set[str]:
    return {name for name in RUNNABLE if question(name)}


def test_limits_and_approvals_ask_about_what_leaves() -> None:
    assert named(is_refund) == REFUNDS
    assert named(gives_away) == CODES
    assert named(moves_money) == REFUNDS | CODES


def test_what_is_for_the_whole_order_is_known() -> None:
    assert {name for name, action in ACTIONS.items() if action.takes_whole} == WHOLE


def test_only_stock_leaves_no_mark() -> None:
    assert {*RUNNABLE} - named(leaves_mark) == WITHOUT_MARK


def test_what_an_action_that_is_gone_has_done_may_be_found_and_is_run_no_more() -> None:
    assert leaves_mark(GONE)
    assert not moves_money(GONE)


@pytest.mark.parametrize(
    ("name", "request_", "status_id"),
    [
        ("cancel_order", {}, 5),
        ("cancel_and_refund", {}, 5),
        ("refund_order", {}, None),
        ("refund_items", {}, None),
        ("refund_items", {"set_back_to": None}, None),
        ("refund_items", {"set_back_to": 9}, 9),
        ("create_discount_code", {"code": "SORRY"}, None),
        ("restock_items", {}, None),
    ],
)
def test_the_status_that_a_request_sets_is_known(
    name: str, request_: dict[str, object], status_id: int | None
) -> None:
    assert RUNNABLE[name].sets(request_) == status_id


@pytest.mark.parametrize(
    ("command", "names"),
    [
        ("/cancel-order", ("cancel_order", "cancel_and_refund")),
        ("/refund-order", ("refund_order", "refund_items", "cancel_and_refund")),
        ("/discount-code", ("create_discount_code",)),
        ("/order", ()),
    ],
)
def test_a_command_leads_to_its_own_actions_first(command: str, names: tuple[str, ...]) -> None:
    assert led_to_by(command) == names
