"""What the store shows of an order's refunds at one moment: all that they are judged by."""

from __future__ import annotations

from dataclasses import dataclass

from bot.actions.reading import together
from bot.actions.refunds.settlement.settlement import Judgement, judge_settlement
from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.http.errors import BigCommerceError, MissingScope
from bot.bigcommerce.models import Order, Transaction
from bot.bigcommerce.refunds import Refund


@dataclass(frozen=True, slots=True)
class RefundRecords:
    """An order, all its refunds, and its transactions; these are None when they were not read.

    `error` is then what went wrong: MissingScope when the token may not read them, which lasts.
    """

    order: Order
    refunds: tuple[Refund, ...]
    transactions: tuple[Transaction, ...] | None
    error: BigCommerceError | None = None

    @property
    def lacks_scope(self) -> bool:
        """Whether the token may not read transactions, so that waiting does not help."""
        return isinstance(self.error, MissingScope)

    def judge(self, refund: Refund, *, is_last_look: bool = False) -> Judgement:
        """Return how far a refund is that is, or will be, among these."""
        return judge_settlement(
            refund, self.refunds, self.transactions, self.order, is_last_look=is_last_look
        )


async def read_records(store: BigCommerceClient, order_id: int) -> RefundRecords:
    """Read the transactions, then the order and its refunds; raise when one of these two fails.

    In this sequence each transaction is of a refund that is in the list.
    """
    transactions, error = await _read_transactions(store, order_id)
    async with together() as group:
        order = group.create_task(store.orders.get(order_id))
        refunds = group.create_task(store.refunds.of_order(order_id))
    return RefundRecords(order.result(), tuple(refunds.result()), transactions, error)


async def _read_transactions(
    store: BigCommerceClient, order_id: int
) -> tuple[tuple[Transaction, ...] | None, BigCommerceError | None]:
    try:
        return tuple(await store.payments.transactions(order_id)), None
    except BigCommerceError as error:
        return None, error
