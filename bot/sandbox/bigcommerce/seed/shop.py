"""The shop as it opens: people, categories, orders, all repeatable from one number."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

from bot.sandbox.bigcommerce.books import Books
from bot.sandbox.bigcommerce.orders.shipments import seed_shipments
from bot.sandbox.bigcommerce.seed.categories import categories
from bot.sandbox.bigcommerce.seed.goods import customers, products
from bot.sandbox.bigcommerce.seed.oddities import odd_orders
from bot.sandbox.bigcommerce.seed.orders import Clerk, fill
from bot.sandbox.bigcommerce.seed.payments import payment_orders
from bot.sandbox.bigcommerce.seed.specials import special_orders
from bot.sandbox.bigcommerce.seed.stock import stock

OPENED_AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


def plant(seed: int) -> Books:
    """Return the books of a shop of sixty orders of the usual kinds, and some odd ones."""
    # Each kind of number in its own range: a wrong one then never names another thing by chance.
    starts = {"line": 3000, "address": 500, "fee": 70, "refund": 0, "transaction": 9000}
    starts |= {"promotion": 700, "promotion_code": 8000}
    books = Books(seed=seed, last_id=starts)
    random = Random(seed)  # noqa: S311 - a repeatable shop, no secret
    books.customers = {row.id: row for row in customers(OPENED_AT)}
    books.products = {row.id: row for row in products()}
    books.categories = {row.id: row for row in categories()}
    books.stock = stock()
    clerk = Clerk(books, OPENED_AT)
    special_orders(clerk)
    payment_orders(clerk)
    fill(clerk, random)
    odd_orders(clerk)
    seed_shipments(books)
    books.orders = dict(sorted(books.orders.items()))
    return books
