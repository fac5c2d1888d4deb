"""What is said of a request that a person ends by hand, and the buttons for it. Pure."""

from __future__ import annotations

from bot.values.outcome import Outcome, Status
from handlers.block_kit.builders import Block, button
from handlers.block_kit.mrkdwn import date, mention, typed
from storage.log.entries import LEFT, MADE, NOT_MADE, SENT, Entry

LABELS = {
    SENT: "Sent by hand by",
    MADE: "Ended as made by",
    NOT_MADE: "Ended as not made by",
    LEFT: "Left as it is by",
}


def ending_line(entry: Entry) -> str:
    """Return who ended it by hand, when and why, as mrkdwn; "" where nobody has."""
    if entry.ended_as is None or entry.ended_by is None or entry.ended_at is None:
        return ""
    at = date(entry.ended_at, time=True)
    what = "reference" if entry.ended_as == SENT else "reason"
    note = f" · {what}: {typed(entry.ended_note, limit=300)}" if entry.ended_note else ""
    return f"{LABELS[entry.ended_as]} {mention(entry.ended_by)} {at}{note}"


def ending_buttons(entry: Entry, outcome: Outcome) -> list[Block]:
    """Return the buttons by which a person ends what is open, or takes it back."""
    reference = entry.reference

    def one(text: str, action_id: str, *, style: str | None = None) -> Block:
        about = f" for order {entry.order_id}" if entry.order_id else f" for {reference}"
        label = f"{text.rstrip('…')}{about}"
        return button(text, action_id, reference, style=style, label=label)

    match outcome.status:
        case Status.TO_DO:
            return [one("I have sent it", "sent_by_hand", style="primary")]
        case Status.SUCCEEDED | Status.PARTIAL if entry.ended_as == SENT:
            return [one("Take back…", "take_back")]
        case Status.PENDING:
            return [one("Check again", "check_again")]
        case Status.UNKNOWN:
            return [
                one("Check again", "check_again"),
                one("It was made…", "made"),
                one("It was not made…", "not_made"),
            ]
        case Status.FAILED if entry.ended_as == NOT_MADE:
            return [one("Ask again", "ask_again")]
    return []
