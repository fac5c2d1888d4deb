"""Nobody who may not has anything written at the store, whatever they press or send."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.actions import ACTIONS
from handlers.block_actions import CLICKS
from handlers.submissions import SUBMISSIONS
from tests.approving import ANNA, BEN, CHIARA, set_approvers
from tests.running import Running, configure, running_bot, running_sandbox
from tests.walking import (
    Forger,
    Presser,
    Put,
    at_rest,
    plant,
    press_everything,
    putting,
    typed,
    writes,
)

DEV = "U0DEVPATEL"
STATES = ("deleted", "is_bot", "is_restricted")
# The presses that lead to a write where they may, by what they are pressed on.
LEAD_ON = {
    "check_again": "lost",
    "approve": "held",
    "ask_again": "not made",
    "code": "code",
}


@dataclass
class Scene:
    """A running bot with requests in every state, and what its store was asked to write."""

    name: str
    running: Running
    data: Path
    put: Put

    def writes(self) -> list[str]:
        return writes(self.name)[self.before :]

    before: int = 0

    async def person(self, user: str, **changes: Any) -> None:
        # The bot does not hear of it, as while it is offline.
        await self.running.workspace.post("person", user=user, lost=True, **changes)

    async def member(self, user: str, *, is_one: bool) -> None:
        channel = self.running.sandbox.workspace.audit_channel
        await self.running.workspace.post(
            "membership", channel=channel, user=user, member=is_one, lost=True
        )

    def rules(self, **rule: Any) -> None:
        for action in ACTIONS:
            configure(self.data, f"rules.{action}", rule)


@pytest.fixture
async def scene(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Scene]:
    async with AsyncExitStack() as opened:
        sandbox, session = await opened.enter_async_context(running_sandbox(request.node.name))
        (tmp_path / "data").mkdir()
        data = tmp_path / "data"
        set_approvers(data, CHIARA)
        configure(data, "activated", True)
        put = await opened.enter_async_context(putting(sandbox, data))
        running = Running(sandbox, session, data)
        opened.callback(running.close)
        await running.workspace.post("store/settings", quota=1_000_000)
        await plant(put, running, [BEN, CHIARA])
        await opened.enter_async_context(running_bot(sandbox, data))
        await at_rest(running)
        yield Scene(request.node.name, running, data, put, len(writes(request.node.name)))


async def test_no_press_of_somebody_who_may_not_writes_anything(scene: Scene) -> None:
    running, put, ben = scene.running, scene.put, Presser(BEN)

    async def none(presser: Presser) -> None:
        assert await press_everything(running, presser, put) > len(CLICKS) + len(SUBMISSIONS)
        assert scene.writes() == []

    await none(Presser(DEV))
    await none(Presser(BEN, "T0OTHER"))
    await none(Presser(""))
    for state in STATES:
        await scene.person(BEN, **{state: True})
        await none(ben)
        await scene.person(BEN, **{state: False})
    await scene.member(BEN, is_one=False)
    await none(ben)
    await scene.member(BEN, is_one=True)
    scene.rules(who={"user_ids": [ANNA]})
    await none(ben)
    scene.rules()


@pytest.mark.parametrize("presser", [BEN, CHIARA])
@pytest.mark.parametrize("switch", ["bot", "actions"])
async def test_nothing_is_written_while_it_is_off(scene: Scene, switch: str, presser: str) -> None:
    if switch == "bot":
        configure(scene.data, "activated", False)
    else:
        scene.rules(enabled=False)

    await press_everything(scene.running, Presser(presser), scene.put)

    assert scene.writes() == []


@pytest.mark.parametrize("press", [*LEAD_ON, "made", "review"])
async def test_the_same_presses_write_for_those_who_may(scene: Scene, press: str) -> None:
    forger, references = Forger(scene.running, Presser(CHIARA)), scene.put.references

    if press == "made":
        values = {"reason": typed("Seen"), "refund": typed(str(scene.put.refund_id))}
        await forger.submit("made", references["made elsewhere"], values)
    elif press == "review":
        await forger.submit("review", references[f"draft of {CHIARA}"], {})
    else:
        detail = "off" if press == "code" else ""
        await forger.click(press, references[LEAD_ON[press]], detail=detail)
    await at_rest(scene.running)

    assert len(scene.writes()) == 1
