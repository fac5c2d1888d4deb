"""The store's request quota, with several people and the bot's own looks at payments at once."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from bot.bigcommerce.client import BigCommerceClient
from tests.support.agent import Agent, wait_for
from tests.support.running import JOURNALS, Running, SandboxOnly, running_bot, running_sandbox

SHIPPED = 2
QUOTA = 40
WINDOW_MS = 2000


@pytest.fixture
def journal(request: pytest.FixtureRequest) -> Any:
    """Return a function that reads what this test's store was asked, oldest first."""

    def read() -> list[dict[str, Any]]:
        file = max(JOURNALS.glob(f"{request.node.name}_*.jsonl"), key=lambda path: path.name)
        return [json.loads(line) for line in file.read_text().splitlines()]

    return read


async def refund(agent: Agent, order_id: int) -> None:
    await agent.command(f"/refund-order {order_id}")
    await agent.wait_for_modal("What shall be done?")
    await agent.press("Full refund")
    await agent.wait_for_modal("Reason")
    await agent.fill({"reason": "Damaged"})
    await agent.wait_for_modal("Change something")
    await agent.fill()


async def look_up(agent: Agent, order_id: int) -> None:
    assert (await agent.command(f"/order {order_id}"))["ok"]
    await agent.wait_for_message(f"Order {order_id} ")


async def test_people_and_background_together_provoke_no_429(
    request: pytest.FixtureRequest, tmp_path: Path, journal: Any
) -> None:
    async with running_sandbox(request.node.name) as (sandbox, session):
        small = SandboxOnly(sandbox, session)
        people = [await small.agent(name) for name in ("Anna", "Ben", "Chiara")]
        order_id = await small.workspace.order_in_status(SHIPPED, payment="captured")
        settings = {"quota": QUOTA, "window_ms": WINDOW_MS, "settlement_s": 2}
        await small.workspace.post("store/settings", **settings)
        async with running_bot(sandbox, tmp_path):
            await look_up(people[0], 1042)  # the bot now knows the quota
            await refund(people[0], order_id)
            looks = (look_up(agent, 1001 + n) for n in range(5) for agent in people)
            await asyncio.gather(*looks)
            await people[0].wait_for_reply(order_id, "(Done", "Refunded")
        refunds = (await small.workspace.book(order_id))["refunds"]

    asked = journal()
    assert len(asked) > QUOTA
    assert [line for line in asked if line["status"] == 429] == []
    assert len(refunds) == 1


async def test_a_429_of_another_app_is_waited_out(
    running: Running, anna: Agent, journal: Any
) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    fault = {"match": "POST refunds", "kind": "rate_limit", "delay_s": 0.2, "times": 1}
    await running.workspace.store_fault(**fault)

    await refund(anna, order_id)

    await anna.wait_for_reply(order_id, "(Done", "Refunded")
    writes = [
        line["status"]
        for line in journal()
        if line["method"] == "POST" and line["path"].endswith("/refunds")
    ]
    assert writes == [429, 201]
    assert len((await running.workspace.book(order_id))["refunds"]) == 1


async def test_a_look_up_goes_before_background_work(
    sandbox_only: SandboxOnly, journal: Any
) -> None:
    settings = sandbox_only.environment()
    client = BigCommerceClient(
        store_hash=settings["BIGCOMMERCE_STORE_HASH"],
        access_token=settings["BIGCOMMERCE_ACCESS_TOKEN"],
        api_url=settings["BIGCOMMERCE_API_URL"],
    )
    await sandbox_only.workspace.post("store/settings", quota=QUOTA, window_ms=60_000)
    await client.orders.get(1042)

    work = [asyncio.create_task(client.background.orders.get(1001)) for _ in range(2 * QUOTA)]

    async def background_stands_still() -> bool | None:
        # what background work leaves alone is for people
        return True if sum(task.done() for task in work) >= QUOTA * 0.5 else None

    await wait_for(background_stands_still, "background work at its limit")
    before = len(journal())
    await client.orders.get(1042)

    after = [line["path"].rsplit("/", 1)[1] for line in journal()[before:]]
    assert "1042" in after
    assert len(after) <= 1 + QUOTA * 0.1  # at most what was on its way already
    assert not all(task.done() for task in work)
    for task in work:
        task.cancel()
    await asyncio.gather(*work, return_exceptions=True)
    await client.close()
