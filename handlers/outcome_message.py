"""What the thread says about a request: a pure function of the log's entry and its outcome."""

from __future__ import annotations

from dataclasses import dataclass

from bot.actions import ACTIONS
from bot.outcome import Outcome, Status
from handlers.blocks import Block, actions, button, context, section
from handlers.card import date
from handlers.text import code, escape, mention, typed
from storage.entries import Entry

# A sign and a word: nothing is carried by the sign alone.
SIGNS = {
    Status.SUCCEEDED: (":white_check_mark:", "Done"),
    Status.PENDING: (":hourglass_flowing_sand:", "On its way"),
    Status.REJECTED: (":no_entry_sign:", "Not done"),
    Status.FAILED: (":x:", "Failed"),
    Status.UNKNOWN: (":warning:", "Unknown, look before you act"),
}


@dataclass(frozen=True, slots=True)
class Message:
    """A message as Slack wants it: complete text, and blocks."""

    text: str
    blocks: list[Block]


def render_outcome(entry: Entry, outcome: Outcome) -> Message:
    """Return the message: the result first, then what to do, who asked, why, and the reference."""
    sign, word = SIGNS[outcome.status]
    result = typed(outcome.message, limit=2000)
    following = typed(outcome.next_step, limit=800)
    asked = date(entry.asked_at, time=True)
    small = [f"{word} · {_action(entry)} by {mention(entry.actor_id)} · {asked}"]
    if reason := typed(str(entry.request.get("reason") or ""), limit=500):
        small.append(f"Reason: {reason}")
    small.append(entry.reference)
    blocks = [section(f"{sign} *{result}*" + (f"\n{following}" if following else ""))]
    if entry.action == "create_discount_code" and outcome.status is Status.SUCCEEDED:
        blocks.append(section(f"To copy: {code(str(entry.request.get('code')))}"))
    blocks.append(context(" · ".join(small)))
    if outcome.status in {Status.PENDING, Status.UNKNOWN}:
        blocks.append(actions([button("Check again", "check_again", entry.reference)]))
    text = " ".join(
        part for part in (f"{result}", following, f"({word}, {entry.reference})") if part
    )
    return Message(text, blocks)


def log_line(entry: Entry) -> str:
    """Return one line of mrkdwn about an entry, for lists."""
    if entry.status is None or entry.outcome is None:
        return (
            f":hourglass_flowing_sand: {_title(entry)} is under way, asked by "
            f"{mention(entry.actor_id)} {date(entry.asked_at, time=True)} · {entry.reference}"
        )
    outcome = Outcome.model_validate(entry.outcome)
    sign, word = SIGNS[outcome.status]
    return (
        f"{sign} {word}: {typed(outcome.message, limit=400)}\n{mention(entry.actor_id)} · "
        f"{date(entry.asked_at, time=True)} · {entry.reference}"
    )


def under_way_line(entry: Entry) -> str:
    """Return what the order's card says about a request that still runs."""
    return (
        f"Under way: {_title(entry)}, asked by {mention(entry.actor_id)} "
        f"{date(entry.asked_at, time=True)}"
    )


def _title(entry: Entry) -> str:
    title = _action(entry)
    return f"{title} for order {entry.order_id}" if entry.order_id else title


def _action(entry: Entry) -> str:
    """Return the action's name as mrkdwn; an old entry may be of an action that is gone."""
    return escape(ACTIONS[entry.action].title if entry.action in ACTIONS else entry.action)
