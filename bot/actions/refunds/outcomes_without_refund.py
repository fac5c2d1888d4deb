"""The ends of a request that has no refund to follow: refused, overtaken, or not known. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.actions.action import MethodChoice
from bot.actions.failures import GOES_ON, LOOK_THEN_CHECK, heard, nothing_changed, sentence
from bot.actions.refunds.request import ConfirmedRefund
from bot.actions.refunds.words import describe_tenders
from bot.bigcommerce.http.errors import BigCommerceError
from bot.bigcommerce.refunds import Refund
from bot.values.money import Money
from bot.values.outcome import Outcome, Status


def not_confirmed(order_id: int, command: str) -> Outcome:
    """Nobody confirmed a figure, so there is nothing to hold BigCommerce's against."""
    return Outcome(
        status=Status.REJECTED,
        message=f"Order {order_id} was not refunded: no figure was confirmed.",
        next_step=f"Start again with {command}.",
    )


def changed_since(
    order_id: int, confirmed: Money, now: Money, command: str, *, is_approved: bool = False
) -> Outcome:
    """The figure is another one than the agent confirmed, or the approver agreed to."""
    if is_approved:
        return Outcome(
            status=Status.REJECTED,
            message=(
                f"Nothing was refunded: the approved amount for order {order_id} was {confirmed}, "
                f"and BigCommerce now says {now}."
            ),
            next_step=f"Start again with {command}; that needs a new approval.",
        )
    return Outcome(
        status=Status.REJECTED,
        message=(
            f"Nothing was refunded: order {order_id} has changed since you confirmed {confirmed}. "
            f"BigCommerce would refund {now} now."
        ),
        next_step=f"Start again with {command}.",
    )


def items_changed(order_id: int, confirmed: Money, command: str) -> Outcome:
    """The figure is the same, but it would be for other items than were confirmed."""
    return Outcome(
        status=Status.REJECTED,
        message=(
            f"Nothing was refunded: what is left to refund on order {order_id} has changed since "
            f"you confirmed {confirmed}."
        ),
        next_step=f"Start again with {command}.",
    )


def method_gone(
    order_id: int, confirmed: ConfirmedRefund, methods: Sequence[MethodChoice], command: str
) -> Outcome:
    """The figure is the same, but it would not be paid in the way that was confirmed."""
    before = describe_tenders(confirmed.payments, confirmed.total.currency)
    now = "; ".join(method.label for method in methods)
    return Outcome(
        status=Status.REJECTED,
        message=(
            f"Nothing was refunded: for order {order_id} you confirmed {confirmed.total} {before}, "
            f"and BigCommerce no longer pays it so. It offers: {now}."
        ),
        next_step=f"Start again with {command}.",
    )


def refund_not_made(error: BigCommerceError, order_id: int, total: Money) -> Outcome:
    """The refund was sent and certainly not executed."""
    outcome = nothing_changed(error, order_id)
    if outcome.status is not Status.REJECTED:
        return outcome
    said = sentence(error.reason)
    return Outcome(
        status=Status.REJECTED,
        message=f"The refund of {total} for order {order_id} was refused by BigCommerce: {said}",
        next_step="Nothing was changed. Look at the order and ask again.",
    )


def refund_unknown(
    order_id: int, total: Money, error: BigCommerceError | None, *, was_read: bool
) -> Outcome:
    """It was sent, nothing came back that tells, and reading back did not find it."""
    found = (
        "It is not among the order's refunds so far."
        if was_read
        else "The order's refunds cannot be read at the moment."
    )
    return Outcome(
        status=Status.UNKNOWN,
        message=(
            f"It is not known whether {total} was refunded for order {order_id}. {heard(error)} "
            f"{found}"
        ),
        next_step=f"{LOOK_THEN_CHECK} Do not refund it a second time before that.",
        amount=total,
    )


def naming_another(outcome: Outcome, refund: Refund) -> Outcome:
    """Add that a refund names the request which is not the one that it asked for."""
    currency = outcome.amount.currency if outcome.amount else ""
    amount = Money(amount=refund.total_amount, currency=currency)
    message = (
        f"{outcome.message} The order has a refund of {amount} under the same reference (refund "
        f"{refund.id}), which is not what was asked for."
    )
    return outcome.model_copy(update={"message": message})


def accepted_but_unread(order_id: int, total: Money) -> Outcome:
    """BigCommerce accepted it in an earlier run; now it cannot be asked."""
    return Outcome(
        status=Status.PENDING,
        message=(
            f"BigCommerce accepted a refund of {total} for order {order_id}. Whether it was paid "
            "cannot be read at the moment."
        ),
        next_step=GOES_ON,
        amount=total,
    )
