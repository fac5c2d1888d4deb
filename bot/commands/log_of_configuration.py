"""`log --configuration`: who changed what in the configuration, and what was asked for in vain."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sqlite_utils import Database

from bot.config.configuration import Configuration
from bot.process.logs import printable
from handlers.settings.changes import NEW_VERSION, differences
from handlers.settings.names import Wording
from handlers.settings.proposal_words import ENDS
from handlers.settings.proposing import lines_of
from handlers.settings.words import title_of_section
from storage.configuration.history import ConfigurationChange, ConfigurationLog
from storage.configuration.proposals import CONFIRMED, REFUSED, Proposal

TABLE = "configuration_proposals"  # older files have none
# Names are known to Slack alone, and the currency to the store: neither is asked here.
UNNAMED = Wording()
# What is compared differs in nothing else, so it may be anybody's.
REST = Configuration(audit_channel="C0")
UNREADABLE = "(cannot be read by this version)"


class _Line(NamedTuple):
    at: datetime
    first: str
    more: list[str]


def print_changes(db: Database, limit: int) -> None:
    """Print the latest changes and requests for changes, newest first, from what to what."""
    log = ConfigurationLog(db)
    lines = [_change(each) for each in log.history(limit)]
    if TABLE in db.table_names():
        lines += [_proposal(each) for each in log.proposals.latest(limit)]
    if not lines:
        print("Nothing has been changed yet.")
        return
    print("Times are UTC; people, groups and channels are named by their Slack ids.")
    for line in sorted(lines, key=lambda each: each.at, reverse=True)[:limit]:
        print(printable(f"{_time(line.at)}  {line.first}"))
        for text in line.more:
            print(printable(f"  {_plain(text)}"))


def _change(change: ConfigurationChange) -> _Line:
    who = change.actor_id or NEW_VERSION
    second = f", confirmed by {change.confirmed_by}" if change.confirmed_by else ""
    said = differences(change.section, change.before, change.after, UNNAMED)
    title = title_of_section(change.section)
    return _Line(change.at, f"{who} changed {title}{second}", said or [UNREADABLE])


def _proposal(proposal: Proposal) -> _Line:
    first = f"{proposal.actor_id} asked for change {proposal.id}, which loosens the rules"
    try:
        said = lines_of(REST, proposal, UNNAMED)
    except (ValueError, KeyError):  # an older version's
        said = [UNREADABLE]
    return _Line(proposal.asked_at, first, [*said, *_end(proposal)])


def _end(proposal: Proposal) -> Iterator[str]:
    """Yield what became of it, and when."""
    if proposal.ended_at is None:
        since = proposal.alone_since
        yield (
            "Waits for a second person."
            if since is None
            else (f"Waits: no one else could confirm it since {_time(since)}.")
        )
        return
    what, colon, rest = ENDS[proposal.state].partition(":")
    by = proposal.ended_by if proposal.state in {CONFIRMED, REFUSED} else None
    yield f"{what}{f' by {by}' if by else ''} {_time(proposal.ended_at)}{colon}{rest}."
    if proposal.held_until is not None:
        yield f"For {proposal.actor_id} in effect from {_time(proposal.held_until)}."


def _plain(mrkdwn: str) -> str:
    """Return what the audit channel is told as plain text, with ids for names."""
    without_marks = re.sub(r"\A\*([^*]*)\*", r"\1", re.sub(r"<[@#]([A-Z0-9]+)>", r"\1", mrkdwn))
    return html.unescape(without_marks)


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S")
