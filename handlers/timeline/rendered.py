"""What a renderer makes of a message of the outbox, at the moment when it is sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from handlers.block_kit.builders import Block
from storage.outbox.posts import Post, Spot


class NotYet(Exception):
    """It cannot be said before `until`, for a reason that is not Slack's."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message as it is now: complete text, and blocks.

    `marker` is the part of its text that no other message has, "" where there is none. `shown` is
    what it shows where that is not what was wanted. `is_loud`: the channel hears it, too. `is_new`:
    it is worth a message of its own; else only one that stands is corrected. `below`: the message
    that it is about, where it belongs to no order; `is_aside`: it is said there or nowhere.
    `people`: who gets a copy where no channel takes it; () for whoever has asked. `again_at`: when
    what it shows stops being true by itself.
    """

    text: str
    blocks: list[Block]
    marker: str = ""
    shown: str | None = None
    is_loud: bool = False
    is_new: bool = True
    below: Spot | None = None
    is_aside: bool = False
    people: tuple[str, ...] = ()
    again_at: datetime | None = None


# Returns None when there is nothing to say any more. Raises NotYet, or BigCommerceError: tried
# again later.
Renderer = Callable[[Post], Awaitable[Rendered | None]]


def plain(words: Callable[[Post], Rendered]) -> Renderer:
    """Return what renders messages that follow from what they hold alone."""

    async def render(post: Post) -> Rendered:
        return words(post)

    return render
