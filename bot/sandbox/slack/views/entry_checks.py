"""What Slack's client itself checks before it submits a modal; the app never hears of a failure."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from bot.sandbox.slack.errors import Json
from bot.sandbox.slack.views.view_state import State, value_of

REQUIRED = "Please complete this required field."


def client_errors(blocks: list[Json], state: State) -> dict[str, str]:
    """Return what stands in the way of submitting, by block id; only input blocks are checked."""
    errors: dict[str, str] = {}
    for block in blocks:
        if block.get("type") != "input":
            continue
        element = block["element"]
        problem = _problem(block, element, state[block["block_id"]][element["action_id"]])
        if problem:
            errors[block["block_id"]] = problem
    return errors


def _problem(block: Json, element: Json, entry: Json) -> str | None:
    value = value_of(entry)
    if value is None or value == []:
        return None if block.get("optional") else REQUIRED
    kind = element["type"]
    if kind == "plain_text_input":
        return _text_problem(element, value)
    if kind == "number_input":
        return _number_problem(element, value)
    if kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        return "Please enter a valid email address."
    if kind == "url_text_input" and not re.match(r"https?://\S+$", value):
        return "Please enter a valid URL."
    most = element.get("max_selected_items")
    if most is not None and isinstance(value, list) and len(value) > most:
        return f"Please choose no more than {most}."
    return None


def _text_problem(element: Json, value: str) -> str | None:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < least:
        return f"Please enter at least {least} characters."
    if len(value) > most:
        return f"Please enter no more than {most} characters."
    return None


def _number_problem(element: Json, value: str) -> str | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "Please enter a number."
    if not re.fullmatch(r"[-+]?\d*\.?\d*", value):
        return "Please enter a number."
    if not element.get("is_decimal_allowed") and number % 1:
        return "Please enter a whole number."
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and number < Decimal(least):
        return f"Please enter a number no less than {least}."
    if most is not None and number > Decimal(most):
        return f"Please enter a number no more than {most}."
    return None
