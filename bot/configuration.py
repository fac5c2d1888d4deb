"""What a shop has configured: which actions, for whom, up to which amount, with which reasons.

The settings (`bot.settings`) say how the bot is installed; the configuration says how it is used.
Admins change it in App Home while the bot runs, and every change is kept (`storage.configuration`).
Amounts are in the store's default currency.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bot.lifted_limits import COMMON, lifted
from storage.configuration import ConfigurationChange, ConfigurationLog

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


class LiveConfiguration:
    """The configuration as it is at this moment: what admins changed, over the defaults.

    A section is a field of Configuration, or `rules.<action>`. `usual_reasons` are the settings'.
    """

    def __init__(
        self, log: ConfigurationLog, defaults: Configuration, reasons: tuple[str, ...]
    ) -> None:
        self._log = log
        self._defaults = defaults
        self.usual_reasons = reasons

    def current(self) -> Configuration:
        """Return the configuration; pydantic's ValidationError when what is kept is damaged."""
        plain = self._defaults.model_dump(mode="json")
        return Configuration.model_validate(_with_sections(plain, lifted(self._log.latest())))

    def reasons_for(self, action: str) -> tuple[str, ...]:
        """Return the reasons to choose from for an action, in their order."""
        return self.current().rule(action).reasons or self.usual_reasons

    def change(self, section: str, value: Any, *, team_id: str, actor_id: str) -> bool:
        """Keep a change, checked as a whole; False when it changes nothing.

        `value` is a part's model or a plain value. Raises pydantic's ValidationError.
        """
        return bool(self.change_all({section: value}, team_id=team_id, actor_id=actor_id))

    def change_all(
        self, values: Mapping[str, Any], *, team_id: str, actor_id: str
    ) -> tuple[ConfigurationChange, ...]:
        """Keep changes of several sections, all or none; return those that change something.

        Raises pydantic's ValidationError, having kept nothing.
        """
        present = self.current().model_dump(mode="json")
        checked = Configuration.model_validate(_with_sections(present, values))
        changes = [
            (section, before, after)
            for section in values
            if (before := self._section(section)) != (after := _section(checked, section))
        ]
        if changes:
            self._keep_lifted()
        return tuple(self._log.change_all(changes, team_id=team_id, actor_id=actor_id))

    def history(self, limit: int = 20) -> list[ConfigurationChange]:
        """Return the latest changes, newest first."""
        return self._log.history(limit)

    def mark(self, sections: Sequence[str]) -> str:
        """Return a mark of what these sections are now: it differs when one of them has changed."""
        shown = json.dumps([self._section(section) for section in sections], sort_keys=True)
        return hashlib.sha256(shown.encode()).hexdigest()[:16]

    def _keep_lifted(self) -> None:
        """Keep what was lifted from an action's rule before that rule is replaced."""
        latest = self._log.latest()
        amounts = lifted(latest)
        new = [(name, None, amounts[name]) for name in COMMON if name in amounts.keys() - latest]
        self._log.change_all(new, team_id="", actor_id=NOBODY)

    def _section(self, section: str) -> Any:
        return _section(self.current(), section)


def _section(configuration: Configuration, section: str) -> Any:
    """Return a section's plain value."""
    name, _, action = section.partition(".")
    if action:
        return configuration.rule(action).model_dump(mode="json")
    return configuration.model_dump(mode="json")[name]


def _with_sections(plain: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a configuration's plain values with some sections changed."""
    changed = {**plain, "rules": dict(plain["rules"])}
    for section, value in values.items():
        after = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
        name, _, action = section.partition(".")
        if action:
            changed["rules"][action] = after
        else:
            changed[name] = after
    return changed
