"""Changes that loosen the rules, looked after from when they are asked until they are ended.

Each is told in the audit channel at once, and once more when it counts. One that nobody else can
confirm counts by itself after a while; one that nobody confirms expires.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.config.configuration import Configuration
from bot.config.live_configuration import FOR_OTHERS, LAPSES, section_value
from bot.config.loosening import section_of, sections_of, with_values
from bot.process.loop import Loop
from handlers.access.access import is_unreadable
from handlers.access.directory import NOT_READ
from handlers.access.limit_words import approver_names
from handlers.access.second_person import has_just_lost, second_people
from handlers.block_kit.builders import Block
from handlers.block_kit.mrkdwn import inert, mention, typed
from handlers.desk import Desk
from handlers.people.watch import MOST_TOLD, TOLD_IN_PERSON
from handlers.settings.changes import differences
from handlers.settings.names import SHOWN_PEOPLE, Wording, read_wording
from handlers.settings.proposal_words import (
    in_person_words,
    names_of,
    proposal_blocks,
    proposal_content,
)
from handlers.settings.words import title_of_section
from storage.configuration.proposals import CONFIRMED, IN_FORCE, LAPSED, OPEN, OVERTAKEN, Proposal
from storage.outbox.posts import IN_EFFECT, PEOPLE, PROPOSED

logger = logging.getLogger(__name__)

LOOK_EVERY = timedelta(minutes=1)
SHOWN_OPEN = 4
ON_A_LINE = 20


async def tell(desk: Desk, proposal: Proposal) -> None:
    """Have the channel shown where the proposal stands; what goes wrong is tried again later."""
    wording = await read_wording(desk)
    latest = desk.configuration.proposals.find(proposal.id)
    if latest is None:
        return
    content = _content(desk, latest, wording)
    wanted = f"{latest.state} alone" if latest.is_open and latest.alone_since else latest.state
    keys = [f"{PROPOSED}-{latest.id}"]
    desk.outbox.put(keys[0], PROPOSED, content, wanted=wanted)
    if latest.state in {CONFIRMED, IN_FORCE}:
        keys.append(f"{IN_EFFECT}-{latest.id}")
        desk.outbox.put(keys[1], IN_EFFECT, content)
    desk.configuration.proposals.set_told(latest.id, wanted)
    for key in keys:
        await desk.delivery.deliver(key)
    if latest.is_open:
        await _tell_in_person(desk, latest, content)
    if latest.state in {CONFIRMED, IN_FORCE} and latest.told != wanted:
        await _tell_who_is_left(desk, latest, content)


async def look_at(desk: Desk, proposal: Proposal) -> None:
    """End what is over, put in force what has waited for long enough, and tell what is new."""
    now, configuration = datetime.now(UTC), desk.configuration
    if configuration.is_overtaken(proposal):
        configuration.end(proposal, OVERTAKEN)
    elif proposal.asked_at + LAPSES <= now:
        configuration.end(proposal, LAPSED)
    else:
        await _see_who_can_confirm(desk, proposal)
    latest = configuration.proposals.find(proposal.id)
    if latest is not None and _is_untold(latest):
        await tell(desk, latest)


def open_blocks(desk: Desk, viewer: str, wording: Wording) -> list[Block]:
    """Return what waits for a second person, as it stands on the viewer's Home tab."""
    waiting = desk.configuration.proposals.open()[-SHOWN_OPEN:]
    about = [_content(desk, each, wording) for each in waiting]
    return [block for each in about for block in proposal_blocks(each, viewer)]


class Upkeep:
    """Looks after the proposals every `every_s` seconds, from `start` to `close`."""

    def __init__(self, desk: Desk, *, every_s: float, halted: Callable[[], str]) -> None:
        """Keep the parts; it looks no more once `halted` says why."""
        self._desk = desk
        self._looked_at: dict[int, datetime] = {}
        self._loop = Loop(
            self._look, every_s=every_s, broken="proposals not looked after", halted=halted
        )

    def start(self) -> None:
        """Begin; the first look is now."""
        self._loop.start()

    async def close(self) -> None:
        """Stop looking."""
        await self._loop.close()

    async def _look(self) -> None:
        for proposal in self._desk.configuration.proposals.open():
            # Who can confirm it is asked of Slack; nothing else takes long.
            if self._is_due(proposal) or self._desk.configuration.is_overtaken(proposal):
                self._looked_at[proposal.id] = datetime.now(UTC)
                await look_at(self._desk, proposal)
        for proposal in self._desk.configuration.proposals.untold():
            self._looked_at.pop(proposal.id, None)
            await tell(self._desk, proposal)

    def _is_due(self, proposal: Proposal) -> bool:
        looked_at = self._looked_at.get(proposal.id)
        return looked_at is None or abs(datetime.now(UTC) - looked_at) >= LOOK_EVERY


