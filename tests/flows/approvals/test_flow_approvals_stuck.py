"""One message that cannot be brought to Slack holds up no other one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.agent import Agent
from tests.support.approving import BEN, ask_to_refund, asked_of, set_approvers, set_rule, shipped
from tests.support.running import Running

COMPLETED = 10


@pytest.fixture(autouse=True)
def _always(running: Running, tmp_path: Path) -> None:
    set_approvers(tmp_path, BEN)
    set_rule(tmp_path, approval_above="0")


async def declined(running: Running, anna: Agent, ben: Agent) -> int:
    order_id = await shipped(running)
    await ask_to_refund(anna, order_id)
    await ben.press_in_message(await asked_of(ben, order_id), "Decline")
    await ben.wait_for_modal("Why?")
    await ben.fill({"reason": "No"})
    await anna.wait_for_reply(order_id, "(Not done")
    await running.told(order_id)
    return order_id


async def test_a_thread_that_is_gone_after_all_was_told(
    running: Running, anna: Agent, ben: Agent
) -> None:
    await declined(running, anna, ben)
    # As after a lost answer to the notice: whether it stands there has to be read back.
    running.execute("UPDATE outbox SET message_ts = '1.000001' WHERE kind = 'root'")
    running.execute(
        "UPDATE outbox SET shown = NULL, message_ts = NULL, next_try_at = made_at,"
        " doubts = json_array(json_object('since', made_at)) WHERE kind = 'approval'"
    )
    other = await running.workspace.order_in_status(COMPLETED, payment="captured")

    await ask_to_refund(anna, other)

    assert await asked_of(ben, other)


async def test_a_notice_that_cannot_be_drawn(running: Running, anna: Agent, ben: Agent) -> None:
    order_id = await declined(running, anna, ben)
    running.execute(
        "UPDATE outbox SET shown = NULL, content = '{}', next_try_at = made_at"
        " WHERE kind = 'approval'"
    )

    await ask_to_refund(anna, order_id)

    assert await asked_of(ben, order_id)
