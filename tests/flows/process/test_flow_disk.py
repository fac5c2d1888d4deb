"""What happens when the disk is full, damaged or not ours: said in words, and nothing half done."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from storage.data_folder.folder import DATABASE_FILE, WORKFLOWS_FILE
from storage.data_folder.trouble import DataFolderError
from storage.database import open_database
from storage.log.action_log import ActionLog
from tests.support.agent import Agent, button_labels, wait_for
from tests.support.running import SandboxOnly, activate, running_bot, running_sandbox

ROOT = Path(__file__).parents[3]
SHIPPED = 2


@asynccontextmanager
async def bot_process(
    sandbox: SandboxOnly, data: Path, **more: Any
) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        cwd=ROOT,
        env={**os.environ, **sandbox.environment(), "DATA": str(data)},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        **more,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.communicate()


async def end_of(sandbox: SandboxOnly, data: Path, **more: Any) -> tuple[int, str]:
    """Start the bot, which must end by itself, and return its code and its last words."""
    async with bot_process(sandbox, data, **more) as process:
        _, said = await asyncio.wait_for(process.communicate(), 60)
        return process.returncode or 0, said.decode()


def in_use(data: Path) -> None:
    """Leave an unfinished request in the log."""
    db = open_database(data / DATABASE_FILE)
    ActionLog(db).ask(
        "MG-TEST-DISK",
        action="cancel_order",
        order_id=1042,
        team_id="T1",
        actor_id="U1",
        request={"order_id": 1042, "reason": "Late"},
    )
    db.close()


def contents(data: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in data.glob("*.sqlite")}


def damage(path: Path) -> None:
    """Overwrite a page in the middle, as a broken disk does."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 2 // 4096 * 4096)
        file.write(b"\xa5" * 4096)


async def test_a_damaged_action_log_is_named_and_left_as_it_is(
    sandbox_only: SandboxOnly, tmp_path: Path
) -> None:
    in_use(tmp_path)
    damage(tmp_path / DATABASE_FILE)
    before = contents(tmp_path)

    code, said = await end_of(sandbox_only, tmp_path)

    assert code == 1
    assert f"The file {tmp_path / DATABASE_FILE} is damaged" in said
    assert "latest backup" in said
    assert "Traceback" not in said
    assert contents(tmp_path) == before


@pytest.mark.parametrize("how", ["damaged", "no_database"])
async def test_a_damaged_queue_is_named_and_costs_no_request(
    request: pytest.FixtureRequest, tmp_path: Path, how: str
) -> None:
    async with running_sandbox(request.node.name) as (sandbox, _):
        async with running_bot(sandbox, tmp_path):
            pass
        in_use(tmp_path)
        queue = tmp_path / WORKFLOWS_FILE
        if how == "damaged":
            damage(queue)
        else:
            queue.write_bytes(b"something else altogether" * 100)

        with pytest.raises(DataFolderError, match=rf"{queue} is damaged.*Move it away"):
            async with running_bot(sandbox, tmp_path):
                pass

        queue.unlink()
        async with running_bot(sandbox, tmp_path):
            await wait_for(lambda: is_finished(tmp_path), "the request's outcome")


async def is_finished(data: Path) -> bool | None:
    db = open_database(data / DATABASE_FILE)
    status = ActionLog(db).get("MG-TEST-DISK").status
    db.close()
    return True if status else None


async def test_a_folder_of_somebody_else_is_named(
    sandbox_only: SandboxOnly, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o555)
    (data / DATABASE_FILE).mkdir()  # no file for anybody, also not for the superuser

    code, said = await end_of(sandbox_only, data)

    assert code == 1
    assert f"{data}" in said
    assert "right to write" in said
    assert "Traceback" not in said


async def test_a_full_disk_at_the_start_is_named(sandbox_only: SandboxOnly, tmp_path: Path) -> None:
    in_use(tmp_path)

    code, said = await end_of(sandbox_only, tmp_path, preexec_fn=no_room)

    assert code == 1
    assert "the disk is full" in said
    assert str(tmp_path / DATABASE_FILE) in said
    assert "Traceback" not in said


def no_room() -> None:
    """No file of this process may grow beyond a byte."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))


def fill_disk_of(process: asyncio.subprocess.Process) -> None:
    _, hard = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1, hard))


def make_room_for(process: asyncio.subprocess.Process) -> None:
    _, hard = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (hard, hard))


async def at_the_review(agent: Agent, order_id: int) -> None:
    async def answers() -> bool | None:
        return True if (await agent.command("/makegood help"))["ok"] else None

    await wait_for(answers, "a bot that answers")
    await agent.command(f"/refund-order {order_id}")
    await agent.wait_for_modal("What shall be done?")
    await agent.press("Full refund")
    await agent.wait_for_modal("Reason")
    await agent.fill({"reason": "Damaged"})
    await agent.wait_for_modal("Change something")


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux can fill a disk like this")
async def test_a_disk_full_at_the_ack_is_said_and_the_same_press_works_later(
    sandbox_only: SandboxOnly, tmp_path: Path
) -> None:
    anna, workspace = await sandbox_only.agent("Anna"), sandbox_only.workspace
    order_id = await workspace.order_in_status(SHIPPED, payment="captured")
    activate(tmp_path)
    async with bot_process(sandbox_only, tmp_path) as process:
        await at_the_review(anna, order_id)
        fill_disk_of(process)

        assert (await anna.fill())["ok"]

        view = await anna.wait_for_modal("could not be noted", "nothing was sent")
        assert "Change something" in button_labels(view)
        db = open_database(tmp_path / DATABASE_FILE)
        assert ActionLog(db).recent() == []
        assert (await workspace.book(order_id))["refunds"] == []

        make_room_for(process)
        await anna.fill()
        await anna.wait_for_reply(order_id, "(Done", "Refunded")

        assert len(ActionLog(db).recent()) == 1
        db.close()
    assert len((await workspace.book(order_id))["refunds"]) == 1
    assert len(await anna.thread(order_id)) == 1
