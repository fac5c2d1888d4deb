"""What could be told nowhere else: it stands here, for whom it is for and for those who lead."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.access.directory import NOT_READ
from handlers.access.person import Person
from handlers.block_kit.builders import Block, context, divider, section
from handlers.block_kit.mrkdwn import shorten
from handlers.desk import Desk
from storage.outbox.posts import WORDS, Post, original_key

SHOWN = 5
LONGEST = 600
# Why it could not be told, where Slack has not said so.
OURS = {
    "no_answer": "Slack did not answer",
    "not_read_back": "Slack does not say whether it was posted",
}


async def untold_blocks(desk: Desk, person: Person, *, is_admin: bool) -> list[Block]:
    """Return what reached nobody, as far as it concerns this person; nothing for none.

    Admins also read how many messages break.
    """
    broken = [*_broken_blocks(desk.delivery.broken())] if is_admin else []
    if not (untold := await desk.delivery.untold()):
        return broken
    is_lead, me = is_admin or await _is_approver(desk, person), person.user_id
    mine = [each for each in untold if _is_for(each[0], me, is_lead=is_lead)]
    # Of the copies of a message one is enough.
    untold = [*{original_key(each[0].key): each for each in mine}.values()]
    if not untold:
        return broken
    count = len(untold)
    messages = "A message" if count == 1 else counted(count)
    look = "look at Makegood's rights in Slack and at the audit channel."
    blocks = [
        section(
            f":warning: *{messages} could not be told in Slack.* What was done stands. This is"
            f" tried again until it can be told; {look if is_lead else f'ask an admin to {look}'}"
        )
    ]
    for post, rendered in untold[:SHOWN]:
        blocks.append(section(shorten(rendered.text, LONGEST)))
        if is_lead:
            blocks.append(context(OURS.get(str(post.why), f"Slack said {post.why}")))
    if count > SHOWN:
        blocks.append(context(f"… and {count - SHOWN} more"))
    return [*blocks, divider(), *broken]


def counted(count: int) -> str:
    """Return how many messages, in words."""
    return "1 message" if count == 1 else f"{count} messages"


def _broken_blocks(count: int) -> Iterator[Block]:
    if count:
        what = "A message can't be drawn" if count == 1 else f"{counted(count)} can't be drawn"
        yield section(
            f":warning: *{what}, by a fault of Makegood's own.* What was done stands. It is tried"
            " again every few minutes; the log says which and why, under “message broke”."
        )
        yield divider()


def _is_for(post: Post, user_id: str, *, is_lead: bool) -> bool:
    """Whether a message concerns the person; an answer is for nobody but who asked."""
    if post.kind == WORDS:
        return post.recipient == user_id
    return is_lead or user_id in {post.recipient, post.actor_id}


async def _is_approver(desk: Desk, person: Person) -> bool:
    try:
        return await desk.access.is_approver(*person.ids)
    except NOT_READ:
        return False
