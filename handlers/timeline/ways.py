"""What a try to bring a message to Slack needs besides the message."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from handlers.timeline.posting import Poster
from storage.outbox.outbox import Outbox
from storage.outbox.posts import Post, Spot


@dataclass(frozen=True, slots=True)
class Ways:
    """What a try needs: Slack, the rows, the audit channel, and the order's thread.

    `thread` returns the root message of the order's thread, a new one where there is none; `renew`
    one in place of that which no reply can be posted under. `adopt` makes a message that was to be
    a reply, and stands in the channel, the root. All raise Refused or AnswerLost. `is_replaced`
    tells whether the thread goes on below another root than this one; `is_outsider` whether a
    person may not read of orders any more. `soon`: so many tries are made before what passes counts
    as refused.
    """

    poster: Poster
    outbox: Outbox
    channel_id: Callable[[], str]
    thread: Callable[[Post], Awaitable[Spot]]
    renew: Callable[[Post], Awaitable[Spot]]
    adopt: Callable[[Post, Spot], Awaitable[Spot]]
    is_replaced: Callable[[Post, str], bool]
    is_outsider: Callable[[str], Awaitable[bool]]
    soon: int
