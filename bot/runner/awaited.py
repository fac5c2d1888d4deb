"""Whether the end of what was on its way is told to who asked for it, too.

Whether people were told that it was is looked at when the line is to be said: the message that says
so may be between here and Slack when the end is there.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.outcome import Outcome, Status
from storage import Entry

# Until then whoever asked is still looking: at the window, or at the thread. Gateways that show no
# transaction take some ten seconds as a rule.
STILL_LOOKING = timedelta(seconds=20)

TURNED_BAD = frozenset({Status.FAILED, Status.UNKNOWN, Status.PARTIAL})


def is_loud(entry: Entry, outcome: Outcome) -> bool:
    """Whether the channel is to hear of it: money that was on its way is not."""
    return entry.status == Status.PENDING and outcome.status in TURNED_BAD


def is_awaited(entry: Entry, outcome: Outcome, now: datetime) -> bool:
    """Whether the outcome ends what was on its way, and will not be seen by itself.

    What has not ended well is always awaited: somebody has to act on it.
    """
    if entry.status != Status.PENDING or outcome.status is Status.PENDING:
        return False
    since = entry.sent_at or entry.asked_at
    return outcome.status is not Status.SUCCEEDED or now - since > STILL_LOOKING
