"""What a shop has configured: which actions, for whom, up to which amount, with which reasons.

The settings (`bot.config.settings`) say how the bot is installed; the configuration says how it is
used. Admins change it in App Home while the bot runs, and every change is kept
(`storage.configuration.history`). Amounts are in the store's default currency.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Amount = Annotated[Decimal, Field(gt=0, lt=10**9, decimal_places=2)]
Threshold = Annotated[Decimal, Field(ge=0, lt=10**9, decimal_places=2)]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=75)]
SlackId = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2,30}$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class People(_Part):
    """Some of the audit channel's members: everyone, or these persons and user groups."""

    everyone: bool = False
    user_ids: tuple[SlackId, ...] = ()
    group_ids: tuple[SlackId, ...] = ()


EVERYONE = People(everyone=True)
NOBODY = ""  # who "made" a change that a new release brings with it


class ActionRule(_Part):
    """What goes for one action.

    `always_approve`: a second person must agree, whatever it is worth. `reasons` None: those of the
    settings.
    """

    enabled: bool = True
    who: People = EVERYONE
    always_approve: bool = False
    reasons: Annotated[tuple[Reason, ...], Field(min_length=1, max_length=20)] | None = None


class Preset(_Part):
    """A discount that agents give often. `days` None: never expires; `uses` None: no limit."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=75)]
    type: Literal["percentage", "fixed"]
    value: Amount
    days: Annotated[int, Field(ge=1, le=3650)] | None = None
    uses: Annotated[int, Field(ge=1, le=1_000_000)] | None = None


# What each amount is called wherever it is set, shown, or named by a refusal.
AMOUNT_NAMES: Mapping[str, str] = {
    "approval_above": "Approval needed above",
    "limit": "Limit per request",
    "day_limit": "Daily limit per person",
    "hour_limit": "Hourly limit for the team",
    "most_worth": "Highest worth of a code",
}
PRESETS = tuple(
    Preset(
        name=f"{percent}% for {days} days, single use",
        type="percentage",
        value=Decimal(percent),
        days=days,
        uses=1,
    )
    for percent, days in ((10, 7), (15, 30))
)


class DiscountRules(_Part):
    """What agents may give away, and how codes are made. None: no cap.

    `ceiling` is what a percentage takes off one order at most unless an agent says otherwise.
    `most_worth` is the most that a code may be worth: what it takes off one order at most, times
    its uses. A code whose worth is not known counts as `unknown_counts_as`; None: it is above every
    threshold and every limit.
    `stacking` is what becomes of a code beside other promotions. `as_coupons`: codes are coupons,
    which people can edit in BigCommerce's control panel, but which have neither of the two.
    """

    prefix: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,20}$")] = "SORRY"
    presets: Annotated[tuple[Preset, ...], Field(max_length=20)] = PRESETS
    most_percent: Annotated[Decimal, Field(gt=0, le=100)] | None = None
    most_amount: Amount | None = None
    most_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    ceiling: Annotated[Decimal, Field(ge=1, lt=10**6, decimal_places=2)] | None = Decimal("50.00")
    most_worth: Amount | None = None
    unknown_counts_as: Amount | None = None
    stacking: Literal["together", "alone", "replaces"] = "together"
    as_coupons: bool = False


class Configuration(_Part):
    """All of it. Nothing can be done until `activated`; `rules` has every action by its name.

    Money is judged by what leaves, whatever the action: above `approval_above` a second person must
    agree, `limit` is the most that one request may come to, `day_limit` the most of one person in
    24 hours, `hour_limit` of everybody in 60 minutes. None: no such limit. `guests`: guests of the
    workspace may act, too.

    `refund_before_cancel`: an unpaid order (Pending, Awaiting Payment) whose money was taken may be
    refunded and cancelled from here; else it has to be refunded in BigCommerce first.
    `recorded_only` are who may make refunds that BigCommerce merely records, `store_credit` who may
    give it where an order was not paid with it: besides approvers and admins, who always may.
    """

    activated: bool = False
    rules: Mapping[str, ActionRule] = {}
    audit_channel: SlackId
    notifications: Literal["bigcommerce", "email"] = "bigcommerce"
    approvers: People = People()
    approval_hours: Annotated[int, Field(ge=1, le=168)] = 24
    approval_above: Threshold | None = None
    limit: Amount | None = None
    day_limit: Amount | None = None
    hour_limit: Amount | None = None
    guests: bool = False
    recorded_only: People = People()
    store_credit: People = EVERYONE
    restocking: bool = False
    refund_before_cancel: bool = False
    discount: DiscountRules = DiscountRules()

    def allows(self, action: str) -> bool:
        """Tell whether anybody may do this action now."""
        return self.activated and self.rule(action).enabled

    def switched_off(self, actions: Iterable[str]) -> frozenset[str]:
        """Return those of the actions that nobody may do now."""
        return frozenset(action for action in actions if not self.allows(action))

    def rule(self, action: str) -> ActionRule:
        """Return what goes for an action; the defaults where nothing was configured."""
        return self.rules.get(action) or ActionRule()
