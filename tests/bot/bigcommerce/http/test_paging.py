from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.http.errors import NoAnswer, UnusableAnswer
from tests.bot.bigcommerce.bodies_seen import COUPON, FEE, LINE, REFUND, envelope
from tests.bot.bigcommerce.scripted_store import Arrival, Reply, ScriptedStore


def _lines(count: int) -> list[dict[str, object]]:
    return [{**LINE, "id": n} for n in range(1, count + 1)]


def _paged(members: list[dict[str, object]], cap: int) -> object:
    """V2: as many as asked for but at most `cap`; 204 without a body past the end."""

    def answer(arrival: Arrival) -> Reply:
        limit = min(int(arrival.query["limit"]), cap)
        start = (int(arrival.query["page"]) - 1) * limit
        page = members[start : start + limit]
        return Reply(200, page) if page else Reply(204)

    return answer


@pytest.mark.parametrize("cap", [50, 250])
@pytest.mark.parametrize("count", [0, 1, 49, 50, 51, 130])
async def test_every_line_is_read(
    store: ScriptedStore, client: BigCommerceClient, count: int, cap: int
) -> None:
    store.always = _paged(_lines(count), cap)  # type: ignore[assignment]  # a function of Arrival

    lines = await client.orders.lines(1042)

    assert [line.id for line in lines] == list(range(1, count + 1))
    assert {arrival.path for arrival in store.arrived} == {"/v2/orders/1042/products"}


async def test_a_list_that_ignores_pages_ends(
    store: ScriptedStore, client: BigCommerceClient
) -> None:
    store.always = Reply(200, _lines(60))

    lines = await client.orders.lines(1042)

    assert len(lines) == 60


async def test_an_object_in_place_of_lines_is_not_an_empty_order(
    store: ScriptedStore, client: BigCommerceClient
) -> None:
    store.always = Reply(200, {"id": 1})

    with pytest.raises(NoAnswer):
        await client.orders.lines(1042)


async def test_the_category_tree_is_read_whole_with_paths(
    store: ScriptedStore, client: BigCommerceClient
) -> None:
    first = [{"category_id": n, "parent_id": 0, "name": f"Top {n:03}"} for n in range(1, 251)]
    second = [
        {"category_id": 300, "parent_id": 1, "name": "Bath"},
        {"category_id": 301, "parent_id": 300, "name": "Soap"},
        {"category_id": 302, "parent_id": 303, "name": "Round"},
        {"category_id": 303, "parent_id": 302, "name": "And round"},
        {"category_id": 304, "parent_id": 999, "name": "Orphan"},
    ]
    store.answers(
        Reply(200, envelope(first, total_pages=2)), Reply(200, envelope(second, total_pages=2))
    )

    categories = await client.catalog.categories()

    paths = {category.id: category.path for category in categories}
    assert len(paths) == 255
    assert paths[301] == "Top 001 › Bath › Soap"
    assert paths[302] == "And round › Round"
    assert paths[304] == "Orphan"
    assert [category.path for category in categories] == sorted(paths.values(), key=str.casefold)
    assert [dict(arrival.query) for arrival in store.arrived] == [
        {"page": "1", "limit": "250"},
        {"page": "2", "limit": "250"},
    ]


async def test_refunds_come_in_one_page(store: ScriptedStore, client: BigCommerceClient) -> None:
    store.always = Reply(200, envelope([REFUND]))

    refunds = await client.refunds.of_order(1042)

    assert len(refunds) == 1
    assert store.arrived[0].query == {}


@pytest.mark.parametrize("reply", [Reply(200, envelope([])), Reply(204), Reply(404)])
async def test_an_order_without_transactions_has_none(
    store: ScriptedStore, client: BigCommerceClient, reply: Reply
) -> None:
    store.always = reply

    assert await client.payments.transactions(1042) == []


