"""What is changed outside the bot is told in the order's thread, once; what the bot did is not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.agent import Agent, wait_for, words
from tests.support.hooking import Hooked, bot_of, hooked_sandbox
from tests.support.opening import open_thread
from tests.support.refund_form import fields, open_form, to_review

SHIPPED, COMPLETED, FULFILLMENT, PENDING = 2, 10, 11, 1


@pytest.fixture
async def hooked(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Hooked]:
    async with hooked_sandbox(request.node.name, tmp_path) as sandbox, bot_of(sandbox):
        yield sandbox


@pytest.fixture
async def anna(hooked: Hooked) -> Agent:
    return await hooked.agent("Anna")


async def refund(agent: Agent, order_id: int) -> None:
    await agent.command(f"/refund-order {order_id}")
    await agent.wait_for_modal("Full refund …")
    await agent.press("Full refund")
    await agent.wait_for_modal("Reason")
    await agent.fill({"reason": "Damaged"})
    await agent.wait_for_modal("Change something")
    await agent.fill()


async def cancel(agent: Agent, order_id: int, expected: str) -> None:
    await agent.command(f"/cancel-order {order_id}")
    await agent.wait_for_modal(expected, "Reason")
    await agent.fill({"reason": "Customer request"})
    await agent.wait_for_modal("Change something")
    await agent.fill()


async def wait_for_root(agent: Agent, order_id: int, text: str) -> None:
    async def look() -> Any:
        root = await agent.root(order_id)
        return True if root and text in words(root["blocks"]) else None

    await wait_for(look, f"a root message with {text!r}")


async def test_a_status_set_elsewhere_is_told_and_shown(hooked: Hooked, anna: Agent) -> None:
    await open_thread(anna, 1042)

    await hooked.workspace.post("store/order", order_id=1042, status_id=SHIPPED)

    said = "Order 1042 went from Awaiting Fulfillment to Shipped"
    await anna.wait_for_reply(1042, said, "Outside")
    await wait_for_root(anna, 1042, "Shipped")
    assert len(await hooked.outside_changes(anna, 1042)) == 1


async def test_a_refund_made_elsewhere_is_told_with_its_amount(hooked: Hooked, anna: Agent) -> None:
    await open_thread(anna, 1042)

    await hooked.workspace.post("store/order", order_id=1042, refund_amount="12.50")

    # What the sandbox gives back elsewhere is recorded only.
    said = "A refund of 12.50 USD was recorded for order 1042; BigCommerce sends no money for it."
    await anna.wait_for_reply(1042, said, "elsewhere")
    await anna.wait_for_reply(1042, "to Partially Refunded")
    await wait_for_root(anna, 1042, "12.50 USD")
    await hooked.wait_until_decided()
    assert len(await hooked.outside_changes(anna, 1042)) == 2


async def test_a_declined_payment_is_told(hooked: Hooked, anna: Agent) -> None:
    await open_thread(anna, 1042)

    await hooked.workspace.post("store/decline", order_id=1042)

    reply = await anna.wait_for_reply(1042, "did not go through: purchase, declined")
    assert "control panel" in reply["text"]


async def test_what_the_bot_did_itself_is_not_told_again(hooked: Hooked, anna: Agent) -> None:
    order_id = await hooked.workspace.order_in_status(SHIPPED, payment="captured")
    await open_thread(anna, order_id)

    await refund(anna, order_id)
    await anna.wait_for_reply(order_id, "(Done", "Refunded")
    await hooked.wait_for_delivery("store/order/statusUpdated")
    await hooked.wait_for_delivery("store/order/refund/created")

    await hooked.wait_until_decided()
    assert await hooked.outside_changes(anna, order_id) == []
    assert hooked.verdicts("refund") == ["ours"]
    assert hooked.verdicts("status") == ["ours"]


async def test_a_cancellation_of_the_bot_is_not_told_again(hooked: Hooked, anna: Agent) -> None:
    await open_thread(anna, 1042)

    await cancel(anna, 1042, "Cancel & refund")
    await anna.wait_for_reply(1042, "(Done", "ancelled")
    await hooked.wait_for_delivery("store/order/statusUpdated", 2)

    await hooked.wait_until_decided()
    assert await hooked.outside_changes(anna, 1042) == []


async def test_a_status_that_the_bot_sets_back_is_not_told_again(
    hooked: Hooked, anna: Agent
) -> None:
    await open_thread(anna, 1042)
    view = await open_form(anna)
    chosen = {fields(view, "quantity_")[0]: "1", "reason_all": "Late or lost"}

    await to_review(anna, chosen | {"set_back_to": ["yes"]})
    await anna.fill()
    await anna.wait_for_reply(1042, "(Done", "set back to Awaiting Fulfillment")
    await hooked.wait_for_delivery("store/order/statusUpdated", 2)

    await hooked.wait_until_decided()
    assert await hooked.outside_changes(anna, 1042) == []
    assert hooked.verdicts("status") == ["ours", "ours"]


async def test_the_bots_own_decline_is_told_by_itself_alone(hooked: Hooked, anna: Agent) -> None:
    order_id = await hooked.workspace.order_in_status(SHIPPED, payment="captured")
    await open_thread(anna, order_id)
    await hooked.workspace.store_fault(match="POST refunds", kind="decline")

    await refund(anna, order_id)
    await anna.wait_for_reply(order_id, "(Failed", "declined")
    await hooked.wait_for_delivery("store/order/transaction/created")

    await hooked.wait_until_decided()
    assert await hooked.outside_changes(anna, order_id) == []


async def test_a_status_that_the_bot_set_once_and_somebody_again_is_told(
    hooked: Hooked, anna: Agent
) -> None:
    order_id = await hooked.workspace.order_in_status(PENDING)
    await open_thread(anna, order_id)
    await cancel(anna, order_id, "Cancel order")
    await anna.wait_for_reply(order_id, "(Done", "Cancelled order")
    await hooked.wait_for_delivery("store/order/statusUpdated")

    await hooked.workspace.post("store/order", order_id=order_id, status_id=FULFILLMENT)
    await anna.wait_for_reply(order_id, "from Cancelled to Awaiting Fulfillment")
    await hooked.workspace.post("store/order", order_id=order_id, status_id=5)

    await anna.wait_for_reply(order_id, "from Awaiting Fulfillment to Cancelled")


async def test_a_change_while_a_request_runs_waits_for_its_end(hooked: Hooked, anna: Agent) -> None:
    order_id = await hooked.workspace.order_in_status(SHIPPED, payment="captured")
    await open_thread(anna, order_id)
    fault = {"match": "POST refunds", "kind": "delay", "delay_s": 1.0}
    await hooked.workspace.store_fault(**fault)
    await refund(anna, order_id)

    await hooked.workspace.post("store/order", order_id=order_id, status_id=COMPLETED)
    await hooked.wait_for_delivery("store/order/statusUpdated")

    await anna.wait_for_reply(order_id, "from Shipped to Completed")
    await anna.wait_for_reply(order_id, "(Done", "Refunded")
    await hooked.wait_until_decided()
    assert len(await hooked.outside_changes(anna, order_id)) == 1


async def test_a_request_that_came_too_late_has_not_made_the_change(
    hooked: Hooked, anna: Agent
) -> None:
    order_id = await hooked.workspace.order_in_status(PENDING)
    await open_thread(anna, order_id)
    await anna.command(f"/cancel-order {order_id}")
    await anna.wait_for_modal("Cancel order", "Reason")
    await anna.fill({"reason": "Customer request"})
    await anna.wait_for_modal("Change something")
    slow = {"match": f"GET orders/{order_id}", "kind": "delay", "delay_s": 1.5, "times": 9}
    await hooked.workspace.store_fault(**slow)

    await anna.fill()
    await hooked.workspace.post("store/order", order_id=order_id, status_id=5)

    await anna.wait_for_reply(order_id, "(Not done", "already cancelled")
    await anna.wait_for_reply(order_id, "from Pending to Cancelled")


async def test_the_same_event_delivered_twice_is_told_once(hooked: Hooked, anna: Agent) -> None:
    await open_thread(anna, 1042)
    fault = {"match": "POST hooks/store/order/*", "kind": "duplicate", "times": 5}
    await hooked.workspace.store_fault(**fault)

    await hooked.workspace.post("store/order", order_id=1042, status_id=SHIPPED)
    await hooked.wait_for_delivery("store/order/statusUpdated", 2)
    await anna.wait_for_reply(1042, "to Shipped")

    await hooked.wait_until_decided()
    assert len(await hooked.outside_changes(anna, 1042)) == 1


async def test_a_lost_answer_of_slack_does_not_tell_it_twice(hooked: Hooked, anna: Agent) -> None:
    await open_thread(anna, 1042)
    await hooked.workspace.slack_fault(method="chat.postMessage", kind="drop_after")

    await hooked.workspace.post("store/order", order_id=1042, status_id=SHIPPED)
    await anna.wait_for_reply(1042, "to Shipped")

    await hooked.wait_until_decided()
    assert len(await hooked.outside_changes(anna, 1042)) == 1


async def test_an_order_without_a_thread_is_left_alone(hooked: Hooked, anna: Agent) -> None:
    await hooked.workspace.post("store/order", order_id=1042, status_id=SHIPPED)
    await hooked.wait_for_delivery("store/order/statusUpdated")

    assert hooked.verdicts("status") == []
    assert await anna.root(1042) is None


async def test_a_refund_that_cannot_be_read_yet_is_told_later(hooked: Hooked, anna: Agent) -> None:
    await open_thread(anna, 1042)
    fault = {"match": "GET refunds", "kind": "status", "status": 403, "times": 2}
    await hooked.workspace.store_fault(**fault)

    await hooked.workspace.post("store/order", order_id=1042, refund_amount="3.00")

    await anna.wait_for_reply(1042, "A refund of 3.00 USD was recorded")


async def test_text_typed_elsewhere_does_nothing(hooked: Hooked, anna: Agent) -> None:
    await open_thread(anna, 1042)
    body = {"order_id": 1042, "refund_amount": "3.00", "refund_reason": "<!channel> *now*"}
    await hooked.workspace.post("store/order", **body)

    reply = await anna.wait_for_reply(1042, "A refund of 3.00 USD was recorded")
    assert "<!channel>" not in f"{reply['text']} {words(reply['blocks'])}"


@pytest.mark.parametrize("stopped_before", ["the delivery", "the telling"])
async def test_a_restart_in_between_loses_and_repeats_nothing(
    request: pytest.FixtureRequest, tmp_path: Path, stopped_before: str
) -> None:
    async with hooked_sandbox(request.node.name, tmp_path) as hooked:
        anna = await hooked.agent("Anna")
        async with bot_of(hooked):
            await open_thread(anna, 1042)
            if stopped_before == "the telling":
                lost = {"method": "chat.postMessage", "kind": "drop_before", "times": 50}
                await hooked.workspace.slack_fault(**lost)
                await hooked.workspace.post("store/order", order_id=1042, status_id=SHIPPED)
                await hooked.wait_for_delivery("store/order/statusUpdated")
        if stopped_before == "the delivery":
            await hooked.workspace.post("store/order", order_id=1042, status_id=SHIPPED)
        await hooked.workspace.slack_fault(clear=True)

        async with bot_of(hooked):
            await anna.wait_for_reply(1042, "to Shipped")
            await hooked.wait_until_decided()

            assert len(await hooked.outside_changes(anna, 1042)) == 1
