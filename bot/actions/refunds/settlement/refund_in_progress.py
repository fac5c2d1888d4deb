"""No second refund while the first is still being paid: BigCommerce does not support it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.actions.action import RuleBroken
from bot.actions.failures import WIDEN_ACCESS
from bot.actions.orders.snapshot import OrderSnapshot
from bot.actions.refunds.settlement.settlement import Settlement, judge_settlement
from bot.bigcommerce.refunds import Refund

# Some gateways never report anything that can be told to be the refund's. An old refund must not
# keep an order closed for good because of that.
_NO_LONGER_AWAITED = timedelta(hours=1)


def check_none_in_flight(snapshot: OrderSnapshot) -> None:
    """Raise RuleBroken while a recent refund of the order may be waiting for its payment.

    What it gives back may not be counted yet in the next quote, so that the same money could be
    given back twice.
    """
    since = datetime.now(UTC) - _NO_LONGER_AWAITED
    for refund in (each for each in snapshot.refunds if each.created > since):
        # The last look: what shows at once, such as store credit, need not be waited for.
        judged = judge_settlement(
            refund, snapshot.refunds, snapshot.transactions, snapshot.order, is_last_look=True
        )
        if judged.settlement is Settlement.PENDING:
            raise RuleBroken("", _not_settled(snapshot, refund, judged.inconsistency))


def _not_settled(snapshot: OrderSnapshot, refund: Refund, inconsistency: str) -> str:
    amount, order_id = snapshot.money(refund.total_amount), refund.order_id
    until = f"{refund.created + _NO_LONGER_AWAITED:%H:%M} UTC"
    if inconsistency:
        return (
            f"It is not clear how a refund of {amount} for order {order_id} is paid. "
            f"{inconsistency} Look at it in the BigCommerce control panel, or ask again after "
            f"{until}."
        )
    if snapshot.transactions is None:
        return (
            f"A refund of {amount} for order {order_id} may still be on its way; Makegood may not "
            f"read whether it was paid. Ask again after {until}. {WIDEN_ACCESS}"
        )
    return (
        f"A refund of {amount} for order {order_id} is still on its way. Wait until its payment is "
        "confirmed, then ask again."
    )
