"""A discount code as a recovery kit: made up, filled in, capped, told, looked after."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.agent import Agent, button_labels, wait_for, words
from tests.support.running import Running, configure

REASON = {"reason": "Customer request"}
MADE_UP = re.compile(r"SORRY-[2-9ACDEFGHJKMNPQRTVWXY]{6}")
CAPS = {"most_percent": "20", "most_amount": "50", "most_days": 60}


def rules(**fields: Any) -> dict[str, Any]:
    preset = {"name": "Late parcel", "type": "fixed", "value": "5", "days": 10, "uses": None}
    ten = {"name": "10% for 7 days", "type": "percentage", "value": "10", "days": 7, "uses": 1}
    return {"prefix": "SORRY", "presets": [ten, preset], **fields}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return the bot's data folder as the fixture of the running bot has it."""
    return tmp_path


async def open_form(agent: Agent, command: str = "/discount-code") -> dict[str, Any]:
    await agent.command(command)
    return await agent.wait_for_modal("Discount code", "Valid for", "Reason")


def initial(view: dict[str, Any], field: str) -> Any:
    """Return what a field shows."""
    block = next(b for b in view["blocks"] if b.get("block_id", "").split("~")[0] == field)
    element = block["element"]
    if "initial_option" in element:
        return element["initial_option"]["value"]
    return element.get("initial_value", element.get("initial_date", ""))


async def create(agent: Agent, values: dict[str, Any]) -> str:
    """Fill in, confirm, and return the code that was created."""
    view = await agent.modal()
    assert view is not None
    code = str(values.get("code") or initial(view, "code"))
    answer = await agent.fill(REASON | values)
    assert not answer.get("errors"), answer
    await agent.wait_for_modal("Change something", code)
    await agent.fill()
    return code


async def choose_preset(agent: Agent, place: str) -> dict[str, Any]:
    view = await agent.modal()
    assert view is not None
    block = next(b for b in view["blocks"] if b.get("block_id", "").startswith("preset~"))
    await agent.workspace.post(
        "action",
        user=agent.user,
        view_id=view["id"],
        block_id=block["block_id"],
        action_id="form:preset",
        value=place,
    )

    async def look() -> dict[str, Any] | None:
        changed = await agent.modal()
        return changed if changed and changed["hash"] != view["hash"] else None

    return await wait_for(look, "the filled form")


async def test_a_code_is_made_up_and_another_one_on_request(running: Running, anna: Agent) -> None:
    view = await open_form(anna)
    first = initial(view, "code")

    await anna.press("Another code", {"value": "12", **REASON})

    async def look() -> dict[str, Any] | None:
        changed = await anna.modal()
        return changed if changed and initial(changed, "code") != first else None

    changed = await wait_for(look, "another code")
    assert MADE_UP.fullmatch(first)
    assert MADE_UP.fullmatch(initial(changed, "code"))
    assert initial(changed, "value") == "12"
    code = await create(anna, {})
    await anna.wait_for_message(code, "(Done", channel=anna.log_channel)


async def test_a_preset_fills_the_form_and_can_be_edited(
    running: Running, anna: Agent, data: Path
) -> None:
    configure(data, "discount", rules())
    await open_form(anna)

    ten = await choose_preset(anna, "0")
    late = await choose_preset(anna, "1")

    assert (initial(ten, "type"), initial(ten, "value")) == ("percentage", "10")
    assert (initial(ten, "expires"), initial(ten, "max_uses")) == ("7", "1")
    assert (initial(late, "type"), initial(late, "value")) == ("fixed", "5")
    assert (initial(late, "expires"), initial(late, "max_uses")) == ("date", "")
    assert (initial(late, "currency"), bool(initial(late, "expires_at"))) == ("USD", True)
    code = await create(anna, {"value": "6"})
    told = await anna.wait_for_message(code, "6.00 USD off", channel=anna.log_channel)
    assert "to be used" not in told["text"]


async def test_the_caps_are_said_before_and_held_next_to_the_field(
    running: Running, anna: Agent, data: Path
) -> None:
    configure(data, "discount", rules(**CAPS))

    view = await open_form(anna)
    too_much = await anna.fill({"value": "21", **REASON})
    too_dear = await anna.fill({"type": "fixed", "value": "50.01", **REASON})
    in_euro = await anna.fill({"type": "fixed", "value": "46.01", "currency": "EUR", **REASON})
    too_long = await anna.fill(
        {"value": "5", "expires": "date", "expires_at": "2030-01-01", **REASON}
    )

    assert "At most 20% or 50.00 USD, valid for at most 60 days." in words(view)
    assert "Never expires" not in words(view)
    assert "90 days" not in words(view)
    answers = (too_much, too_dear, in_euro, too_long)
    errors = [list(answer["errors"].items()) for answer in answers]
    assert [[(name.split("~")[0], text) for name, text in found] for found in errors] == [
        [("value", "You may give at most 20%.")],
        [("value", "You may give at most 50.00 USD.")],
        [("value", "You may give at most 46.00 EUR.")],
        [("expires_at", "A code may be valid for at most 60 days.")],
    ]
    assert running.recent() == []


