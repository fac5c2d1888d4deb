"""What the thread says about a change that was made outside the bot, and what is read for it."""

from __future__ import annotations

from decimal import Decimal

from bot.actions.refunds.tenders import is_recorded_only
from bot.actions.rules.eligibility import STATUS_NAMES
from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.http.errors import Forbidden, OrderNotFound
from bot.bigcommerce.models import Transaction
from bot.bigcommerce.webhooks import ChangeKind
from bot.values.money import Money
from handlers.block_kit.builders import context, section
from handlers.block_kit.mrkdwn import date, typed
from handlers.timeline.external_changes.own_changes import ShownInStore
from handlers.timeline.rendered import Rendered
from storage.webhooks.external_changes import OutsideEvent

# Payment providers word it each in their own way; these mean that all is well, or may yet be.
WELL = frozenset(
    {"complete", "completed", "ok", "success", "succeeded", "approved", "pending", "processing"}
)
REASON_SHOWN = 200


class NotShownYet(Exception):
    """The store does not show yet what its webhook told; a look some seconds later may."""


class Shop:
    """Reads what the events do not say themselves."""

    def __init__(self, store: BigCommerceClient) -> None:
        self._store = store

    async def look(self, event: OutsideEvent, *, is_last: bool) -> ShownInStore:
        """Return what the store shows of the order. An order that is gone shows nothing.

        Raises BigCommerceError when that cannot be read now, and NotShownYet unless it `is_last`.
        """
        try:
            order = await self._store.orders.get(event.order_id)
            if event.kind in {ChangeKind.ARCHIVED, ChangeKind.GONE}:
                return ShownInStore(order)
            refunds = await self._store.refunds.of_order(event.order_id)
        except OrderNotFound:
            return ShownInStore()
        shown = ShownInStore(order, refunds, await self._transactions(event))
        if not is_last and not _is_there(event, shown):
            raise NotShownYet
        return shown

    async def _transactions(self, event: OutsideEvent) -> list[Transaction] | None:
        if event.kind != ChangeKind.TRANSACTION:
            return None
        try:
            return await self._store.payments.transactions(event.order_id)
        except Forbidden:  # the token may do without
            return None


def needs_looking(event: OutsideEvent, *, may_be_own: bool) -> bool:
    """Whether the event alone does not tell what to say, or who made the change."""
    return event.kind != ChangeKind.STATUS or may_be_own


def is_news(event: OutsideEvent) -> bool:
    """Whether anybody need hear of it, whoever made it."""
    if event.kind == ChangeKind.STATUS:
        return event.detail.get("before") != event.detail.get("after")
    is_step = event.kind == ChangeKind.TRANSACTION
    return not is_step or str(event.detail.get("status")).lower() not in WELL


def describe_external_change(event: OutsideEvent, shown: ShownInStore) -> str | None:
    """Return what the event means, in plain words without markup; None: it is not so any more."""
    order_id = event.order_id
    match event.kind:
        case ChangeKind.STATUS:
            before, after = event.detail.get("before"), event.detail.get("after")
            return f"Order {order_id} went from {_name(before)} to {_name(after)}."
        case ChangeKind.TRANSACTION:
            return _step(event, shown)
        case ChangeKind.ARCHIVED if not shown.is_gone:
            is_back = shown.order is not None and not shown.order.is_deleted
            return f"Order {order_id} was archived.{' It is not any more.' if is_back else ''}"
        case ChangeKind.ARCHIVED | ChangeKind.GONE:
            return gone(order_id) if shown.is_gone else None
    return _refund(event, shown)


def gone(order_id: int) -> str:
    """Return what is said of an order that was deleted."""
    return f"Order {order_id} was deleted: BigCommerce has no order of this number any more."


def _refund(event: OutsideEvent, shown: ShownInStore) -> str:
    wanted = event.detail.get("refund_id")
    refund = next((each for each in shown.refunds if each.id == wanted), None)
    if not shown.is_read:
        said = f"A refund was made for order {event.order_id}; its amount could not be read."
        return f"{said} Look at the order before you refund anything."
    if refund is None or shown.order is None:
        said = f"Order {event.order_id}: BigCommerce reports refund {wanted}, and lists none."
        return f"{said} Look at the order before you refund anything."
    amount = Money(amount=refund.total_amount, currency=shown.order.currency)
    why = f" Reason: “{refund.reason[:REASON_SHOWN]}”." if refund.reason else ""
    if refund.is_declined:
        return f"A refund of {amount} for order {event.order_id} was tried, and declined.{why}"
    recorded = [each.amount for each in refund.payments if is_recorded_only(each)]
    if recorded:
        part = Money(amount=sum(recorded, Decimal(0)), currency=shown.order.currency)
        which = "it" if part == amount else f"{part} of it"
        said = f"A refund of {amount} was recorded for order {event.order_id}; BigCommerce sends"
        return f"{said} no money for {which}.{why}"
    return f"A refund of {amount} was made for order {event.order_id}.{why}"


def outside_message(event: OutsideEvent, said: str) -> Rendered:
    """Return the message about an event."""
    sign = ":warning:" if event.kind == ChangeKind.TRANSACTION else ":globe_with_meridians:"
    shown = typed(said, limit=1500)
    small = f"Happened {date(event.happened_at, time=True)}"
    blocks = [section(f"{sign} Outside Makegood: *{shown}*"), context(small)]
    return Rendered(f"Outside Makegood: {shown}", blocks)


def _name(status_id: object) -> str:
    known = STATUS_NAMES.get(status_id) if isinstance(status_id, int) else None
    return known or f"a status that Makegood does not know ({status_id})"


def _step(event: OutsideEvent, shown: ShownInStore) -> str:
    found = shown.refund_of(event)
    if found is not None and shown.order is not None and found[1].is_declined:
        refund, payment = found
        whole = Money(amount=refund.total_amount, currency=shown.order.currency)
        part = Money(amount=payment.amount, currency=shown.order.currency)
        some = "" if part == whole else f"{part} of "
        what = f"{some}{'a' if not some else 'the'} refund of {whole} for order {event.order_id}"
        return f"{what[0].upper()}{what[1:]} was declined: that money did not come back."
    step, status = (str(event.detail.get(name)) for name in ("type", "status"))
    return (
        f"A payment step of order {event.order_id} did not go through: {step}, {status}. "
        "Look at its payment in the BigCommerce control panel."
    )


def _is_there(event: OutsideEvent, shown: ShownInStore) -> bool:
    """Whether the store's lists have what the event is about. Webhooks may be faster than they."""
    if event.kind == ChangeKind.REFUND:
        return any(each.id == event.detail.get("refund_id") for each in shown.refunds)
    if event.kind == ChangeKind.TRANSACTION and shown.transactions is not None:
        return shown.step(event) is not None
    return True
