"""Refunds, from the command to the log: in full, line by line, with cancellation."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.agent import Agent, button_labels, wait_for, words
from tests.support.running import Running, configure

EVERYONE = {"everyone": True}
PLAIN = 1042  # paid, awaiting fulfillment
SHIPPED, REFUNDED, PARTIALLY_REFUNDED, CANCELLED = 2, 4, 14, 5


async def open_full_refund(agent: Agent, order_id: int) -> None:
    await agent.command(f"/refund-order {order_id}")
    await agent.wait_for_modal("What shall be done?")
    await agent.press("Full refund")
    await agent.wait_for_modal("Reason")


async def to_review(agent: Agent, values: dict[str, str] | None = None) -> str:
    """Submit the form and return the words of the button that confirms."""
    answer = await agent.fill({"reason": "Damaged"} if values is None else values)
    assert answer["ok"], answer
    assert not answer.get("errors"), answer
    review = await agent.wait_for_modal("Change something")
    return str(review["submit"]["text"])


async def open_some_lines(agent: Agent, order_id: int) -> list[str]:
    """Open the form and return the fields of its quantities."""
    await agent.command(f"/refund-order {order_id}")
    await agent.wait_for_modal("What shall be done?")
    await agent.press("Partial refund")
    view = await agent.wait_for_modal("Quantity of")
    fields = [b["block_id"].split("~")[0] for b in view["blocks"] if b["type"] == "input"]
    return [field for field in fields if field.startswith("quantity_")]


async def root_showing(agent: Agent, order_id: int, text: str) -> dict[str, Any] | None:
    root = await agent.root(order_id)
    return root if root and text in words(root) else None


async def test_a_shipped_order_is_refunded_in_full(running: Running, anna: Agent) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    await open_full_refund(anna, order_id)
    button = await to_review(anna)

    await anna.fill()

    reply = await anna.wait_for_reply(order_id, "(Done")
    amount = button.removeprefix("Refund ")
    assert reply["text"].startswith(f"Refunded {amount} for order {order_id}")
    book = await running.workspace.book(order_id)
    assert book["status_id"] == REFUNDED
    assert [f"{Decimal(str(r['total'])):,.2f} USD" for r in book["refunds"]] == [amount]
    entry = running.entries(order_id)[0]
    assert entry.reference in book["refunds"][0]["reason"]
    assert (entry.action, entry.status) == ("refund_order", "succeeded")


async def test_a_paid_order_is_refunded_and_then_cancelled(running: Running, anna: Agent) -> None:
    await anna.command(f"/cancel-order {PLAIN}")
    await anna.wait_for_modal("Everything that is left is refunded")
    button = await to_review(anna, {"reason": "Out of stock"})

    await anna.fill()

    reply = await anna.wait_for_reply(PLAIN, "(Done")
    assert button.removeprefix("Refund ") in reply["text"]
    assert "ancelled" in reply["text"]
    book = await running.workspace.book(PLAIN)
    assert book["status_id"] == CANCELLED
    assert len(book["refunds"]) == 1


async def test_lines_are_refunded_with_their_quantities_and_reasons(
    running: Running, anna: Agent
) -> None:
    fields = await open_some_lines(anna, PLAIN)
    line = fields[0].removeprefix("quantity_")

    await to_review(anna, {fields[0]: "1", f"reason_{line}": "Damaged"})
    await anna.fill()

    reply = await anna.wait_for_reply(PLAIN, "(Done", "Damaged")
    assert reply["text"].startswith("Refunded ")
    book = await running.workspace.book(PLAIN)
    assert book["status_id"] == PARTIALLY_REFUNDED
    request = running.entries(PLAIN)[0].request
    assert request["lines"] == [
        {
            "order_product_id": int(line),
            "quantity": 1,
            "reason": "Damaged",
            "name": "Boston Fern",
            "wrapping": 0,
        }
    ]


@pytest.mark.parametrize("quantity", ["0", "", "99", "-1", "1.5", "abc"])
async def test_a_wrong_quantity_is_said_next_to_it(
    running: Running, anna: Agent, quantity: str
) -> None:
    fields = await open_some_lines(anna, PLAIN)
    line = fields[0].removeprefix("quantity_")

    answer = await anna.fill({fields[0]: quantity or None, f"reason_{line}": "Damaged"})

    assert [key.split("~")[0] for key in answer["errors"]] == [fields[0]]
    assert running.entries(PLAIN) == []


async def test_a_line_without_a_reason_is_said_next_to_it(running: Running, anna: Agent) -> None:
    fields = await open_some_lines(anna, PLAIN)
    line = fields[0].removeprefix("quantity_")

    answer = await anna.fill({fields[0]: "1"})

    assert [key.split("~")[0] for key in answer["errors"]] == [f"reason_{line}"]


async def test_sixty_lines_are_turned_through_and_nothing_is_lost(
    running: Running, anna: Agent
) -> None:
    order_id = await running.workspace.order_tagged("60_lines")
    fields = await open_some_lines(anna, order_id)
    first = fields[0].removeprefix("quantity_")

    await anna.press("Next lines", {fields[0]: "1", f"reason_{first}": "Damaged"})
    await anna.wait_for_modal("Lines 12 to 22", "1 chosen so far")
    await anna.press("Previous lines")
    view = await anna.wait_for_modal("Lines 1 to 11")
    kept = next(b for b in view["blocks"] if b.get("block_id", "").startswith(fields[0]))
    assert kept["element"]["initial_value"] == "1"
    await anna.press("Next lines")
    await anna.wait_for_modal("Lines 12 to 22")
    button = await to_review(anna, {})
    await anna.fill()

    reply = await anna.wait_for_reply(order_id, "(Done")
    assert button.removeprefix("Refund ") in reply["text"]
    assert len(running.entries(order_id)[0].request["lines"]) == 1


async def test_a_line_with_nothing_left_is_shown_but_closed(running: Running, anna: Agent) -> None:
    fields = await open_some_lines(anna, PLAIN)
    view = await anna.modal()
    assert view is not None
    quantities = {
        block["block_id"].split("~")[0]: block["element"]["max_value"]
        for block in view["blocks"]
        if block["type"] == "input" and block["element"]["type"] == "number_input"
    }
    line = fields[0].removeprefix("quantity_")
    await to_review(anna, {fields[0]: quantities[fields[0]], f"reason_{line}": "Damaged"})
    await anna.fill()
    await anna.wait_for_reply(PLAIN, "(Done")

    left = await open_some_lines(anna, PLAIN)

    await anna.wait_for_modal("Nothing left to refund")
    assert fields[0] not in left
    assert left == fields[1:]


async def test_going_back_keeps_what_was_typed(running: Running, anna: Agent) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    await open_full_refund(anna, order_id)
    await to_review(anna, {"reason": "Damaged", "reason_text": "broken lid"})

    await anna.press("Change something")

    view = await anna.wait_for_modal("Reason", "Details")
    assert "broken lid" in str(view["blocks"])


async def test_another_method_changes_the_button(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    configure(tmp_path, "recorded_only", EVERYONE)
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    await open_full_refund(anna, order_id)
    button = await to_review(anna)
    view = await anna.modal()
    assert view is not None
    block = next(b for b in view["blocks"] if b.get("block_id") == "method")
    offline = next(o["value"] for o in block["element"]["options"] if "custom" in o["value"])

    await anna.choose("method", offline)

    await anna.wait_for_modal(button.replace("Refund", "Record"))


async def test_two_agents_refund_the_same_order_once(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    for agent in (anna, ben):
        await open_full_refund(agent, order_id)
        await to_review(agent)
    await running.workspace.store_fault(
        match="POST refund_quotes", kind="delay", delay_s=2, times=1
    )

    await anna.fill()
    await ben.fill()

    await anna.wait_for_reply(order_id, "(Done")
    # What he is shown goes on to how hers has ended.
    await ben.wait_for_modal("Nothing of yours was sent", "Done: Refunded", "Full refund")
    assert len((await running.workspace.book(order_id))["refunds"]) == 1
    assert len(running.entries(order_id)) == 1


async def test_an_order_that_moved_on_is_refused(running: Running, anna: Agent) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    await open_full_refund(anna, order_id)
    await to_review(anna)
    await running.workspace.post("store/order", order_id=order_id, status_id=13)

    await anna.fill()

    await anna.wait_for_reply(order_id, "(Not done", "disputed")
    assert (await running.workspace.book(order_id))["refunds"] == []


async def test_a_confirmation_delivered_twice_refunds_once(running: Running, anna: Agent) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    await open_full_refund(anna, order_id)
    await to_review(anna)
    await running.workspace.slack_fault(kind="duplicate_delivery", times=1)

    await anna.fill()

    await anna.wait_for_reply(order_id, "(Done")
    assert len((await running.workspace.book(order_id))["refunds"]) == 1
    assert len(running.entries(order_id)) == 1
    assert len(await anna.thread(order_id)) == 1


async def test_a_lost_answer_is_settled_by_reading(running: Running, anna: Agent) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    await open_full_refund(anna, order_id)
    await to_review(anna)
    await running.workspace.store_fault(match="POST refunds", kind="drop_after", times=1)

    await anna.fill()

    await anna.wait_for_reply(order_id, "(Done", "Refunded")
    assert len((await running.workspace.book(order_id))["refunds"]) == 1


async def test_a_declined_refund_is_never_called_refunded(running: Running, anna: Agent) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    await open_full_refund(anna, order_id)
    await to_review(anna)
    await running.workspace.store_fault(match="POST refunds", kind="decline", times=1)

    await anna.fill()

    reply = await anna.wait_for_reply(order_id, "eclined")
    assert not reply["text"].startswith("Refunded")
    assert running.entries(order_id)[0].status == "failed"


async def test_slow_money_is_on_its_way_and_then_refunded(running: Running, anna: Agent) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    await running.workspace.post("store/settings", settlement_s=3.0)
    await open_full_refund(anna, order_id)
    await to_review(anna)

    await anna.fill()

    first = await anna.wait_for_reply(order_id, "(On its way")
    assert not first["text"].startswith("Refunded")
    assert "Check again" in button_labels(first)
    root = await wait_for(lambda: root_showing(anna, order_id, "On its way: "), "a root message")
    assert "Refunded or on its way" in words(root)
    assert "nothing is left to refund" in words(root)
    assert "Full refund …" not in button_labels(root)
    done = await anna.wait_for_reply(order_id, "(Done", "Refunded")
    assert done["ts"] == first["ts"]
    await wait_for(lambda: root_showing(anna, order_id, "*Refunded*"), "a settled root message")
    assert len(await anna.thread(order_id)) == 1


async def test_an_offline_payment_is_recorded_and_said_so(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    configure(tmp_path, "recorded_only", EVERYONE)
    order_id = await running.workspace.order_tagged("offline")
    await anna.command(f"/order {order_id}")
    card = await anna.wait_for_message(f"Order {order_id} ")
    label = next(b for b in button_labels(card) if b.startswith(("Full refund", "Cancel & refund")))
    await anna.press_in_message(card, label)
    await anna.wait_for_modal("Reason")

    button = await to_review(anna)
    assert button.startswith("Record ")
    view = await anna.wait_for_modal(button, "No money moves")
    block = next(b for b in view["blocks"] if b["block_id"] == "method")
    own_method = block["element"]["options"][0]["value"]

    await anna.choose("method", "storecredit")
    await anna.wait_for_modal(button.replace("Record", "Credit"))
    await anna.choose("method", own_method)
    await anna.wait_for_modal(button)
    await anna.fill()
    reply = await anna.wait_for_reply(order_id, "(To do")
    amount = button.removeprefix("Record ")
    assert reply["text"].startswith(f"To do: send {amount} to ")
    assert "Recorded in BigCommerce; no money has moved." in reply["text"]


async def test_a_clipped_quote_is_explained(running: Running, anna: Agent) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    await running.workspace.store_fault(match="POST refund_quotes", kind="clip", times=1)
    await open_full_refund(anna, order_id)

    await to_review(anna)

    view = await anna.modal()
    assert view is not None
    assert any(block["type"] == "alert" for block in view["blocks"]), words(view)


async def test_the_card_offers_only_what_is_allowed(running: Running, anna: Agent) -> None:
    await anna.command(f"/order {PLAIN}")

    card = await anna.wait_for_message(f"Order {PLAIN} ")

    labels = button_labels(card)
    assert "Cancel & refund …" in labels
    assert "Partial refund …" in labels
    assert "Full refund …" not in labels
    assert "Open in BigCommerce" in labels


async def test_the_root_messages_buttons_open_the_same_forms(
    running: Running, anna: Agent, ben: Agent
) -> None:
    fields = await open_some_lines(anna, PLAIN)
    line = fields[0].removeprefix("quantity_")
    await to_review(anna, {fields[0]: "1", f"reason_{line}": "Damaged"})
    await anna.fill()
    await anna.wait_for_reply(PLAIN, "(Done")

    async def offers_full_refund() -> dict[str, object] | None:
        root = await ben.root(PLAIN)
        return root if root and "Full refund …" in button_labels(root) else None

    root = await wait_for(offers_full_refund, "a root message that offers the rest")
    await ben.press_in_message({**root, "channel": ben.log_channel}, "Full refund")
    await ben.wait_for_modal("All that is left is refunded")
    await to_review(ben)
    await ben.fill()

    await ben.wait_for_reply(PLAIN, "(Done", f"<@{ben.user}>")
    assert (await running.workspace.book(PLAIN))["status_id"] == REFUNDED


async def test_the_root_message_follows_a_status_that_comes_late(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    configure(tmp_path, "recorded_only", EVERYONE)
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    await running.workspace.post("store/settings", settlement_s=3.0)
    await open_full_refund(anna, order_id)
    await to_review(anna)
    await anna.choose("method", "custom:offline")
    await anna.wait_for_modal("Record ")
    await anna.fill()
    await anna.wait_for_reply(order_id, "(To do", "Recorded in BigCommerce")

    async def says_refunded() -> bool | None:
        root = await anna.root(order_id)
        return True if root and "*Status*\nRefunded" in words(root["blocks"]) else None

    await wait_for(says_refunded, "a root message that says Refunded")


async def test_a_refund_beside_an_unknown_one_is_warned_of(running: Running, anna: Agent) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    await open_full_refund(anna, order_id)
    await to_review(anna)
    await running.workspace.store_fault(match="POST refunds", kind="drop_before", times=1)
    await anna.fill()
    await anna.wait_for_reply(order_id, "It is not known whether")
    await open_full_refund(anna, order_id)

    await to_review(anna)

    reference = running.entries(order_id)[0].reference
    await anna.wait_for_modal(reference, "a second time")
