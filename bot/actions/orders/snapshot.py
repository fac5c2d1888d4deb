"""An order with all that belongs to it, as it is at one moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from bot.actions.reading import or_none, together
from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.http.errors import MissingScope
from bot.bigcommerce.models import Fee, Order, OrderLine, ShippingAddress, Transaction
from bot.bigcommerce.order_parts import Shipment, UsedCoupon
from bot.bigcommerce.refunds import ItemType, Refund
from bot.values.money import Money

_RECEIVED = frozenset({"captured", "paid", "partially refunded", "refunded"})
# BigCommerce leaves the payment status empty (or "pending") for manual and offline payments; then
# only the order's status tells whether the merchant holds the money.
_UNTOLD = frozenset({"", "pending"})
_UNPAID_STATUSES = frozenset({0, 1, 5, 6, 7})
# What takes money: a payment at once, or one that was authorised before.
_TAKING = frozenset({"purchase", "capture"})
# The order tells these itself; as transactions they would count twice.
_CREDIT = frozenset({"store_credit", "gift_certificate"})


@dataclass(frozen=True, slots=True)
class OrderSnapshot:
    """An order, its lines, addresses, fees and refunds; amounts in its transactional currency.

    Addresses and fees are only there when they were read, too: they are for giving back all of it.
    So are shipments and coupons, which are for showing; None: they could not be read. Transactions
    are None where they may not be read, too.

    The amounts are for showing, and to hold BigCommerce's quote against. What can be given back is
    for that quote to say.
    """

    order: Order
    lines: tuple[OrderLine, ...] = ()
    addresses: tuple[ShippingAddress, ...] = ()
    fees: tuple[Fee, ...] = ()
    refunds: tuple[Refund, ...] = ()
    shipments: tuple[Shipment, ...] | None = ()
    coupons: tuple[UsedCoupon, ...] | None = ()
    transactions: tuple[Transaction, ...] | None = None

    @property
    def total(self) -> Money:
        """What the order cost: money, store credit and gift certificates together."""
        return self.money(self.order.total_inc_tax + self._credit)

    @property
    def paid(self) -> Money:
        """What the store has received so far; a payment that is only authorised is not in it.

        Where it is not known what was taken (see `is_paid_known`), what the order costs.
        """
        taken = self._taken()
        paid = self.total.amount if taken is None else taken
        return self.money(max(paid, self.refunded.amount))

    @property
    def is_paid_known(self) -> bool:
        """Whether `paid` is what was taken. If not, it is only what the order costs."""
        return self._taken() is not None

    @property
    def refunded(self) -> Money:
        """What was given back, tenders that were declined left out."""
        return self.money(sum((given_back(refund) for refund in self.refunds), Decimal(0)))

    @property
    def left(self) -> Money:
        """What was paid and not given back."""
        return self.money(self.paid.amount - self.refunded.amount)

    @property
    def customer_name(self) -> str:
        """The customer's name as typed by the customer; the e-mail address when there is none."""
        address = self.order.billing_address
        name = f"{address.first_name} {address.last_name}".strip()
        return name or address.email or "Guest"

    def find_line(self, line_id: int) -> OrderLine | None:
        """Return the line with this order product id, if the order has it."""
        return next((line for line in self.lines if line.id == line_id), None)

    def quantity_left(self, line_id: int) -> int:
        """Return how many pieces of the line can still be refunded; 0 for an unknown line."""
        line = self.find_line(line_id)
        if line is None:
            return 0
        # The line's own counter moves when a refund settles, the refunds' items at once: the
        # larger of the two never offers a piece twice.
        refunded = max(line.quantity_refunded, self.quantity_refunded(ItemType.PRODUCT, line_id))
        return max(0, line.quantity - refunded)

    def quantity_refunded(self, item_type: ItemType, item_id: int) -> int:
        """Return the pieces in earlier refunds that were not declined."""
        return sum(
            item.quantity or 0
            for refund in self.refunds
            if not refund.is_declined
            for item in refund.items
            if item.item_type == item_type and item.item_id == item_id
        )

    def money(self, amount: Decimal) -> Money:
        """Return an amount in the order's transactional currency."""
        return Money(amount=amount, currency=self.order.currency)

    def _taken(self) -> Decimal | None:
        """Return what was taken, by the payment status and the transactions; None: not known.

        An order that was edited after its payment costs another amount than was taken.
        """
        if not self._is_received() or self.order.total_inc_tax == 0:
            return self._credit
        taking = {
            each.id: each
            for each in self.transactions or ()
            if each.event in _TAKING and each.status == "ok" and each.method not in _CREDIT
        }
        currencies = {each.currency for each in taking.values()} - {"", self.order.currency}
        if not taking or currencies:
            return None
        return self._credit + sum((abs(each.amount) for each in taking.values()), Decimal(0))

    def _is_received(self) -> bool:
        status = self.order.payment_status.lower()
        return status in _RECEIVED or (
            status in _UNTOLD and self.order.status_id not in _UNPAID_STATUSES
        )

    @property
    def _credit(self) -> Decimal:
        # `total_inc_tax` is what was left to pay after store credit and gift certificates.
        return self.order.store_credit_amount + self.order.gift_certificate_amount


