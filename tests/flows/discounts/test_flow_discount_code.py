"""Creating a discount code, from the command to the log."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.agent import Agent, words
from tests.support.running import Running

VALID = {
    "code": "SORRY-10",
    "type": "percentage",
    "value": "10",
    "expires": "30",
    "reason": "Customer request",
}


async def open_form(agent: Agent, command: str = "/discount-code") -> None:
    await agent.command(command)
    await agent.wait_for_modal("Discount code", "Applies to", "Valid for")


async def create(agent: Agent, values: dict[str, Any]) -> None:
    answer = await agent.fill(values)
    assert answer["ok"], answer
    assert not answer.get("errors"), answer
    await agent.wait_for_modal("Change something")
    await agent.fill()


async def promotion(running: Running, code: str) -> dict[str, Any]:
    promotions = (await running.workspace.books())["promotions"]
    found: dict[str, Any] = next(
        row for row in promotions if code in [each["code"] for each in row["codes"]]
    )
    return found


async def test_a_percentage_works_at_once(running: Running, anna: Agent) -> None:
    await open_form(anna)

    await create(anna, VALID)

    told = await anna.wait_for_message("SORRY-10", "(Done", channel=anna.log_channel)
    assert "`SORRY-10`" in words(told["blocks"])
    made = await promotion(running, "SORRY-10")
    assert made["rules"][0]["action"]["cart_value"] == {
        "discount": {"percentage_amount": "10.00"},
        "maximum_allowed_discount_amount": "50.00",
    }
    assert (made["currency_code"], made["status"]) == ("USD", "ENABLED")
    assert [code["max_uses"] for code in made["codes"]] == [1]
    entry = running.recent()[0]
    assert (entry.action, entry.status) == ("create_discount_code", "succeeded")
    assert entry.reference in made["name"]


async def test_a_fixed_amount_is_taken_off_the_order_once(running: Running, anna: Agent) -> None:
    await open_form(anna)

    await create(anna, VALID | {"type": "fixed", "value": "12,50", "expires": "never"})

    await anna.wait_for_message("SORRY-10", "(Done", channel=anna.log_channel)
    made = await promotion(running, "SORRY-10")
    assert made["rules"][0]["action"] == {"cart_value": {"discount": {"fixed_amount": "12.50"}}}
    assert (made["currency_code"], made["end_date"]) == ("USD", None)


async def test_with_an_order_it_is_told_in_that_orders_thread(
    running: Running, anna: Agent
) -> None:
    await open_form(anna, "/discount-code 1042")

    await create(anna, VALID)

    await anna.wait_for_reply(1042, "SORRY-10", "(Done")


async def test_categories_are_found_by_typing(running: Running, anna: Agent) -> None:
    await open_form(anna)
    view = await anna.modal()
    assert view is not None
    block = next(b for b in view["blocks"] if b.get("block_id", "").startswith("category_ids"))

    found = await running.workspace.post(
        "options",
        user=anna.user,
        view_id=view["id"],
        block_id=block["block_id"],
        action_id="category_ids",
        query="›",
    )

    assert found["options"]
    chosen = found["options"][0]
    await create(anna, VALID | {"category_ids": [chosen]})
    await anna.wait_for_message("SORRY-10", "(Done", channel=anna.log_channel)
    made = await promotion(running, "SORRY-10")
    items = made["rules"][0]["action"]["cart_items"]["items"]
    assert items == {"categories": [int(chosen["value"])]}


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("code", {"code": "X" * 51}),
        ("code", {"code": "10% off!"}),
        ("value", {"value": "101"}),
        ("value", {"value": "0"}),
        ("value", {"value": "-1"}),
        ("value", {"value": "1e3"}),
        ("value", {"value": "NaN"}),
        ("value", {"value": "1.234"}),
        ("value", {"type": "fixed", "value": "1000000"}),
        ("expires_at", {"expires": "date", "expires_at": "2020-01-01"}),
        ("expires_at", {"expires": "date"}),
    ],
)
async def test_a_wrong_field_is_said_next_to_it(
    running: Running, anna: Agent, field: str, values: dict[str, str]
) -> None:
    await open_form(anna)

    answer = await anna.fill(VALID | values)

    assert [key.split("~")[0] for key in answer["errors"]] == [field]
    assert running.recent() == []


async def test_a_taken_code_is_said_next_to_it_and_nothing_is_lost(
    running: Running, anna: Agent
) -> None:
    await open_form(anna)
    await create(anna, VALID)
    await anna.wait_for_message("SORRY-10", "(Done", channel=anna.log_channel)
    await open_form(anna)

    await anna.fill(VALID | {"code": "sorry-10", "value": "15"})

    view = await anna.wait_for_modal("Applies to", "taken")
    assert "'15'" in str(view["blocks"])
    places = [b["block_id"].split("~")[0] for b in view["blocks"]]
    assert view["blocks"][places.index("code") + 1]["type"] == "alert"


async def test_a_lost_answer_does_not_make_a_second_code(running: Running, anna: Agent) -> None:
    await open_form(anna)
    await running.workspace.store_fault(match="POST promotions/*/codes", kind="drop_after")

    await create(anna, VALID)

    await anna.wait_for_message("SORRY-10", "(Done", channel=anna.log_channel)
    made = [c for c in (await running.workspace.books())["coupons"] if c["code"] == "SORRY-10"]
    assert len(made) == 1
