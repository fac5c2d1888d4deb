"""Telling who asked that what was on its way has come to its end, in the way that they chose."""

from __future__ import annotations

from bot.outcome import Outcome, Status
from handlers.blocks import Block, option, section, select
from handlers.desk import Desk
from handlers.outcome_message import SIGNS, Message
from handlers.person import Person
from handlers.text import mention, typed
from storage.entries import Entry
from storage.person_choices import BY_MESSAGE, IN_THREAD, NOT_AT_ALL

CHOICE = "settled_by"
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


def render_settled(entry: Entry, url: str | None, *, in_thread: bool) -> Message | None:
    """Return the one line about the end, None where it is on its way again.

    `url` leads to the full record; in a thread the person is mentioned.
    """
    if entry.outcome is None or entry.status == Status.PENDING:
        return None
    outcome = Outcome.model_validate(entry.outcome)
    sign, _ = SIGNS[outcome.status]
    to = f"{mention(entry.actor_id)} " if in_thread else ""
    record = f"<{url}|Full record>" if url else entry.reference
    said = f"{typed(outcome.message, limit=2000)} It was on its way until now"
    return Message(f"{to}{said} ({entry.reference}).", [section(f"{to}{sign} {said} · {record}")])
