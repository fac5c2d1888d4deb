"""V2 coupons: off unless told otherwise, unique in name and code."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bot.sandbox.bigcommerce.store_client import Answer, Client


async def create(store: Client, **fields: Any) -> Answer:
    coupon = {
        "name": "Sorry",
        "code": "SORRY-10",
        "type": "percentage_discount",
        "amount": "10",
        "applies_to": {"entity": "categories", "ids": [0]},
        **fields,
    }
    body = {name: value for name, value in coupon.items() if value is not None}
    return await store.call("POST", "/v2/coupons", body)


async def test_a_new_coupon_is_off_and_shows_its_quirks(store: Client) -> None:
    answer = await create(store)

    assert answer.status == 201
    assert answer.body == {
        "id": 1,
        "name": "Sorry",
        "type": "percentage_discount",
        "amount": "10.0000",
        "min_purchase": "0.0000",
        "expires": "",
        "enabled": False,
        "code": "SORRY-10",
        "applies_to": {"entity": "categories", "ids": [0]},
        "num_uses": 0,
        "max_uses": 0,
        "max_uses_per_customer": 0,
        "restricted_to": [],
        "shipping_methods": None,
        "date_created": answer.body["date_created"],
    }


async def test_a_coupon_keeps_what_it_was_given(store: Client) -> None:
    answer = await create(
        store,
        amount="7.5",
        type="per_total_discount",
        enabled=True,
        max_uses=1,
        expires="Thu, 31 Dec 2026 23:59:59 -0600",
        restricted_to={"countries": "US"},
    )

    assert (answer.body["amount"], answer.body["enabled"]) == ("7.5000", True)
    assert answer.body["expires"] == "Fri, 01 Jan 2027 05:59:59 +0000"
    assert answer.body["restricted_to"] == {"countries": "US"}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"code": "OTHER"}, "A coupon with this name already exists."),
        ({"name": "Other"}, "A coupon with this code already exists."),
        ({"name": "Other", "code": "sorry-10"}, "A coupon with this code already exists."),
    ],
    ids=["name", "code", "code_in_another_case"],
)
async def test_a_taken_name_or_code_is_a_conflict(
    store: Client, fields: dict[str, str], message: str
) -> None:
    await create(store)

    answer = await create(store, **fields)

    assert (answer.status, answer.body) == (409, [{"status": 409, "message": message}])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "x" * 51),
        ("code", "50%"),
        ("code", ""),
        ("name", "x" * 101),
        ("type", "promotion"),
        ("amount", "-1"),
        ("amount", "NaN"),
        ("amount", "100.01"),
        ("enabled", "yes"),
        ("expires", "tomorrow"),
        ("applies_to", {"entity": "brands", "ids": [1]}),
        ("applies_to", [0]),
        ("max_uses", -1),
    ],
)
async def test_a_wrong_field_is_refused(store: Client, field: str, value: Any) -> None:
    answer = await create(store, **{field: value})

    message = f"The field '{field}' is invalid."
    assert (answer.status, answer.body) == (400, [{"status": 400, "message": message}])


async def test_missing_unknown_and_read_only_fields_are_refused(store: Client) -> None:
    missing = await create(store, applies_to=None)
    unknown = await create(store, colour="green")
    read_only = await create(store, id=7)

    assert missing.body[0]["message"] == "The required field 'applies_to' was not supplied."
    assert unknown.body[0]["message"] == "The field 'colour' is not supported by this resource."
    assert read_only.body[0]["message"].startswith("The field 'id' cannot be written to.")


async def test_coupons_are_found_by_code_and_by_name(store: Client) -> None:
    made = await create(store)

    by_code = await store.get("/v2/coupons", code="SORRY-10")
    by_name = await store.get("/v2/coupons", name="Sorry")
    nothing = await store.call("GET", "/v2/coupons", code="NONE")

    assert by_code == by_name == [made.body]
    assert (nothing.status, nothing.body) == (204, None)


async def test_changing_a_coupon_without_what_it_applies_to_clears_that(store: Client) -> None:
    await create(store)

    fields = {"name": "Sorry", "code": "SORRY-10", "type": "percentage_discount"}

    answer = await store.call("PUT", "/v2/coupons/1", {**fields, "amount": "15", "enabled": True})

    assert (answer.body["amount"], answer.body["enabled"]) == ("15.0000", True)
    assert answer.body["applies_to"]["ids"] == []


async def test_one_coupon_can_be_deleted_but_not_all_at_once(store: Client) -> None:
    await create(store)

    everything = await store.call("DELETE", "/v2/coupons")
    one = await store.call("DELETE", "/v2/coupons/1")
    again = await store.call("DELETE", "/v2/coupons/1")

    assert [everything.status, one.status, again.status] == [405, 204, 404]
