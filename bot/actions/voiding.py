"""Releasing a payment that is only authorised, and seeing it released.

BigCommerce accepts a void first and carries it out afterwards; one that fails falls back to
authorised.
"""

from __future__ import annotations

from bot.actions.base import Attempt
from bot.actions.failures import GOES_ON, nothing_changed
from bot.actions.reading import read_until
from bot.bigcommerce import BigCommerceError, NoAnswer, Order
from bot.outcome import Outcome, Status

AUTHORIZED = "authorized"
VOID_PENDING = "void pending"
VOIDED = "void"


async def release_payment(attempt: Attempt, order: Order) -> Order | Outcome:
    """Void the payment unless an earlier run did; return the order once it is released.

    An outcome comes back when it is not: then the order must not be cancelled.
    """
    if not attempt.claimed and attempt.claim():
        try:
            await attempt.store.void_payment(order.id)
        except NoAnswer:
            pass  # the reading below tells
        except BigCommerceError as error:
            return nothing_changed(error, order.id)
    latest = await read_until(
        attempt.settle_waits,
        lambda: attempt.store.get_order(order.id),
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
