"""Who changes the configuration is asked of Slack at that moment, not as it was a minute ago."""

from __future__ import annotations

import asyncio

from handlers.access.access import ANSWER_S, UNREADABLE, is_unreadable
from handlers.access.person import Person
from handlers.desk import Desk
from handlers.flow.opening import NotYours

NOT_SAID = "Slack did not say who is an admin. Nothing was changed. Try again in a minute."


async def require_admin(desk: Desk, person: Person) -> None:
    """Raise NotYours unless this person is an admin as Slack says after this was asked.

    It comes before what is to be changed is read: what is kept must not undo another's change.
    """
    try:
        async with asyncio.timeout(ANSWER_S):
            no = await desk.access.admin_refusal(*person.ids, fresh=True)
    except TimeoutError:
        no = UNREADABLE
    if no is not None and is_unreadable(no):
        no = f"{NOT_SAID}{no.removeprefix(UNREADABLE)}"
    if no is not None:
        raise NotYours(no)
