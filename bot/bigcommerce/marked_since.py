"""What came into being since a time or an id: the lists in which a request's marks are looked for.

Shapes: the specifications `orders.v2`, `orders.v3`, `marketing.v2` and `promotions.v3`.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import ValidationError

from bot.bigcommerce.coupons import CouponType
from bot.bigcommerce.http.answers import UNREADABLE, data_of
from bot.bigcommerce.http.calls import Resource
from bot.bigcommerce.http.errors import NoAnswer
from bot.bigcommerce.http.fields import Amount, Count, Many, Model, Moment, Text
from bot.bigcommerce.http.paging import V2_LIMIT, V3_LIMIT, endless, v2_pages
from bot.bigcommerce.http.transport import Call

CANCELLED = 5
# The first look reads every coupon of the store, and some make one for each reward or newsletter.
# While a list has no end nothing that rests on the log is sent, so no real store may come so far.
MOST_PAGES = 1000


class ListedItem(Model):
    """An item of a refund in the list."""

    reason: Text = ""


class ListedRefund(Model):
    """A refund in the list of all orders' refunds: whose it is, and its reasons."""

    id: int
    order_id: int
    created: Moment
    reason: Text = ""
    items: Many[ListedItem] = ()


class ListedOrder(Model):
    """An order in a list, with the staff's note."""

    id: int
    staff_notes: Text = ""


class ListedCode(Model):
    """A coupon, with its type and amount, or a promotion, with its rules, in a list."""

    id: int
    name: Text = ""
    type: Text = ""
    amount: Amount = Decimal(0)
    currency_code: Text = ""
    rules: Any = None
    max_uses: Count = 0

    @property
    def fixed_amount(self) -> Decimal:
        """What one use takes off at most, 0 where that is no amount of money."""
        if self.type == CouponType.FIXED_AMOUNT:
            return self.amount
        return max(_amounts(self.rules), default=Decimal(0))


T = TypeVar("T", bound=Model)


class Listings(Resource):
    """Each is read to the end: a list that ends too early would hide what was done."""

    async def refunds_since(self, at: datetime) -> list[ListedRefund]:
        """Return the refunds of all orders made since then (aware), oldest first."""
        found: list[ListedRefund] = []
        before: list[Any] = []
        for page in range(1, MOST_PAGES + 1):
            query = {"created:min": _text(at), "page": str(page), "limit": str(V2_LIMIT)}
            call = self._api.read("/v3/orders/payment_actions/refunds", query)
            rows = _rows(call, data_of(call, await self._api.fetch(call)))
            found += _readable(ListedRefund, call, rows)
            # The list's `meta` is documented as empty: a page that is not full is the last one.
            if len(rows) < V2_LIMIT:
                return found
            if rows == before:
                break
            before = rows
        raise endless(call)

    async def cancelled_since(self, at: datetime) -> list[ListedOrder]:
        """Return the orders that are cancelled and were changed since then; no archived ones."""
        query = {"min_date_modified": _text(at), "status_id": str(CANCELLED)}
        call = self._api.read("/v2/orders", query)
        return _readable(ListedOrder, call, await self._all(call))

    async def coupons_after(self, coupon_id: int) -> list[ListedCode]:
        """Return the coupons with a higher id, lowest first; those of promotions are left out."""
        query = {"min_id": str(coupon_id + 1), "exclude_type": "promotion"}
        call = self._api.read("/v2/coupons", query)
        return _readable(ListedCode, call, await self._all(call))

    async def promotions_after(self, promotion_id: int) -> list[ListedCode]:
        """Return the coupon promotions with a higher id, highest first."""
        found: list[ListedCode] = []
        before: list[Any] = []
        for page in range(1, MOST_PAGES + 1):
            query = {
                "redemption_type": "coupon",
                "sort": "id",
                "direction": "desc",
                "page": str(page),
                "limit": str(V3_LIMIT),
            }
            call = self._api.read("/v3/promotions", query)
            rows = _rows(call, data_of(call, await self._api.fetch(call)))
            read = _readable(ListedCode, call, rows)
            found += [row for row in read if row.id > promotion_id]
            ids = [row.id for row in read]
            # Whoever sorts otherwise is read to the end.
            is_past = ids == sorted(ids, reverse=True) and bool(ids) and ids[-1] <= promotion_id
            if is_past or len(rows) < V3_LIMIT:
                return found
            if rows == before:
                break
            before = rows
        raise endless(call)

    async def _all(self, call: Call) -> list[Any]:
        return await v2_pages(self._api, call, is_paged=True, most=MOST_PAGES)


def _amounts(rules: Any) -> list[Decimal]:
    """Return the amounts of money that a promotion's rules name, however deep."""
    if isinstance(rules, list):
        return [amount for each in rules for amount in _amounts(each)]
    if not isinstance(rules, dict):
        return []
    found = [amount for each in rules.values() for amount in _amounts(each)]
    for name in ("fixed_amount", "maximum_allowed_discount_amount"):
        with suppress(KeyError, ArithmeticError):
            found.append(Decimal(str(rules[name])))
    return found


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _rows(call: Call, found: Any) -> list[Any]:
    if not isinstance(found, list):
        raise NoAnswer(call.name, UNREADABLE)
    return found


def _readable(model: type[T], call: Call, rows: list[Any]) -> list[T]:
    """Return the rows as models; one that is odd may only be left out when it holds no mark."""
    found = []
    for row in rows:
        try:
            found.append(model.model_validate(row))
        except ValidationError as error:
            if "MG-" in str(row):
                raise NoAnswer(call.name, UNREADABLE) from error
    return found
