"""Approvals of what is no full refund: codes with and without an order, cancellations, e-mail."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.agent import Agent, button_labels, wait_for, words
from tests.support.approving import ANNA, BEN, set_approvers, set_rule
from tests.support.mailbox import Mailbox
from tests.support.mailing import PLAIN, TICKED, open_cancel, to_review
from tests.support.running import Running

ASKS = "asks for approval: discount code SORRY-25 "


async def ask_for_code(agent: Agent, command: str) -> None:
    await agent.command(command)
    await agent.wait_for_modal("Applies to")
    values = {"code": "SORRY-25", "type": "fixed", "value": "25", "reason": "Damaged"}
    answer = await agent.fill(values)
    assert answer["errors"] is None, answer
    view = await agent.wait_for_modal("It needs approval by")
    assert view["submit"]["text"] == "Ask for approval"
    await agent.fill()
    await agent.wait_for_modal("Waits for approval by")


async def codes(running: Running) -> list[Any]:
    return list((await running.workspace.books())["coupons"])


async def test_a_code_without_an_order_is_asked_for_in_the_channel(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN)
    set_rule(tmp_path, "create_discount_code", approval_above="20")
    await ask_for_code(anna, "/discount-code")
    request = await ben.wait_for_message(ASKS.strip(), channel=ben.log_channel)
    assert button_labels(request) == ["Approve", "Decline …"]
    assert await codes(running) == []

    await ben.press_in_message(request, "Approve")

    told = await ben.wait_for_message("Created discount code", channel=ben.log_channel)
    assert f"<@{ANNA}>: approved by <@{BEN}>" in words(told)
    assert [code["code"] for code in await codes(running)] == ["SORRY-25"]

    async def decided() -> Any:
        found = [m for m in await ben.messages(ben.log_channel) if m["ts"] == request["ts"]]
        return True if found and not button_labels(found[0]) else None

    await wait_for(decided, "a message without buttons")


async def test_a_code_of_an_order_is_asked_for_in_its_thread(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN)
    set_rule(tmp_path, "create_discount_code", approval_above="20")
    await ask_for_code(anna, f"/discount-code {PLAIN}")
    request = await ben.wait_for_reply(PLAIN, "asks for approval: discount code SORRY-25")
    await ben.press_in_message(request, "Decline")
    await ben.wait_for_modal("Why?")
    await ben.fill({"reason": "They had one last week"})

    told = await anna.wait_for_reply(PLAIN, "(Not done")
    assert (
        "Discount code SORRY-25 for order 1042 was declined: They had one last week."
        in (told["text"])
    )
    assert await codes(running) == []


async def test_cancelling_without_money_can_need_approval_too(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN)
    set_rule(tmp_path, "cancel_order", approval_above="0")
    order_id = await running.workspace.order_in_status(7)
    await anna.command(f"/cancel-order {order_id}")
    await anna.wait_for_modal(" always.")
    await anna.fill({"reason": "Damaged"})
    view = await anna.wait_for_modal("It needs approval by")
    assert view["submit"]["text"] == "Ask for approval"
    await anna.fill()
    request = await ben.wait_for_reply(order_id, "asks for approval: cancel order")
    await ben.press_in_message(request, "Approve")
    await anna.wait_for_reply(order_id, "(Done")
    assert (await running.workspace.book(order_id))["status_id"] == 5


@pytest.mark.parametrize("agrees", [True, False])
async def test_the_customer_is_e_mailed_after_a_yes_only(
    mailing: Running, agent: Agent, mailbox: Mailbox, tmp_path: Path, agrees: bool
) -> None:
    set_approvers(tmp_path, BEN)
    set_rule(tmp_path, "cancel_and_refund", approval_above="20")
    ben = await mailing.agent("Ben")
    await open_cancel(agent)
    await to_review(agent, TICKED)
    await agent.fill()
    request = await ben.wait_for_reply(
        PLAIN, "asks for approval: cancel &amp; refund of 154.10 USD"
    )
    assert mailbox.messages == []
    if agrees:
        await ben.press_in_message(request, "Approve")
        await agent.wait_for_reply(PLAIN, "(Done", "E-mailed the customer (c…@mail.example).")
        assert len(mailbox.messages) == 1
        return
    await ben.press_in_message(request, "Decline")
    await ben.wait_for_modal("Why?")
    await ben.fill({"reason": "Wrong order"})
    await agent.wait_for_reply(
        PLAIN, "(Not done", "Makegood sent the customer no e-mail; BigCommerce may have."
    )
    assert mailbox.messages == []
