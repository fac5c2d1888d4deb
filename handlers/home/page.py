"""The Home tab of a person: the agent's desk or, for admins, the configuration."""

from __future__ import annotations

import asyncio
import logging
from enum import StrEnum
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.slack_app import INSTALL_ANEW
from handlers.access import without_effect
from handlers.blocks import Block, header, section
from handlers.configuration.proposing import open_blocks
from handlers.configuration.wording import read_wording
from handlers.desk import Desk
from handlers.directory import NOT_READ
from handlers.home.agent import agent_blocks
from handlers.home.configuration import configuration_blocks
from handlers.modals import slack_error
from handlers.person import Person
from handlers.second_person import lead_refusal
from handlers.text import inert

logger = logging.getLogger(__name__)


class Page(StrEnum):
    """What the Home tab shows. FIRST: whatever comes first for this person."""

    FIRST = "first"
    DESK = "desk"
    CONFIGURATION = "configuration"


async def publish_home(desk: Desk, person: Person, page: Page = Page.FIRST) -> None:
    """Show this person's Home tab as it is now."""
    desk.home_readers.add(person.user_id)
    try:
        view = await home_view(desk, person, page)
        await desk.slack.views_publish(user_id=person.user_id, view=view)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        logger.warning("home not published", extra={"error": slack_error(error)})


async def refresh_home(desk: Desk, person: Person) -> None:
    """Show an agent's desk anew, where they have ever looked at it."""
    if person.user_id in desk.home_readers:
        await publish_home(desk, person, Page.DESK)


async def home_view(desk: Desk, person: Person, page: Page) -> dict[str, Any]:
    """Return the Home tab; who may see which page is found out anew each time."""
    no, not_admin = await asyncio.gather(
        desk.access.refusal(*person.ids), desk.access.admin_refusal(*person.ids)
    )
    blocks: list[Block] = [header("Makegood")]
    if not_admin is None and (no is not None or _is_configuration(desk, page)):
        wording = await read_wording(desk)
        blocks = await configuration_blocks(desk, person.user_id, wording, is_agent=no is None)
    elif no is None:
        blocks += await agent_blocks(desk, person, is_admin=not_admin is None)
    else:
        blocks += [section(inert(without_effect(no))), *await _to_decide(desk, person)]
    return {"type": "home", "blocks": [*_missing(desk), *blocks][:100]}


async def _to_decide(desk: Desk, person: Person) -> list[Block]:
    """Return what waits for a second person, where this one can be that and do nothing else."""
    waiting = desk.configuration.proposals.open()
    try:
        can = [each for each in waiting if await lead_refusal(desk, each, person) is None]
    except NOT_READ:
        return []
    return open_blocks(desk, person.user_id, await read_wording(desk)) if can else []


def _missing(desk: Desk) -> list[Block]:
    """Return what does not work because the installed app lacks scopes that this release uses."""
    rows = [f"• `{scope.name}`: {scope.without}" for scope in desk.missing_scopes()]
    if not rows:
        return []
    head = ":warning: *Makegood's Slack app lacks permissions that this release uses.*"
    return [section("\n".join([head, *rows, INSTALL_ANEW]))]


def _is_configuration(desk: Desk, page: Page) -> bool:
    """Tell which page an admin sees: before the actions are activated nothing else matters."""
    if page is Page.FIRST:
        return not desk.configuration.current().activated
    return page is Page.CONFIGURATION
