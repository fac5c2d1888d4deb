"""The agent's desk: what they may do, what is left of their limits, what waits, what they did."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.actions.registry import ACTIONS
from bot.config.configuration import ActionRule, Configuration
from bot.values.outcome import Outcome, Status
from handlers.access.limit_words import approval_line
from handlers.access.person import Person
from handlers.block_kit.builders import Block, actions, button, context, divider, header, section
from handlers.block_kit.mrkdwn import inert, mention_channel
from handlers.desk import Desk
from handlers.forms import COMMANDS
from handlers.home.allowance import allowance_lines
from handlers.settings.names import read_wording
from handlers.settings.proposing import open_blocks
from handlers.timeline.outcomes.ending_words import ending_buttons
from handlers.timeline.outcomes.outcome_message import is_reminded_enough, log_line
from handlers.timeline.outcomes.settled import choice_block
from storage.log.entries import Entry

SHOWN = 8
WAITING = "What waits for somebody"
NOTHING_OPEN = "Nothing: every request has come to its end."
TO_DO, UNKNOWN = Status.TO_DO.value, Status.UNKNOWN.value
# What is open, by who has to act.
OPEN_ENDS: tuple[tuple[str, frozenset[str | None]], ...] = (
    ("To do", frozenset({TO_DO})),
    ("Needs checking", frozenset({UNKNOWN})),
    (WAITING, frozenset({None, Status.PENDING.value})),
)
MOST_OPEN = 200
NOT_ACTIVATED = (
    "*Makegood's actions are not activated yet*, so nobody can do anything. An admin of the "
    "workspace activates them here, in the Home tab."
)


async def agent_blocks(desk: Desk, person: Person, *, is_admin: bool) -> list[Block]:
    """Return the desk of somebody who is in the audit channel."""
    wording, may, able = await asyncio.gather(
        read_wording(desk), _may(desk, person), desk.access.deciders(but=person.user_id)
    )
    told_in = mention_channel(desk.channel_id)
    blocks = [
        section(f"Put an order right: every outcome is told in the order's thread in {told_in}."),
        actions(_buttons(is_admin=is_admin)),
        divider(),
    ]
    if desk.configuration.current().activated:
        now = desk.configuration.current()
        needs = approval_line(now, "", wording.currency, person.user_id, able)
        said = [*_lines(now, may), *filter(None, [needs])]
        blocks += [header("What you may do now"), section("\n".join(said))]
        blocks += [context(*lines) for lines in [allowance_lines(desk, person, wording)] if lines]
    else:
        blocks.append(section(NOT_ACTIVATED))
    if is_admin or await desk.access.is_approver(*person.ids):
        blocks += open_blocks(desk, person.user_id, wording)
    open_ends = _open_ends(desk)
    above = {each.reference for each in open_ends}
    latest = desk.log.of_actor(person.team_id, person.user_id, 2 * SHOWN)
    mine = [each for each in latest if each.reference not in above][:SHOWN]
    for title, statuses in OPEN_ENDS:
        if entries := [each for each in open_ends if each.status in statuses]:
            blocks += [divider(), header(title)]
            blocks += await _rows(desk, entries[:SHOWN])
    if not open_ends:
        blocks += [divider(), header(WAITING), section(NOTHING_OPEN)]
    blocks += [divider(), header("Your latest requests")]
    nothing = "Nothing else." if latest else "Nothing yet."
    blocks += await _rows(desk, mine) or [section(nothing)]
    return [*blocks, divider(), choice_block(desk, person), section(_commands())]


def _open_ends(desk: Desk) -> list[Entry]:
    open_ends = desk.log.open_ends(MOST_OPEN)
    return [entry for entry in open_ends if not is_reminded_enough(entry)]


def _buttons(*, is_admin: bool) -> list[Block]:
    buttons = [button("Find an order …", "search", style="primary"), button("Refresh", "home")]
    if is_admin:
        buttons.append(button("Configuration", "configuration"))
    return buttons


async def _may(desk: Desk, person: Person) -> dict[str, str | None]:
    """Return for each action why this person may not do it, None where they may."""
    refusals = await asyncio.gather(
        *(desk.access.refusal(*person.ids, action) for action in ACTIONS)
    )
    return dict(zip(ACTIONS, refusals, strict=True))


def _lines(now: Configuration, may: dict[str, str | None]) -> list[str]:
    return [
        f"*{inert(ACTIONS[name].title)}* · {_state(now.rule(name), no)}" for name, no in may.items()
    ]


def _state(rule: ActionRule, no: str | None) -> str:
    if not rule.enabled:
        return "switched off"
    if no is not None:
        return "not for you"
    return "yes, with approval" if rule.always_approve else "yes"


async def _rows(desk: Desk, entries: Sequence[Entry]) -> list[Block]:
    links = await asyncio.gather(*(_link(desk, entry) for entry in entries))
    rows: list[Block] = []
    for entry, url in zip(entries, links, strict=True):
        rows.append(section(log_line(entry), accessory=_open_button(entry, url) if url else None))
        if buttons := _buttons_of(entry):
            rows.append(actions(buttons))
    return rows


def _buttons_of(entry: Entry) -> list[Block]:
    """Return what ends the request by hand, as in its message."""
    if entry.outcome is None or entry.is_waiting or entry.status not in {TO_DO, UNKNOWN}:
        return []
    return ending_buttons(entry, Outcome.model_validate(entry.outcome))


def _open_button(entry: Entry, url: str) -> Block:
    return button("Open", "link:thread", url=url, label=f"Open the message of {entry.reference}")


async def _link(desk: Desk, entry: Entry) -> str | None:
    """Return where an entry is told, or where somebody is asked to approve it."""
    told = desk.outbox.find(entry.reference) if entry.is_waiting else entry
    if told is None or not told.channel or not told.message_ts:
        return None
    return await desk.poster.permalink(told.channel, told.message_ts)


def _commands() -> str:
    return "\n".join(command.in_short for command in COMMANDS.values())
