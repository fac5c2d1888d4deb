"""What a partial refund was about, as lines of mrkdwn for its message. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from bot.values.money import Money
from bot.values.outcome import Outcome
from handlers.block_kit.mrkdwn import typed
from handlers.restocking.outcome_lines import refund_details
from handlers.timeline.outcomes.outcome_message import Details
from storage.log.entries import Entry


def items_details(entry: Entry, outcome: Outcome | None) -> Details:
    """Return what was chosen to be refunded, and what a refund says of its goods."""
    about = refund_details(entry, outcome)
    return replace(about, lines=refund_lines(entry.request))


def refund_lines(request: Mapping[str, Any]) -> list[str]:
    """Return what was asked for, each with how many or how much of it and why.

    The amounts are those that were asked for; BigCommerce's figure stands in the outcome.
    """
    return [f"• {line}" for line in (*_above_the_lines(request), *_lines(request))]


def _above_the_lines(request: Mapping[str, Any]) -> Iterator[str]:
    """Money that is no line's comes first: a long list of lines is cut short."""
    if deduction := request.get("deduction"):
        yield f"{_money(request, deduction)} deducted · {typed(deduction['text'], limit=255)}"
    if goodwill := request.get("goodwill"):
        yield f"{_money(request, goodwill)} on the order as a whole, without tax · {_why(goodwill)}"
    for part in request.get("parts") or []:
        yield f"{_money(request, part)} of {typed(part['name'], limit=160)} · {_why(part)}"


def _lines(request: Mapping[str, Any]) -> Iterator[str]:
    for line in request.get("lines") or []:
        name = typed(line.get("name") or "item", limit=210)
        if line["quantity"]:
            yield f"{line['quantity']} × {name} · {_why(line)}"
        if wrapped := line.get("wrapping"):
            yield f"Gift wrapping of {wrapped} × {name} · {_why(line)}"


def _why(chosen: Mapping[str, Any]) -> str:
    return typed(chosen["reason"], limit=100)


def _money(request: Mapping[str, Any], chosen: Mapping[str, Any]) -> str:
    amount = Decimal(chosen["amount"])
    confirmed = request.get("confirmed") or {}
    currency = (confirmed.get("total") or {}).get("currency")
    return str(Money(amount=amount, currency=currency)) if currency else str(amount)