def given_back(refund: Refund) -> Decimal:
    """Return what a refund gives back: its total without the tenders that were declined."""
    declined = (payment.amount for payment in refund.payments if payment.is_declined)
    return max(Decimal(0), refund.total_amount - sum(declined, Decimal(0)))


async def load_snapshot(store: BigCommerceClient, order_id: int) -> OrderSnapshot:
    """Read the order and what belongs to it, all at once; raise BigCommerceError if one fails.

    Transactions that the token may not read are None.
    """
    async with together() as group:
        order = group.create_task(store.orders.get(order_id))
        lines = group.create_task(store.orders.lines(order_id))
        addresses = group.create_task(store.orders.shipping_addresses(order_id))
        fees = group.create_task(store.orders.fees(order_id))
        refunds = group.create_task(store.refunds.of_order(order_id))
        transactions = group.create_task(_transactions(store, order_id))
    return OrderSnapshot(
        order=order.result(),
        lines=tuple(lines.result()),
        addresses=tuple(addresses.result()),
        fees=tuple(fees.result()),
        refunds=tuple(refunds.result()),
        transactions=transactions.result(),
    )


async def load_costs(store: BigCommerceClient, snapshot: OrderSnapshot) -> OrderSnapshot:
    """Return the snapshot with the order's addresses and fees, read now."""
    order_id = snapshot.order.id
    async with together() as group:
        addresses = group.create_task(store.orders.shipping_addresses(order_id))
        fees = group.create_task(store.orders.fees(order_id))
    return replace(snapshot, addresses=tuple(addresses.result()), fees=tuple(fees.result()))


async def load_to_show(store: BigCommerceClient, order_id: int) -> OrderSnapshot:
    """Read the order with its lines, refunds and transactions: what is shown, in fewer calls.

    Transactions that cannot be read are None: what was paid is then not known.
    """
    async with together() as group:
        order = group.create_task(store.orders.get(order_id))
        lines = group.create_task(store.orders.lines(order_id))
        refunds = group.create_task(store.refunds.of_order(order_id))
        transactions = group.create_task(or_none(_transactions(store, order_id), "transactions"))
    return OrderSnapshot(
        order=order.result(),
        lines=tuple(lines.result()),
        refunds=tuple(refunds.result()),
        transactions=transactions.result(),
    )


async def _transactions(store: BigCommerceClient, order_id: int) -> tuple[Transaction, ...] | None:
    try:
        return tuple(await store.payments.transactions(order_id))
    except MissingScope:
        # The orders scope is not enough for transactions.
        return None
