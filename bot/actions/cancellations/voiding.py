"""Releasing a payment that is only authorised, and seeing it released.

BigCommerce accepts a void first and carries it out afterwards; one that fails falls back to
authorised. A void has no place for a mark: its evidence is the payment status.
"""

from __future__ import annotations

from bot.actions.action import Attempt
from bot.actions.failures import GOES_ON, heard, nothing_changed
from bot.actions.reading import read_until
from bot.actions.writing import End, Write, write_once
from bot.bigcommerce.http.errors import BigCommerceError
from bot.bigcommerce.models import Order
from bot.values.outcome import Outcome, Status

AUTHORIZED = "authorized"
VOID_PENDING = "void pending"
VOIDED = "void"


async def release_payment(attempt: Attempt, order: Order) -> Order | Outcome:
    """Void the payment of the order, as just read, unless that was done; return it once released.

    An outcome comes back when it is not: then the order must not be cancelled.
    """
    is_fresh = True

    async def look() -> Order | None:
        nonlocal is_fresh
        latest = order if is_fresh else await attempt.store.orders.get(order.id)
        is_fresh = False
        return None if latest.payment_status.lower() == AUTHORIZED else latest

    async def send() -> Order:
        attempt.note_release()
        await attempt.store.payments.void(order.id)
        return order

    write = Write(look=look, send=send, differs=lambda _: "", is_repeatable=False)
    written = await write_once(write, attempt)
    if isinstance(written, Outcome):
        return written
    if written.end is End.NOTHING and written.error is not None:
        return nothing_changed(written.error, order.id)
    if written.end is End.UNKNOWN and written.was_read and attempt.accepted:
        return _not_released(order)  # taken by BigCommerce, and fallen back since
    if written.end is End.UNKNOWN:
        return _unknown(order, written.error) if written.was_read else payment_unread(order.id)
    latest = await read_until(
        attempt.accepted_waits,
        lambda: attempt.store.orders.get(order.id),
        lambda latest: latest.payment_status.lower() not in (AUTHORIZED, VOID_PENDING),
    )
    if latest is None:
        return payment_unread(order.id)
    return latest if latest.payment_status.lower() == VOIDED else _not_released(latest)


def payment_unread(order_id: int) -> Outcome:
    """Return the outcome when nothing can be read after the void was asked for."""
    return Outcome(
        status=Status.PENDING,
        message=(
            f"BigCommerce was asked to release the payment of order {order_id} and cannot be "
            "read now. Whether the order is cancelled is not known yet."
        ),
        next_step=GOES_ON,
    )


def _unknown(order: Order, error: BigCommerceError | None) -> Outcome:
    """The void was sent and its answer lost; the payment does not show it so far."""
    return Outcome(
        status=Status.UNKNOWN,
        message=(
            f"Order {order.id} is not cancelled: whether its payment is released is not known. "
            f"{heard(error)} The payment is still shown as authorised."
        ),
        next_step=(
            "Look at the payment in the BigCommerce control panel, then choose Check again. "
            "Makegood does not ask for it a second time."
        ),
    )


def _not_released(order: Order) -> Outcome:
    payment = order.payment_status.lower()
    if payment == VOID_PENDING:
        return Outcome(
            status=Status.PENDING,
            message=(
                f"The payment of order {order.id} is being released. The order is not cancelled "
                "yet."
            ),
            next_step=GOES_ON,
        )
    if payment == AUTHORIZED:
        return Outcome(
            status=Status.FAILED,
            message=(
                f"Order {order.id} was not cancelled: its payment could not be released, it is "
                "still authorised."
            ),
            next_step="Void the payment in the BigCommerce control panel, then cancel again.",
        )
    return Outcome(
        status=Status.REJECTED,
        message=(
            f"Order {order.id} was not cancelled: its payment has become "
            f"“{order.payment_status}” meanwhile, so it cannot be released."
        ),
        next_step=f"Look at the order, then ask again with /cancel-order {order.id}.",
    )
