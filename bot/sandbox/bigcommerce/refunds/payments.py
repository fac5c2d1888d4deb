"""The records of money: tenders, refunds, transactions, and what gateways were asked for."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, Field

ZERO = Decimal("0.00")
# external: paid to a marketplace, which alone can give it back
TenderKind = Literal["online", "offline", "store_credit", "gift_certificate", "external"]


class Tender(BaseModel):
    """One means of payment and how much of the order it paid."""

    provider_id: str
    description: str
    amount: Decimal
    kind: TenderKind = "online"
    method: str = "credit_card"
    refunds_in_part: bool = True


class RefundItem(BaseModel):
    """One thing given back: `quantity` for pieces, `amount` for the rest."""

    item_type: str
    item_id: int
    quantity: int | None = None
    amount: Decimal | None = None
    reason: str = ""
    adjustments: list[Decimal] = Field(default_factory=list)
    adjustment_notes: list[str] = Field(default_factory=list)


class RefundPayment(BaseModel):
    """One tender of a refund; `transaction_id` is promised before the transaction exists."""

    id: int
    provider_id: str
    amount: Decimal
    offline: bool
    transaction_id: int
    is_declined: bool = False
    declined_message: str = ""


class Refund(BaseModel):
    """A refund; `settled` once the gateway has answered, with yes or no, for every tender."""

    id: int
    order_id: int
    created_at: datetime
    reason: str
    total: Decimal
    tax: Decimal
    items: list[RefundItem]
    payments: list[RefundPayment]
    settled: bool = False
    settles_at: datetime
    will_decline: list[str] = Field(default_factory=list)

    @property
    def declined(self) -> bool:
        """Whether no tender at all gave its money back."""
        return all(payment.is_declined for payment in self.payments)

    @property
    def given_back(self) -> Decimal:
        """What was, or is about to be, given back."""
        return sum((p.amount for p in self.payments if not p.is_declined), ZERO)


class Transaction(BaseModel):
    """What a gateway did."""

    id: int
    order_id: int
    event: str
    method: str
    amount: Decimal
    currency: str
    gateway: str
    created_at: datetime
    ok: bool = True
    reference_id: int | None = None


class VoidJob(BaseModel):
    """A void that is scheduled."""

    due_at: datetime
    will_fail: bool = False
