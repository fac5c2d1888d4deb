"""A request that waits since before an update, which this version cannot read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage.log.entries import Hold
from tests.support.agent import Agent
from tests.support.approving import (
    ANNA,
    BEN,
    ask_to_refund,
    asked_of,
    set_approvers,
    set_rule,
    shipped,
)
from tests.support.running import Running


async def test_what_cannot_be_read_any_more_ends_and_holds_nothing_up(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN)
    set_rule(tmp_path, approval_above="0")
    order_id = await shipped(running)
    hold = Hold(datetime.now(UTC) - timedelta(seconds=1), {"facts": [], "warnings": []})
    running.log.ask(
        "MG-OLDX-OLDX",
        action="refund_order",
        order_id=order_id,
        team_id="T0FERNFABLE",
        actor_id=ANNA,
        request={"confirmed": {"of": "another version"}},
        hold=hold,
    )

    await anna.wait_for_reply(order_id, "was not approved in time", "MG-OLDX-OLDX")
    await ask_to_refund(anna, order_id)
    await ben.press_in_message(await asked_of(ben, order_id), "Approve")
    await anna.wait_for_reply(order_id, "(Done")
