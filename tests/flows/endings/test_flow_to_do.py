"""A refund that BigCommerce only records: a task until somebody has sent the money."""

from __future__ import annotations

import copy
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from bot.values.money import Money
from storage.database import open_database
from storage.log.action_log import ActionLog
from storage.log.entries import Entry
from tests.support.agent import Agent, button_labels, wait_for, words
from tests.support.approving import ANNA, BEN, review_refund, set_approvers, set_rule, shipped
from tests.support.configuring import open_home
from tests.support.running import Running, configure, running_bot, running_sandbox

OFFLINE = 1024  # paid in cash, awaiting fulfillment
NOTE = "SEPA 4711"


@pytest.fixture
def recorded(running: Running, tmp_path: Path) -> None:
    configure(tmp_path, "recorded_only", {"everyone": True})


async def record(agent: Agent, order_id: int) -> str:
    """Have a refund recorded and return its amount."""
    await review_refund(agent, order_id)
    await agent.choose("method", "custom:offline")
    view = await agent.wait_for_modal("Record ")
    await agent.fill({"method": "custom:offline"})
    return str(view["submit"]["text"]).removeprefix("Record ")


async def open_task(agent: Agent, order_id: int) -> dict[str, Any]:
    return await agent.wait_for_reply(order_id, "(To do")


async def say_sent(agent: Agent, task: dict[str, Any], note: str = NOTE) -> Any:
    await agent.press_in_message(task, "I have sent it")
    await agent.wait_for_modal("Reference of the payment")
    return await agent.fill({"note": note})


def entry_of(running: Running, order_id: int) -> Entry:
    return next(each for each in running.entries(order_id) if each.action != "restock_items")


def events(running: Running, reference: str, name: str) -> list[dict[str, Any]]:
    return [each.detail for each in running.log.events(reference) if each.event == name]


