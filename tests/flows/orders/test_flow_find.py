"""`/order` with an e-mail, a name, a phone number or nothing behind it; lists, pages, one hit."""

from __future__ import annotations

from typing import Any

import pytest

from tests.flows.cancellations.test_flow_cancel_order import PENDING, confirm_cancellation
from tests.support.agent import Agent, button_labels, words
from tests.support.running import Running

GUEST = "rosa.guest@mail.example"


def rows(message: dict[str, Any]) -> list[int]:
    """Return the orders of a list, as they are listed."""
    return [
        int(block["accessory"]["value"])
        for block in message["blocks"]
        if block.get("accessory", {}).get("action_id") == "hit"
    ]


@pytest.mark.parametrize(
    "typed",
    [
        "customer1@mail.example",
        "<mailto:customer1@mail.example|customer1@mail.example>",
        "Maya Lindqvist",
        "lindqvist, maya",
        "512-555-0101",
        "+1 (512) 555-0101",
        "001 512 555 0101",
    ],
)
async def test_a_customers_orders_are_listed_newest_first(
    running: Running, anna: Agent, typed: str
) -> None:
    await anna.command(f"/order {typed}")

    found = await anna.wait_for_message("newest first")

    assert found["ephemeral"]
    ids = rows(found)
    assert {1042, 1022} <= set(ids)
    assert ids == sorted(ids, reverse=True)  # the seeded shop's dates follow the numbers
    shown = words(found["blocks"])
    assert "*Order 1042* · Awaiting Fulfillment · 154.10 USD" in shown
    assert "Maya Lindqvist" in shown


async def test_a_guest_is_found_by_e_mail_and_a_single_hit_opens_at_once(anna: Agent) -> None:
    await anna.command(f"/order {GUEST.upper()}")

    card = await anna.wait_for_message("Order 1018 of Rosa Ibarra")

    assert card["ephemeral"]
    assert "guest" in words(card["blocks"])


async def test_a_hit_opens_its_card(anna: Agent) -> None:
    await anna.command("/order Maya Lindqvist")
    found = await anna.wait_for_message("newest first")

    block = next(b for b in found["blocks"] if b.get("accessory", {}).get("value") == "1042")
    await anna.press_in_message({**found, "blocks": [block]}, "Open")

    await anna.wait_for_message("Order 1042 of Maya Lindqvist")


async def test_many_hits_are_paged_in_place(running: Running, anna: Agent) -> None:
    await anna.command("/order an")
    first = await anna.wait_for_message("Page 1 of")
    assert len(rows(first)) == 10

    await anna.press_in_message(first, "Next")
    second = await anna.wait_for_message("Page 2 of")
    await anna.press_in_message(second, "Previous")
    again = await anna.wait_for_message("Page 1 of")

    assert second["ts"] == first["ts"]
    assert not set(rows(first)) & set(rows(second))
    assert rows(again) == rows(first)


async def test_a_list_from_before_a_restart_says_so(running: Running, anna: Agent) -> None:
    await anna.command("/order an")
    found = await anna.wait_for_message("Page 1 of")
    await anna.press_in_message(found, "Next")
    await anna.wait_for_message("Page 2 of")
    pressed = await running.delivered("block_actions")
    pressed["actions"][0]["value"] = "forgotten 1"

    await running.deliver(pressed)

    old = await anna.wait_for_message("This list is no longer kept")
    assert old["ts"] == pressed["container"]["message_ts"]  # in place of the list
    await anna.press_in_message(old, "Search again")
    await anna.wait_for_modal("Order number, e-mail, name or phone number")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("nobody@mail.example", "guests' too"),
        ("Zebulon Quux", "Each word of the name by itself"),
        ("999-000-1234", "does not search guests by phone"),
        ("1125550199", "there is no such order"),
    ],
)
async def test_a_near_miss_says_what_was_tried(anna: Agent, typed: str, said: str) -> None:
    await anna.command(f"/order {typed}")

    missed = await anna.wait_for_message("Nothing was found", said)

    assert "Check the spelling" in words(missed["blocks"])
    assert "Search again" in button_labels(missed)


async def test_those_who_come_near_are_offered(anna: Agent) -> None:
    await anna.command("/order Mya Lindqvist")

    near = await anna.wait_for_message("These come near")

    assert 1042 in rows(near)


