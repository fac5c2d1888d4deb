"""A change of the configuration in a sentence: who changed what, from what to what."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from handlers.block_kit.mrkdwn import ago, inert, mention, some, typed
from handlers.desk import Desk
from handlers.settings.names import Wording
from handlers.settings.words import in_words, title_of_section
from storage.configuration.history import ConfigurationChange

SHOWN = 6
NEW_VERSION = "Makegood's new version"


def describe_change(change: ConfigurationChange, wording: Wording) -> str:
    """Return what was changed, as mrkdwn without who and when."""
    if change.section == "activated":
        return "activated the actions" if change.after else "deactivated the actions"
    title = f"*{inert(title_of_section(change.section))}*"
    said = differences(change.section, change.before, change.after, wording)
    if len(said) == 1 and said[0].startswith("Switched: "):
        return f"switched {title} {said[0].rpartition(' ')[2]}"
    return f"changed {title}: {'; '.join(some(said, SHOWN))}" if said else f"changed {title}"


def differences(section: str, before: Any, after: Any, wording: Wording) -> list[str]:
    """Return what differs in a section's plain values, from what to what, as mrkdwn.

    Nothing where one of them is an older version's and cannot be read any more.
    """
    try:
        was = dict(in_words(section, before, wording))
        is_now = dict(in_words(section, after, wording))
    except (ValidationError, KeyError):  # an older version's, or one that is gone
        return []
    labels = [label for label in {**was, **is_now} if was.get(label) != is_now.get(label)]
    return [f"{typed(each)}: {was.get(each, '–')} → {is_now.get(each, '–')}" for each in labels]


def change_line(change: ConfigurationChange, wording: Wording) -> str:
    """Return a change as a line of a list."""
    return (
        f"{_who(change)} {describe_change(change, wording)}{_confirmed(change)} · {ago(change.at)}"
    )


def tell_line(change: ConfigurationChange, wording: Wording) -> str:
    """Return a change as the audit channel is told of it."""
    return f"{_who(change)} {describe_change(change, wording)}{_confirmed(change)}."


def _confirmed(change: ConfigurationChange) -> str:
    return f", confirmed by {mention(change.confirmed_by)}" if change.confirmed_by else ""


def _who(change: ConfigurationChange) -> str:
    # Nobody has changed what a new release brings with it.
    return mention(change.actor_id) if change.actor_id else NEW_VERSION


def latest_lines(desk: Desk, wording: Wording, limit: int) -> list[str]:
    """Return the latest changes, newest first."""
    return [change_line(change, wording) for change in desk.configuration.history(limit)]
