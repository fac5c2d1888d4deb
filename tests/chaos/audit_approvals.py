"""What has to be true of requests that wait for a second person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from handlers.block_kit.mrkdwn import typed
from storage.log.entries import APPROVED, DECLINED, OVERTAKEN, Entry
from tests.chaos.audit import Line, count
from tests.chaos.plan import ABOVE
from tests.chaos.truth import Request, Truth
from tests.support.agent import button_labels, words

UNAPPROVED = "Large refunds that no second person has approved"
DEFAULT_CURRENCY = "USD"


def audit_approvals(truth: Truth) -> list[Line]:
    """Return the lines of the table."""
    # What was decided since a backup that was put back is known to nobody but the people.
    kept = replace(truth, requests=[r for r in truth.requests if not r.was_rolled_back])
    return [
        count(UNAPPROVED, truth, _unapproved),
        count("Requests decided by nobody, by oneself or twice", kept, _decided_wrongly),
        count("Held requests that are lost, or not as was decided", kept, _lost),
        count("Held requests whose message is missing, doubled or wrong", kept, _asked_wrongly),
    ]


def _unapproved(truth: Truth, request: Request) -> Iterator[str]:
    """Go by the store's books and by what people clicked; the log only says who asked for what."""
    entry, refunds = request.entry, truth.refunds_of(request.reference)
    if entry is None or not refunds or not _is_large(truth, entry):
        return
    approvers = {
        each.user
        for each in truth.decisions
        if each.reference == entry.reference and each.decision == APPROVED
    }
    if not approvers - {entry.actor_id}:
        yield f"{refunds[0]['total']} refunded, approved by {sorted(approvers) or 'nobody'}"
    elif request.was_rolled_back:
        return  # who approved is what the log that was replaced knew
    elif entry.decision != APPROVED or entry.decided_by not in approvers - {entry.actor_id}:
        yield f"{refunds[0]['total']} refunded, and it is {entry.decision} by {entry.decided_by}"


def _is_large(truth: Truth, entry: Entry) -> bool:
    if truth.orders[entry.order_id or 0]["currency"] != DEFAULT_CURRENCY:
        return entry.held_until is not None
    return any(Decimal(each["total"]) > ABOVE for each in truth.refunds_of(entry.reference))


def _decided_wrongly(truth: Truth, request: Request) -> Iterator[str]:
    entry = request.entry
    if entry is None:
        return
    if list(request.decided) != ([entry.decision] if entry.decision else []):
        yield f"{entry.decision}, and the log's events are {list(request.decided)}"
    if entry.decision is None:
        return
    if entry.decision == OVERTAKEN:
        if entry.decided_by is not None:
            yield f"closed by {entry.decided_by}, and it closes by itself"
        return
    if entry.decided_by == entry.actor_id and not entry.is_withdrawn:
        yield f"{entry.decision} by the one who asked"
    clicked = {(each.reference, each.user, each.decision) for each in truth.decisions}
    if (entry.reference, entry.decided_by, entry.decision) not in clicked:
        yield f"{entry.decision} by {entry.decided_by}, who has not clicked"


def _lost(truth: Truth, request: Request) -> Iterator[str]:
    entry = request.entry
    if entry is None or entry.held_until is None:
        return
    if entry.is_waiting:
        yield from _lost_waiting(truth, entry)
    elif entry.status is None or entry.is_under_way or not entry.is_told:
        yield f"{entry.decision}, and no outcome is told"
    elif entry.decision in {DECLINED, OVERTAKEN} and (entry.status != "rejected" or entry.sent_at):
        yield f"{entry.decision}, and {entry.status}, sent {entry.sent_at}"
    elif entry.sent_at and entry.decided_at and entry.sent_at < entry.decided_at:
        yield f"sent {entry.sent_at}, before it was approved"


def _lost_waiting(truth: Truth, entry: Entry) -> Iterator[str]:
    if truth.refunds_of(entry.reference) or entry.sent_at or entry.status:
        yield f"it waits, and it was sent {entry.sent_at}: {entry.status}"
    if heard := [
        each
        for each in truth.decisions
        if each.reference == entry.reference and each.is_calm and each.user != entry.actor_id
    ]:
        yield f"it waits although all was calm when somebody clicked: {heard}"


def _ended_by_itself(entry: Entry) -> bool:
    """Whether no press on its message was needed for its end: overtaken, or taken back."""
    return entry.decision == OVERTAKEN or entry.is_withdrawn


def _asked_wrongly(truth: Truth, request: Request) -> Iterator[str]:
    entry, messages = request.entry, truth.asked_of(request.reference)
    if entry is None or entry.held_until is None:
        if messages:
            yield "it was never held, and there is a message that asks for approval"
        return
    if not messages and _ended_by_itself(entry):
        return  # before its message was posted: its outcome alone is told, and that is looked at
    if len(messages) != 1:
        yield f"{len(messages)} messages ask for approval"
        return
    (message,) = messages
    buttons = bool(button_labels(message))
    if buttons != entry.is_waiting or message.get("thread_ts", message["ts"]) == message["ts"]:
        yield f"{entry.decision or 'it waits'}, buttons: {buttons}, {message['text'][:90]!r}"
    said = "withdrawn" if entry.is_withdrawn else entry.decision
    said = "closed" if entry.decision == OVERTAKEN else f"{said} by <@{entry.decided_by}>"
    if entry.decision and said not in message["text"]:
        yield f"it is {entry.decision} by {entry.decided_by}, and told: {message['text'][:120]!r}"
    if entry.decision in {DECLINED, OVERTAKEN} and typed(entry.decision_reason or "") not in words(
        message
    ):
        yield "it does not say why"
