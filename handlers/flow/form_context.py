"""What a form has to know while it is open, as its draft keeps it: typed, and parsed once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from bot.actions.rules.customer import NOBODY, CustomerKeys
from bot.actions.rules.given_back import GivenBack


class FormContext(BaseModel):
    """A part of a draft's context. Parts lie side by side, so each reads what is its own."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    @classmethod
    def of(cls, context: Mapping[str, Any]) -> Self:
        """Return this part of a draft's context."""
        return cls.model_validate(context)

    def saved(self) -> dict[str, Any]:
        """Return it as plain JSON, for the draft."""
        return self.model_dump(mode="json")


class Shop(FormContext):
    """What limits need of the store, read with the form: its default currency."""

    currency: str


class OpenedForm(FormContext):
    """What every form knows, whatever it asks for.

    `shop` None: a release before 0.2 opened it. `whom` and `given_back` are the order's customer
    and refunds when it was opened; `will_ask` the amount of which it was known then that it needs
    approval. `approval`, mrkdwn, is said in the review, "" where nobody has to agree; `customer`
    is what a second person is shown. `drawn` counts the drawings.
    """

    reasons: tuple[str, ...] = ()
    shop: Shop | None = None
    whom: CustomerKeys = NOBODY
    given_back: GivenBack | None = None
    will_ask: str = ""
    approval: str = ""
    customer: tuple[str, ...] = ()
    drawn: int = 0
