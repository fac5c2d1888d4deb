"""Fresh orders for every case, made after the sandbox's own, and nobody else's."""

from __future__ import annotations

from decimal import Decimal

from bot.sandbox.bigcommerce.books import Books, Order
from bot.sandbox.bigcommerce.refunds.payments import ZERO

FIRST_ORDER = 5001
FIRST_CUSTOMER = 9001


def fresh_order(books: Books, template: int, status_id: int | None = None) -> Order:
    """Add a copy of an order, with numbers and a customer of its own, and return it.

    `status_id` None: the one that the template has.
    """
    number = max(FIRST_ORDER - 1, *books.orders) + 1
    order = books.orders[template].model_copy(deep=True, update={"id": number})
    new: dict[int | None, int] = {}
    for address in order.addresses:
        new[address.id] = address.id = books.next_id("address")
    for line in order.lines:
        former, line.id = line.id, books.next_id("line")
        new[former], line.address_id = line.id, new.get(line.address_id, 0)
        line.parent_id = new.get(line.parent_id)
    for fee in order.fees:
        fee.id = books.next_id("fee")
    for transaction in order.transactions:
        new[transaction.id] = transaction.id = books.next_id("transaction")
        transaction.order_id = number
        transaction.reference_id = new.get(transaction.reference_id)
    order.status_id = order.status_id if status_id is None else status_id
    order.customer_id = _fresh_customer(books, order)
    books.orders[number] = order
    return order


def _fresh_customer(books: Books, order: Order) -> int:
    """Give the order to a customer who has no other, so that no case is about another's orders."""
    if not order.customer_id:
        return 0
    number = max(FIRST_CUSTOMER - 1, *books.customers) + 1
    former = books.customers[order.customer_id]
    customer = former.model_copy(deep=True, update={"id": number})
    order.billing.email = customer.person.email = f"c{number}@example.com"
    books.customers[number] = customer
    return number


def money_taken(order: Order) -> Decimal:
    """Return what the shop has of the customer's money: taken, and not given back."""
    if order.payment_status in {"pending", "authorized", "held for review", "void", "declined"}:
        return ZERO
    if order.payment_status in {"void pending"}:
        return ZERO
    paid = sum((tender.amount for tender in order.tenders), ZERO)
    return paid - sum((refund.given_back for refund in order.refunds), ZERO)