async def test_a_cap_that_was_lowered_meanwhile_holds_at_the_confirmation(
    running: Running, anna: Agent, data: Path
) -> None:
    await open_form(anna)
    await anna.fill({"value": "30", **REASON})
    await anna.wait_for_modal("Change something", "30% off")
    configure(data, "discount", rules(most_percent="20"))

    await anna.fill()

    view = await anna.wait_for_modal("You may give at most 20%.")
    assert initial(view, "value") == "30"
    assert running.recent() == []
    assert (await running.workspace.books())["promotions"] == []


async def test_a_code_with_every_limit_is_told_with_a_reply(running: Running, anna: Agent) -> None:
    await open_form(anna, "/discount-code 1042")

    code = await create(
        anna,
        {
            "type": "fixed",
            "value": "10",
            "minimum_spend": "50",
            "max_uses": "5",
            "max_uses_per_customer": "1",
            "expires": "7",
            "reason": "Other",
            "reason_text": "Parcel arrived late",
        },
    )

    told = await anna.wait_for_reply(1042, code, "(Done")
    shown = words(told["blocks"])
    assert "on orders of 50.00 USD or more" in told["text"]
    assert "to be used 5 times, once by each customer" in told["text"]
    assert "Reason: Parcel arrived late" in shown
    assert "```We are sorry for the trouble with your order 1042." in shown
    assert "next order at Fern &amp; Fable:" in shown
    assert "Your order has to come to 50.00 USD or more." in shown
    assert "It is valid until" in shown
    assert button_labels(told)[-2:] == ["Was it used?", "Switch it off"]
    (promotion,) = (await running.workspace.books())["promotions"]
    (made,) = promotion["codes"]
    assert (made["max_uses"], made["max_uses_per_customer"]) == (5, 1)
    assert promotion["rules"][0]["condition"] == {"cart": {"minimum_spend": "50.00"}}


async def test_an_order_in_euro_gets_a_code_in_euro(running: Running, anna: Agent) -> None:
    order = next(
        row for row in await running.workspace.get("store/orders") if row["currency"] == "EUR"
    )
    view = await open_form(anna, f"/discount-code {order['id']}")

    assert initial(view, "currency") == "EUR"
    code = await create(anna, {"type": "fixed", "value": "10"})

    await anna.wait_for_reply(order["id"], code, "10.00 EUR off the order total", "(Done")
    (promotion,) = (await running.workspace.books())["promotions"]
    assert promotion["currency_code"] == "EUR"


async def test_a_channel_is_offered_where_there_are_several(running: Running, anna: Agent) -> None:
    await running.workspace.post("store/settings", channels=["Shop", "Outlet"], paid_in=["USD"])
    view = await open_form(anna)
    assert "Every storefront" in words(view)
    assert "Currency" not in words(view)

    code = await create(anna, {"value": "10", "channel_id": "2"})

    await anna.wait_for_message(code, "in the storefront Outlet", channel=anna.log_channel)
    (promotion,) = (await running.workspace.books())["promotions"]
    assert promotion["channels"] == [{"id": 2}]


async def test_free_shipping_needs_no_value(running: Running, anna: Agent) -> None:
    await open_form(anna)

    code = await create(anna, {"type": "free_shipping"})

    await anna.wait_for_message(code, "free shipping", "(Done", channel=anna.log_channel)


async def options(agent: Agent, field: str, query: str) -> list[dict[str, Any]]:
    view = await agent.modal()
    assert view is not None
    block = next(b for b in view["blocks"] if b.get("block_id", "").startswith(field))
    found = await agent.workspace.post(
        "options",
        user=agent.user,
        view_id=view["id"],
        block_id=block["block_id"],
        action_id=field,
        query=query,
    )
    chosen: list[dict[str, Any]] = found["options"]
    return chosen


async def test_products_are_found_by_typing(running: Running, anna: Agent) -> None:
    await open_form(anna)
    found = await options(anna, "product_ids", "fern")

    code = await create(anna, {"value": "10", "product_ids": found[:1]})

    assert found[0]["text"] == "Boston Fern (FF-101)"
    told = await anna.wait_for_message(code, "for Boston Fern (FF-101)", channel=anna.log_channel)
    assert "It is for Boston Fern (FF-101)." in words(told["blocks"])


async def test_a_hundred_of_the_same_name_can_be_told_apart(running: Running, anna: Agent) -> None:
    name = "Fern " * 50
    goods = {
        "products": [{"name": name[:250]}] * 100,
        "categories": [{"name": f"Sale {'x' * 40}", "parent_id": 21}] * 100,
    }
    await running.workspace.post("store/goods", **goods)
    await open_form(anna)

    products = await options(anna, "product_ids", "fern fern")
    categories = await options(anna, "category_ids", "sale xx")

    for found in (products, categories):
        labels = [entry["text"] for entry in found]
        assert len(set(labels)) == len(labels) == 100
        assert max(map(len, labels)) <= 75


