"""App Home: how to begin, and the agent's own latest requests."""

from __future__ import annotations

import logging

import aiohttp
from slack_sdk.errors import SlackApiError

from handlers.blocks import divider, header, section
from handlers.commands import COMMANDS
from handlers.desk import Desk
from handlers.guide import entry_blocks
from handlers.modals import slack_error
from handlers.person import Person
from handlers.text import escape

logger = logging.getLogger(__name__)


async def publish_home(desk: Desk, person: Person) -> None:
    """Show this person's Home tab as it is now."""
    try:
        await desk.slack.views_publish(user_id=person.user_id, view=await home_view(desk, person))
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        logger.warning("home not published", extra={"error": slack_error(error)})


async def home_view(desk: Desk, person: Person) -> dict[str, object]:
    """Return the Home tab of this person; it tells others' requests to nobody."""
    blocks = [header("Makegood")]
    if (no := await desk.access.refusal(*person.ids)) is not None:
        blocks.append(section(escape(no)))
        return {"type": "home", "blocks": blocks}
    blocks.append(
        section(
            f"Put an order right: every outcome is told in the order's thread in "
            f"<#{desk.channel_id}>."
        )
    )
    blocks += [section(command.shown) for command in COMMANDS.values()]
    mine = desk.log.of_actor(person.team_id, person.user_id, 10)
    blocks += [divider(), *entry_blocks("Your latest requests", mine)]
    return {"type": "home", "blocks": blocks}
