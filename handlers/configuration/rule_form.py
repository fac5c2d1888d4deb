"""The form of one action: whether it is on, for whom, up to what, and its reasons."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bot.actions import ACTIONS
from bot.configuration import ActionRule
from handlers.blocks import Block, input_block, option, radio, text_input
from handlers.configuration.editor import Editor, Present
from handlers.configuration.fields import (
    Reading,
    amount_field,
    people_fields,
    read_people,
    read_reasons,
)
from handlers.configuration.wording import Wording
from handlers.configuration.words import WITHOUT_AMOUNT

ON, OFF = "on", "off"
NEVER, ALWAYS = "never", "always"
NEVER_REACHED = "No request gets that far: the most for one request is lower or the same."


def rule_editor(action: str) -> Editor:
    """Return the form of an action."""
    section = f"rules.{action}"

    async def build(present: Present) -> list[Block]:
        return _build(action, present)

    async def parse(present: Present, reading: Reading, confirmed: str) -> dict[str, Any]:
        return {section: _parse(action, present, reading)}

    return Editor(ACTIONS[action].title, (section,), build, parse)


def _build(action: str, present: Present) -> list[Block]:
    rule, wording = present.configuration.rule(action), present.wording
    switch = radio(
        "enabled",
        [option("On", ON), option("Off: nobody is offered it, nobody can do it", OFF)],
        initial=ON if rule.enabled else OFF,
    )
    blocks = [
        input_block("enabled", "This action is", switch),
        *people_fields("Who may use it", rule.who, wording),
    ]
    blocks += _approval_only(rule) if action in WITHOUT_AMOUNT else _amounts(rule, wording)
    return [*blocks, _reasons(present, rule.reasons)]


def _approval_only(rule: ActionRule) -> list[Block]:
    ways = [option("No", NEVER), option("Yes: a second person has to agree", ALWAYS)]
    initial = NEVER if rule.approval_above is None else ALWAYS
    return [input_block("approval", "Needs approval", radio("approval", ways, initial=initial))]


def _amounts(rule: ActionRule, wording: Wording) -> list[Block]:
    return [
        amount_field(
            "limit",
            "Most for one request",
            rule.limit,
            wording,
            hint="Nobody can give back or away more at once. Empty: no limit.",
        ),
        amount_field(
            "approval_above",
            "Needs approval above",
            rule.approval_above,
            wording,
            hint="Then a second person has to agree. 0: always. Empty: never.",
        ),
    ]


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
    if action in WITHOUT_AMOUNT:
        rule["approval_above"] = "0" if reading.text("approval") == ALWAYS else None
    else:
        rule["limit"] = reading.amount("limit")
        rule["approval_above"] = reading.threshold("approval_above")
        limit, above = rule["limit"], rule["approval_above"]
        if limit is not None and above is not None and Decimal(above) >= Decimal(limit):
            reading.errors["approval_above"] = NEVER_REACHED
    return rule
