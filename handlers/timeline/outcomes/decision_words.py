"""What is said of a request that waited for a second person, or still does. Pure mrkdwn."""

from __future__ import annotations

from bot.actions.requested import describe_request
from handlers.block_kit.mrkdwn import date, in_mid_sentence, mention, typed
from storage.log.entries import APPROVED, DECLINED, LAPSED, OVERTAKEN, Entry

LABELS = {APPROVED: "Approved", DECLINED: "Declined", LAPSED: "Not approved in time"}


def decision_line(entry: Entry) -> str:
    """Return what was decided, by whom and when, as mrkdwn; "" where there was nothing to."""
    if entry.decision is None or entry.decided_at is None:
        return ""
    at = date(entry.decided_at, time=True)
    if entry.is_found_done:
        return "Approved and carried out before Makegood's data was restored"
    if entry.decision == OVERTAKEN:
        return f"Closed {at}, because it could not be carried out any more"
    if entry.decided_by is None:
        return f"Nobody decided before {at}"
    label = "Withdrawn" if entry.is_withdrawn else LABELS[entry.decision]
    return f"{label} by {mention(entry.decided_by)} {at}"


def waiting_line(entry: Entry) -> str:
    """Return what waits for approval, who asked and until when, as mrkdwn."""
    until = date(entry.held_until, time=True) if entry.held_until else ""
    return (
        f":raised_hand: Waits for approval: {typed(describe_request(entry))}, asked by "
        f"{mention(entry.actor_id)} {date(entry.asked_at, time=True)}"
        f"{f', can be approved until {until}' if until else ''} · {entry.reference}"
    )


def decision_sentence(entry: Entry) -> str:
    """Return what an outcome says of the decision, calling the one who asked.

    "" without one; of what was withdrawn the outcome says so itself, and the one who asked knows.
    """
    if entry.decision is None or entry.is_withdrawn:
        return ""
    return f"{mention(entry.actor_id)}: {in_mid_sentence(decision_line(entry))}."
