"""A second person agrees, or does not: from the review to the outcome in the thread."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.agent import Agent, button_labels, wait_for, words
from tests.support.approving import (
    ANNA,
    BEN,
    CHIARA,
    ask_to_refund,
    asked_of,
    refunds,
    review_refund,
    set_approvers,
    set_rule,
    shipped,
)
from tests.support.refund_form import open_form
from tests.support.running import Running


@pytest.fixture(autouse=True)
def _above_ten(running: Running, tmp_path: Path) -> None:
    set_approvers(tmp_path, BEN, CHIARA)
    set_rule(tmp_path, approval_above="10.00")


async def decline(agent: Agent, message: dict[str, Any], reason: str) -> Any:
    await agent.press_in_message(message, "Decline")
    await agent.wait_for_modal("Why?")
    return await agent.fill({"reason": reason})


async def test_it_is_said_before_the_form_is_filled_in(running: Running, anna: Agent) -> None:
    order_id = await shipped(running)
    await anna.command(f"/refund-order {order_id}")
    choice = await anna.wait_for_modal("Full refund …")
    assert f"Needs approval by <@{BEN}> or <@{CHIARA}> above 10.00 USD." in words(choice)

    await anna.press("Full refund")
    form = await anna.wait_for_modal("Reason")
    assert words(form).lower().count("approval") == 1
    await anna.close()
    amount = (await review_refund(anna, order_id))["submit"]["text"].removeprefix("Ask to refund ")
    said = f"*This comes to {amount} and needs approval by <@{BEN}> or <@{CHIARA}>*"
    assert f"{said} (above 10.00 USD)." in words(form)


async def test_nothing_is_refunded_before_a_second_person_agrees(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id = await shipped(running)
    amount = await ask_to_refund(anna, order_id)

    waiting = await anna.wait_for_modal("Waits for approval by")
    assert f"<@{BEN}>" in words(waiting)
    request = await asked_of(ben, order_id)
    shown = words(request)
    assert f"<@{ANNA}> asks for approval: full refund of {amount} for order {order_id}" in shown
    assert all(text in shown for text in ("What is refunded", "Tax", "Damaged", f"<@{CHIARA}>"))
    assert button_labels(request) == [f"Approve {amount}", "Decline …"]
    assert await refunds(running, order_id) == []

    await ben.press_in_message(request, "Approve")

    told = await anna.wait_for_reply(order_id, "(Done")
    assert told["text"].startswith(f"Refunded {amount} for order {order_id}")
    assert f"<@{ANNA}>: approved by <@{BEN}>" in words(told)
    assert len(await refunds(running, order_id)) == 1
    entry = running.entries(order_id)[0]
    assert (entry.actor_id, entry.decision, entry.decided_by) == (ANNA, "approved", BEN)
    decided = await anna.wait_for_reply(order_id, f"approved by <@{BEN}>", "asked by")
    assert button_labels(decided) == []
    assert decided["ts"] == request["ts"]


async def test_it_shows_as_waiting_on_the_order_and_in_the_log(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id = await shipped(running)
    await ask_to_refund(anna, order_id)
    await asked_of(ben, order_id)

    await ben.command(f"/order {order_id}")
    await ben.wait_for_message("Waits for approval: ")
    await ben.command(f"/makegood log {order_id}")
    await ben.wait_for_message("The last requests", "Waits for approval: ")
    assert await anna.root(order_id) is not None


async def test_a_decline_needs_a_reason_and_tells_it(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id = await shipped(running)
    amount = await ask_to_refund(anna, order_id)
    request = await asked_of(ben, order_id)

    answer = await decline(ben, request, "   ")
    assert answer["errors"] == {"reason": "Say why, in a few words."}
    await ben.fill({"reason": "The customer kept the goods"})

    told = await anna.wait_for_reply(order_id, "(Not done")
    assert f"Full refund of {amount} for order {order_id} was declined" in told["text"]
    assert "The customer kept the goods" in told["text"]
    assert f"<@{ANNA}>: declined by <@{BEN}>" in words(told)
    assert await refunds(running, order_id) == []
    entry = running.entries(order_id)[0]
    assert (entry.status, entry.decision, entry.decided_by) == ("rejected", "declined", BEN)


async def test_the_approved_amount_is_frozen(running: Running, anna: Agent, ben: Agent) -> None:
    order_id = await shipped(running)
    amount = await ask_to_refund(anna, order_id)
    request = await asked_of(ben, order_id)
    await running.workspace.post("store/order", order_id=order_id, refund_amount="1.00")

    await ben.press_in_message(request, "Approve")

    told = await anna.wait_for_reply(order_id, "(Not done")
    assert "Nothing was refunded" in told["text"]
    assert f"the approved amount for order {order_id} was {amount}" in told["text"]
    assert "needs a new approval" in told["text"]


async def test_without_an_approver_there_is_no_form(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    order_id = await shipped(running)
    for nobody in ((), (ANNA,)):
        set_approvers(tmp_path, *nobody)
        await anna.command(f"/refund-order {order_id}")
        await anna.wait_for_modal("Full refund …")
        await anna.press("Full refund")
        await anna.wait_for_modal(
            "nobody else is set as approver; an admin sets them in the Home tab"
        )
        await anna.close()


async def test_a_small_refund_needs_nobody(running: Running, anna: Agent, tmp_path: Path) -> None:
    set_rule(tmp_path, approval_above="100000.00")
    order_id = await shipped(running)
    view = await review_refund(anna, order_id)
    assert view["submit"]["text"].startswith("Refund ")
    await anna.fill()
    await anna.wait_for_reply(order_id, "(Done")


async def test_a_threshold_that_is_set_meanwhile_holds_the_request(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    set_rule(tmp_path, approval_above="100000.00")
    order_id = await shipped(running)
    await review_refund(anna, order_id)
    set_rule(tmp_path, approval_above="10.00")
    await anna.fill()

    await anna.wait_for_modal("Waits for approval by")
    await asked_of(ben, order_id)
    assert await refunds(running, order_id) == []


async def test_what_was_shown_as_asking_asks(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    order_id = await shipped(running)
    await review_refund(anna, order_id)
    set_rule(tmp_path, limit="100000.00")
    await anna.fill()
    await asked_of(ben, order_id)


async def test_every_form_can_be_opened_again_while_one_waits(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id = await shipped(running)
    await ask_to_refund(anna, order_id)
    await asked_of(ben, order_id)
    await open_form(anna, order_id)

    async def root() -> Any:
        shown = await anna.root(order_id)
        return True if shown and "Waits for approval: " in words(shown) else None

    await wait_for(root, "a root message that shows what waits")