@pytest.mark.parametrize(
    "typed",
    [
        "x" * 3000,
        "*bold* <!channel> & <@U1>",
        "'; DROP TABLE links; --",
        "%_%",
        "מרים לוי",
        "\u202egnitset\u202c abc",
        "🌿🌿",
        "((((((",
        "a@b",
        ", ,",
    ],
)
async def test_nothing_that_is_typed_does_any_harm(anna: Agent, typed: str) -> None:
    await anna.command(f"/order {typed}")

    before = len(await anna.messages())
    await anna.command("/order 1042")
    await anna.wait_for_message("Order 1042 of")
    messages = [m for m in await anna.messages() if m.get("ephemeral")]
    assert before <= len(await anna.messages())
    for message in messages:
        assert "<!channel>" not in f"{message['text']}{words(message.get('blocks', []))}"
        assert "Something went wrong" not in message["text"]


async def test_the_form_searches_lists_and_opens_in_place(running: Running, anna: Agent) -> None:
    await anna.command("/order")
    await anna.wait_for_modal("Find an order", "e-mail")

    wrong = await anna.fill({"wanted": "??"})
    assert "Type an order number" in wrong["errors"]["wanted"]
    await anna.fill({"wanted": "Maya Lindqvist"})
    listed = await anna.wait_for_modal("newest first", "Store credit 10.00 USD")
    assert 1042 in rows(listed)
    await anna.press("Search again")
    await anna.wait_for_modal("Search", "Guests are found by e-mail")
    await anna.fill({"wanted": "#1042"})

    await anna.wait_for_modal("Order 1042", "Maya Lindqvist", "Left to refund")
    await anna.press("History")
    await anna.wait_for_modal("The history of order 1042")
    await anna.press("Back to the order")
    await anna.wait_for_modal("Left to refund", "in the last 365 days")
    await running.workspace.post("store/order", order_id=1042, status_id=9)
    await anna.press("Refresh")
    await anna.wait_for_modal("Awaiting Shipment", "Left to refund")
    await anna.press("Cancel & refund")
    await anna.wait_for_modal("Cancel & refund", "Reason")


async def test_the_form_says_what_was_tried_and_keeps_what_was_typed(anna: Agent) -> None:
    await anna.command("/order")
    await anna.wait_for_modal("Find an order")

    await anna.fill({"wanted": "nobody@mail.example"})

    view = await anna.wait_for_modal("Nothing was found", "What was searched")
    field = next(block for block in view["blocks"] if block["type"] == "input")
    assert field["element"]["initial_value"] == "nobody@mail.example"


async def test_the_customer_is_seen_at_a_glance_below_the_card(
    running: Running, anna: Agent
) -> None:
    order_id = await running.workspace.order_tagged("order_level_refund")

    await anna.command(f"/order {order_id}")

    about = await anna.wait_for_message("in the last 365 days")
    shown = words(about["blocks"])
    assert about["ephemeral"]
    assert "Grace Kim" in shown
    assert "refunds 5.00 USD (" in shown


async def test_the_glance_tells_what_was_done_for_the_customer_before(
    running: Running, anna: Agent
) -> None:
    order_id = await running.workspace.order_in_status(PENDING)
    await confirm_cancellation(anna, order_id)
    await running.told(order_id)

    await anna.command(f"/order {order_id}")

    about = await anna.wait_for_message("in the last 365 days")
    assert f"• Cancel order on order {order_id}: Done" in words(about["blocks"])


async def test_without_the_scope_the_search_says_so(running: Running, anna: Agent) -> None:
    await running.workspace.store_fault(match="GET customers", kind="no_scope", times=50)

    await anna.command("/order Maya Lindqvist")

    await anna.wait_for_message("Customers: read-only")


async def test_who_may_not_use_the_bot_finds_nobody(dev: Agent) -> None:
    await dev.command("/order customer1@mail.example")

    await dev.wait_for_message("You cannot use Makegood yet")


async def test_a_store_that_is_down_is_said(running: Running, anna: Agent) -> None:
    await running.workspace.store_fault(match="GET orders", kind="html", status=502, times=50)

    await anna.command(f"/order {GUEST}")

    await anna.wait_for_message(
        "BigCommerce has a problem of its own (HTTP 502). Nothing was changed."
    )
