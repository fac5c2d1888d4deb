"""How fields are read: what each type takes, and what becomes of a field that cannot be read.

V2 writes money as strings, dates as RFC-2822, and null or "" where nothing is. Every type here
takes the forms that BigCommerce writes and nothing else, so that an odd value is noticed where it
is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Annotated, Any, ClassVar, Self, TypeVar

from pydantic import (
    AliasChoices,
    AliasPath,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ModelWrapValidatorHandler,
    ValidationError,
    model_validator,
)

# Larger ones would be no number of BigCommerce's, and could not be kept.
LARGEST_NUMBER = 2**53 - 1
LARGEST_AMOUNT = 10**15
MOST_DECIMALS = 30  # a V3 amount is written as a float, with its rounding error
YEARS = range(1970, 2200)
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?", re.ASCII)
CURRENCY_CODE = re.compile(r"[A-Z]{3}", re.ASCII)


def _decimal(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
        raise ValueError("not a number")
    if isinstance(value, str) and (len(value) > 60 or not NUMBER.fullmatch(value)):
        raise ValueError("not a number")
    if isinstance(value, int) and abs(value) > LARGEST_NUMBER:  # str() of a long one raises
        raise ValueError("out of range")
    number = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        raise ValueError("not a number")
    return number


def _amount(value: Any) -> Decimal:
    number = _decimal(value)
    if abs(number) > LARGEST_AMOUNT or -int(number.as_tuple().exponent) > MOST_DECIMALS:
        raise ValueError("out of range")
    return number


def _charge(value: Any) -> Decimal:
    amount = _amount(value)
    if amount < 0:
        raise ValueError("below zero")
    return amount


def read_whole(value: Any) -> int:
    """Return a whole number of at least 0; "7" and 7.0 are one. Raises ValueError."""
    number = _decimal(value)
    if not 0 <= number <= LARGEST_NUMBER or number != number.to_integral_value():
        raise ValueError("not a whole number")
    return int(number)


def _moment(value: Any) -> datetime:
    """V2 writes RFC-2822, V3 ISO-8601; one without a zone is UTC."""
    moment = value if isinstance(value, datetime) else _parsed(value)
    try:
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError as error:
        raise ValueError("out of range") from error
    if moment.year not in YEARS:
        raise ValueError("out of range")
    return moment


def _parsed(text: Any) -> datetime:
    if not isinstance(text, str) or len(text) > 60:
        raise ValueError("not a time")
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        raise ValueError("not a time") from error


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise ValueError("not a text")
    return str(value)


def _word(value: Any) -> str:
    if value is None:
        raise ValueError("nothing")
    return _text(value)


def _name(value: Any) -> str:
    if not (name := _word(value).strip()):
        raise ValueError("empty")
    return name


def _code(value: Any) -> str:
    if not isinstance(value, str) or not CURRENCY_CODE.fullmatch(value):
        raise ValueError("not a currency's code")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("neither true nor false")
    return value


def _many(value: Any) -> Any:
    # null and "" where the specification has a list.
    if value is None or value == "":
        return ()
    if not isinstance(value, (list, tuple)):
        raise ValueError("not a list")
    return value


def _listed(value: Any) -> Any:
    if not isinstance(value, (list, tuple)):
        raise ValueError("not a list")
    return value


def distinct_by(field: str) -> Callable[[Any], Any]:
    """Return what leaves out repeated entries of a list; it raises ValueError where two differ."""

    def distinct(value: Any) -> Any:
        if not isinstance(value, (list, tuple)):
            return value
        kept: dict[Any, Any] = {}
        for place, member in enumerate(value):
            key = member.get(field) if isinstance(member, dict) else None
            if kept.setdefault(place if key is None else str(key), member) != member:
                raise ValueError("two different entries of one number")
        return tuple(kept.values())

    return distinct


def _or_none(read: Any) -> Any:
    return lambda value: None if value is None or value == "" else read(value)


# Of these, null is no value: the store always tells them.
Id = Annotated[int, BeforeValidator(read_whole)]
Count = Annotated[int, BeforeValidator(read_whole)]
Amount = Annotated[Decimal, BeforeValidator(_amount)]
Charge = Annotated[Decimal, BeforeValidator(_charge)]  # at least 0
Moment = Annotated[datetime, BeforeValidator(_moment)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Word = Annotated[str, BeforeValidator(_word)]
Name = Annotated[str, BeforeValidator(_name)]  # not empty
CurrencyCode = Annotated[str, BeforeValidator(_code)]

# Of these, null (and "") says that there is nothing.
Text = Annotated[str, BeforeValidator(_text)]
MaybeCount = Annotated[int | None, BeforeValidator(_or_none(read_whole))]
CountOrZero = Annotated[
    int, BeforeValidator(lambda value: 0 if value is None else read_whole(value))
]
MaybeAmount = Annotated[Decimal | None, BeforeValidator(_or_none(_amount))]
MaybeMoment = Annotated[datetime | None, BeforeValidator(_or_none(_moment))]

T = TypeVar("T")
Many = Annotated[tuple[T, ...], BeforeValidator(_many)]
Listed = Annotated[tuple[T, ...], BeforeValidator(_listed)]  # null is no list


class Model(BaseModel):
    """The base of all models: frozen, unknown fields ignored, no values in validation errors."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Told(Model):
    """What BigCommerce tells of something. Only a field without a default is needed.

    One with a default decorates: where it cannot be read, or is null though the store always tells
    it, the default stands for it and its name there is in `unread`. So are those of `ALWAYS` that
    are left out.
    """

    ALWAYS: ClassVar[tuple[str, ...]] = ()

    unread: tuple[str, ...] = ()

    @model_validator(mode="wrap")
    @classmethod
    def _keep_what_is_readable(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if not isinstance(value, dict):
            return handler(value)
        unread = {name: None for name in cls.ALWAYS if not _is_there(cls, name, value)}
        try:
            return handler(_with_unread(value, unread))
        except ValidationError as error:
            for detail in error.errors(include_url=False, include_context=False):
                path = _decoration_at(cls, detail["loc"])
                if path is None:
                    raise
                value = _without(value, path)
                unread[".".join(path)] = None
            return handler(_with_unread(value, unread))


def _with_unread(value: dict[str, Any], unread: Mapping[str, None]) -> dict[str, Any]:
    return {**value, "unread": tuple(unread)} if unread else value


def _is_there(model: type[Model], name: str, value: Mapping[str, Any]) -> bool:
    return any(path[0] in value for path in _paths(name, model.model_fields[name].validation_alias))


def _paths(name: str, alias: str | AliasPath | AliasChoices | None) -> list[tuple[str, ...]]:
    """Return where a field is read from, as paths of keys."""
    choices = alias.choices if isinstance(alias, AliasChoices) else [alias or name]
    return [
        tuple(map(str, each.path)) if isinstance(each, AliasPath) else (each,) for each in choices
    ]


@cache
def _decorations(model: type[Model]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        path
        for name, field in model.model_fields.items()
        if not field.is_required()
        for path in _paths(name, field.validation_alias)
    )


def _decoration_at(model: type[Model], loc: tuple[int | str, ...]) -> tuple[str, ...] | None:
    return next((path for path in _decorations(model) if loc[: len(path)] == path), None)


def _without(value: Mapping[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    key, *rest = path
    if not rest:
        return {name: member for name, member in value.items() if name != key}
    inner = value.get(key)
    return {**value, key: _without(inner, tuple(rest)) if isinstance(inner, dict) else {}}
