"""SIGTERM: what was acknowledged is carried out, what runs comes to its end."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

from tests.flows.process.test_flow_trouble import answers, bot_process, open_refund
from tests.support.running import SandboxOnly

SHIPPED = 2
PEOPLE = ("Anna", "Ben", "Chiara")


async def test_what_runs_is_drained_and_told_before_the_end(
    sandbox_only: SandboxOnly, tmp_path: Path
) -> None:
    anna, workspace = await sandbox_only.agent("Anna"), sandbox_only.workspace
    order_id = await workspace.order_in_status(SHIPPED, payment="captured")
    async with bot_process(sandbox_only, tmp_path) as process:
        await answers(anna)
        await open_refund(anna, order_id)
        await workspace.store_fault(match="POST refunds", kind="delay", delay_s=1, times=1)
        await anna.fill()
        await anna.wait_for_modal(str(order_id))

        async with asyncio.timeout(20):
            while not await refund_was_sent(sandbox_only):  # noqa: ASYNC110 - behind a socket
                await asyncio.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0

    assert len((await workspace.book(order_id))["refunds"]) == 1
    assert len(await anna.thread(order_id)) == 1


async def refund_was_sent(sandbox: SandboxOnly) -> bool:
    faults = await sandbox.workspace.get("store/faults")
    return bool(faults["faults"] == [])  # the one delay is being taken


async def test_confirmations_in_the_moment_of_the_signal_are_kept_or_refused(
    sandbox_only: SandboxOnly, tmp_path: Path
) -> None:
    workspace = sandbox_only.workspace
    orders = [
        int(order["id"])
        for order in await workspace.get("store/orders")
        if order["status_id"] == SHIPPED
        and order["payment_status"] == "captured"
        and "archived" not in order["tags"]
    ]
    desks = [
        (await sandbox_only.agent(name), order) for name, order in zip(PEOPLE, orders, strict=False)
    ]
    assert len(desks) > 1
    async with bot_process(sandbox_only, tmp_path) as process:
        await answers(desks[0][0])
        for agent, order_id in desks:
            await open_refund(agent, order_id)
        presses = [asyncio.create_task(agent.fill()) for agent, _ in desks]
        await asyncio.wait(presses, return_when=asyncio.FIRST_COMPLETED)
        process.send_signal(signal.SIGTERM)
        answered = [bool((await press)["ok"]) for press in presses]
        assert await process.wait() == 0
    assert any(answered)

    async with bot_process(sandbox_only, tmp_path):
        for (agent, order_id), ok in zip(desks, answered, strict=True):
            if ok:
                await agent.wait_for_reply(order_id, "(Done", "Refunded")
                assert len(await agent.thread(order_id)) == 1
                assert len((await workspace.book(order_id))["refunds"]) == 1
