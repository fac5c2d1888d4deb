"""Refunds: what is asked for, BigCommerce's quote, and what was made of it (`orders.v3`)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, model_validator

from bot.bigcommerce.http.answers import data_of, hold_against, read_list, read_model, rows_of
from bot.bigcommerce.http.calls import Resource
from bot.bigcommerce.http.errors import NotFound
from bot.bigcommerce.http.fields import (
    Amount,
    Charge,
    Flag,
    Id,
    Listed,
    MaybeAmount,
    MaybeCount,
    Model,
    Moment,
    Name,
    Text,
    Word,
    distinct_by,
)
from bot.bigcommerce.http.paging import V2_LIMIT, endless
from bot.bigcommerce.http.wire_json import two_decimals
from bot.bigcommerce.orders import part_missing

ITEM_REASON_MAX = 1000
REASON_END = 100
# A bound for who looks: ten pages of refunds are no customer's.
MOST_PAGES = 10


class ItemType(StrEnum):
    """What a refund item gives back."""

    PRODUCT = "PRODUCT"
    GIFT_WRAPPING = "GIFT_WRAPPING"
    SHIPPING = "SHIPPING"
    HANDLING = "HANDLING"
    FEE = "FEE"
    ORDER = "ORDER"
    TAX = "TAX"


class RefundAdjustment(Model):
    """What is kept of an item's money: `amount` is below zero, at most two decimals."""

    amount: Decimal
    description: str


class RefundItem(Model):
    """One thing to give back: `quantity` for lines and wrapping, `amount` for the others.

    `amount` is in the order's transactional currency, at most two decimals. `adjustments` are for
    PRODUCT only.
    """

    item_type: ItemType
    item_id: int
    quantity: int | None = None
    amount: Decimal | None = None
    reason: str = ""
    adjustments: tuple[RefundAdjustment, ...] = ()


class RefundPayment(Model):
    """One tender of a refund; `offline` means that BigCommerce only records it."""

    provider_id: Name
    provider_description: Text = ""
    amount: Amount
    offline: Flag
    offline_provider: Flag = False
    offline_reason: Text = ""


def _each_once(methods: Any) -> Any:
    """Leave out a method that is offered a second time: there is nothing to choose between."""
    if not isinstance(methods, (list, tuple)):
        return methods
    return [each for place, each in enumerate(methods) if each not in methods[:place]]


class RefundQuote(Model):
    """`POST .../refund_quotes`. Each of `refund_methods` is one complete way to pay it back.

    `adjustment` below zero: more was asked for than is refundable, and the quote was clipped.
    """

    order_id: Id
    total_refund_amount: Charge
    total_refund_tax_amount: Amount = Decimal(0)
    order_level_refund_amount: Amount = Decimal(0)
    adjustment: Amount = Decimal(0)
    refund_methods: Annotated[Listed[Listed[RefundPayment]], BeforeValidator(_each_once)]


class RefundedItem(Model):
    """An item of a refund that was made. Only PRODUCT is sure to tell its quantity."""

    item_type: Word
    item_id: Id
    quantity: MaybeCount = None
    requested_amount: MaybeAmount = None
    reason: Text = ""

    @model_validator(mode="after")
    def _check_pieces(self) -> Self:
        # Without it the same pieces could be given back a second time.
        if self.item_type == ItemType.PRODUCT and self.quantity is None:
            raise ValueError("a PRODUCT without its quantity")
        return self


class RefundedPayment(Model):
    """A tender of a refund that was made; a decline shows here, some time after the 201."""

    provider_id: Text
    amount: Charge
    offline: Flag
    is_declined: Flag
    declined_message: Text = ""
    transaction_id: Text = ""


class Refund(Model):
    """`GET /v3/orders/{id}/payment_actions/refunds`. Made does not mean paid."""

    id: Id
    order_id: Id
    created: Moment
    reason: Text = ""
    total_amount: Charge
    items: Listed[RefundedItem]
    payments: Annotated[Listed[RefundedPayment], BeforeValidator(distinct_by("id"))]

    @property
    def is_declined(self) -> bool:
        """Whether every tender was declined, so that no money came back."""
        return bool(self.payments) and all(payment.is_declined for payment in self.payments)


