"""Categories and the store's own profile."""

from __future__ import annotations

from tests.bot.sandbox.bigcommerce.store_client import Client


async def test_the_tree_is_three_levels_deep_with_equal_names_apart(store: Client) -> None:
    rows = (await store.get("/v3/catalog/trees/categories", limit=250))["data"]

    parents = {row["category_id"]: row["parent_id"] for row in rows}
    depths = [1 + (row["parent_id"] > 0) + (parents.get(row["parent_id"], 0) > 0) for row in rows]
    names = [row["name"] for row in rows]
    assert len(rows) == 44
    assert set(depths) == {1, 2, 3}
    assert names.count("Sale") == 3
    assert "id" not in rows[0]


async def test_categories_come_in_pages(store: Client) -> None:
    answer = await store.get("/v3/catalog/trees/categories", limit=20, page=3)

    assert len(answer["data"]) == 4
    pagination = answer["meta"]["pagination"]
    assert (pagination["total"], pagination["total_pages"]) == (44, 3)
    assert "next" not in pagination["links"]


async def test_categories_are_found_by_part_of_a_name(store: Client) -> None:
    found = (await store.get("/v3/catalog/trees/categories", name__like="BAT"))["data"]
    nothing = await store.get("/v3/catalog/trees/categories", name__like="zzz")

    assert [row["url"]["path"] for row in found] == ["/garden/bath/", "/home/bath/"]
    assert nothing["data"] == []


async def test_an_unknown_filter_of_v3_is_refused(store: Client) -> None:
    answer = await store.call("GET", "/v3/catalog/trees/categories", sort_by="name")

    assert (answer.status, answer.body["status"]) == (422, 422)


async def test_the_store_tells_about_itself(store: Client) -> None:
    profile = await store.get("/v2/store")
    time = await store.get("/v2/time")
    currencies = await store.get("/v2/currencies")

    assert (profile["id"], profile["name"]) == (store.store.store_hash, "Fern & Fable")
    assert profile["timezone"]["name"] == "America/Chicago"
    assert profile["logo"] == []
    assert isinstance(time["time"], int)
    assert [(row["currency_code"], row["is_transactional"]) for row in currencies] == [
        ("USD", True),
        ("EUR", True),
        ("AUD", False),
    ]


async def test_a_channel_without_a_setting_follows_the_store(store: Client) -> None:
    path = "/v3/settings/email-statuses"
    await store.control("settings", {"combined_order_status_email": False})

    of_store = (await store.get(path))["data"]
    of_channel = (await store.get(path, channel_id=1))["data"]

    assert of_store["combined_order_status_email"] is False
    assert of_channel["combined_order_status_email"] is None
