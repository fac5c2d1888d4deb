"""Telling who asked that what was on its way has come to its end, in the way that they chose."""

from __future__ import annotations

from bot.values.outcome import Outcome, Status
from handlers.access.person import Person
from handlers.block_kit.builders import Block, option, section, select
from handlers.block_kit.mrkdwn import mention, typed
from handlers.desk import Desk
from handlers.timeline.outcomes.outcome_message import SIGNS
from handlers.timeline.rendered import Rendered
from storage.log.entries import Entry
from storage.people.person_choices import BY_MESSAGE, IN_THREAD, NOT_AT_ALL

CHOICE = "settled_by"
WAS_ON_ITS_WAY = "It was on its way until now"
QUESTION = "Tell me when a refund that was on its way has settled"
ANSWERS = {
    BY_MESSAGE: "Direct message",
    IN_THREAD: "In the order's thread",
    NOT_AT_ALL: "Not at all",
}


def choice_block(desk: Desk, person: Person) -> Block:
    """Return the question on the Home tab, with what this person has chosen."""
    options = [option(text, value) for value, text in ANSWERS.items()]
    chosen = desk.choices.settled_by(*person.ids)
    menu = select(CHOICE, options, initial=chosen)
    return section(f"{QUESTION}:", accessory=menu, block_id=CHOICE)


def settled_marker(entry: Entry) -> str:
    """Return the part of the line's text that no other message has."""
    return f"{WAS_ON_ITS_WAY} ({entry.reference})"


def render_settled(entry: Entry, url: str | None, *, mentions: bool) -> Rendered | None:
    """Return the one line about the end, None where it is on its way again.

    `url` leads to the full record. `mentions`: whoever asked is.
    """
    if entry.outcome is None or entry.status == Status.PENDING:
        return None
    outcome = Outcome.model_validate(entry.outcome)
    sign, _ = SIGNS[outcome.status]
    to = f"{mention(entry.actor_id)} " if mentions else ""
    record = f"<{url}|Full record>" if url else entry.reference
    message = typed(outcome.message, limit=2000)
    line = f"{to}{sign} {message} {WAS_ON_ITS_WAY} · {record}"
    return Rendered(f"{to}{message} {settled_marker(entry)}.", [section(line)])