class Refunds(Resource):
    """Refunds of orders. What belongs to another order than the one asked for is WrongAnswer."""

    async def of_order(self, order_id: int) -> list[Refund]:
        """Return the refunds made so far, oldest first; made does not mean paid."""
        call = self._api.read(f"/v3/orders/{order_id}/payment_actions/refunds")
        try:
            rows = data_of(call, await self._api.fetch(call))
        except NotFound as missing:
            raise await part_missing(self._api, call, order_id) from missing
        hold_against(call, rows, "order_id", [order_id])
        return read_list(Refund, call, rows)

    async def of_orders(self, order_ids: Sequence[int]) -> list[Refund]:
        """Return the refunds of these orders, oldest first; made does not mean paid."""
        if not order_ids:
            return []
        path = "/v3/orders/payment_actions/refunds"
        rows: list[Any] = []
        for page in range(1, MOST_PAGES + 1):
            ids = ",".join(map(str, order_ids))
            query = {"order_id:in": ids, "page": str(page), "limit": str(V2_LIMIT)}
            call = self._api.read(path, query)
            found = rows_of(call, data_of(call, await self._api.fetch(call)))
            rows += found
            # The list's `meta` is documented as empty: a page that is not full is the last one.
            if len(found) < V2_LIMIT:
                break
        else:
            raise endless(call)
        hold_against(call, rows, "order_id", order_ids)
        return read_list(Refund, call, rows)

    async def quote(self, order_id: int, items: Sequence[RefundItem]) -> RefundQuote:
        """Let BigCommerce calculate the refund; changes nothing and may be repeated."""
        path = f"/v3/orders/{order_id}/payment_actions/refund_quotes"
        call = self._api.write("POST", path, quote_body(items), repeatable=True)
        quote = data_of(call, await self._api.fetch(call))
        hold_against(call, quote, "order_id", [order_id])
        return read_model(RefundQuote, call, quote)

    async def create(
        self,
        order_id: int,
        items: Sequence[RefundItem],
        payments: Sequence[RefundPayment],
        *,
        reason: str,
    ) -> Refund:
        """Refund; sent once. After NoAnswer look for `reason` among the refunds, never repeat.

        `payments` is one whole method of a fresh quote. The money moves later, if it does.
        """
        path = f"/v3/orders/{order_id}/payment_actions/refunds"
        call = self._api.write("POST", path, refund_body(items, payments, reason))
        refund = data_of(call, await self._api.fetch(call))
        hold_against(call, refund, "order_id", [order_id])
        return read_model(Refund, call, refund)


def quote_body(items: Sequence[RefundItem]) -> dict[str, Any]:
    """What to refund, without reasons: a quote does not need them."""
    return {"items": [_item(item) for item in items]}


def refund_body(
    items: Sequence[RefundItem], payments: Sequence[RefundPayment], reason: str
) -> dict[str, Any]:
    """The refund with its reason at the top and on every item.

    Which of the two comes back when refunds are listed is not documented, so both are sent. An
    item's own reason goes before the general one.
    """
    return {
        "items": [_item(item) | {"reason": _fitting(item.reason or reason)} for item in items],
        "payments": [
            {
                "provider_id": payment.provider_id,
                "amount": two_decimals(payment.amount),
                "offline": payment.offline,
            }
            for payment in payments
        ],
        "reason": reason,
    }


def _item(item: RefundItem) -> dict[str, Any]:
    body: dict[str, Any] = {"item_type": item.item_type.value, "item_id": item.item_id}
    if item.quantity is not None:
        body["quantity"] = item.quantity
    if item.amount is not None:
        body["amount"] = two_decimals(item.amount)
    if item.adjustments:
        body["adjustments"] = [
            {"amount": two_decimals(each.amount), "description": each.description}
            for each in item.adjustments
        ]
    return body


def _fitting(reason: str) -> str:
    """Return a reason that fits; of a longer one the middle goes, for a mark stands at the end."""
    if len(reason) <= ITEM_REASON_MAX:
        return reason
    return f"{reason[: ITEM_REASON_MAX - REASON_END - 1]}…{reason[-REASON_END:]}"
