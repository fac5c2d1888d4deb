"""What follows a change of the configuration: the page shows it, and the team is told."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from handlers.blocks import section
from handlers.configuration.changes import tell_line
from handlers.configuration.wording import read_wording
from handlers.desk import Desk
from handlers.home import Page, publish_home
from handlers.person import Person
from handlers.posting import AnswerLost, NotPosted
from storage import ConfigurationChange

logger = logging.getLogger(__name__)


async def after_changes(desk: Desk, person: Person, changes: Sequence[ConfigurationChange]) -> None:
    """Draw the page anew and tell the audit channel, once each; the history is kept anyway."""
    await publish_home(desk, person, Page.CONFIGURATION)
    wording = await read_wording(desk)
    for change in changes:
        text = f"Configuration: {tell_line(change, wording)}"
        # Where a channel is left, its members lose what they could do: they are told as well.
        left = {change.before} if change.section == "audit_channel" else set()
        for channel_id in sorted({desk.channel_id, *left}):
            await _tell(desk, channel_id, text)


async def _tell(desk: Desk, channel_id: str, text: str) -> None:
    try:
        await desk.poster.post(channel_id, text, [section(f":gear: {text}")])
    except (NotPosted, AnswerLost) as error:
        logger.warning("change of the configuration not told", extra={"error": str(error)})