@pytest.mark.parametrize(
    ("reply", "count"),
    [
        (Reply(200, {"fees": [FEE]}), 1),
        (Reply(200, [FEE]), 1),
        (Reply(200, []), 0),
        (Reply(204), 0),
        (Reply(404, [{"status": 404, "message": "Not found."}]), 0),
    ],
    ids=["object", "array", "empty", "204", "404"],
)
async def test_fees_are_read_in_every_form(
    store: ScriptedStore, client: BigCommerceClient, reply: Reply, count: int
) -> None:
    store.always = reply

    fees = await client.orders.fees(1042)

    assert len(fees) == count
    assert all(fee.display_name == "Assembly" and fee.cost_ex_tax == 5 for fee in fees)


@pytest.mark.parametrize(
    ("code", "found"), [("SORRY-10", True), ("sorry-10", True), ("SORRY", False)]
)
async def test_a_coupon_is_found_by_its_whole_code(
    store: ScriptedStore, client: BigCommerceClient, code: str, found: bool
) -> None:
    store.always = Reply(200, [COUPON])

    coupon = await client.coupons.find(code=code)

    assert (coupon is not None) is found


async def test_no_coupon_is_a_204(store: ScriptedStore, client: BigCommerceClient) -> None:
    store.always = Reply(204)

    assert await client.coupons.find(name="Sorry & co + 50%") is None
    assert store.arrived[0].query["name"] == "Sorry & co + 50%"


def _refunds(page: int) -> Reply:
    made_at = "2026-05-01T10:00:00+00:00"
    rows = [{"id": page * 50 + n, "order_id": 1042, "created": made_at} for n in range(50)]
    return Reply(200, {"data": rows, "meta": {}})


def _promotions(page: int) -> Reply:
    rows = [{"id": 10**6 - page * 250 - n, "name": "Summer"} for n in range(250)]
    return Reply(200, {"data": rows, "meta": {}})


async def test_refunds_without_end_are_not_taken_for_whole(
    store: ScriptedStore, client: BigCommerceClient
) -> None:
    store.always = lambda arrival: _refunds(int(arrival.query["page"]))

    with pytest.raises(UnusableAnswer, match="does not end"):
        await client.listings.refunds_since(datetime.now(UTC))
    with pytest.raises(UnusableAnswer, match="does not end"):
        await client.refunds.of_orders([1042])


async def test_every_coupon_of_a_store_with_very_many_is_listed(
    store: ScriptedStore, client: BigCommerceClient
) -> None:
    def coupons(arrival: Arrival) -> Reply:
        first = (int(arrival.query["page"]) - 1) * 50
        rows = [{"id": n, "name": "Reward"} for n in range(first + 1, min(first + 50, 12_010) + 1)]
        return Reply(200, rows)

    store.always = coupons

    listed = await client.listings.coupons_after(0)

    assert [coupon.id for coupon in listed] == [*range(1, 12_011)]


async def test_a_page_of_a_list_of_marks_that_comes_again_is_not_its_end(
    store: ScriptedStore, client: BigCommerceClient
) -> None:
    store.always = _refunds(1)

    with pytest.raises(UnusableAnswer):
        await client.listings.refunds_since(datetime.now(UTC))

    assert [arrival.query["page"] for arrival in store.arrived] == ["1", "2"]

    store.always = _promotions(1)
    with pytest.raises(UnusableAnswer):
        await client.listings.promotions_after(1)

    assert [arrival.query["page"] for arrival in store.arrived[2:]] == ["1", "2"]


@pytest.mark.parametrize("read", ["cancelled_since", "coupons_after"])
async def test_a_page_of_orders_or_coupons_that_comes_again_is_not_their_end(
    store: ScriptedStore, client: BigCommerceClient, read: str
) -> None:
    store.always = Reply(200, [{"id": n, "name": "Summer"} for n in range(1, 51)])
    since = datetime.now(UTC) if read == "cancelled_since" else 0

    with pytest.raises(UnusableAnswer, match="does not end"):
        await getattr(client.listings, read)(since)
