"""Which rules were in force when, as the campaign set them: the audit's own model of them.

What loosens is noted before it is done, what tightens after, so that the model is never stricter
than the bot could have known.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

# From the bot's last question to a write's arrival, slow and broken reads between them included.
GRACE_S = 8.0


@dataclass(frozen=True, slots=True)
class Rules:
    """Who may do what, and up to which amounts, in the store's currency; None: no such limit.

    `members` are the audit channel's, `unfit` those who may not act although they are in it: guests
    and deactivated people. A code of unknown worth is above everything.
    """

    members: frozenset[str]
    approvers: frozenset[str]
    approval_above: Decimal | None = None
    limit: Decimal | None = None
    day_limit: Decimal | None = None
    hour_limit: Decimal | None = None
    most_worth: Decimal | None = None
    activated: bool = True
    off: frozenset[str] = frozenset()
    unfit: frozenset[str] = frozenset()

    def may_act(self, user: str, action: str) -> bool:
        """Tell whether this person may have the action done."""
        is_on = self.activated and action not in self.off
        return is_on and user in self.members and user not in self.unfit

    def may_approve(self, user: str) -> bool:
        """Tell whether this person may approve what others ask for."""
        return user in self.approvers and user in self.members and user not in self.unfit


@dataclass(slots=True)
class Timeline:
    """The rules from each moment on, oldest first; seconds since the epoch."""

    steps: list[tuple[float, Rules]] = field(default_factory=list)

    @property
    def now(self) -> Rules:
        """The rules of the latest step."""
        return self.steps[-1][1]

    def change(self, **values: Any) -> None:
        """Note that some of the rules are others from now on."""
        self.steps.append((time.time(), replace(self.now, **values)))

    def about(self, at: float) -> list[Rules]:
        """Return all rules that may have been those of something that was done at this moment."""
        before = [rules for since, rules in self.steps if since <= at - GRACE_S]
        within = [rules for since, rules in self.steps if at - GRACE_S < since <= at]
        return [*before[-1:], *within] or [self.steps[0][1]]
