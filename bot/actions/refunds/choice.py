"""What an agent chooses to give back: pieces, parts of the costs, an amount, and a deduction."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, model_validator

from bot.bigcommerce.refunds import ItemType
from bot.values.parsing import NotUnderstood, Reason, clean_reason

# `adjustments[].description` in the specification of orders (V3).
DEDUCTION_TEXT_LIMIT = 255

Amount = Annotated[Decimal, Field(gt=0, decimal_places=2)]


def _check_text(text: str) -> str:
    if not text:
        raise NotUnderstood("Say what is deducted, for example: Restocking fee.")
    if len(text) > DEDUCTION_TEXT_LIMIT:
        raise NotUnderstood(f"Keep the text within {DEDUCTION_TEXT_LIMIT} characters.")
    return text


class LineRefund(BaseModel, frozen=True):
    """So many pieces of the line with this order product id; `name` is for who reads the log.

    `wrapping` is how many pieces' gift wrapping is refunded, with the pieces or without them.
    """

    order_product_id: int
    quantity: int = Field(ge=0)
    reason: Reason
    name: str = ""
    wrapping: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _something(self) -> LineRefund:
        if not self.quantity and not self.wrapping:
            raise NotUnderstood("Choose a quantity.")
        return self


class CostRefund(BaseModel, frozen=True):
    """Some or all of a cost that is no line's. `amount` is meant as the order's prices are."""

    item_type: Literal[ItemType.SHIPPING, ItemType.HANDLING, ItemType.FEE]
    item_id: int
    amount: Amount
    reason: Reason
    name: str = ""

    @property
    def field(self) -> str:
        """The field that asks for it."""
        return cost_field(self.item_type, self.item_id)


class Goodwill(BaseModel, frozen=True):
    """An amount on the order as a whole, which BigCommerce books without tax."""

    amount: Amount
    reason: Reason


class Deduction(BaseModel, frozen=True):
    """What is kept of the lines' money, and what for."""

    amount: Amount
    text: Annotated[
        str,
        BeforeValidator(lambda text: clean_reason(text) if isinstance(text, str) else text),
        AfterValidator(_check_text),
    ]


def cost_field(item_type: str, item_id: int) -> str:
    """Return the name of the field that asks for a part of the costs."""
    return f"{item_type.lower()}_{item_id}"
