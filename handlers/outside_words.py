"""What the thread says about a change that was made outside the bot."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from bot.actions.eligibility import STATUS_NAMES
from bot.actions.methods import is_recorded_only
from bot.bigcommerce import BigCommerceClient, ChangeKind, Refund
from bot.money import Money
from handlers.blocks import context, section
from handlers.outcome_message import Message
from handlers.text import date, typed
from storage.outside_events import OutsideEvent

# Payment providers word it each in their own way; these mean that all is well, or may yet be.
WELL = frozenset(
    {"complete", "completed", "ok", "success", "succeeded", "approved", "pending", "processing"}
)
REASON_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Found:
    """What an event means: plain words without markup, and the refund that it is about."""

    said: str
    refund: Refund | None = None


class Words:
    """Words events, having read what they do not say themselves."""

    def __init__(self, store: BigCommerceClient) -> None:
        self._store = store

    async def find(self, event: OutsideEvent) -> Found | None:
        """Return what the event means, None for one that nobody need hear of.

        Raises BigCommerceError when that cannot be read now.
        """
        match event.kind:
            case ChangeKind.STATUS:
                return _status(event)
            case ChangeKind.TRANSACTION:
                return _transaction(event)
        return await self._refund(event)

    async def _refund(self, event: OutsideEvent) -> Found:
        refunds = await self._store.get_refunds(event.order_id)
        order = await self._store.get_order(event.order_id)
        wanted = event.detail.get("refund_id")
        refund = next((each for each in refunds if each.id == wanted), None)
        if refund is None:
            said = f"Order {event.order_id}: BigCommerce reports refund {wanted}, and lists none."
            return Found(f"{said} Look at the order before you refund anything.")
        amount = Money(amount=refund.total_amount, currency=order.currency)
        why = f" Reason: “{refund.reason[:REASON_SHOWN]}”." if refund.reason else ""
        if refund.is_declined:
            return Found(
                f"A refund of {amount} for order {event.order_id} was tried, and declined.{why}",
                refund,
            )
        recorded = [each.amount for each in refund.payments if is_recorded_only(each)]
        if recorded:
            part = Money(amount=sum(recorded, Decimal(0)), currency=order.currency)
            which = "it" if part == amount else f"{part} of it"
            said = (
                f"A refund of {amount} was recorded for order {event.order_id}; BigCommerce sends"
            )
            return Found(f"{said} no money for {which}.{why}", refund)
        return Found(f"A refund of {amount} was made for order {event.order_id}.{why}", refund)


def outside_message(event: OutsideEvent, said: str) -> tuple[Message, str]:
    """Return the message about an event, and the part of its text that no other message has."""
    sign = ":warning:" if event.kind == ChangeKind.TRANSACTION else ":globe_with_meridians:"
    marker = f"(outside event {event.id})"
    shown = typed(said, limit=1500)
    small = f"Happened {date(event.happened_at, time=True)} · event {event.id}"
    blocks = [section(f"{sign} Outside Makegood: *{shown}*"), context(small)]
    return Message(f"Outside Makegood: {shown} {marker}", blocks), marker


def _status(event: OutsideEvent) -> Found | None:
    before, after = event.detail.get("before"), event.detail.get("after")
    if before == after:
        return None
    return Found(f"Order {event.order_id} went from {_name(before)} to {_name(after)}.")


def _name(status_id: object) -> str:
    known = STATUS_NAMES.get(status_id) if isinstance(status_id, int) else None
    return known or f"a status that Makegood does not know ({status_id})"


def _transaction(event: OutsideEvent) -> Found | None:
    step, status = (str(event.detail.get(name)) for name in ("type", "status"))
    if status.lower() in WELL:
        return None
    return Found(
        f"A payment step of order {event.order_id} did not go through: {step}, {status}. "
        "Look at its payment in the BigCommerce control panel."
    )
