"""What the form of a discount code knows of the store and of the shop's rules."""

from __future__ import annotations

from collections.abc import Mapping

from bot.bigcommerce.promotions import Stacking
from bot.config.configuration import Preset
from handlers.flow.form_context import FormContext


class Payable(FormContext):
    """A currency that customers can pay in; `rate` is what one of the default currency is in it."""

    code: str
    label: str
    rate: str


class CodeContext(FormContext):
    """As it was read when the form was opened.

    `currency` is the store's default one, `order_currency` the one that the form begins with;
    `channels` are storefronts by number and name; `categories`: they could be read. `prefix` and
    `code` are for the code that is made up. `unbounded` is a key of what goes for a code whose
    worth has no bound; `ceilings` are the usual ones by currency, plain decimals; `caps` says the
    caps in words, "" for none. `most_days` None: no cap. `expires`, and `expires_at` (ISO 8601)
    where it is a date, are what the form begins with.
    """

    currency: str
    order_currency: str
    currencies: tuple[Payable, ...] = ()
    channels: tuple[tuple[int, str], ...] = ()
    zone: str
    categories: bool
    presets: tuple[Preset, ...] = ()
    prefix: str
    code: str = ""
    as_coupons: bool = False
    stacking: Stacking = Stacking.TOGETHER
    unbounded: str = ""
    ceilings: Mapping[str, str] = {}
    caps: str = ""
    most_days: int | None = None
    expires: str
    expires_at: str = ""

    @property
    def usual_ceiling(self) -> str:
        """The shop's usual ceiling as the form offers it, "" for none."""
        return self.ceilings.get(self.order_currency, "")
