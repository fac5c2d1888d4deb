"""Whether anybody can do anything yet: an admin has to activate the actions first."""

from __future__ import annotations

from bot.check.finding import Finding
from bot.configuration import Configuration


def check_activation(configuration: Configuration) -> Finding:
    """Return it; it is nothing to fix, for a connection is checked before anybody may act."""
    if configuration.activated:
        return Finding("Actions: activated.")
    return Finding(
        "Actions: not activated, so nobody can do anything yet. An admin of the workspace activates"
        " them in Slack, in the Home tab of Makegood."
    )
