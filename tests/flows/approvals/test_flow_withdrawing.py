"""The one who asked takes a waiting request back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.agent import Agent, button_labels, wait_for
from tests.support.approving import (
    ANNA,
    BEN,
    ask_to_refund,
    asked_of,
    refunds,
    set_approvers,
    set_rule,
    shipped,
)
from tests.support.running import Running
from tests.support.walking import Forger, Presser, typed


@pytest.fixture(autouse=True)
def _above_ten(running: Running, tmp_path: Path) -> None:
    set_approvers(tmp_path, BEN)
    set_rule(tmp_path, approval_above="10.00")


async def test_who_asked_withdraws_it_and_the_thread_says_so(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id = await shipped(running)
    amount = await ask_to_refund(anna, order_id)
    request = await asked_of(anna, order_id)

    await anna.press_in_message(request, "Decline")
    form = await anna.wait_for_modal("which you asked for, is not carried out")
    assert (form["title"]["text"], form["submit"]["text"]) == ("Withdraw", "Withdraw")
    await anna.fill({"reason": "Wrong order"})

    assert (await anna.wait_for_modal("Withdrawn."))["title"]["text"] == "Withdraw"
    told = await anna.wait_for_reply(order_id, "(Not done")
    said = f"Full refund of {amount} for order {order_id} was withdrawn"
    assert told["text"].startswith(f"{said}: Wrong order.")

    async def closed() -> Any:
        message = await ben.wait_for_reply(order_id, f"withdrawn by <@{ANNA}>", "Request MG-")
        return message if not button_labels(message) else None

    await wait_for(closed, "a message that no longer asks")
    entry = running.entries(order_id)[0]
    assert (entry.decision, entry.decided_by, entry.status) == ("declined", ANNA, "rejected")
    assert await refunds(running, order_id) == []


async def test_no_reason_is_needed_and_it_counts_once(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id = await shipped(running)
    await ask_to_refund(anna, order_id)
    await anna.press_in_message(await asked_of(anna, order_id), "Decline")
    await anna.wait_for_modal("which you asked for")
    await anna.fill()
    await running.deliver(await running.delivered("view_submission", callback_id="decline"))

    await anna.wait_for_reply(order_id, "was withdrawn.")
    outcomes = [m for m in await anna.thread(order_id) if "(Not done" in m["text"]]
    assert len(outcomes) == 1


async def test_what_was_approved_meanwhile_cannot_be_withdrawn(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id = await shipped(running)
    await ask_to_refund(anna, order_id)
    request = await asked_of(ben, order_id)
    await anna.press_in_message(request, "Decline")
    await anna.wait_for_modal("which you asked for")
    await ben.press_in_message(request, "Approve")
    await anna.wait_for_reply(order_id, "(Done")

    window = await anna.wait_for_modal("Somebody was faster", f"Approved by <@{BEN}>")
    assert not window.get("submit")
    reference = running.entries(order_id)[0].reference
    reason = {"reason": typed("Too late")}  # sent just before the form made way
    await Forger(running, Presser(ANNA)).submit("decline", reference, reason)

    assert running.entries(order_id)[0].status == "succeeded"
    assert len(await refunds(running, order_id)) == 1
