"""An action says what it is, once: nothing else of the bot knows it by its name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.actions.action import Moves
from bot.actions.refunds.request import RefundRequest
from bot.actions.registry import ACTIONS, RUNNABLE
from handlers.forms import COMMANDS, DETAILS, FORMS

ROOT = Path(__file__).parent.parent
# The sandbox plays the platforms; released migrations keep their words for ever.
LEFT_OUT = (ROOT / "bot" / "sandbox", ROOT / "storage" / "migrations")


def modules() -> Iterator[Path]:
    for folder in ("bot", "handlers", "storage"):
        for path in (ROOT / folder).rglob("*.py"):
            if not any(path.is_relative_to(left_out) for left_out in LEFT_OUT):
                yield path


def strings_of(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


@pytest.fixture(scope="module")
def said() -> dict[Path, list[str]]:
    return {path: strings_of(path) for path in modules()}


@pytest.mark.parametrize("name", RUNNABLE)
def test_the_name_of_an_action_stands_in_its_own_module_alone(
    name: str, said: dict[Path, list[str]]
) -> None:
    found = [path for path, strings in said.items() for each in strings if each == name]

    assert [path.is_relative_to(ROOT / "bot" / "actions") for path in found] == [True]


def test_each_action_has_a_form_and_its_command() -> None:
    assert list(FORMS) == list(ACTIONS)
    for name, form in FORMS.items():
        assert form.action is ACTIONS[name]
        assert form.command.name == form.action.commands[0]
        assert COMMANDS[form.command.name].actions[0] in ACTIONS
    assert set(DETAILS) <= set(RUNNABLE)


def test_each_command_leads_to_its_own_actions_first() -> None:
    assert COMMANDS["/cancel-order"].actions == ("cancel_order", "cancel_and_refund")
    refunding = ("refund_order", "refund_items", "cancel_and_refund")
    assert COMMANDS["/refund-order"].actions == refunding
    assert COMMANDS["/discount-code"].actions == ("create_discount_code",)
    assert COMMANDS["/order"].actions == ()


@pytest.mark.parametrize("name", RUNNABLE)
def test_what_gives_money_back_is_a_refund(name: str) -> None:
    runnable = RUNNABLE[name]

    assert runnable.gives_back == issubclass(runnable.request_type, RefundRequest)
    assert runnable.moves_money == (runnable.gives_back or runnable.moves is Moves.AWAY)
