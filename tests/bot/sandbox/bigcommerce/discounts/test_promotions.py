"""Coupon promotions (V3): two writes to a code, lists that find it, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bot.sandbox.bigcommerce.store_client import Answer, Client

PERCENT = {"action": {"cart_value": {"discount": {"percentage_amount": "10"}}}}
FIXED = {"action": {"cart_value": {"discount": {"fixed_amount": "10"}}}}
ITEMS = {"action": {"cart_items": {"discount": {"percentage_amount": "10"}, "items": {}}}}
TENTH = PERCENT["action"]["cart_value"]
CEILING = {"cart_value": {**TENTH, "maximum_allowed_discount_amount": "20"}}
LOW = {"cart_value": {**TENTH, "maximum_allowed_discount_amount": "0.5"}}
UNKNOWN = {"cart_value": {**TENTH, "colour": "red"}}
SPEND = {**PERCENT, "condition": {"cart": {"minimum_spend": "50"}}}


async def create(store: Client, **fields: Any) -> Answer:
    promotion = {
        "redemption_type": "COUPON",
        "name": "Sorry",
        "currency_code": "*",
        "rules": [PERCENT],
        **fields,
    }
    body = {name: value for name, value in promotion.items() if value is not None}
    return await store.call("POST", "/v3/promotions", body)


async def create_code(store: Client, promotion: int, code: str = "SORRY-10") -> Answer:
    body = {"code": code, "max_uses": 1, "max_uses_per_customer": 1}
    return await store.call("POST", f"/v3/promotions/{promotion}/codes", body)


async def test_a_promotion_and_its_code_are_two_writes(store: Client) -> None:
    made = await create(store, end_date="2026-12-31T23:59:59+00:00", max_uses=1)
    promotion = made.body["data"]
    code = await create_code(store, promotion["id"])

    assert (made.status, code.status) == (201, 201)
    assert (promotion["status"], promotion["channels"]) == ("ENABLED", [])
    assert (code.body["data"]["code"], code.body["data"]["current_uses"]) == ("SORRY-10", 0)
    path = f"/v3/promotions/{promotion['id']}/codes"
    assert (await store.get(path, code="SORRY-10"))["data"] == [code.body["data"]]


@pytest.mark.parametrize(
    "query", [{"name": "Sorry"}, {"code": "sorry-10"}, {"query": "sor"}, {"channels": "1"}]
)
async def test_a_promotion_is_found(store: Client, query: dict[str, str]) -> None:
    promotion = (await create(store)).body["data"]
    await create_code(store, promotion["id"])
    await create(store, name="Other", channels=[])

    found = (await store.get("/v3/promotions", **query))["data"]

    assert promotion["id"] in [row["id"] for row in found]


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"name": None}, "name is required."),
        ({"rules": []}, "rules is invalid."),
        ({"rules": [ITEMS]}, "rules is invalid."),
        ({"rules": [FIXED]}, "Only percentage discounts can be used with all currencies."),
        ({"rules": [SPEND]}, "Only percentage discounts can be used with all currencies."),
        ({"rules": [{"action": CEILING}]}, "Only percentage discounts can be used with all"),
        ({"rules": [{"action": LOW}], "currency_code": "USD"}, "rules is invalid."),
        ({"rules": [{"action": UNKNOWN}]}, "rules is invalid."),
        ({"currency_code": "AUD"}, "currency_code is not a transactional currency."),
        ({"channels": [{"id": 9}]}, "channels is invalid."),
        ({"codes": []}, "codes is invalid."),
        ({"end_date": "2026-12-31"}, "end_date is invalid."),
        ({"coupon_overrides_other_promotions": True}, "coupon_overrides_other_promotions cannot"),
    ],
)
async def test_a_wrong_promotion_is_refused(
    store: Client, fields: dict[str, Any], title: str
) -> None:
    answer = await create(store, **fields)

    assert answer.status == 422
    (error,) = answer.body["errors"]
    assert error["status"] == 422
    assert error["title"].startswith(title)


async def test_a_percentage_can_have_a_ceiling_in_one_currency(store: Client) -> None:
    made = await create(store, rules=[{"action": CEILING}], currency_code="USD")

    assert made.status == 201
    assert made.body["data"]["rules"][0]["action"] == CEILING


async def test_only_storefronts_take_codes(store: Client) -> None:
    market = {"name": "Market", "type": "marketplace", "platform": "ebay"}
    await store.control("settings", {"channels": ["Shop", market, "Outlet"]})

    statuses = [(await create(store, name=str(n), channels=[{"id": n}])).status for n in (1, 2, 3)]

    assert statuses == [201, 422, 201]


async def test_a_code_is_taken_whatever_kind_has_it(store: Client) -> None:
    first = (await create(store)).body["data"]["id"]
    second = (await create(store)).body["data"]["id"]
    await create_code(store, first)
    coupon: dict[str, Any] = {
        "name": "C",
        "code": "SORRY-10",
        "type": "percentage_discount",
        "amount": "10",
    }
    coupon |= {"applies_to": {"entity": "categories", "ids": [0]}}

    again = await create_code(store, second, "sorry-10")
    as_coupon = await store.call("POST", "/v2/coupons", coupon)

    assert (again.status, as_coupon.status) == (422, 409)


async def test_v2_lists_the_code_of_a_promotion_without_its_rules(store: Client) -> None:
    promotion = (await create(store)).body["data"]["id"]
    await create_code(store, promotion)

    (mirror,) = await store.get("/v2/coupons", code="SORRY-10")

    assert (mirror["type"], mirror["amount"], mirror["enabled"]) == ("promotion", "0.0000", True)


async def test_it_is_switched_off_by_its_status_alone(store: Client) -> None:
    promotion = (await create(store, end_date="2026-12-31T23:59:59+00:00")).body["data"]

    answer = await store.call("PUT", f"/v3/promotions/{promotion['id']}", {"status": "DISABLED"})

    assert answer.body["data"] == promotion | {"status": "DISABLED"}


async def test_it_is_deleted_after_its_code(store: Client) -> None:
    path = f"/v3/promotions/{(await create(store)).body['data']['id']}"
    code = (await create_code(store, int(path.rsplit("/", 1)[1]))).body["data"]["id"]

    refused = await store.call("DELETE", path)
    of_code = await store.call("DELETE", f"{path}/codes/{code}")
    gone = await store.call("DELETE", path)
    again = await store.call("DELETE", path)
    missing = await store.call("GET", path)

    statuses = [answer.status for answer in (refused, of_code, gone, again, missing)]
    assert statuses == [422, 204, 204, 204, 404]


async def test_uses_are_counted_where_the_code_is(store: Client) -> None:
    promotion = (await create(store)).body["data"]["id"]
    await create_code(store, promotion)

    await store.control("uses", {"code": "SORRY-10", "uses": 2})

    (code,) = (await store.get("/v3/promotions/codes", code="SORRY-10"))["data"]
    assert code["current_uses"] == 2
    assert (await store.get(f"/v3/promotions/{promotion}"))["data"]["current_uses"] == 2


async def test_products_are_found_by_name_and_sku(store: Client) -> None:
    await store.control("goods", {"products": [{"name": "Boston Fern", "sku": "BF-2"}] * 2})

    by_name = (await store.get("/v3/catalog/products", keyword="boston", include_fields="sku"))[
        "data"
    ]
    by_sku = (await store.get("/v3/catalog/products", keyword="ff-102"))["data"]
    by_id = (await store.get("/v3/catalog/products", id__in="101,102"))["data"]
    unknown = await store.call("GET", "/v3/catalog/products", colour="red")

    assert [row["sku"] for row in by_name] == ["FF-101", "BF-2", "BF-2"]
    assert len({row["id"] for row in by_name}) == 3
    assert [row["name"] for row in by_sku] == ["Orbit Terrarium"]
    assert len(by_id) == 2
    assert unknown.status == 422


async def test_channels_and_currencies_are_the_settings(store: Client) -> None:
    await store.control("settings", {"channels": ["Shop", "Outlet"], "paid_in": ["USD"]})

    channels = (await store.get("/v3/channels"))["data"]
    currencies = await store.get("/v2/currencies")

    assert [(row["id"], row["name"]) for row in channels] == [(1, "Shop"), (2, "Outlet")]
    assert [row["currency_code"] for row in currencies if row["is_transactional"]] == ["USD"]


async def test_the_shop_has_channels_of_other_kinds_beside_its_storefront(store: Client) -> None:
    rows = (await store.get("/v3/channels"))["data"]

    kinds = [(row["id"], row["type"], row["platform"]) for row in rows]
    assert kinds == [
        (1, "storefront", "bigcommerce"),
        (2, "marketplace", "ebay"),
        (3, "marketplace", "amazon"),
        (4, "pos", "square"),
    ]


async def test_channels_have_kinds_and_are_found_by_them(store: Client) -> None:
    market = {"name": "Market", "type": "marketplace", "platform": "ebay", "status": "connected"}
    till = {"name": "Till", "type": "pos", "platform": "square", "status": "inactive"}
    await store.control("settings", {"channels": ["Shop", market, till]})

    rows = (await store.get("/v3/channels"))["data"]
    shops = (await store.get("/v3/channels", type__in="storefront,marketing"))["data"]
    open_ones = (await store.get("/v3/channels", status__in="active,connected"))["data"]
    unknown = await store.call("GET", "/v3/channels", colour="red")

    assert [(row["id"], row["type"], row["platform"], row["status"]) for row in rows] == [
        (1, "storefront", "bigcommerce", "active"),
        (2, "marketplace", "ebay", "connected"),
        (3, "pos", "square", "inactive"),
    ]
    assert [row["id"] for row in shops] == [1]
    assert [row["id"] for row in open_ones] == [1, 2]
    assert unknown.status == 422
