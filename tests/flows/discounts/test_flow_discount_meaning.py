"""Codes mean one thing: a ceiling, one currency, stacking, storefronts, coupons where wanted."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.agent import Agent, words
from tests.support.approving import BEN, set_approvers, set_rule
from tests.support.running import Running, configure

VALUES = {"code": "SORRY-10", "value": "10", "expires": "30", "reason": "Customer request"}
SHOP = {"name": "Shop", "type": "storefront", "platform": "bigcommerce", "status": "active"}
CHANNELS = [
    SHOP,
    {**SHOP, "name": "eBay", "type": "marketplace", "platform": "ebay"},
    {**SHOP, "name": "Outlet"},
    {**SHOP, "name": "Till", "type": "pos", "platform": "square"},
    {**SHOP, "name": "Closed", "status": "inactive"},
]


async def open_form(agent: Agent) -> dict[str, Any]:
    await agent.command("/discount-code 1042")
    return await agent.wait_for_modal("Applies to", "Reason")


async def create(agent: Agent, **values: Any) -> str:
    """Fill in, confirm, and return what the review said."""
    await open_form(agent)
    answer = await agent.fill(VALUES | values)
    assert not answer.get("errors"), answer
    review = await agent.wait_for_modal("Change something", "SORRY-10")
    await agent.fill()
    return words(review)


async def refused(agent: Agent, **values: Any) -> dict[str, str]:
    """Return what is said next to which field, whether the form or the review says it."""
    await open_form(agent)
    answer = await agent.fill(VALUES | values)
    found = {name.split("~")[0]: text for name, text in (answer.get("errors") or {}).items()}
    await agent.close()
    return found


async def promotion(running: Running) -> dict[str, Any]:
    (made,) = (await running.workspace.books())["promotions"]
    found: dict[str, Any] = made
    return found


def discount(made: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = made["rules"][0]["action"]["cart_value"]
    return found


def field(view: dict[str, Any], name: str) -> dict[str, Any]:
    block = next(b for b in view["blocks"] if b.get("block_id", "").split("~")[0] == name)
    element: dict[str, Any] = block["element"]
    return element


async def test_a_percentage_has_the_shops_ceiling_and_one_use(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    configure(tmp_path, "discount", {"ceiling": "25.00"})
    view = await open_form(anna)
    assert field(view, "ceiling")["initial_value"] == "25.00"
    assert field(view, "max_uses")["initial_value"] == "1"

    review = await create(anna)

    assert "10% off, 25.00 USD at most" in review
    assert "The code works for orders in USD only." in review
    told = await anna.wait_for_reply(1042, "10% off, 25.00 USD at most, for all categories")
    assert "to be used once" in told["text"]
    assert "It gives you 10% off, 25.00 USD at most. It is for orders in USD." in words(
        told["blocks"]
    )
    made = await promotion(running)
    assert discount(made)["maximum_allowed_discount_amount"] == "25.00"
    assert (made["currency_code"], made["codes"][0]["max_uses"]) == ("USD", 1)


async def test_a_ceiling_left_as_offered_follows_the_currency(
    running: Running, anna: Agent
) -> None:
    await create(anna, ceiling="50.00", currency="EUR")

    await anna.wait_for_reply(1042, "10% off, 46.00 EUR at most")
    made = await promotion(running)
    assert made["currency_code"] == "EUR"
    assert discount(made)["maximum_allowed_discount_amount"] == "46.00"


async def test_a_typed_ceiling_is_in_the_chosen_currency(running: Running, anna: Agent) -> None:
    await create(anna, ceiling="30", currency="EUR")

    await anna.wait_for_reply(1042, "10% off, 30.00 EUR at most")
    made = await promotion(running)
    assert discount(made)["maximum_allowed_discount_amount"] == "30.00"


async def test_without_a_ceiling_it_works_in_every_currency(running: Running, anna: Agent) -> None:
    review = await create(anna, ceiling="")

    assert "The code works for orders in every currency of the store." in review
    told = await anna.wait_for_reply(1042, "Created discount code SORRY-10: 10% off, for all")
    assert "It is for orders in" not in words(told["blocks"])
    made = await promotion(running)
    assert (made["currency_code"], discount(made)) == (
        "*",
        {"discount": {"percentage_amount": "10.00"}},
    )


async def test_a_fixed_amount_off_items_is_off_all_of_them_together(
    running: Running, anna: Agent
) -> None:
    chosen = {"value": "101", "text": {"type": "plain_text", "text": "Boston Fern (FF-101)"}}

    review = await create(anna, type="fixed", product_ids=[chosen])

    assert "10.00 USD off these items together" in review
    await anna.wait_for_reply(1042, "10.00 USD off these items together, for Boston Fern")
    action = (await promotion(running))["rules"][0]["action"]["cart_items"]
    assert (action["discount"], action["as_total"]) == ({"fixed_amount": "10.00"}, True)


async def test_a_ceiling_beyond_the_cap_is_said_next_to_it(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    configure(tmp_path, "discount", {"most_amount": "20.00", "ceiling": "50.00"})
    view = await open_form(anna)
    assert field(view, "ceiling")["initial_value"] == "20.00"
    await anna.close()

    assert await refused(anna, ceiling="20.01") == {"ceiling": "You may give at most 20.00 USD."}
    assert await refused(anna, ceiling="0.50") == {
        "ceiling": "The least that BigCommerce takes here is 1."
    }
    assert running.recent() == []


@pytest.mark.parametrize(
    ("stacking", "said", "flags"),
    [
        ("together", "It is valid together with other promotions that allow it.", (True, False)),
        (
            "alone",
            "It is not valid where another promotion applies already.",
            (False, False),
        ),
        ("replaces", "It is valid in place of all other promotions.", (False, True)),
    ],
)
async def test_stacking_is_the_shops_and_is_told(
    running: Running,
    anna: Agent,
    tmp_path: Path,
    stacking: str,
    said: str,
    flags: tuple[bool, bool],
) -> None:
    configure(tmp_path, "discount", {"stacking": stacking})

    review = await create(anna)

    text = said.removeprefix("It is ").removesuffix(".")
    assert f"{text[0].upper()}{text[1:]}" in review
    told = await anna.wait_for_reply(1042, "Created discount code SORRY-10", "(Done")
    assert said in words(told["blocks"])
    made = await promotion(running)
    assert flags == (
        made["can_be_used_with_other_promotions"],
        made["coupon_overrides_other_promotions"],
    )


async def test_only_open_storefronts_are_offered(running: Running, anna: Agent) -> None:
    await running.workspace.post("store/settings", channels=CHANNELS, paid_in=["USD"])
    view = await open_form(anna)
    offered = field(view, "channel_id")["options"]
    assert [each["text"]["text"] for each in offered] == ["Every storefront", "Shop", "Outlet"]
    await anna.close()

    review = await create(anna, channel_id="3")

    assert "Outlet" in review
    told = await anna.wait_for_reply(1042, "in the storefront Outlet")
    assert "It works at Outlet." in words(told["blocks"])
    assert (await promotion(running))["channels"] == [{"id": 3}]


async def test_codes_are_coupons_where_an_admin_wants_to_edit_them(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    configure(tmp_path, "discount", {"as_coupons": True})
    view = await open_form(anna)
    assert "initial_value" not in field(view, "ceiling")
    await anna.close()

    review = await create(anna)

    assert "The code works for orders in USD only." in review
    assert "Whether the code goes together with other promotions is up to BigCommerce." in review
    told = await anna.wait_for_reply(1042, "Created discount code SORRY-10: 10% off, for all")
    assert "promotions" not in words(told["blocks"])
    books = await running.workspace.books()
    assert books["promotions"] == []
    [made] = books["coupons"]
    assert (made["type"], Decimal(made["amount"])) == ("percentage_discount", Decimal(10))


@pytest.mark.parametrize(
    ("values", "field_name", "said"),
    [
        ({"ceiling": "50"}, "ceiling", "has no such limit. Leave this empty."),
        ({"channel_id": "3"}, "channel_id", "works in every storefront. Choose that."),
        (
            {
                "type": "fixed",
                "product_ids": [{"value": "101", "text": {"type": "plain_text", "text": "Fern"}}],
            },
            "product_ids",
            "takes an amount off the order. Leave this empty.",
        ),
    ],
)
async def test_what_a_coupon_cannot_do_is_refused_next_to_its_field(
    running: Running,
    anna: Agent,
    tmp_path: Path,
    values: dict[str, Any],
    field_name: str,
    said: str,
) -> None:
    await running.workspace.post("store/settings", channels=CHANNELS)
    configure(tmp_path, "discount", {"as_coupons": True})

    found = await refused(anna, **values)

    assert found == {field_name: f"A code that can be edited in the control panel {said}"}
    assert running.recent() == []


async def test_a_coupon_for_another_currency_is_refused_next_to_it(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    configure(tmp_path, "discount", {"as_coupons": True})
    await open_form(anna)

    await anna.fill(VALUES | {"type": "fixed", "currency": "EUR"})

    view = await anna.wait_for_modal("works in USD only. Choose that.")
    places = [b.get("block_id", "").split("~")[0] for b in view["blocks"]]
    assert view["blocks"][places.index("currency") + 1]["type"] == "alert"


async def test_a_ceiling_counts_against_the_limits_as_often_as_the_code_works(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    set_rule(tmp_path, "create_discount_code", limit="100.00")
    await open_form(anna)
    await anna.fill(VALUES | {"max_uses": "3"})
    await anna.wait_for_modal("this comes to 150.00 USD", "above the limit per request, 100.00 USD")
    await anna.close()

    await create(anna, max_uses="2")

    await anna.wait_for_reply(1042, "Created discount code SORRY-10", "(Done")


async def test_an_ordinary_code_needs_nobody_else_below_the_threshold(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN)
    set_rule(tmp_path, "create_discount_code", approval_above="50.00")

    review = await create(anna)

    assert "needs approval" not in review
    await anna.wait_for_reply(1042, "Created discount code SORRY-10", "(Done")
