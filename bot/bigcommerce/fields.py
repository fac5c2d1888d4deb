"""How fields are read: V2 writes money as strings and null or "" where nothing is."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict


def _decimal(value: Any) -> Any:
    return "0" if value in (None, "") else str(value)


def _decimal_or_none(value: Any) -> Any:
    return None if value in (None, "") else str(value)


def _moment(value: Any) -> datetime:
    """V2 writes RFC-2822, V3 ISO-8601; one without a zone is UTC."""
    try:
        moment = value if isinstance(value, datetime) else _parsed(str(value))
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError as error:
        raise ValueError("out of range") from error


def _parsed(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return parsedate_to_datetime(text)


Text = Annotated[str, BeforeValidator(lambda value: "" if value is None else str(value))]
Amount = Annotated[Decimal, BeforeValidator(_decimal)]
MaybeAmount = Annotated[Decimal | None, BeforeValidator(_decimal_or_none)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
MaybeMoment = Annotated[datetime | None, BeforeValidator(lambda v: _moment(v) if v else None)]
Count = Annotated[int, BeforeValidator(lambda value: 0 if value in (None, "") else value)]
Flag = Annotated[bool, BeforeValidator(lambda value: False if value is None else value)]

T = TypeVar("T")
# null and "" where the specification has a list.
Many = Annotated[
    tuple[T, ...],
    BeforeValidator(lambda value: value if isinstance(value, (list, tuple)) else ()),
]


class Model(BaseModel):
    """The base of all models: frozen, unknown fields ignored, no values in validation errors."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)
