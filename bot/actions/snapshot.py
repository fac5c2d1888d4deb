"""An order with all that belongs to it, as it is at one moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from bot.actions.reading import together
from bot.bigcommerce import (
    BigCommerceClient,
    Fee,
    ItemType,
    Order,
    OrderLine,
    Refund,
    Shipment,
    ShippingAddress,
    UsedCoupon,
)
from bot.money import Money

_RECEIVED = frozenset({"captured", "paid", "partially refunded", "refunded"})
# BigCommerce leaves the payment status empty (or "pending") for manual and offline payments; then
# only the order's status tells whether the merchant holds the money.
_UNTOLD = frozenset({"", "pending"})
_UNPAID_STATUSES = frozenset({0, 1, 5, 6, 7})


@dataclass(frozen=True, slots=True)
class OrderSnapshot:
    """An order, its lines, addresses, fees and refunds; amounts in its transactional currency.

    Addresses and fees are only there when they were read, too: they are for giving back all of it.
    So are shipments and coupons, which are for showing; None: they could not be read.

    The amounts are for showing. What can be given back is for BigCommerce's quote to say.
    """

    order: Order
    lines: tuple[OrderLine, ...] = ()
    addresses: tuple[ShippingAddress, ...] = ()
    fees: tuple[Fee, ...] = ()
    refunds: tuple[Refund, ...] = ()
    shipments: tuple[Shipment, ...] | None = ()
    coupons: tuple[UsedCoupon, ...] | None = ()

    @property
    def total(self) -> Money:
        """What the order cost: money, store credit and gift certificates together."""
        return self._money(self.order.total_inc_tax + self._credit)

    @property
    def paid(self) -> Money:
        """What the store has received so far; a payment that is only authorised is not in it."""
        status = self.order.payment_status.lower()
        received = status in _RECEIVED or (
            status in _UNTOLD and self.order.status_id not in _UNPAID_STATUSES
        )
        paid = self.total.amount if received else self._credit
        return self._money(max(paid, self.refunded.amount))

    @property
    def refunded(self) -> Money:
        """What was given back, tenders that were declined left out."""
        return self._money(sum((given_back(refund) for refund in self.refunds), Decimal(0)))

    @property
    def left(self) -> Money:
        """What was paid and not given back."""
        return self._money(self.paid.amount - self.refunded.amount)

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

    @property
    def _credit(self) -> Decimal:
        # `total_inc_tax` is what was left to pay after store credit and gift certificates.
        return self.order.store_credit_amount + self.order.gift_certificate_amount

    def _money(self, amount: Decimal) -> Money:
        return Money(amount=amount, currency=self.order.currency)


def given_back(refund: Refund) -> Decimal:
    """Return what a refund gives back: its total without the tenders that were declined."""
    declined = (payment.amount for payment in refund.payments if payment.is_declined)
    return max(Decimal(0), refund.total_amount - sum(declined, Decimal(0)))


async def load_snapshot(store: BigCommerceClient, order_id: int) -> OrderSnapshot:
    """Read the order and what belongs to it, all at once; raise BigCommerceError if one fails."""
    async with together() as group:
        order = group.create_task(store.get_order(order_id))
        lines = group.create_task(store.get_order_lines(order_id))
        addresses = group.create_task(store.get_shipping_addresses(order_id))
        fees = group.create_task(store.get_fees(order_id))
        refunds = group.create_task(store.get_refunds(order_id))
    return OrderSnapshot(
        order=order.result(),
        lines=tuple(lines.result()),
        addresses=tuple(addresses.result()),
        fees=tuple(fees.result()),
        refunds=tuple(refunds.result()),
    )


async def load_costs(store: BigCommerceClient, snapshot: OrderSnapshot) -> OrderSnapshot:
    """Return the snapshot with the order's addresses and fees, read now."""
    order_id = snapshot.order.id
    async with together() as group:
        addresses = group.create_task(store.get_shipping_addresses(order_id))
        fees = group.create_task(store.get_fees(order_id))
    return replace(snapshot, addresses=tuple(addresses.result()), fees=tuple(fees.result()))


async def load_to_show(store: BigCommerceClient, order_id: int) -> OrderSnapshot:
    """Read the order with its lines and refunds only: all that is shown of it, in fewer calls."""
    async with together() as group:
        order = group.create_task(store.get_order(order_id))
        lines = group.create_task(store.get_order_lines(order_id))
        refunds = group.create_task(store.get_refunds(order_id))
    return OrderSnapshot(
        order=order.result(), lines=tuple(lines.result()), refunds=tuple(refunds.result())
    )
