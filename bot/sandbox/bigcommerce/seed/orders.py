"""Writing orders into the books as if shoppers had made them, and filling up to sixty."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from bot.sandbox.bigcommerce.books import Address, Books, Fee, Line, Order, Person
from bot.sandbox.bigcommerce.refunds.payments import Tender, Transaction
from bot.sandbox.bigcommerce.refunds.sums import total
from bot.sandbox.bigcommerce.seed.goods import GOODS, NAMES, person

PENDING, SHIPPED, PARTLY_SHIPPED, REFUNDED, CANCELLED, DECLINED = 1, 2, 3, 4, 5, 6
AWAITING_PAYMENT, PICKUP, SHIPMENT, COMPLETED, FULFILLMENT = 7, 8, 9, 10, 11
REVIEW, DISPUTED, PARTLY_REFUNDED = 12, 13, 14
FIRST_ID, LAST_ID = 1001, 1060
WHOLLY_SHIPPED = (2, 4, 10, 14)
GUEST = Person(first_name="Rosa", last_name="Ibarra", email="rosa.guest@mail.example")
# Status and payment status of the plain orders, as the two go together.
PLAIN = (
    *((11, "captured"), (9, "paid"), (8, "captured"), (10, "captured"), (2, "captured")),
    *((3, "paid"), (1, "pending"), (7, "pending"), (11, "paid"), (5, "void"), (6, "declined")),
    *((0, ""), (12, "captured")),
)


class Clerk:
    """Takes orders down. Numbers and dates follow from the order's own number."""

    def __init__(self, books: Books, opened_at: datetime) -> None:
        self.books = books
        self._opened_at = opened_at

    def order(
        self,
        order_id: int,
        *tags: str,
        customer: int,
        status_id: int,
        payment_status: str = "captured",
        goods: Sequence[tuple[int, int]],
        shipping: str | None = "8.50",
        handling: str = "0.00",
        billing: Person | None = None,
        **fields: Any,
    ) -> Order:
        """Take down an order that is yet to be paid; `customer` 0 is a guest.

        `goods` are places in the list of goods with their quantities; `shipping` None: not sent.
        """
        created_at = self._opened_at - self._age(order_id)
        billing = billing or (person(customer - 1) if customer else GUEST)
        order = Order(
            id=order_id,
            customer_id=customer,
            billing=billing,
            status_id=status_id,
            payment_status=payment_status,
            payment_method="Credit Card",
            created_at=created_at,
            modified_at=created_at,
            tags=list(tags),
            **fields,
        )
        if shipping is not None:
            self.address(order, shipping, handling)
        for good, quantity in goods:
            self.line(order, good, quantity)
        self.books.orders[order_id] = order
        return order

    def _age(self, order_id: int) -> timedelta:
        """Return how long before the opening an order was made; the last ones on its very day."""
        if order_id > LAST_ID:
            return timedelta(minutes=170 - 5 * (order_id - LAST_ID))
        return timedelta(days=LAST_ID - order_id, hours=order_id % 7)

    def address(self, order: Order, shipping: str, handling: str = "0.00") -> Address:
        """Add a shipping address; the lines that follow go there."""
        address = Address(
            id=self.books.next_id("address"),
            to=order.billing,
            shipping=Decimal(shipping),
            handling=Decimal(handling),
        )
        order.addresses.append(address)
        return address

    def line(self, order: Order, good: int, quantity: int = 1, **fields: Any) -> Line:
        """Add a line."""
        name, price = GOODS[good]
        shipped = quantity if order.status_id in WHOLLY_SHIPPED else 0
        line = Line.model_validate(
            {
                "id": self.books.next_id("line"),
                "product_id": 101 + good,
                "name": name,
                "sku": f"FF-{101 + good}",
                "price": price,
                "quantity": quantity,
                "quantity_shipped": shipped,
                "address_id": order.addresses[-1].id if order.addresses else 0,
                **fields,
            }
        )
        if shipped and order.shipped_at is None:
            order.shipped_at = order.created_at + timedelta(hours=30)
        order.lines.append(line)
        return line

    def fee(self, order: Order, name: str, price: str) -> None:
        """Add a fee of the whole order."""
        order.fees.append(Fee(id=self.books.next_id("fee"), name=name, price=Decimal(price)))

    def pay(self, order: Order, *before: Tender, last: Tender | None = None) -> Order:
        """Let the shopper pay: `before` their amounts, then the `last` tender the rest."""
        rest = total(order).inc_tax - sum((tender.amount for tender in before), Decimal("0.00"))
        last = last or Tender(provider_id="braintree", description="Braintree", amount=rest)
        last.amount = rest
        order.tenders = [tender for tender in (*before, last) if tender.amount > 0]
        for tender in order.tenders:
            if order.payment_status in ("pending", ""):
                continue
            event = "authorization" if order.payment_status in NOT_TAKEN else "purchase"
            self.transact(order, tender, event, ok=order.payment_status != "declined")
        if order.payment_status == "void":
            self.transact(order, order.tenders[0], "void")
        return order

    def transact(self, order: Order, tender: Tender, event: str, *, ok: bool = True) -> None:
        """Write down what a gateway did when the order was made."""
        order.transactions.append(
            Transaction(
                id=self.books.next_id("transaction"),
                order_id=order.id,
                event=event,
                method=tender.method,
                amount=tender.amount,
                currency=order.currency,
                gateway=tender.provider_id,
                created_at=order.created_at,
                ok=ok,
            )
        )


NOT_TAKEN = ("authorized", "held for review", "void")


def bank_deposit() -> Tender:
    """Return a tender that is always offline."""
    return Tender(
        provider_id="bankdeposit",
        description="Bank Deposit",
        amount=Decimal(0),
        kind="offline",
        method="offline",
    )


def fill(clerk: Clerk, random: Random) -> None:
    """Take down plain orders under every number that is still free."""
    free = [n for n in range(FIRST_ID, LAST_ID + 1) if n not in clerk.books.orders]
    for index, order_id in enumerate(free):
        status_id, payment_status = PLAIN[index % len(PLAIN)]
        chosen = random.sample(range(len(GOODS)), random.randint(1, 4))
        order = clerk.order(
            order_id,
            "plain",
            customer=random.randint(1, len(NAMES)),
            status_id=status_id,
            payment_status=payment_status,
            goods=[(good, random.choice((1, 1, 1, 2, 3))) for good in chosen],
            shipping=random.choice(("5.90", "8.50", "14.25")),
        )
        if status_id == 3:
            order.lines[0].quantity_shipped = 1
        if status_id == 8:
            order.addresses[0].method = "Pick up in store"
        clerk.pay(order)
