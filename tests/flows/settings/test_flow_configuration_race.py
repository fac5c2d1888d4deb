"""Two admins change the same section at the same moment."""

from __future__ import annotations

from pathlib import Path

from tests.support.agent import Agent, wait_for
from tests.support.configuring import now, open_configuration, press
from tests.support.running import Running, configure


async def test_moving_a_preset_does_not_undo_a_cap_that_is_set_meanwhile(
    running: Running, tmp_path: Path
) -> None:
    chiara: Agent = await running.agent("Chiara")
    groups = {"method": "usergroups.list", "error": "internal_error"}
    await running.workspace.slack_fault(**groups, kind="error", times=4)
    await open_configuration(chiara)
    await press(chiara, "presets")
    view = await chiara.wait_for_modal("15% for 30 days")
    await running.workspace.slack_fault(clear=True)
    await running.workspace.slack_fault(
        method="usergroups.list", kind="delay", delay_s=0.7, times=9
    )

    await chiara.pick(view, "Move up", beside="15% for 30 days")
    rules = now(running).discount.model_dump(mode="json")
    configure(tmp_path, "discount", {**rules, "most_percent": "5"})

    await chiara.wait_for_modal("15% for 30 days")

    async def moved() -> bool | None:
        first = now(running).discount.presets[0]
        return True if first.name.startswith("15%") else None

    await wait_for(moved, "a preset that moved")
    assert now(running).discount.most_percent == 5
