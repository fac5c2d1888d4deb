"""What an admin changes while a form is open counts for what is confirmed afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.agent import Agent
from tests.support.approving import open_refund, refunds, shipped
from tests.support.running import Running, activate, configure


@pytest.fixture(autouse=True)
def _restocking_is_on(tmp_path: Path) -> None:
    activate(tmp_path)
    configure(tmp_path, "restocking", True)


async def test_restocking_that_was_switched_off_changes_no_stock(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    order_id = await shipped(running)
    await open_refund(anna, order_id)
    await anna.fill({"reason": "Damaged", "stock": "back_1"})
    await anna.wait_for_modal("Change something", "back to stock")
    configure(tmp_path, "restocking", False)

    await anna.fill()

    await anna.wait_for_modal("switched restocking off meanwhile")
    assert running.entries(order_id) == []
    await anna.fill({"reason": "Damaged", "stock": "leave"})
    await anna.wait_for_modal("Change something")
    await anna.fill()
    await anna.wait_for_reply(order_id, "(Done")
    assert len(await refunds(running, order_id)) == 1
    assert [entry.action for entry in running.entries(order_id)] == ["refund_order"]
