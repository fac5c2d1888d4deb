"""Nobody who may not has anything written at the store, whatever they press or send."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.actions.registry import ACTIONS
from handlers.block_actions import CLICKS
from handlers.submissions import SUBMISSIONS
from tests.support.approving import ANNA, BEN, CHIARA, set_approvers
from tests.support.mailbox import Mailbox
from tests.support.running import Running, configure, running_bot, running_sandbox
from tests.support.walking import (
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
# A flood of presses is not to be held up by anything but the question.
QUICKLY = {"POST_EVERY": "0.01", "LOOK_PAUSE": "0"}
# The presses that lead to a write where they may, by what they are pressed on.
LEAD_ON = {
    "check_again": "lost",
    "approve": "held",
    "ask_again": "not made",
    "code": "code",
    "mail_again": "unsent",
}


@dataclass
class Scene:
    """A running bot with requests in every state, and what its store was asked to write."""

    name: str
    running: Running
    data: Path
    put: Put
    mailbox: Mailbox

    def writes(self) -> list[str]:
        """Return what was written since, e-mails to customers too."""
        letters = [f"e-mail to {recipient}" for recipient in self.mailbox.recipients]
        return writes(self.name)[self.before :] + letters

    before: int = 0

    async def person(self, user: str, **changes: Any) -> None:
        await self.running.workspace.post("person", user=user, lost=True, **changes)

    async def leaves(self, user: str) -> None:
        channel = self.running.sandbox.workspace.audit_channel
        await self.running.workspace.post(
            "membership", channel=channel, user=user, member=False, lost=True
        )

    def rules(self, **rule: Any) -> None:
        for action in ACTIONS:
            configure(self.data, f"rules.{action}", rule)


@pytest.fixture
async def scene(
    request: pytest.FixtureRequest, tmp_path: Path, mailbox: Mailbox
) -> AsyncIterator[Scene]:
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
        await opened.enter_async_context(
            running_bot(sandbox, data, **QUICKLY, **mailbox.settings())
        )
        await at_rest(running)
        before = len(writes(request.node.name))
        # Hundreds of presses follow within a minute, more than Slack takes answers to.
        await running.workspace.slack_fault(kind="rate", tiers=False)
        yield Scene(request.node.name, running, data, put, mailbox, before)


@pytest.mark.parametrize(
    "stranger",
    [Presser(DEV), Presser(BEN, "T0OTHER"), Presser("")],
    ids=["outside", "other", "nobody"],
)
async def test_no_press_of_a_stranger_writes_anything(scene: Scene, stranger: Presser) -> None:
    pressed = await press_everything(scene.running, stranger, scene.put)

    assert pressed > len(CLICKS) + len(SUBMISSIONS)
    assert scene.writes() == []


@pytest.mark.parametrize("became", ["deleted", "is_bot", "is_restricted", "gone", "narrowed"])
async def test_no_press_of_somebody_who_may_not_any_more_writes_anything(
    scene: Scene, became: str
) -> None:
    # The bot knows them as somebody who may, and hears of no change.
    ben = Presser(BEN)
    await Forger(scene.running, ben).command("/makegood", "")
    await at_rest(scene.running)
    if became == "gone":
        await scene.leaves(BEN)
    elif became == "narrowed":
        scene.rules(who={"user_ids": [ANNA]})
    else:
        await scene.person(BEN, **{became: True})

    await press_everything(scene.running, ben, scene.put)

    assert scene.writes() == []


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
