"""The bot killed between a coupon promotion and its code, or left without an answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.sandbox.server import Sandbox
from tests.flows.customers.test_flow_email_restart import bot_process
from tests.support.agent import Agent, button_labels, wait_for
from tests.support.running import Running, running_sandbox

CODES = "POST promotions/*/codes"
VALUES = {"code": "SORRY-10", "value": "10", "reason": "Customer request"}


@pytest.fixture
async def sandbox(request: pytest.FixtureRequest) -> Any:
    async with running_sandbox(request.node.name) as started:
        yield started


async def ask(agent: Agent) -> None:
    async def opened() -> bool | None:
        answer = await agent.command("/discount-code 1042")
        return bool(answer["ok"]) or None

    await wait_for(opened, "a bot that answers")
    await agent.wait_for_modal("Applies to", "Reason")
    await agent.fill(VALUES)
    await agent.wait_for_modal("Change something")
    await agent.fill()


async def promotions(world: Running) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await world.workspace.books())["promotions"]
    return found


@pytest.mark.parametrize("arrives", [False, True])
async def test_killed_before_the_code_the_next_start_finishes_it(
    sandbox: tuple[Sandbox, aiohttp.ClientSession], tmp_path: Path, arrives: bool
) -> None:
    box, session = sandbox
    world = Running(box, session, tmp_path)
    agent = await world.agent("Anna")
    environment = {**world.environment(), "DATA": str(tmp_path)}

    async def half_done() -> bool | None:
        if (await world.workspace.get("store/faults"))["faults"]:
            return None  # the code has not been asked for yet
        found = await promotions(world)
        return bool(found and len(found[0]["codes"]) == arrives) or None

    try:
        await world.workspace.store_fault(match=CODES, kind="hang", after=arrives)
        async with bot_process(environment):
            await ask(agent)
            await wait_for(half_done, "the promotion alone")
        async with bot_process(environment):
            told = await agent.wait_for_reply(1042, "SORRY-10", "(Done")
    finally:
        world.close()

    (promotion,) = await promotions(world)
    assert [code["code"] for code in promotion["codes"]] == ["SORRY-10"]
    assert "Was it used?" in button_labels(told)


async def test_what_got_no_answer_is_finished_by_check_again(running: Running, anna: Agent) -> None:
    await running.workspace.store_fault(match=CODES, kind="status", times=2)
    await ask(anna)
    told = await anna.wait_for_reply(1042, "It is not known", "SORRY-10")
    assert button_labels(told) == ["Check again", "It was made…", "It was not made…"]

    await anna.press_in_message(told, "Check again")

    told = await anna.wait_for_reply(1042, "Created discount code SORRY-10", "(Done")
    assert button_labels(told) == ["Was it used?", "Switch it off"]
    (promotion,) = await promotions(running)
    assert len(promotion["codes"]) == 1


async def test_a_refused_code_leaves_nothing_behind(running: Running, anna: Agent) -> None:
    refusal = {"errors": [{"status": 422, "title": "The code cannot be used."}]}
    await running.workspace.store_fault(match=CODES, kind="status", status=422, body=refusal)

    await ask(anna)

    told = await anna.wait_for_reply(1042, "BigCommerce said no. The code cannot be used.")
    assert button_labels(told) == []
    assert await promotions(running) == []
