"""Refunds: what is asked for, BigCommerce's quote, and what was made of it (`orders.v3`)."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, model_validator

from bot.bigcommerce.fields import (
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
    total_tax: MaybeAmount = None
    items: Listed[RefundedItem]
    payments: Annotated[Listed[RefundedPayment], BeforeValidator(distinct_by("id"))]

    @property
    def is_declined(self) -> bool:
        """Whether every tender was declined, so that no money came back."""
        return bool(self.payments) and all(payment.is_declined for payment in self.payments)
