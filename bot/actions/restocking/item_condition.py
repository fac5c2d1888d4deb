"""What becomes of the goods that a refund is about: back to stock, damaged or lost."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, Field, model_validator


class Condition(StrEnum):
    """Only what is fit for sale goes back to stock; the others are noted and change none."""

    BACK_TO_STOCK = "back_to_stock"
    DAMAGED = "damaged"
    LOST = "lost"


class RefundedItems(BaseModel, frozen=True):
    """So many pieces of a line, and what has become of them.

    `name` and `place` are for who reads the log. `place_id` is the inventory location for what goes
    back to stock, `on_hand` how many BigCommerce showed there when the agent was asked.
    """

    order_product_id: int
    quantity: int = Field(ge=1)
    condition: Condition
    name: str = ""
    place_id: int | None = None
    place: str = ""
    on_hand: int | None = None

    @model_validator(mode="after")
    def _needs_a_place(self) -> RefundedItems:
        if (self.condition is Condition.BACK_TO_STOCK) != (self.place_id is not None):
            raise ValueError("goods have a place if they go back to stock, and only then")
        return self