async def _see_who_can_confirm(desk: Desk, proposal: Proposal) -> None:
    """Note whether somebody else can; where nobody could for long enough, it counts.

    Time stands for a second person only while who asked is still an admin.
    """
    proposals, now = desk.configuration.proposals, datetime.now(UTC)
    try:
        can = await second_people(desk, proposal, most=1)
        somebody = bool(can) or await has_just_lost(desk, proposal)
        somebody = somebody or not await _may_ask(desk, proposal)
    except NOT_READ as error:  # then nothing moves on
        logger.warning("who can confirm not read", extra={"error": type(error).__name__})
        return
    latest = proposals.find(proposal.id)
    if latest is None or not latest.is_open:
        return
    if somebody:
        proposals.set_alone_since(latest.id, None)
    elif latest.alone_since is None:
        proposals.set_alone_since(latest.id, now)
    elif latest.alone_since + FOR_OTHERS <= now:
        desk.configuration.put_in_force(latest)


async def _may_ask(desk: Desk, proposal: Proposal) -> bool:
    """Tell whether who asked is an admin as Slack says now; raises NOT_READ."""
    asker = (proposal.team_id, proposal.actor_id)
    no = await desk.access.admin_refusal(*asker, fresh=True)
    if is_unreadable(no):
        raise TimeoutError
    return no is None


async def _tell_in_person(desk: Desk, proposal: Proposal, content: dict[str, Any]) -> None:
    """Tell those who can confirm it, where the channel cannot be told."""
    try:
        if await desk.access.channel_trouble() not in TOLD_IN_PERSON:
            return
        people = await second_people(desk, proposal, most=MOST_TOLD)
    except NOT_READ as error:
        logger.warning("who can confirm not told", extra={"error": type(error).__name__})
        return
    for user_id in people:
        key = f"{PROPOSED}-{proposal.id}-{user_id}"
        said = {"mrkdwn": in_person_words(content)}
        desk.outbox.add_once(key, PEOPLE, said, recipient=user_id)
        await desk.delivery.deliver(key)


async def _tell_who_is_left(desk: Desk, proposal: Proposal, content: dict[str, Any]) -> None:
    """Tell the members of a channel that is no longer the audit channel what they lost."""
    for path, before, _ in proposal.changes:
        if path == "audit_channel":
            key = f"{IN_EFFECT}-{proposal.id}-{before}"
            desk.outbox.add_once(key, IN_EFFECT, content, recipient=before)
            await desk.delivery.deliver(key)


def _is_untold(proposal: Proposal) -> bool:
    is_alone = proposal.is_open and proposal.alone_since is not None
    return proposal.told != (f"{OPEN} alone" if is_alone else proposal.state)


def _content(desk: Desk, proposal: Proposal, wording: Wording) -> dict[str, Any]:
    approvers = desk.configuration.approvers_for(proposal.actor_id)
    names = names_of(approver_names(approvers, but=proposal.actor_id))
    lines = lines_of(desk.configuration.current(), proposal, wording)
    return proposal_content(proposal, [f"• {line}" for line in lines], names)


def lines_of(now: Configuration, proposal: Proposal, wording: Wording) -> list[str]:
    """Return all of what it loosens, from what to what, as mrkdwn; `now` is about the rest.

    Nothing is left out: who confirms it must have been shown it.
    """
    many = {path for path, _, would in proposal.changes if _named(would) > SHOWN_PEOPLE}
    few = [each for each in proposal.changes if each[0] not in many]
    before = with_values(now, {path: was for path, was, _ in few})
    after = with_values(now, {path: would for path, _, would in few})
    said: list[str] = []
    for name in sections_of([path for path, _, _ in few]):
        values = section_value(before, name), section_value(after, name)
        title = inert(title_of_section(name))
        said += [f"*{title}* · {line}" for line in differences(name, *values, wording)]
    for path, was, would in proposal.changes:
        if path in many:
            title = inert(title_of_section(section_of(path)))
            said += [f"*{title}* · also {names}" for names in _added(was, would, wording)]
    return said


def _named(value: Any) -> int:
    """Return how many people and groups a field names, 0 where it is about something else."""
    if not isinstance(value, dict) or value.get("everyone"):
        return 0
    return len(value.get("user_ids", [])) + len(value.get("group_ids", []))


def _added(was: Any, would: Any, wording: Wording) -> list[str]:
    """Return the people and groups that come in, all of them, some on each line."""
    groups = [each for each in would["group_ids"] if each not in was["group_ids"]]
    users = [each for each in would["user_ids"] if each not in was["user_ids"]]
    names = [f"members of {typed(wording.group(each))}" for each in groups]
    names += [mention(each) for each in users]
    return [", ".join(names[at : at + ON_A_LINE]) for at in range(0, len(names), ON_A_LINE)]
