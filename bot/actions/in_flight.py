"""No second refund while the first is still being paid: BigCommerce does not support it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.actions.base import RuleBroken
from bot.actions.settlement import Settlement, needs_transactions, settlement_of
from bot.actions.snapshot import OrderSnapshot
from bot.bigcommerce import BigCommerceClient, MissingScope, Refund
from bot.money import Money

# Some gateways never report a transaction that can be told to be the refund's. An old refund must
# not keep an order closed for good because of that.
_NO_LONGER_AWAITED = timedelta(hours=1)


async def check_none_in_flight(store: BigCommerceClient, snapshot: OrderSnapshot) -> None:
    """Raise RuleBroken while a recent refund of the order waits for its payment.

    What it gives back may not be counted yet in the next quote, so that the same money could be
    given back twice.
    """
    recent = [refund for refund in snapshot.refunds if _is_recent(refund)]
    if not any(needs_transactions(refund) for refund in recent):
        return
    try:
        transactions = await store.get_transactions(snapshot.order.id)
    except MissingScope:
        return
    for refund in recent:
        # The last look: store credit is given at once and need not be waited for.
        settlement = settlement_of(
            refund, transactions, refunds=snapshot.refunds, is_last_look=True
        )
        if settlement is Settlement.PENDING:
            raise RuleBroken("", _on_its_way(snapshot, refund))


def _is_recent(refund: Refund) -> bool:
    return datetime.now(UTC) - refund.created < _NO_LONGER_AWAITED


def _on_its_way(snapshot: OrderSnapshot, refund: Refund) -> str:
    amount = Money(amount=refund.total_amount, currency=snapshot.order.currency)
    return (
        f"A refund of {amount} for order {snapshot.order.id} is still on its way. Wait until its "
        "payment is confirmed, then ask again."
    )