async def test_a_code_for_a_hundred_products_is_reviewed_and_told(
    running: Running, anna: Agent
) -> None:
    goods = {"products": [{"name": "<!channel> *Fern* " * 13}] * 100}
    await running.workspace.post("store/goods", **goods)
    await open_form(anna)
    chosen = await options(anna, "product_ids", "<!channel>")

    code = await create(anna, {"value": "10", "product_ids": chosen})

    told = await anna.wait_for_message(code, "and 97 more", "(Done", channel=anna.log_channel)
    assert "valid until" in told["text"]
    assert "It is valid until" in words(told["blocks"])
    assert "<!channel>" not in words(told["blocks"])


async def test_categories_and_products_do_not_go_together(running: Running, anna: Agent) -> None:
    await open_form(anna)
    values = {
        "value": "10",
        "category_ids": (await options(anna, "category_ids", "bath"))[:1],
        "product_ids": (await options(anna, "product_ids", "fern"))[:1],
    }

    answer = await anna.fill(REASON | values)

    assert list(answer["errors"].values()) == ["Choose categories or products, not both."]


async def test_whether_it_was_used_is_read_live(running: Running, anna: Agent) -> None:
    await open_form(anna, "/discount-code 1042")
    code = await create(anna, {"value": "10", "max_uses": "3"})
    told = await anna.wait_for_reply(1042, code, "(Done")

    await anna.press_in_message(told, "Was it used?")
    await anna.wait_for_reply(1042, "has not been used yet")
    await running.workspace.post("store/uses", code=code, uses=2)
    await anna.press_in_message(told, "Was it used?")

    await anna.wait_for_reply(
        1042,
        f"The code {code} was used twice (of at most 3).",
        "It still works, until",
        "BigCommerce does not tell on which orders.",
    )


async def switched_off(running: Running, agent: Agent, told: dict[str, Any]) -> None:
    await agent.press_in_message(told, "Switch it off")

    async def look() -> bool | None:
        return True if running.recent()[0].action == "switch_off_code" else None

    await wait_for(look, "the request to switch the code off")


@pytest.mark.parametrize("as_coupons", [True, False])
async def test_a_code_is_switched_off_once_and_told(
    running: Running, anna: Agent, data: Path, as_coupons: bool
) -> None:
    configure(data, "discount", rules(as_coupons=as_coupons))
    await open_form(anna, "/discount-code 1042")
    code = await create(anna, {"value": "10"})
    told = await anna.wait_for_reply(1042, code, "(Done")

    await switched_off(running, anna, told)
    await anna.wait_for_reply(1042, f"Discount code {code} is switched off")
    # Somebody whose Slack still shows the button.
    await running.deliver(await running.delivered("block_actions"))

    await anna.wait_for_reply(1042, "switched it off. Nothing was changed now.")
    entries = [entry for entry in running.entries(1042) if entry.action == "switch_off_code"]
    assert [entry.status for entry in entries] == ["succeeded"]
    assert entries[0].actor_id == anna.user
    (coupon,) = (await running.workspace.books())["coupons"]
    assert coupon["enabled"] is False


async def test_two_clicks_at_once_are_one_request(running: Running, anna: Agent) -> None:
    await open_form(anna)
    code = await create(anna, {"value": "10"})
    told = await anna.wait_for_message(code, "(Done", channel=anna.log_channel)

    await asyncio.gather(*(anna.press_in_message(told, "Switch it off") for _ in range(3)))

    async def look() -> bool | None:
        latest = running.recent()[0]
        return True if latest.action == "switch_off_code" and latest.is_told else None

    await wait_for(look, "the code switched off")
    entries = [entry for entry in running.recent() if entry.action == "switch_off_code"]
    assert len(entries) == 1
    assert (entries[0].channel, entries[0].thread_ts) == (anna.log_channel, told["ts"])


async def test_what_was_refused_can_be_asked_again(running: Running, anna: Agent) -> None:
    await open_form(anna, "/discount-code 1042")
    code = await create(anna, {"type": "fixed", "value": "10"})
    told = await anna.wait_for_reply(1042, code, "(Done")
    await running.workspace.store_fault(match="PUT promotions/*", kind="status", status=422)
    await switched_off(running, anna, told)
    await anna.wait_for_reply(1042, f"Discount code {code} was not changed")

    await anna.press_in_message(told, "Switch it off")

    await anna.wait_for_reply(1042, f"Discount code {code} is switched off")
    entries = [entry for entry in running.entries(1042) if entry.action == "switch_off_code"]
    assert [entry.status for entry in entries] == ["succeeded", "rejected"]


async def test_only_who_may_create_codes_may_switch_them_off(
    running: Running, anna: Agent, data: Path
) -> None:
    await open_form(anna, "/discount-code 1042")
    code = await create(anna, {"type": "fixed", "value": "10"})
    told = await anna.wait_for_reply(1042, code, "(Done")
    configure(data, "rules.create_discount_code", {"who": {"user_ids": ["U0SOMEBODY"]}})

    await anna.press_in_message(told, "Switch it off")

    await anna.wait_for_message("only for some of the team", channel=anna.log_channel)
    (coupon,) = (await running.workspace.books())["coupons"]
    assert coupon["enabled"] is True
