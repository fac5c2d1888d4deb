"""What a shop has configured: which actions, for whom, up to which amount, with which reasons.

The settings (`bot.settings`) say how the bot is installed; the configuration says how it is used.
Admins change it in App Home while the bot runs, and every change is kept (`storage.configuration`).
Amounts are in the store's default currency.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from storage.configuration import ConfigurationLog

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


class ActionRule(_Part):
    """What goes for one action.

    `limit` is the most that one request may move; above `approval_above` a second person must agree
    (0: always). `reasons` None: those of the settings.
    """

    enabled: bool = True
    who: People = EVERYONE
    limit: Amount | None = None
    approval_above: Threshold | None = None
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
        name=f"{percent} % for {days} days, single use",
        type="percentage",
        value=Decimal(percent),
        days=days,
        uses=1,
    )
    for percent, days in ((10, 7), (15, 30))
)


class DiscountRules(_Part):
    """What agents may give away. None: no cap."""

    prefix: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,20}$")] = "SORRY"
    presets: Annotated[tuple[Preset, ...], Field(max_length=20)] = PRESETS
    most_percent: Annotated[Decimal, Field(gt=0, le=100)] | None = None
    most_amount: Amount | None = None
    most_days: Annotated[int, Field(ge=1, le=3650)] | None = None


class Configuration(_Part):
    """All of it. Nothing can be done until `activated`; `rules` has every action by its name."""

    activated: bool = False
    rules: Mapping[str, ActionRule] = {}
    audit_channel: SlackId
    notifications: Literal["bigcommerce", "email"] = "bigcommerce"
    approvers: People = People()
    approval_hours: Annotated[int, Field(ge=1, le=168)] = 24
    day_limit: Amount | None = None
    hour_limit: Amount | None = None
    restocking: bool = False
    discount: DiscountRules = DiscountRules()

    def rule(self, action: str) -> ActionRule:
        """Return what goes for an action; the defaults where nothing was configured."""
        return self.rules.get(action) or ActionRule()


class LiveConfiguration:
    """The configuration as it is at this moment: what admins changed, over the defaults.

    A section is a field of Configuration, or `rules.<action>`.
    """

    def __init__(
        self, log: ConfigurationLog, defaults: Configuration, reasons: tuple[str, ...]
    ) -> None:
        self._log = log
        self._defaults = defaults
        self._reasons = reasons

    def current(self) -> Configuration:
        """Return the configuration; pydantic's ValidationError when what is kept is damaged."""
        values: dict[str, Any] = self._defaults.model_dump()
        rules = dict(values["rules"])
        for section, value in self._log.latest().items():
            name, _, action = section.partition(".")
            if action:
                rules[action] = value
            else:
                values[name] = value
        return Configuration.model_validate({**values, "rules": rules})

    def reasons_for(self, action: str) -> tuple[str, ...]:
        """Return the reasons to choose from for an action, in their order."""
        return self.current().rule(action).reasons or self._reasons

    def change(self, section: str, value: Any, *, team_id: str, actor_id: str) -> bool:
        """Keep a change, checked as a whole; False when it changes nothing.

        `value` is a part's model or a plain value. Raises pydantic's ValidationError.
        """
        plain = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
        before = self._section(section)
        if before == plain:
            return False
        self._check(section, plain)
        self._log.change(section, before, plain, team_id=team_id, actor_id=actor_id)
        return True

    def _section(self, section: str) -> Any:
        values = self.current().model_dump(mode="json")
        name, _, action = section.partition(".")
        if not action:
            return values[name]
        return self.current().rule(action).model_dump(mode="json")

    def _check(self, section: str, plain: Any) -> None:
        values = self.current().model_dump(mode="json")
        name, _, action = section.partition(".")
        if action:
            values["rules"][action] = plain
        else:
            values[name] = plain
        Configuration.model_validate(values)
