"""Commands that only look: the order's card, the help, the log, the Home tab; and who may."""

from __future__ import annotations

import pytest

from tests.support.agent import Agent, button_labels, words
from tests.support.running import Running


@pytest.mark.parametrize("typed", ["1042", "#1042", " 1042 "])
async def test_an_order_is_shown_however_its_number_is_typed(anna: Agent, typed: str) -> None:
    await anna.command(f"/order {typed}")

    card = await anna.wait_for_message("Order 1042 ")

    assert card["ephemeral"]
    shown = words(card["blocks"])
    assert "Awaiting Fulfillment" in shown
    assert "*Refunded*\n0.00 USD" in shown


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("abc", "does not search guests by name"),
        ("0", "start at 1"),
        ("-5", "digits only"),
        ("#1000000000000", "No order number is that large"),
        ("1000000000000", "does not search guests by phone"),
        ("999999", "no such order"),
    ],
)
async def test_a_wrong_number_is_explained(anna: Agent, typed: str, said: str) -> None:
    await anna.command(f"/order {typed}")

    await anna.wait_for_message(said)


@pytest.mark.parametrize("command", ["/cancel-order", "/refund-order", "/discount-code"])
async def test_nonsense_behind_a_command_is_explained(anna: Agent, command: str) -> None:
    await anna.command(f"{command} <!channel>")

    message = await anna.wait_for_message("digits only")
    assert command in message["text"]
    assert "<!channel>" not in message["text"]


async def test_without_a_number_the_modal_asks_for_it(anna: Agent) -> None:
    await anna.command("/cancel-order")
    await anna.wait_for_modal("Order number")

    wrong = await anna.fill({"order_id": "twelve"})
    assert "digits only" in wrong["errors"]["order_id"]
    await anna.fill({"order_id": "#1042"})

    await anna.wait_for_modal("Cancel & refund", "Reason")


async def test_an_unknown_order_is_said_in_the_modal(anna: Agent) -> None:
    await anna.command("/refund-order 999999")

    await anna.wait_for_modal("no such order")


@pytest.mark.parametrize(
    ("tag", "said"),
    [("archived", "archived"), ("disputed", "disputed"), ("incomplete", "incomplete")],
)
async def test_orders_that_nobody_should_touch_are_refused(
    running: Running, anna: Agent, tag: str, said: str
) -> None:
    if tag == "incomplete":
        order_id = await running.workspace.order_in_status(0)
    else:
        order_id = await running.workspace.order_tagged(tag)

    await anna.command(f"/refund-order {order_id}")

    await anna.wait_for_modal(said)


@pytest.mark.parametrize("command", ["/order", "/cancel-order", "/refund-order", "/discount-code"])
async def test_each_command_explains_itself(anna: Agent, command: str) -> None:
    await anna.command(f"{command} help")

    await anna.wait_for_message(command, "/makegood help")


async def test_the_guide_names_every_command(anna: Agent) -> None:
    await anna.command("/makegood help")

    await anna.wait_for_message("/order 1042", "/cancel-order", "/refund-order", "/discount-code")


async def test_the_log_starts_empty_and_says_so(anna: Agent) -> None:
    await anna.command("/makegood log")

    await anna.wait_for_message("Nothing yet")


async def test_the_home_tab_tells_how_to_begin(running: Running, anna: Agent) -> None:
    await running.workspace.post("home", user=anna.user)

    home = await running.home_of(anna)
    assert "/refund-order" in words(home)
    assert "Your latest requests" in words(home)


async def test_who_is_not_in_the_channel_may_not_act(running: Running, dev: Agent) -> None:
    await dev.command("/cancel-order 1042")
    await dev.wait_for_modal("You cannot use Makegood yet")

    await dev.command("/order 1042")
    await dev.wait_for_message("You cannot use Makegood yet")


async def test_a_customers_name_does_nothing(running: Running, anna: Agent) -> None:
    orders = await running.workspace.get("store/orders")
    named = next(order for order in orders if "<!channel>" in order["customer"])

    await anna.command(f"/order {named['id']}")

    card = await anna.wait_for_message(f"Order {named['id']} ")
    assert "<!channel>" not in f"{card['text']} {words(card['blocks'])}"
    assert "&lt;!channel&gt;" in words(card["blocks"])


async def test_the_card_links_to_the_control_panel(anna: Agent) -> None:
    await anna.command("/order 1042")

    card = await anna.wait_for_message("Order 1042 ")

    assert "Open in BigCommerce" in button_labels(card)
    assert "/manage/orders/1042" in str(card["blocks"])
