"""The data folder is one store's and one app's, and a bot that lost it takes nothing any more."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from bot.app import Makegood, StartError
from bot.config.settings import read_settings
from storage.data_folder.folder import DATABASE_FILE
from storage.data_folder.owner import LogOwner, Owner
from storage.database import open_database
from tests.support.agent import Agent
from tests.support.approving import refunds, review_refund, shipped
from tests.support.running import Running, SandboxOnly, running_bot

REPLACED = "Makegood's data folder was {} while it ran, so nothing was sent."


@pytest.mark.parametrize("how", ["deleted or moved away", "replaced"])
async def test_a_bot_that_lost_its_folder_sends_nothing(
    running: Running, anna: Agent, tmp_path: Path, how: str
) -> None:
    order_id = await shipped(running)
    await review_refund(anna, order_id)
    if how == "replaced":
        copy = tmp_path.with_name(f"{tmp_path.name}-copy")
        shutil.copytree(tmp_path, copy)
        shutil.rmtree(tmp_path)
        copy.rename(tmp_path)
    else:
        shutil.rmtree(tmp_path)

    await anna.fill()

    await anna.wait_for_modal(REPLACED.format(how))
    assert running.entries(order_id) == []
    assert await refunds(running, order_id) == []
    # Looking still works; a form is not begun any more.
    await anna.command("/refund-order 1042")
    await anna.wait_for_modal("Cancel & refund …")
    await anna.press("Cancel & refund")
    await anna.wait_for_modal(REPLACED.format(how))


async def test_another_stores_folder_is_refused(sandbox_only: SandboxOnly, tmp_path: Path) -> None:
    owner = await _own(sandbox_only, tmp_path, store_hash="another")

    with pytest.raises(StartError, match="belongs to the store another, and"):
        async with running_bot(sandbox_only.sandbox, tmp_path):
            pass

    assert _owner(tmp_path) == owner


async def test_another_workspaces_folder_is_refused(
    sandbox_only: SandboxOnly, tmp_path: Path
) -> None:
    await _own(sandbox_only, tmp_path, team_id="T0ANOTHER")

    with pytest.raises(StartError, match="belongs to the Slack workspace T0ANOTHER, and"):
        async with running_bot(sandbox_only.sandbox, tmp_path):
            pass


async def test_another_apps_folder_is_taken_over_when_that_is_said(
    sandbox_only: SandboxOnly, tmp_path: Path
) -> None:
    owner = await _own(sandbox_only, tmp_path, bot_id="B0FORMER")

    with pytest.raises(StartError, match="python -m bot run --new-app"):
        async with running_bot(sandbox_only.sandbox, tmp_path):
            pass
    assert _owner(tmp_path) == owner

    settings = read_settings({**sandbox_only.environment(), "DATA": str(tmp_path)})
    bot = Makegood(settings, is_new_app=True)
    await bot.start()
    await bot.close()
    now = _owner(tmp_path)
    assert now is not None
    assert now.bot_id != "B0FORMER"


async def _own(only: SandboxOnly, data: Path, **other: str) -> Owner:
    """Start once, then let the folder be somebody else's in one respect."""
    async with running_bot(only.sandbox, data):
        pass
    with closing(open_database(data / DATABASE_FILE)) as db:
        us = LogOwner(db).find()
        assert us is not None
        owner = Owner(
            **{"store_hash": us.store_hash, "team_id": us.team_id, "bot_id": us.bot_id} | other
        )
        LogOwner(db).set(owner)
    return owner


def _owner(data: Path) -> Owner | None:
    with closing(open_database(data / DATABASE_FILE)) as db:
        return LogOwner(db).find()
