"""The marks that came into the store since the log last knew it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.http.errors import MissingScope, NotAuthorised, RateLimited, Refused
from bot.bigcommerce.marked_since import ListedCode, ListedRefund
from bot.values.marks import cancellations_of_note, mark_of_name, mark_of_refund
from storage.recovery.store_looks import StoreLook

logger = logging.getLogger(__name__)

T = TypeVar("T")

# Lists lag, and clocks differ.
MARGIN = timedelta(minutes=15)


@dataclass(slots=True)
class Marked:
    """What the store has under one mark."""

    reference: str
    done_at: datetime
    refund: ListedRefund | None = None
    cancelled_order_id: int | None = None
    code: ListedCode | None = None


@dataclass(slots=True)
class StoreMarks:
    """What a look found, and what the next one need not look at again.

    `unlisted` are the lists that the store would not give, in words.
    """

    look: StoreLook
    marked: dict[str, Marked] = field(default_factory=dict)
    unlisted: list[str] = field(default_factory=list)

    def at(self, reference: str, done_at: datetime) -> Marked:
        """Return what there is under the mark, begun if it is new."""
        return self.marked.setdefault(reference, Marked(reference, done_at))


async def read_marks(store: BigCommerceClient, since: StoreLook) -> StoreMarks:
    """Read the marks of all that was refunded, cancelled or created since that look.

    Raises BigCommerceError when the store could not be read.
    """
    now = datetime.now(UTC)
    marks = StoreMarks(StoreLook(now, since.coupon_id, since.promotion_id))
    at = since.looked_at - MARGIN
    for refund in await _listed(store.listings.refunds_since(at), "refunds", marks):
        mark = mark_of_refund([refund.reason, *(item.reason for item in refund.items)])
        if mark is not None:
            marks.at(mark, refund.created).refund = refund
    first_day = (at - timedelta(days=1)).date().isoformat()  # the bot's days are UTC's
    for order in await _listed(store.listings.cancelled_since(at), "cancelled orders", marks):
        for mark, day in cancellations_of_note(order.staff_notes):
            if day >= first_day:
                marks.at(mark, _noon(day, now)).cancelled_order_id = order.id
    coupons = await _codes(store.listings.coupons_after(since.coupon_id), "coupons", marks, now)
    promotions = await _codes(
        store.listings.promotions_after(since.promotion_id), "promotions", marks, now
    )
    marks.look = StoreLook(
        now,
        max((row.id for row in coupons), default=since.coupon_id),
        max((row.id for row in promotions), default=since.promotion_id),
    )
    return marks


def worth_of_code(code: ListedCode) -> Decimal | None:
    """Return what a code gives away in all: what it takes off once, times its uses.

    None: that is not known, for lack of an amount or of a number of uses.
    """
    return code.fixed_amount * code.max_uses or None


async def _codes(
    reading: Awaitable[list[ListedCode]], what: str, marks: StoreMarks, now: datetime
) -> list[ListedCode]:
    try:
        codes = await _listed(reading, what, marks)
    except MissingScope:
        return []  # then this token never made one
    for code in codes:
        if (mark := mark_of_name(code.name)) is not None:
            marks.at(mark, now).code = code
    return codes


async def _listed(reading: Awaitable[list[T]], what: str, marks: StoreMarks) -> list[T]:
    """Return the list; one that the store refuses for good is noted and left out."""
    try:
        return await reading
    except (MissingScope, NotAuthorised, RateLimited):
        raise
    except Refused as error:
        # Waiting would not help, and each request looks for its own mark in any case.
        logger.error("list refused", extra={"what": what, "error": str(error)})
        marks.unlisted.append(what)
        return []


def _noon(day: str, now: datetime) -> datetime:
    try:
        noon = datetime.fromisoformat(f"{day}T12:00:00+00:00")
    except ValueError:
        return now
    return min(noon, now)
