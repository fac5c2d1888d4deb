"""Reading an answer: its JSON, its models, or the error that it is."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from bot.bigcommerce.http.errors import MissingScope, UnusableAnswer, WrongAnswer
from bot.bigcommerce.http.refusals import error_from
from bot.bigcommerce.http.scopes import scope_of
from bot.bigcommerce.http.transport import Answer, Call
from bot.bigcommerce.http.wire_json import loads

UNREADABLE = "BigCommerce's answer could not be read."
# 204 is the documented answer of some lists that are empty, and of what was deleted.
NO_CONTENT = 204

# What an answer holds has no place in an error text.
HIDDEN = ConfigDict(hide_input_in_errors=True)

M = TypeVar("M", bound=BaseModel)


def read_json(call: Call, answer: Answer) -> Any:
    """Return the JSON of a 2xx, None for 204. Raises the error that anything else is.

    To a read, nothing but 204 says that there is nothing: no empty body and no null.
    """
    if not 200 <= answer.status < 300:
        error = error_from(call.name, answer.status, answer.headers, answer.body)
        if isinstance(error, MissingScope) and (scope := scope_of(call.name)):
            error.reason = f"{error.reason} It needs the scope {scope}."
        raise error
    try:
        value = None if answer.status == NO_CONTENT else loads(answer.body)
    except ValueError as reading:
        raise UnusableAnswer(call.name, UNREADABLE, answer.status) from reading
    if value is None and answer.status != NO_CONTENT and call.method == "GET":
        raise UnusableAnswer(call.name, UNREADABLE, answer.status)
    return value


def data_of(call: Call, answer: Any) -> Any:
    """Return what V3 wraps in `data`."""
    if not isinstance(answer, dict) or "data" not in answer:
        raise UnusableAnswer(call.name, UNREADABLE)
    return answer["data"]


def read_model(model: type[M], call: Call, value: Any) -> M:
    """Return the value as the model. Raises UnusableAnswer: a write may have happened."""
    if not isinstance(value, dict):
        raise UnusableAnswer(call.name, UNREADABLE)
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise UnusableAnswer(call.name, _odd(error)) from error


def read_list(model: type[M], call: Call, values: Any) -> list[M]:
    """Return the values as models, each number once. Raises UnusableAnswer, also for no list.

    One entry that cannot be read spoils the list, and so do two of one number that differ: what
    is missing or doubled may be money.
    """
    try:
        return _list_of(model).validate_python(_distinct(call, rows_of(call, values)))
    except ValidationError as error:
        raise UnusableAnswer(call.name, _odd(error)) from error


def rows_of(call: Call, values: Any) -> list[dict[str, Any]]:
    """Return a list of objects as it came. Anything else must not pass for an empty one."""
    if not isinstance(values, list) or not all(isinstance(row, dict) for row in values):
        raise UnusableAnswer(call.name, UNREADABLE)
    return values


def hold_against(call: Call, value: Any, field: str, asked: Collection[int | str]) -> None:
    """Raise WrongAnswer when an object, or one of a list, names another than those asked for.

    Numbers may come as text ("1042"), and the case of letters does not count. Where the field is
    missing or null, nothing is said and nothing is compared.
    """
    wanted = {str(each).casefold() for each in asked}
    for row in value if isinstance(value, list) else [value]:
        told = row.get(field) if isinstance(row, dict) else None
        if told is not None and str(told).casefold() not in wanted:
            raise WrongAnswer(
                call.name,
                f"BigCommerce's answer is about something else than was asked for: its {field} is"
                " another one.",
            )


def _distinct(call: Call, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows without repetitions; those without a number are left as they are."""
    found: dict[str, dict[str, Any]] = {}
    kept = []
    for row in rows:
        number = str(row.get("id"))
        if row.get("id") is None or number not in found:
            found[number] = row
            kept.append(row)
        elif found[number] != row:
            raise UnusableAnswer(
                call.name, "BigCommerce's answer holds two different entries of one number."
            )
    return kept


def _odd(error: ValidationError) -> str:
    """Say which field is missing or odd: the first, by its name in the answer."""
    where = ".".join(str(step) for step in error.errors(include_url=False)[0]["loc"])
    return f"BigCommerce's answer could not be read: {where} is missing or odd."


@cache
def _list_of(model: type[M]) -> TypeAdapter[list[M]]:
    # Building one takes longer than reading a list with it.
    return TypeAdapter(list[model], config=HIDDEN)  # type: ignore[valid-type]  # a type known at run time
