"""The Home tab of a person: the agent's desk or, for admins, the configuration."""

from __future__ import annotations

import asyncio
import json
import logging
import math
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.process.internal_errors import note_internal_error
from bot.slack.app_manifest import INSTALL_ANEW
from bot.slack.errors import SLACK_ERRORS, Meaning, error_code, meaning_of
from bot.slack.retries import call_again
from handlers.access.access import OUTSIDERS, without_effect
from handlers.access.directory import NOT_READ
from handlers.access.person import Person
from handlers.access.second_person import lead_refusal
from handlers.block_kit.builders import Block, header, section
from handlers.block_kit.mrkdwn import inert
from handlers.desk import Desk
from handlers.home.agent import agent_blocks
from handlers.home.configuration import configuration_blocks
from handlers.home.untold import untold_blocks
from handlers.settings.names import read_wording
from handlers.settings.proposing import open_blocks
from handlers.windows.reply import Reply, say
from handlers.windows.shown import HOME, REQUESTS, RULES, Screen

logger = logging.getLogger(__name__)

METHOD = "views.publish"
# So long after somebody has opened it a Home tab is drawn anew by itself.
LIVES = timedelta(days=1)
NOT_DRAWN = (
    ":warning: *Slack did not take this page of Makegood.* The commands work all the same: try "
    "`/makegood help`. Tell whoever runs Makegood; its log says why."
)
STALE = (
    "Slack did not take the Home tab of Makegood just now: what you see there may be out of date. "
    "Open it again in a minute. The commands work all the same: try /makegood help."
)


class HomePage(StrEnum):
    """What the Home tab shows. FIRST: whatever comes first for this person."""

    FIRST = "first"
    DESK = "desk"
    CONFIGURATION = "configuration"


async def publish_home(
    desk: Desk, person: Person, page: HomePage = HomePage.FIRST, *, at: float = math.inf
) -> None:
    """Show this person's Home tab as it is now, and keep it so while they may look at it.

    `at`: when Slack says that they asked for it, in seconds; inf: just now. Slack's events may
    arrive after what was pressed later: nobody is led away from the page that they chose then.
    """
    key = (HOME, person.user_id)
    shown = desk.shown.find(key)
    if shown is not None and shown.asked_at > at:
        shown.is_stale = True
        return
    home = _Home(desk, person, page)
    about = frozenset({REQUESTS, RULES})
    # Slack's own clock alone is compared: the bot's may be another.
    asked_at = at if at < math.inf else shown.asked_at if shown is not None else 0.0
    screen = Screen(about, datetime.now(UTC) + LIVES, home.draw, asked_at=asked_at)
    desk.shown.put(key, screen)
    try:
        await screen.draw_now()
    except SLACK_ERRORS as error:
        logger.warning("home not published", extra={"error": error_code(error)})
        screen.put_off()
        await _tell_stale(desk, person)


async def refresh_home(desk: Desk, person: Person) -> None:
    """Show a person's Home tab anew, where they have lately looked at it."""
    screen = desk.shown.find((HOME, person.user_id))
    if screen is not None:
        screen.is_stale = True


async def keep_home_true(desk: Desk, person: Person) -> None:
    """Show the Home tab that somebody looks at anew, on the page that they are on."""
    await refresh_home(desk, person)
    if desk.shown.find((HOME, person.user_id)) is None:  # opened before a restart
        await publish_home(desk, person)


async def _tell_stale(desk: Desk, person: Person) -> None:
    """Tell who has looked, once until it works again, that their Home tab shows old things."""
    if person.user_id not in desk.stale_homes:
        desk.stale_homes.add(person.user_id)
        await say(Reply(desk, person), STALE)


@dataclass(slots=True)
class _Home:
    desk: Desk
    person: Person
    page: HomePage
    shows: str = field(default="", init=False)

    async def draw(self) -> bool:
        """Publish it unless it shows just that; raises one of SLACK_ERRORS."""
        view = await home_view(self.desk, self.person, self.page)
        shows = json.dumps(view, sort_keys=True)
        if shows != self.shows:
            await self._publish(view)
            self.shows = shows
            self.desk.stale_homes.discard(self.person.user_id)
        return True

    async def _publish(self, view: dict[str, Any]) -> None:
        """Publish it, or where Slack will never take it, that there is nothing to see."""
        try:
            await self._put(view)
        except SLACK_ERRORS as error:
            if meaning_of(METHOD, error) not in {Meaning.CONTENT, Meaning.OUR_FAULT}:
                raise
            note_internal_error("home refused by Slack")
            await self._put({"type": "home", "blocks": [section(NOT_DRAWN)]})

    async def _put(self, view: dict[str, Any]) -> None:
        slack, user_id = self.desk.slack, self.person.user_id
        await call_again(METHOD, lambda: slack.views_publish(user_id=user_id, view=view))


async def home_view(desk: Desk, person: Person, page: HomePage) -> dict[str, Any]:
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
    untold: list[Block] = []
    if not_admin is None or no not in OUTSIDERS:
        untold = await untold_blocks(desk, person, is_admin=not_admin is None)
    return {"type": "home", "blocks": [*_missing(desk), *untold, *blocks][:100]}


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


def _is_configuration(desk: Desk, page: HomePage) -> bool:
    """Tell which page an admin sees: before the actions are activated nothing else matters."""
    if page is HomePage.FIRST:
        return not desk.configuration.current().activated
    return page is HomePage.CONFIGURATION
