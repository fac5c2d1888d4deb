"""The form of one action: whether it is on, for whom, up to what, and its reasons."""

from __future__ import annotations

from typing import Any

from bot.actions.registry import ACTIONS
from bot.config.configuration import ActionRule
from handlers.block_kit.builders import Block, input_block, option, radio, text_input
from handlers.settings.forms.editor import Editor, Present
from handlers.settings.forms.fields import Reading, people_fields, read_people, read_reasons

ON, OFF = "on", "off"
COMMON, ALWAYS = "common", "always"


def rule_editor(action: str) -> Editor:
    """Return the form of an action."""
    section = f"rules.{action}"

    async def build(present: Present) -> list[Block]:
        return _build(action, present)

    async def parse(present: Present, reading: Reading, confirmed: str) -> dict[str, Any]:
        return {section: _parse(action, present, reading)}

    return Editor(ACTIONS[action].title, (section,), build, parse)


def _build(action: str, present: Present) -> list[Block]:
    rule = present.configuration.rule(action)
    switch = radio(
        "enabled",
        [option("On", ON), option("Off: nobody is offered it, nobody can do it", OFF)],
        initial=ON if rule.enabled else OFF,
    )
    return [
        input_block("enabled", "This action is", switch),
        *people_fields("Who may use it", rule.who, present.wording),
        _approval(rule),
        _reasons(present, rule.reasons),
    ]


def _approval(rule: ActionRule) -> Block:
    ways = [
        option("Above the amount set under Approvals", COMMON),
        option("Always: a second person has to agree", ALWAYS),
    ]
    initial = ALWAYS if rule.always_approve else COMMON
    return input_block("approval", "Needs approval", radio("approval", ways, initial=initial))


def _reasons(present: Present, reasons: tuple[str, ...] | None) -> Block:
    usual = ", ".join(present.desk.configuration.usual_reasons)
    return input_block(
        "reasons",
        "Reasons to choose from, one on each line, in their order",
        text_input("reasons", initial="\n".join(reasons or ()), multiline=True, max_length=2000),
        hint=f"Empty: the usual ones ({usual}).",
        optional=True,
    )


def _parse(action: str, present: Present, reading: Reading) -> dict[str, Any]:
    before = present.configuration.rule(action)
    rule: dict[str, Any] = before.model_dump(mode="json")
    rule["enabled"] = reading.text("enabled") == ON
    rule["who"] = read_people(reading, before.who)
    rule["reasons"] = read_reasons(reading)
    rule["always_approve"] = reading.text("approval") == ALWAYS
    return rule
