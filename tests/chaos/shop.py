"""A shop with enough orders for a long campaign: the usual ones, and copies of the plain ones."""

from __future__ import annotations

from pathlib import Path

from bot.sandbox.bigcommerce.books import Books, Order
from bot.sandbox.bigcommerce.keeping import FILE
from bot.sandbox.bigcommerce.seed.shop import plant

STORE_SEED = 1  # the one that `python -m bot sandbox` has
SETTLEMENT_S = 0.2
NO_LIMIT = 1_000_000  # how the bot paces itself by the store's quota is measured elsewhere


def write_shop(folder: Path, orders: int) -> Books:
    """Write the books of a shop with at least so many orders where the sandbox will find them."""
    books = grown_shop(orders)
    write_books(folder, books)
    return books


def grown_shop(orders: int) -> Books:
    """Return the books of a shop with at least so many orders."""
    books = plant(STORE_SEED)
    plain = [order for order in books.orders.values() if "plain" in order.tags]
    number = max(books.orders)
    while len(books.orders) < orders:
        number += 1
        books.orders[number] = copy_order(books, plain[number % len(plain)], number)
    return books


def write_books(folder: Path, books: Books) -> None:
    """Write them where the sandbox will find them, which settles in a moment."""
    books.settings.settlement_s = SETTLEMENT_S
    books.settings.quota = NO_LIMIT
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_text(books.model_dump_json(), encoding="utf-8")


def copy_order(books: Books, order: Order, number: int) -> Order:
    """Return a copy of the order under a number of its own, with ids of its own."""
    copy = order.model_copy(deep=True, update={"id": number})
    new: dict[int | None, int] = {}
    for address in copy.addresses:
        new[address.id] = address.id = books.next_id("address")
    for line in copy.lines:
        line.id, line.address_id = books.next_id("line"), new.get(line.address_id, 0)
    for transaction in copy.transactions:
        new[transaction.id] = transaction.id = books.next_id("transaction")
        transaction.order_id = number
        transaction.reference_id = new.get(transaction.reference_id)
    return copy
