"""“Order actions” in the menu of a message: it finds what the text mentions, in threads too."""

from __future__ import annotations

import pytest

from tests.flows.cancellations.test_flow_cancel_order import PENDING, confirm_cancellation
from tests.flows.orders.test_flow_find import GUEST, rows
from tests.support.agent import Agent, find_button, wait_for, words
from tests.support.running import Running

NAME = "order_actions"


@pytest.mark.parametrize(
    "text",
    [
        "Order 1042 arrived broken",
        "#1042?",
        "they mean 1042, paid 54.10 on 2026-11-20",
        "https://store-x.mybigcommerce.com/manage/orders/1042",
    ],
)
async def test_the_one_order_that_is_mentioned_opens_with_its_actions(
    anna: Agent, text: str
) -> None:
    message = await anna.say(text)

    await anna.shortcut(message, NAME)

    view = await anna.wait_for_modal("Order 1042", "Maya Lindqvist", "Left to refund")
    find_button(view["blocks"], "Cancel & refund")
    await anna.press("Cancel & refund")
    await anna.wait_for_modal("Cancel & refund", "Reason")


async def test_it_works_on_a_reply_in_a_thread(anna: Agent) -> None:
    root = await anna.say("A customer calls")
    reply = await anna.say("It is #1042", thread_ts=root["ts"])

    await anna.shortcut(reply, NAME)

    await anna.wait_for_modal("Order 1042", "Left to refund")


async def test_several_orders_and_people_are_listed_with_what_is_allowed(anna: Agent) -> None:
    message = await anna.say(f"1042, #1028 and order 1044, also {GUEST}; not 999999, and call 555")

    await anna.shortcut(message, NAME)

    view = await anna.wait_for_modal("Order 1028", "Orders of Rosa Ibarra")
    assert rows(view) == [1044, 1028, 1042, 1018] or set(rows(view)) == {1042, 1028, 1044, 1018}
    assert "999999" not in words(view)
    offered = {
        element["action_id"]
        for block in view["blocks"]
        if block.get("block_id") == "order~1042"
        for element in block["elements"]
    }
    assert offered == {"open:cancel_and_refund", "open:refund_items", "open:create_discount_code"}


@pytest.mark.parametrize(
    ("text", "said", "initial"),
    [
        ("hello there", "mentions no order number", "hello there"),
        ("order 999999?", "No order was found for what this message mentions: 999999", "999999"),
        ("nobody@mail.example", "No order was found", "nobody@mail.example"),
        ("blah " * 100, "mentions no order number", None),
    ],
)
async def test_where_nothing_is_found_the_form_begins_with_what_there_is(
    anna: Agent, text: str, said: str, initial: str | None
) -> None:
    message = await anna.say(text)

    await anna.shortcut(message, NAME)

    view = await anna.wait_for_modal(said, "Find an order")
    field = next(block for block in view["blocks"] if block["type"] == "input")
    assert field["element"].get("initial_value") == initial
    await anna.fill({"wanted": "1042"})
    await anna.wait_for_modal("Order 1042", "Left to refund")


async def test_on_an_orders_own_thread_it_is_that_order(running: Running, anna: Agent) -> None:
    order_id = await running.workspace.order_in_status(PENDING)
    await confirm_cancellation(anna, order_id)
    reply = await anna.wait_for_reply(order_id, f"order {order_id}")
    await anna.close()

    await anna.shortcut(reply, NAME)
    await anna.wait_for_modal(f"Order {order_id}", "Left to refund", f"on order {order_id}: Done")
    await anna.close()
    root = await anna.root(order_id)
    assert root is not None
    await anna.shortcut({**root, "channel": anna.log_channel}, NAME)
    await anna.wait_for_modal(f"Order {order_id}", "Left to refund")
    await anna.close()
    place = {"user": anna.user, "channel": anna.log_channel}
    asked = await running.workspace.post(
        "message", **place, text="Or is it 1042?", thread_ts=root["ts"]
    )
    await anna.shortcut({**asked, "channel": anna.log_channel}, NAME)

    await anna.wait_for_modal(f"Order {order_id}", "Left to refund")


async def test_a_number_that_is_typed_in_a_linked_channel_goes_first(anna: Agent) -> None:
    await anna.command("/makegood link 1028")
    await anna.wait_for_message("This channel is linked")

    await anna.shortcut(await anna.say("they say 1042"), NAME)
    await anna.wait_for_modal("Order 1042", "Left to refund")
    await anna.close()
    await anna.shortcut(await anna.say("they call again"), NAME)

    view = await anna.wait_for_modal("Orders of Jonas Weber")
    assert 1028 in rows(view)


async def test_a_long_message_asks_for_few_orders(running: Running, anna: Agent) -> None:
    message = await anna.say(" ".join(str(n) for n in range(1001, 1061)))

    await anna.shortcut(message, NAME)

    view = await anna.wait_for_modal("Order 1001")
    assert len(set(rows(view))) <= 8


async def test_who_may_not_use_the_bot_sees_nothing(running: Running, dev: Agent) -> None:
    await dev.shortcut(await dev.say("Order 1042"), NAME)

    view = await dev.wait_for_modal("You cannot use Makegood yet")
    assert "Maya" not in words(view)


async def test_a_store_that_is_down_is_said_in_the_modal(running: Running, anna: Agent) -> None:
    message = await anna.say("Order 1042")
    await running.workspace.store_fault(match="GET orders/*", kind="html", status=502, times=50)

    await anna.shortcut(message, NAME)

    await anna.wait_for_modal(
        "BigCommerce has a problem of its own (HTTP 502). Nothing was changed."
    )


async def test_the_modal_stands_before_the_store_answers(running: Running, anna: Agent) -> None:
    message = await anna.say("Order 1042")
    await running.workspace.store_fault(match="GET orders/*", kind="hang", times=3)

    await anna.shortcut(message, NAME)

    async def waiting() -> bool | None:
        view = await anna.modal()
        return True if view and "Reading the message" in words(view) else None

    await wait_for(waiting, "a loading view")
