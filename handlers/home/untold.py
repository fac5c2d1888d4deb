"""What could be told nowhere else: it stands here, for whom it is for and for those who lead."""

from __future__ import annotations

from handlers.blocks import Block, context, divider, section
from handlers.desk import Desk
from handlers.directory import NOT_READ
from handlers.person import Person
from handlers.text import shorten

SHOWN = 5
LONGEST = 600


async def untold_blocks(desk: Desk, person: Person, *, is_admin: bool) -> list[Block]:
    """Return what reached nobody, as far as it concerns this person; nothing for none."""
    if not (untold := await desk.delivery.untold()):
        return []
    if not (is_admin or await _is_approver(desk, person)):
        mine = person.user_id
        untold = [each for each in untold if mine in {each[0].recipient, each[0].actor_id}]
    if not untold:
        return []
    count = len(untold)
    messages = "A message" if count == 1 else f"{count} messages"
    blocks = [
        section(
            f":warning: *{messages} could not be told in Slack.* What was done stands. This is"
            " tried again for a week; look at Makegood's rights and at the audit channel."
        )
    ]
    for post, rendered in untold[:SHOWN]:
        blocks.append(section(shorten(rendered.text, LONGEST)))
        blocks.append(context(f"Slack said {post.why}"))
    if count > SHOWN:
        blocks.append(context(f"… and {count - SHOWN} more"))
    return [*blocks, divider()]


async def _is_approver(desk: Desk, person: Person) -> bool:
    try:
        return await desk.access.is_approver(*person.ids)
    except NOT_READ:
        return False
