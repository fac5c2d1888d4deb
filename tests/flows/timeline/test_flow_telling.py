"""What the thread says in the end, when Slack lost what was posted on the way."""

from __future__ import annotations

from typing import Any

from storage.outbox.posts import outcome_key
from tests.support.agent import Agent, wait_for, words
from tests.support.running import Running

SHIPPED = 2
LOST = 20  # more often than one telling tries


async def confirm_refund(agent: Agent, order_id: int) -> None:
    await agent.command(f"/refund-order {order_id}")
    await agent.wait_for_modal("Full refund …")
    await agent.press("Full refund")
    await agent.wait_for_modal("Reason")
    await agent.fill({"reason": "Damaged"})
    await agent.wait_for_modal("Change something")
    await agent.fill()


async def open_thread(agent: Agent, order_id: int) -> None:
    await agent.command(f"/discount-code {order_id}")
    await agent.wait_for_modal("Applies to")
    await agent.fill({"code": "SORRY-5", "value": "5", "reason": "Customer request"})
    await agent.wait_for_modal("Change something")
    await agent.fill()
    await agent.wait_for_reply(order_id, "(Done", "SORRY-5")


async def was_tried(running: Running, order_id: int) -> bool | None:
    """Whether the answer to the post was missed, and the thread could not be read back."""
    post = running.outbox.find(outcome_key(running.entries(order_id)[0].reference))
    return True if post and post.tries and post.doubts else None


async def test_what_was_lost_while_pending_is_corrected_and_not_told_again(
    running: Running, anna: Agent
) -> None:
    workspace = running.workspace
    order_id = await workspace.order_in_status(SHIPPED, payment="captured")
    await open_thread(anna, order_id)
    await workspace.post("store/settings", settlement_s=60)
    await workspace.slack_fault(method="chat.postMessage", kind="drop_after")
    await workspace.slack_fault(method="conversations.replies", kind="drop_before", times=LOST)

    await confirm_refund(anna, order_id)
    await anna.wait_for_reply(order_id, "(On its way")
    await wait_for(lambda: was_tried(running, order_id), "a try that was in vain")
    await workspace.post("store/settle")
    await workspace.slack_fault(clear=True)

    await anna.wait_for_reply(order_id, "(Done", "Refunded")
    await running.told(order_id)
    told = [m["text"] for m in await anna.thread(order_id) if "efund" in m["text"]]
    assert len(told) == 1, told


async def test_a_root_message_that_could_not_be_drawn_is_drawn_later(
    running: Running, anna: Agent
) -> None:
    workspace = running.workspace
    order_id = await workspace.order_in_status(SHIPPED, payment="captured")
    await workspace.slack_fault(method="chat.update", kind="drop_before", times=2)

    await confirm_refund(anna, order_id)
    await anna.wait_for_reply(order_id, "(Done")

    async def current() -> Any:
        root = await anna.root(order_id)
        shown = words(root["blocks"]) if root else ""
        return True if "Refunded" in shown and "nder way" not in shown else None

    await wait_for(current, "a root message that shows the refund")
