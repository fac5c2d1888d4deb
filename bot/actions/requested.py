"""What an entry of the log asked for: what was confirmed, its figure, and its words. Pure."""

from __future__ import annotations

from pydantic import ValidationError

from bot.actions.refunds.request import ConfirmedRefund, RefundRequest
from bot.actions.registry import RUNNABLE
from bot.values.money import Money
from storage.log.entries import Entry


def amount_of(entry: Entry) -> Money | None:
    """Return what a request moves as it was confirmed, None where no figure was."""
    confirmed = confirmed_of(entry)
    return confirmed.total if confirmed else None


def confirmed_of(entry: Entry) -> ConfirmedRefund | None:
    """Return what was confirmed, None where no refund was or it cannot be read any more."""
    action = RUNNABLE.get(entry.action)
    if action is None or not issubclass(action.request_type, RefundRequest):
        return None
    try:
        return action.request_type.model_validate(entry.request).confirmed
    except ValidationError:  # of another version; one such request must not stop the sweep
        return None


def describe_request(entry: Entry) -> str:
    """Return what is asked for: "Full refund of 54.10 USD for order 1042"."""
    action, amount = RUNNABLE.get(entry.action), amount_of(entry)
    parts = [action.title if action else entry.action]
    if action and (subject := action.subject(entry.request)):
        parts.append(subject)
    if amount is not None:
        parts.append(f"of {amount}")
    if entry.order_id is not None:
        parts.append(f"for order {entry.order_id}")
    return " ".join(parts)
