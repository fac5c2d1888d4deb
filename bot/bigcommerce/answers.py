"""Reading an answer: its JSON, its models, or the error that it is."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from bot.bigcommerce.errors import MissingScope, NoAnswer
from bot.bigcommerce.refusals import error_from
from bot.bigcommerce.scopes import scope_of
from bot.bigcommerce.transport import Answer, Call
from bot.bigcommerce.wire import loads

UNREADABLE = "BigCommerce's answer could not be read."

M = TypeVar("M", bound=BaseModel)


def read_json(call: Call, answer: Answer) -> Any:
    """Return the JSON of a 2xx, None when it is empty. Raises the error that anything else is."""
    if not 200 <= answer.status < 300:
        error = error_from(call.name, answer.status, answer.headers, answer.body)
        if isinstance(error, MissingScope) and (scope := scope_of(call.name)):
            error.reason = f"{error.reason} It needs the scope {scope}."
        raise error
    try:
        return loads(answer.body)
    except ValueError as reading:
        raise NoAnswer(call.name, UNREADABLE, answer.status) from reading


def data_of(call: Call, answer: Any) -> Any:
    """Return what V3 wraps in `data`."""
    if not isinstance(answer, dict) or "data" not in answer:
        raise NoAnswer(call.name, UNREADABLE)
    return answer["data"]


def read_model(model: type[M], call: Call, value: Any) -> M:
    """Return the value as the model. Raises NoAnswer: whatever was asked for may have happened."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise NoAnswer(call.name, UNREADABLE) from error


def read_list(model: type[M], call: Call, values: Any) -> list[M]:
    """Return the values as models; null is an empty list."""
    try:
        return _list_of(model).validate_python(values or [])
    except ValidationError as error:
        raise NoAnswer(call.name, UNREADABLE) from error


@cache
def _list_of(model: type[M]) -> TypeAdapter[list[M]]:
    # Building one takes longer than reading a list with it.
    return TypeAdapter(list[model])  # type: ignore[valid-type]  # a type known at run time