@pytest.mark.usefixtures("recorded")
async def test_it_is_an_open_task_with_the_figure_and_the_customer(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id = await shipped(running)
    amount = await record(anna, order_id)

    task = await open_task(ben, order_id)
    assert task["text"].startswith(f"To do: send {amount} to ")
    assert (
        f" by hand · order {order_id} Recorded in BigCommerce; no money has moved."
        in (task["text"])
    )
    assert button_labels(task) == ["I have sent it"]
    entry = entry_of(running, order_id)
    assert entry.outcome is not None
    assert (entry.status, entry.outcome["status"]) == ("to_do", "to_do")
    assert entry.outcome["to_send"] == entry.outcome["amount"]
    (refund,) = (await running.workspace.book(order_id))["refunds"]
    assert f"{refund['total']} USD" == amount

    home = await open_home(ben, "To do", entry.reference)
    assert "I have sent it" in button_labels(home)

    async def on_the_root() -> dict[str, Any] | None:
        root = await anna.root(order_id)
        return root if root and f"To do: send {amount}" in words(root) else None

    root = await wait_for(on_the_root, "a root message with the task")
    assert "Refunded or to be sent" in words(root)
    assert f"refunded or to be sent {amount}" in root["text"]


@pytest.mark.usefixtures("recorded")
async def test_it_counts_as_refunded_to_the_customer_when_it_is_sent(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id = await shipped(running)
    amount = await record(anna, order_id)
    task = await open_task(anna, order_id)
    await anna.command(f"/order {order_id}")
    await anna.wait_for_message("in that time, refunds 0.00 USD (0.0%)")

    await say_sent(ben, task)
    await anna.wait_for_reply(order_id, "(Done", NOTE)

    await anna.command(f"/order {order_id}")
    await anna.wait_for_message(f"in that time, refunds {amount}")


@pytest.mark.usefixtures("recorded")
async def test_somebody_sends_it_and_the_thread_says_who_and_by_what(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id = await shipped(running)
    amount = await record(anna, order_id)
    task = await open_task(ben, order_id)

    answer = await say_sent(ben, task, "   ")
    assert answer["errors"] == {"note": "Enter the reference of the payment."}
    await ben.fill({"note": NOTE})

    done = await anna.wait_for_reply(order_id, "(Done")
    assert done["ts"] == task["ts"]
    assert done["text"].startswith(f"Refunded {amount} · order {order_id}")
    assert f"Sent by hand by <@{BEN}>" in words(done)
    assert words(done).count(NOTE) == 1
    assert f"reference: {NOTE}" in words(done)
    assert button_labels(done) == ["Take back…"]
    entry = entry_of(running, order_id)
    assert (entry.status, entry.ended_as, entry.ended_by) == ("succeeded", "sent", BEN)
    assert events(running, entry.reference, "sent_by_hand") == [
        {"actor_id": BEN, "payment_reference": NOTE}
    ]
    assert "To do" not in words(await open_home(ben, "Nothing: every request"))
    await ben.command(f"/order {order_id} history")
    await ben.wait_for_message("the money was sent by hand by", NOTE)


@pytest.mark.usefixtures("recorded")
async def test_it_is_sent_once_whoever_presses(running: Running, anna: Agent, ben: Agent) -> None:
    order_id = await shipped(running)
    await record(anna, order_id)
    task = await open_task(ben, order_id)
    for agent in (anna, ben):
        await agent.press_in_message(task, "I have sent it")
        await agent.wait_for_modal("Reference of the payment")

    await ben.fill({"note": NOTE})
    window = await anna.wait_for_modal("Somebody was faster", f"Sent by hand by <@{BEN}>", NOTE)
    assert not window.get("submit")
    entry = entry_of(running, order_id)
    assert (entry.ended_by, entry.ended_note) == (BEN, NOTE)
    assert len(events(running, entry.reference, "sent_by_hand")) == 1


@pytest.mark.usefixtures("recorded")
async def test_it_is_taken_back_with_a_reason_and_open_again(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id = await shipped(running)
    amount = await record(anna, order_id)
    await say_sent(ben, await open_task(ben, order_id))
    done = await anna.wait_for_reply(order_id, "(Done", NOTE)

    await anna.press_in_message(done, "Take back")
    await anna.wait_for_modal("Why?", "Sent by hand by")
    answer = await anna.fill({"reason": " "})
    assert answer["errors"] == {"reason": "Say why, in a few words."}
    await anna.fill({"reason": "Sent to the wrong account"})

    task = await open_task(ben, order_id)
    assert task["text"].startswith(f"To do: send {amount} to ")
    assert NOTE not in words(task)
    assert button_labels(task) == ["I have sent it"]
    entry = entry_of(running, order_id)
    assert (entry.status, entry.ended_as) == ("to_do", None)
    assert events(running, entry.reference, "taken_back") == [
        {"actor_id": ANNA, "reason": "Sent to the wrong account"}
    ]
    await say_sent(ben, task, "SEPA 4712")
    await anna.wait_for_reply(order_id, "(Done", "SEPA 4712")


@pytest.mark.usefixtures("recorded")
async def test_above_the_approval_amount_somebody_else_sends_it(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    order_id = await shipped(running)
    await record(anna, order_id)
    task = await open_task(anna, order_id)
    await anna.press_in_message(task, "I have sent it")
    await anna.wait_for_modal("Reference of the payment")
    set_approvers(tmp_path, BEN)
    set_rule(tmp_path, approval_above="1.00")

    await anna.fill({"note": NOTE})
    await anna.wait_for_modal("You asked for this refund", "Nothing was changed")
    await anna.close()
    await anna.press_in_message(task, "I have sent it")
    await anna.wait_for_modal("You asked for this refund", "Nothing was changed")
    assert entry_of(running, order_id).status == "to_do"

    await say_sent(ben, task)
    await anna.wait_for_reply(order_id, "(Done", NOTE)
    assert entry_of(running, order_id).ended_by == BEN


@pytest.mark.usefixtures("recorded")
async def test_who_may_not_refund_can_neither_send_nor_take_back(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    order_id = await shipped(running)
    await record(anna, order_id)
    task = await open_task(anna, order_id)
    await say_sent(anna, task)
    await anna.wait_for_reply(order_id, "(Done", NOTE)
    forged = await running.delivered("view_submission", callback_id="sent_by_hand")
    set_rule(tmp_path, who={"user_ids": [ANNA]})

    await ben.press_in_message(await anna.wait_for_reply(order_id, "(Done"), "Take back")
    await ben.wait_for_modal("only for some of the team")
    await ben.close()
    taking = copy.deepcopy(forged)
    taking["user"]["id"] = BEN
    taking["view"]["callback_id"] = "take_back"
    taking["view"]["state"]["values"] = {
        "reason": {"reason": {"type": "plain_text_input", "value": "Mine now"}}
    }
    await running.deliver(taking)
    # The same answer of Anna's own form a second time does nothing either.
    await running.deliver(forged)

    await anna.command("/makegood help")
    await anna.wait_for_message("What Makegood does")
    entry = entry_of(running, order_id)
    assert (entry.status, entry.ended_by) == ("succeeded", ANNA)
    assert len(events(running, entry.reference, "sent_by_hand")) == 1
    assert events(running, entry.reference, "taken_back") == []


async def test_cancel_and_refund_cancels_and_leaves_the_task_first(
    running: Running, anna: Agent, chiara: Agent, ben: Agent
) -> None:
    await chiara.command(f"/cancel-order {OFFLINE}")
    await chiara.wait_for_modal("Reason")
    await chiara.fill({"reason": "Damaged"})
    view = await chiara.wait_for_modal("is recorded first. Then order 1024 becomes Cancelled.")
    amount = str(view["submit"]["text"]).removeprefix("Record ")
    await chiara.fill()

    task = await open_task(anna, OFFLINE)
    assert task["text"].startswith(f"To do: send {amount} to ")
    assert "The order is cancelled." in task["text"]
    assert (await running.workspace.book(OFFLINE))["status_id"] == 5

    await say_sent(ben, task)
    done = await anna.wait_for_reply(OFFLINE, "(Done", NOTE)
    assert done["text"].startswith(f"Refunded {amount} and cancelled · order {OFFLINE}")


async def test_what_was_sent_while_the_bot_stops_is_told_after_the_start(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    configure(tmp_path, "activated", True)
    configure(tmp_path, "recorded_only", {"everyone": True})
    async with AsyncExitStack() as started:
        sandbox, session = await started.enter_async_context(running_sandbox(request.node.name))
        async with running_bot(sandbox, tmp_path):
            running = Running(sandbox, session, tmp_path)
            started.callback(running.close)
            anna = await running.agent("Anna")
            order_id = await shipped(running)
            amount = await record(anna, order_id)
            task = await open_task(anna, order_id)
        reference = entry_of(running, order_id).reference
        _mark_sent(tmp_path, reference)

        async with running_bot(sandbox, tmp_path):
            done = await anna.wait_for_reply(order_id, "(Done", NOTE)

        assert done["ts"] == task["ts"]
        assert done["text"].startswith(f"Refunded {amount} · order {order_id}")
        assert len(await anna.thread(order_id)) == 1


def _mark_sent(data: Path, reference: str) -> None:
    """Write what the click writes, as a bot does that is killed right after it."""
    db = open_database(data / "makegood.sqlite")
    log = ActionLog(db)
    task = log.get(reference).outcome or {}
    amount = Money.model_validate(task["amount"])
    message = f"Refunded {amount} · order {log.get(reference).order_id}"
    done = {**task, "status": "succeeded", "message": message}
    log.mark_sent(reference, actor_id=BEN, note=NOTE, status="succeeded", outcome=done)
    db.close()
