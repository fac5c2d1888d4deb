"""The rules of Block Kit's elements: buttons, selects, inputs."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.sandbox.slack.blocks.facts import (
    BLOCK_ELEMENTS,
    ELEMENT_FIELDS,
    ELEMENT_OPTIONS,
    ELEMENT_SURFACES,
    MAX_ID,
    SLACKS_SELECTS,
    STYLES,
)
from bot.sandbox.slack.blocks.objects import (
    PLAIN,
    check_choices,
    check_confirm,
    check_text,
    check_text_object,
)
from bot.sandbox.slack.blocks.problems import Problems
from bot.sandbox.slack.blocks.selects import check_external_select, check_most, check_own_select
from bot.sandbox.slack.errors import Json

MAX_INPUT = 3000
TRIGGERS = frozenset({"on_enter_pressed", "on_character_entered"})


def check_element(problems: Problems, element: Any, block: str, surface: str, at: str) -> None:
    """Check one element of a `block` on a `surface`."""
    if not isinstance(element, dict):
        problems.add("must provide an object", at)
        return
    kind = str(element.get("type"))
    if kind not in BLOCK_ELEMENTS[block]:
        problems.add(f"unsupported type: {kind}", f"{at}/type")
        return
    if surface not in ELEMENT_SURFACES.get(kind, {surface}):
        problems.add(f"{kind} is not supported in a {surface}", f"{at}/type")
    if kind in {"plain_text", "mrkdwn"}:
        check_text_object(problems, element, at, most=2000)
        return
    if kind == "image":
        problems.string(element, "image_url", at, most=3000)
        problems.string(element, "alt_text", at, most=2000, needed=True)
        return
    _check_interactive(problems, element, kind, at)


def _check_interactive(problems: Problems, element: Json, kind: str, at: str) -> None:
    if kind in ELEMENT_FIELDS:
        problems.fields(element, ELEMENT_FIELDS[kind] | {"type"}, at)
    problems.string(element, "action_id", at, most=MAX_ID, least=1)
    problems.flag(element, "focus_on_load", at)
    check_text(problems, element, "placeholder", at, most=150, kinds=PLAIN)
    check_confirm(problems, element, at)
    if kind in ELEMENT_OPTIONS:
        check_choices(problems, element, at)
    check = _SPECIAL.get(kind)
    if check is not None:
        check(problems, element, at)


def _check_button(problems: Problems, element: Json, at: str) -> None:
    check_text(problems, element, "text", at, most=75, kinds=PLAIN, needed=True)
    problems.string(element, "value", at, most=2000)
    problems.string(element, "url", at, most=3000)
    problems.string(element, "accessibility_label", at, most=75)
    problems.one_of(element, "style", STYLES, at)


def _check_text_input(problems: Problems, element: Json, at: str) -> None:
    initial = problems.string(element, "initial_value", at, most=MAX_INPUT)
    least = _length(problems, element, "min_length", at, lowest=0)
    most = _length(problems, element, "max_length", at, lowest=1)
    if least is not None and most is not None and least > most:
        problems.add("min_length must not be more than max_length", f"{at}/min_length")
    if initial is not None and most is not None and len(initial) > most:
        problems.add("initial_value is longer than max_length", f"{at}/initial_value")
    _check_dispatch(problems, element, at)


def _length(problems: Problems, element: Json, name: str, at: str, lowest: int) -> int | None:
    value = element.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= MAX_INPUT:
        problems.add(f"must be an integer from {lowest} to {MAX_INPUT}", f"{at}/{name}")
        return None
    return value


def _check_number_input(problems: Problems, element: Json, at: str) -> None:
    problems.flag(element, "is_decimal_allowed", at, needed=True)
    least = _number(problems, element, "min_value", at)
    most = _number(problems, element, "max_value", at)
    initial = _number(problems, element, "initial_value", at)
    if least is not None and most is not None and least > most:
        problems.add("min_value must not be more than max_value", f"{at}/min_value")
    if initial is not None and (
        (least is not None and initial < least) or (most is not None and initial > most)
    ):
        problems.add("initial_value is outside of its limits", f"{at}/initial_value")
    _check_dispatch(problems, element, at)


def _number(problems: Problems, element: Json, name: str, at: str) -> Decimal | None:
    text = problems.string(element, name, at, most=MAX_INPUT)
    if text is None:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        problems.add("must be a number", f"{at}/{name}")
        return None
    if element.get("is_decimal_allowed") is False and number % 1:
        problems.add("must be a whole number", f"{at}/{name}")
    return number


def _check_plain_value(problems: Problems, element: Json, at: str) -> None:
    problems.string(element, "initial_value", at, most=MAX_INPUT)
    _check_dispatch(problems, element, at)


def _check_dispatch(problems: Problems, element: Json, at: str) -> None:
    config = element.get("dispatch_action_config")
    if config is None:
        return
    triggers = config.get("trigger_actions_on") if isinstance(config, dict) else None
    known = isinstance(triggers, list) and all(trigger in list(TRIGGERS) for trigger in triggers)
    if not known or not triggers:
        problems.add("unsupported trigger_actions_on", f"{at}/dispatch_action_config")


def _check_datepicker(problems: Problems, element: Json, at: str) -> None:
    value = problems.string(element, "initial_date", at, most=10)
    if value is not None and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        problems.add("must be a date as YYYY-MM-DD", f"{at}/initial_date")


_SPECIAL: dict[str, Callable[[Problems, Json, str], None]] = {
    "button": _check_button,
    "plain_text_input": _check_text_input,
    "number_input": _check_number_input,
    "email_text_input": _check_plain_value,
    "url_text_input": _check_plain_value,
    "external_select": check_external_select,
    "multi_external_select": check_external_select,
    "multi_static_select": check_most,
    **dict.fromkeys(SLACKS_SELECTS, check_own_select),
    "datepicker": _check_datepicker,
}
