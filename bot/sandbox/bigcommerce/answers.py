"""How the store answers: V2 and V3 bodies, errors in their documented shapes, paging."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from email.utils import format_datetime
from math import ceil
from typing import Any, TypeVar

from aiohttp import web

from bot.sandbox.bigcommerce.faults import Fault

STATUS_CODES_PAGE = "https://developer.bigcommerce.com/api-docs/getting-started/api-status-codes"
LARGEST_PAGE = 250
MISREAD = web.RequestKey("misread", Fault)
T = TypeVar("T")


class StoreError(Exception):
    """The store says no: which status, in which words.

    `errors` names the fields (V3). `in_data` puts the error inside `data`, as refunds do, and
    `in_errors` into a list `errors`, as promotions do. A gateway error has the V3 shape on V2 paths
    too.
    """

    def __init__(
        self,
        status: int,
        title: str,
        *,
        errors: Mapping[str, str] | None = None,
        in_data: bool = False,
        in_errors: bool = False,
        gateway: bool = False,
    ) -> None:
        super().__init__(f"{status}: {title}")
        self.status = status
        self.title = title
        self.errors = errors
        self.in_data = in_data
        self.in_errors = in_errors
        self.gateway = gateway


def refused(refusal: StoreError, version: str) -> web.Response:
    """Write a refusal in the shape of its API version."""
    if version == "v2" and not refusal.gateway:
        return answer([{"status": refusal.status, "message": refusal.title}], refusal.status)
    if refusal.in_errors:
        error = {"status": refusal.status, "title": refusal.title}
        return answer({"errors": [error]}, refusal.status)
    body: dict[str, Any] = {
        "status": refusal.status,
        "title": refusal.title,
        "type": STATUS_CODES_PAGE,
    }
    if refusal.in_data:
        return answer({"data": [body]}, refusal.status)
    if refusal.errors is not None:
        body["errors"] = dict(refusal.errors)
    return answer(body, refusal.status)


def answer(body: Any, status: int = 200) -> web.Response:
    """Answer with JSON."""
    return web.json_response(body, status=status)


def v2_list(rows: Sequence[Any]) -> web.Response:
    """Answer a V2 list: an array, or 204 without a body when there is nothing."""
    return answer(list(rows)) if rows else web.Response(status=204)


def v3(data: Any, status: int = 200, meta: Mapping[str, Any] | None = None) -> web.Response:
    """Answer with V3's envelope."""
    return answer({"data": data, "meta": dict(meta or {})}, status)


def v3_list(request: web.Request, rows: Sequence[Any], *, cursors: bool = False) -> web.Response:
    """Answer one page of a V3 list with its pagination; an empty list is `data: []`.

    `cursors` adds the other kind of paging, which only some resources have. It is only told: here
    nothing can be asked for by a cursor.
    """
    page, limit = paging(request)
    chosen = page_of(request, rows)
    pages = ceil(len(rows) / limit)
    links = {"current": f"?page={page}&limit={limit}"}
    if page > 1:
        links["previous"] = f"?page={page - 1}&limit={limit}"
    if page < pages:
        links["next"] = f"?page={page + 1}&limit={limit}"
    pagination = {
        "total": len(rows),
        "count": len(chosen),
        "per_page": limit,
        "current_page": page,
        "total_pages": pages,
        "links": links,
    }
    meta: dict[str, Any] = {"pagination": pagination}
    if cursors:
        meta["cursor_pagination"] = {
            "count": len(chosen),
            "per_page": limit,
            "start_cursor": _cursor(page, 0),
            "end_cursor": _cursor(page, len(chosen)),
            "links": {},
        }
    return v3(chosen, meta=meta)


def _cursor(page: int, row: int) -> str:
    return urlsafe_b64encode(f"{page}:{row}".encode()).decode()


def v2_page(request: web.Request, rows: Sequence[Any]) -> web.Response:
    """Answer one page of a V2 list."""
    return v2_list(page_of(request, rows))


def page_of(request: web.Request, rows: Sequence[T]) -> Sequence[T]:
    """Return the rows of the page that is asked for."""
    page, limit = paging(request)
    return rows[(page - 1) * limit : page * limit]


def paging(request: web.Request) -> tuple[int, int]:
    """Read `page` and `limit`: 1 and 50 when left out, at most 250 a page."""
    page = number(request, "page", 1)
    limit = number(request, "limit", 50)
    if page < 1 or limit < 1:
        raise StoreError(400, "The page and limit must be positive.")
    if limit > LARGEST_PAGE:
        raise StoreError(413, f"The limit must not be above {LARGEST_PAGE}.")
    return page, limit


def number(request: web.Request, field: str, default: int) -> int:
    """Read a whole number from the query."""
    value: int = parsed(field, request.query.get(field, str(default)), int)
    return value


def parsed(field: str, text: str, parse: Callable[[str], Any]) -> Any:
    """Parse a query value or refuse the field."""
    try:
        return parse(text)
    except (ValueError, ArithmeticError) as exc:
        raise StoreError(400, f"The field '{field}' is invalid.") from exc


def known_query(request: web.Request, known: Iterable[str]) -> None:
    """Refuse query fields that a V2 resource does not know; it never ignores them."""
    for field in request.query:
        if field not in {*known, "page", "limit"}:
            raise StoreError(400, f"The field '{field}' is not supported by this resource.")


def unknown_filter(name: str) -> StoreError:
    """Return the refusal of a V3 filter; how BigCommerce words it is not documented."""
    return StoreError(422, f"The filter '{name}' is not valid.", errors={name: "invalid"})


async def json_body(request: web.Request) -> Any:
    """Read a JSON body with exact decimals; a fault may see to it that it is misread."""
    try:
        body = json.loads(await request.text(), parse_float=Decimal)
    except ValueError as exc:
        raise StoreError(400, "The request body is not valid JSON.") from exc
    fault = request.get(MISREAD)
    return body if fault is None else fault.applied(body)


async def json_object(request: web.Request) -> dict[str, Any]:
    """Read a JSON object."""
    body = await json_body(request)
    if not isinstance(body, dict):
        raise StoreError(400, "The request body must be a JSON object.")
    return body


def v2_money(amount: Decimal) -> str:
    """Write money as V2 does: a string with four decimals."""
    return f"{amount:.4f}"


def v2_date(at: datetime | None) -> str:
    """Write a time as V2 does: RFC 2822 in UTC, "" for never."""
    return "" if at is None else format_datetime(at)


def v3_date(at: datetime) -> str:
    """Write a time as V3 does: ISO 8601 to the second."""
    return at.isoformat(timespec="seconds")
