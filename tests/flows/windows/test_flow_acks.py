"""Whatever breaks after the ack, the ack stands: nobody sees Slack's own time-out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.agent import Agent, wait_for
from tests.support.running import Running

BROKEN_STORE: list[dict[str, Any]] = [
    {"match": "GET orders*", "kind": "status", "status": 500, "times": 99},
    {"match": "GET orders*", "kind": "html", "status": 502, "times": 99},
    {"match": "GET orders*", "kind": "status", "status": 200, "body": {"id": "?"}, "times": 99},
]
BROKEN_SLACK: list[dict[str, Any]] = [
    {"method": "views.open", "kind": "error", "error": "expired_trigger_id", "times": 99},
    {"method": "views.update", "kind": "http_status", "status": 503, "times": 99},
    {"method": "views.update", "kind": "drop_after", "times": 99},
    {"method": "conversations.members", "kind": "http_status", "status": 503, "times": 99},
    {"method": "conversations.members", "kind": "drop_after", "times": 99},
]


async def every_ack_stands(running: Running, *, at_least: int) -> None:
    """Wait for the deliveries: each was answered, exactly once, in time."""

    async def look() -> list[Any] | None:
        found: list[Any] = (await running.workspace.get("deliveries"))["deliveries"]
        return found if len(found) >= at_least else None

    for entry in await wait_for(look, "the deliveries"):
        assert entry["error"] is None, entry
        assert len(entry["answers"]) == 1, entry


async def ask_for_everything(anna: Agent) -> int:
    texts = ("/order 1042", "/cancel-order 1042", "/refund-order 1042", "/discount-code")
    for text in (*texts, "/makegood log"):
        assert (await anna.command(text))["ok"], text
    await anna.workspace.post("home", user=anna.user)
    return len(texts) + 2


@pytest.mark.parametrize("fault", BROKEN_STORE, ids=["500", "html", "nonsense"])
async def test_a_store_that_breaks_after_the_ack_does_not_take_it_back(
    running: Running, anna: Agent, fault: dict[str, Any]
) -> None:
    await running.workspace.store_fault(**fault)

    count = await ask_for_everything(anna)

    await anna.wait_for_message("Nothing was changed")
    await every_ack_stands(running, at_least=count)


@pytest.mark.parametrize(
    "fault", BROKEN_SLACK, ids=lambda fault: f"{fault['method']}-{fault['kind']}"
)
async def test_a_slack_that_breaks_after_the_ack_does_not_take_it_back(
    running: Running, anna: Agent, fault: dict[str, Any]
) -> None:
    await running.workspace.slack_fault(**fault)

    count = await ask_for_everything(anna)

    async def was_struck() -> bool | None:
        calls = await running.workspace.get("calls", method=fault["method"])
        return True if calls["calls"] else None

    await wait_for(was_struck, f"a call of {fault['method']}")
    await every_ack_stands(running, at_least=count)


async def test_a_click_and_a_submission_whose_work_breaks_are_answered(
    running: Running, anna: Agent
) -> None:
    order_id = await running.workspace.order_in_status(2, payment="captured")
    await anna.command(f"/refund-order {order_id}")
    await anna.wait_for_modal("What shall be done?")
    await anna.press("Full refund")
    await anna.wait_for_modal("Reason")
    await running.workspace.store_fault(match="*", kind="status", status=500, times=999)

    assert (await anna.fill({"reason": "Damaged"}))["ok"]

    await anna.wait_for_modal("Nothing was changed")
    await every_ack_stands(running, at_least=3)
