"""A click or a choice in a message, a modal or the Home tab, as the features read it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.access.person import Person
from handlers.desk import Desk
from handlers.windows.modals import Window
from handlers.windows.reply import Reply


def slack_seconds(ts: object) -> float:
    """Return one of Slack's moments, as "1795774106.133922", in seconds; inf for anything else."""
    try:
        at = float(str(ts))
    except ValueError:
        return math.inf
    return at if math.isfinite(at) else math.inf


@dataclass(frozen=True, slots=True)
class Click:
    """What was clicked, by whom and where.

    `action_id` is `name` or `name:detail`. `respond` answers where the click was in a message, and
    in a direct message elsewhere. `body` is Slack's payload, in which nothing but Slack's own ids
    is trusted.
    """

    desk: Desk
    person: Person
    body: Mapping[str, Any]
    respond: Reply
    action: Mapping[str, Any]

    @classmethod
    def of(cls, desk: Desk, body: Mapping[str, Any], respond: Reply) -> Click:
        """Read Slack's payload."""
        return cls(desk, desk.installation.person(body), body, respond, body["actions"][0])

    @property
    def action_id(self) -> str:
        """The whole action id."""
        return str(self.action.get("action_id"))

    @property
    def name(self) -> str:
        """The feature that answers."""
        return self.action_id.partition(":")[0]

    @property
    def detail(self) -> str:
        """What stands behind the colon, "" for nothing."""
        return self.action_id.partition(":")[2]

    @property
    def value(self) -> str:
        """The button's value, or the chosen option's; "" for nothing."""
        chosen = self.action.get("selected_option") or {}
        return str(self.action.get("value") or chosen.get("value") or "")

    @property
    def at(self) -> float:
        """When it was clicked, by Slack's clock in seconds; inf where Slack does not say."""
        return slack_seconds(self.action.get("action_ts"))

    @property
    def modal(self) -> Mapping[str, Any] | None:
        """The modal that was clicked in, None in a message or the Home tab."""
        view = self.body.get("view")
        return view if view and view.get("type") == "modal" else None

    @property
    def window(self) -> Window | None:
        """The same as what can be changed."""
        return Window.of(self.desk, self.person, self.modal) if self.modal else None

    @property
    def is_at_home(self) -> bool:
        """Whether it was in the Home tab."""
        return (self.body.get("view") or {}).get("type") == "home"

    @property
    def trigger_id(self) -> str:
        """What opens a modal, within three seconds."""
        return str(self.body.get("trigger_id") or "")
