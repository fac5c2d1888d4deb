"""Who may use the bot and who can approve, for the configuration page: found in a moment."""

from __future__ import annotations

import asyncio

from handlers.access.directory import NOT_READ
from handlers.access.profile import Unfit
from handlers.desk import Desk
from handlers.people.words import SHOWN, reasons_line

READ_WITHIN_S = 1.0


async def members_line(desk: Desk) -> str:
    """Return how many members may use the bot, and who of them may not and why, as mrkdwn."""
    known = desk.people.members()
    count = sum(able is True for able in known.values())
    why: dict[str, str] = {}
    try:
        async with asyncio.timeout(READ_WITHIN_S):
            for user in [user for user, able in known.items() if able is False][:SHOWN]:
                unfit = await desk.access.unfit(user)
                if unfit not in {None, Unfit.BOT}:
                    why[user] = str(unfit)
    except NOT_READ:
        pass
    said = "1 of them may" if count == 1 else f"{count} of them may"
    return f"{said}. {reasons_line('May not', why)}".strip()


async def deciders_line(desk: Desk) -> str:
    """Return who is set as approver and cannot decide now, as mrkdwn; "" where all can."""
    deciders = await desk.access.deciders(within_s=READ_WITHIN_S)
    if deciders is None:
        return ""
    why = await desk.access.cannot_decide(but="") or {}
    if not deciders and desk.configuration.current().approvers.everyone:
        return ":warning: *Nobody can approve now.*"
    if not deciders and why:
        return f":warning: *Nobody can approve now.* {reasons_line('Set, but', why)}"
    return f":warning: {reasons_line('Cannot approve now', why)}" if why else ""
