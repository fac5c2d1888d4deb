"""A change of the configuration in a sentence: who changed what, from what to what."""

from __future__ import annotations

from pydantic import ValidationError

from handlers.configuration.wording import Wording
from handlers.configuration.words import in_words, title_of_section
from handlers.desk import Desk
from handlers.text import ago, escape, mention, some, typed
from storage import ConfigurationChange

SHOWN = 6


def describe(change: ConfigurationChange, wording: Wording) -> str:
    """Return what was changed, as mrkdwn without who and when."""
    if change.section == "activated":
        return "activated the actions" if change.after else "deactivated the actions"
    title = f"*{escape(title_of_section(change.section))}*"
    try:
        before = dict(in_words(change.section, change.before, wording))
        after = dict(in_words(change.section, change.after, wording))
    except (ValidationError, KeyError):  # an older version's, or one that is gone
        return f"changed {title}"
    labels = [label for label in {**before, **after} if before.get(label) != after.get(label)]
    if labels == ["Switched"]:
        return f"switched {title} {after['Switched']}"
    said = [f"{typed(each)}: {before.get(each, '–')} → {after.get(each, '–')}" for each in labels]
    return f"changed {title}: {'; '.join(some(said, SHOWN))}" if said else f"changed {title}"


def change_line(change: ConfigurationChange, wording: Wording) -> str:
    """Return a change as a line of a list."""
    return f"{_who(change)} {describe(change, wording)} · {ago(change.at)}"


def tell_line(change: ConfigurationChange, wording: Wording) -> str:
    """Return a change as the audit channel is told of it."""
    return f"{_who(change)} {describe(change, wording)}."


def _who(change: ConfigurationChange) -> str:
    # Nobody has changed what a new release brings with it.
    return mention(change.actor_id) if change.actor_id else "Makegood's new version"


def latest_lines(desk: Desk, wording: Wording, limit: int) -> list[str]:
    """Return the latest changes, newest first."""
    return [change_line(change, wording) for change in desk.configuration.history(limit)]
