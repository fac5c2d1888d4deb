"""What follows a change of the configuration: the page shows it, and the team is told.

Changes in quick succession are told in one message, as what they add up to.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Sequence
from datetime import timedelta

from bot.config.live_configuration import Changed
from handlers.access.person import Person
from handlers.desk import Desk, ToldChange
from handlers.home.page import HomePage, publish_home
from handlers.settings.changes import tell_line
from handlers.settings.everyone_may import everyone_may
from handlers.settings.names import Wording, read_wording
from handlers.settings.proposing import look_at
from storage.configuration.history import ConfigurationChange
from storage.outbox.posts import CHANGED

QUICK = timedelta(minutes=10)


async def after_changes(desk: Desk, person: Person, changed: Changed) -> None:
    """Draw the page anew and tell the audit channel; the history is kept anyway."""
    desk.people.look_soon()
    await asyncio.gather(
        publish_home(desk, person, HomePage.CONFIGURATION), _tell_all(desk, changed)
    )


async def _tell_all(desk: Desk, changed: Changed) -> None:
    if changed.proposal is not None:
        await look_at(desk, changed.proposal)
    wording = await read_wording(desk)
    for change in _to_tell(changed.changes):
        # Where a channel is left, its members lose what they could do: they are told as well.
        left = {change.before} if change.section == "audit_channel" else set()
        for channel_id in sorted({desk.channel_id, *left}):
            await _tell(desk, channel_id, change, wording)


def _to_tell(changes: Sequence[ConfigurationChange]) -> list[ConfigurationChange]:
    """Return what is told one by one: an activation says by itself what goes with it."""
    activation = [each for each in changes if each.section == "activated"]
    return activation or [*changes]


async def _tell(desk: Desk, channel_id: str, change: ConfigurationChange, wording: Wording) -> None:
    key = (channel_id, change.actor_id, change.section)
    told = desk.told_changes.get(key)
    if told is None or change.at - told.first.at > QUICK:
        told = None
    first = told.first if told else change
    sum_of_all = dataclasses.replace(change, before=first.before)
    text = f"Configuration: {tell_line(sum_of_all, wording)}"
    if change.section == "activated" and change.after:
        text += f" {everyone_may(desk.configuration.current(), wording)}"
    if told and first.before == change.after:
        text = f"Configuration: {tell_line(first, wording)} It is as it was again."
    if told is None:
        told = ToldChange(change, "-".join((CHANGED, *key, change.at.isoformat())))
        desk.told_changes[key] = told
    to = None if channel_id == desk.channel_id else channel_id
    desk.outbox.put(told.key, CHANGED, {"mrkdwn": text}, recipient=to)
    await desk.delivery.deliver(told.key)
