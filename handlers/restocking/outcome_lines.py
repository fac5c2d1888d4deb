"""What the thread says about the goods of a refund. Pure."""

from __future__ import annotations

from typing import Any

from bot.actions.restocking.item_condition import Condition
from bot.values.outcome import Outcome, Status
from handlers.block_kit.mrkdwn import typed
from handlers.timeline.outcomes.outcome_message import Details
from storage.log.entries import Entry

WORDS = {Condition.DAMAGED: "damaged", Condition.LOST: "lost"}
OPEN = {
    Status.PENDING: "The goods are seen to once the money has moved.",
    Status.UNKNOWN: "The stock is left alone until that is known.",
    Status.FAILED: "The stock was left alone.",
    Status.PARTIAL: "The stock was left alone.",
}


def refund_details(entry: Entry, _outcome: Outcome | None) -> Details:
    """Return what a refund says of its goods."""
    return Details(sentence=items_sentence(entry))


def restocking_details(entry: Entry, _outcome: Outcome | None) -> Details:
    """Return the pieces that a restocking is about."""
    return Details(lines=item_lines(entry))


def items_sentence(entry: Entry) -> str:
    """Return the sentence about the goods of a refund, "" when there is none to say.

    What became of them is told in a message of its own, after the refund has succeeded.
    """
    if not entry.request.get("goods"):
        return ""
    return OPEN.get(Status(entry.status), "") if entry.status else ""


def item_lines(entry: Entry) -> list[str]:
    """Return a restocking's goods as lines of mrkdwn: how many of what, and where they went."""
    return [
        f"• {goods['quantity']} × {typed(goods['name'] or 'item', limit=210)}"
        f" · {_fate(goods, entry)}"
        for goods in entry.request["goods"]
    ]


def _fate(goods: dict[str, Any], entry: Entry) -> str:
    condition = Condition(goods["condition"])
    if condition is Condition.BACK_TO_STOCK:
        meant = "meant to go " if entry.status == Status.UNKNOWN else ""
        return f"{meant}back to stock at {typed(goods['place'] or 'its place', limit=100)}"
    return WORDS[condition]
