"""What is known of a customer, from the stand-in store's true books."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bot.lookup.customer_summary import MOST_ORDERS, load_customer_summary
from bot.lookup.finder import CUT, Finder
from bot.lookup.search_terms import Wanted
from tests.bot.bigcommerce.test_sandbox_store import Shop
from tests.bot.bigcommerce.test_sandbox_store import shop as shop


async def test_each_currency_has_its_own_sums_and_rate(shop: Shop) -> None:
    order = await shop.client.orders.get(1033)  # in EUR; the customer's others are in USD

    glance = await load_customer_summary(shop.client, order, default_currency="USD")

    assert (glance.name, glance.is_guest) == ("Jonas Weber", False)
    by_currency = {row.spent.currency: row for row in glance.turnovers}
    assert set(by_currency) == {"USD", "EUR"}
    assert by_currency["EUR"].refunded.amount == 0
    refunds = await shop.client.refunds.of_order(1028)
    assert by_currency["USD"].refunded.amount == refunds[0].total_amount
    rate = by_currency["USD"].rate
    assert rate is not None
    assert 0 < rate < 100


async def test_store_credit_is_the_customers(shop: Shop) -> None:
    customer = await shop.client.customers.get(1)
    assert customer is not None

    glance = await load_customer_summary(shop.client, customer, default_currency="USD")

    assert str(glance.store_credit) == "10.00 USD"
    assert 1042 in glance.order_ids


async def test_a_guest_is_known_by_the_address_and_has_no_credit(shop: Shop) -> None:
    order = await shop.client.orders.get(1018)

    glance = await load_customer_summary(shop.client, order, default_currency="USD")

    assert (glance.is_guest, glance.store_credit) == (True, None)
    assert glance.order_ids == (1018,)


async def test_old_orders_count_as_orders_and_not_as_turnover(shop: Shop) -> None:
    books = shop.store._shop.books
    old = datetime.now(UTC) - timedelta(days=366)
    books.orders[1018] = books.orders[1018].model_copy(update={"created_at": old})
    order = await shop.client.orders.get(1018)

    glance = await load_customer_summary(shop.client, order, default_currency="USD")

    assert (len(glance.order_ids), glance.recent, glance.turnovers) == (1, 0, ())


async def test_of_many_orders_the_newest_are_counted_and_that_is_said(shop: Shop) -> None:
    await shop.control("settings", {"quota": 10_000})
    books = shop.store._shop.books
    for number in range(2001, 2151):
        books.orders[number] = books.orders[1018].model_copy(update={"id": number})
    order = await shop.client.orders.get(1018)

    glance = await load_customer_summary(shop.client, order, default_currency="USD")

    assert glance.is_cut
    assert len(glance.order_ids) == MOST_ORDERS
    (turnover,) = glance.turnovers
    assert turnover.spent.amount == MOST_ORDERS * Decimal("71.45")


async def test_a_list_as_long_as_one_can_be_says_that_there_may_be_older_orders(shop: Shop) -> None:
    wanted = Wanted(email="rosa.guest@mail.example")
    books = shop.store._shop.books
    for number in range(2001, 2049):
        books.orders[number] = books.orders[1018].model_copy(update={"id": number})
    few = await Finder(shop.client).find(wanted)
    books.orders[2049] = books.orders[1018].model_copy(update={"id": 2049})

    many = await Finder(shop.client).find(wanted)

    assert (len(few.orders), few.notes) == (49, ())
    assert (len(many.orders), many.notes) == (50, (CUT,))


async def test_an_incomplete_checkout_is_no_order(shop: Shop) -> None:
    books = shop.store._shop.books
    order = await shop.client.orders.get(1018)
    books.orders[1018] = books.orders[1018].model_copy(update={"status_id": 0})

    glance = await load_customer_summary(shop.client, order, default_currency="USD")

    assert glance.order_ids == ()


async def test_without_the_scope_all_but_the_credit_is_known(shop: Shop) -> None:
    client = shop.with_token(shop.store.limited_token)
    order = await client.orders.get(1042)

    glance = await load_customer_summary(client, order, default_currency="USD")
    found = await Finder(client).find(Wanted(email="customer1@mail.example"))
    await client.close()

    assert glance.store_credit is None
    assert 1042 in glance.order_ids
    assert 1042 in [order.id for order in found.orders]
    assert "Customers: read-only" in found.notes[0]


async def test_a_search_is_remembered_for_a_moment_only(shop: Shop) -> None:
    finder, wanted = Finder(shop.client, ttl_s=3600), Wanted(order_id=1042)
    first = await finder.find(wanted)
    await shop.control("order", {"order_id": 1042, "status_id": 5})

    again = await finder.find(wanted)
    fresh = await Finder(shop.client, ttl_s=0).find(wanted)

    assert again == first
    assert fresh.orders[0].status_id == 5


async def test_a_list_of_customers_is_bounded_and_says_so(shop: Shop) -> None:
    found = await Finder(shop.client).find(Wanted("e", names=("e",)))

    assert len(found.customers) == 8
    assert "customers or more match" in found.notes[0]
    dates = [order.date_created for order in found.orders if order.date_created]
    assert len(dates) == len(found.orders)
    assert dates == sorted(dates, reverse=True)


async def test_what_is_only_recorded_counts_once_a_person_has_sent_it(shop: Shop) -> None:
    order = await shop.client.orders.get(1042)
    await shop.control("order", {"order_id": 1042, "refund_amount": "10.00"})
    (refund,) = await shop.client.refunds.of_order(1042)

    before = await load_customer_summary(shop.client, order, default_currency="USD")
    after = await load_customer_summary(
        shop.client,
        order,
        default_currency="USD",
        sent_by_hand=lambda order_ids: frozenset({refund.id} if 1042 in order_ids else ()),
    )

    assert after.turnovers[0].refunded.amount - before.turnovers[0].refunded.amount == 10


async def test_a_phone_number_is_found_also_where_the_store_does_not_tell_its_country(
    shop: Shop,
) -> None:
    customer = await shop.client.customers.get(1)
    assert customer is not None
    await shop.control(
        "faults", {"match": "GET store", "kind": "status", "status": 503, "times": 3}
    )

    found = await Finder(shop.client).find(Wanted(customer.phone, phone=customer.phone))

    assert 1 in [each.id for each in found.customers]
