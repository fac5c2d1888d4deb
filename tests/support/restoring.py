"""Backing up a running bot's databases and putting them back, as the flow tests do it."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

from storage.data_folder.folder import DATABASE_FILE, WORKFLOWS_FILE
from storage.database import open_database
from storage.log.action_log import ActionLog
from storage.log.entries import Entry
from tests.support.agent import Agent, wait_for
from tests.support.running import Running, activate

ROOT = Path(__file__).parents[2]
BOTH = (DATABASE_FILE, WORKFLOWS_FILE)


def back_up(data: Path) -> Path:
    """Copy both databases by SQLite's backup API, also while the bot runs; return where."""
    saved = data.with_name(f"{data.name}-saved")
    saved.mkdir()
    for name in BOTH:
        with (
            closing(sqlite3.connect(data / name)) as original,
            closing(sqlite3.connect(saved / name)) as copy,
        ):
            original.backup(copy)
    return saved


def put_back(data: Path, saved: Path, names: Sequence[str] = BOTH) -> None:
    """Put saved databases over those of a bot that is stopped."""
    for name in names:
        for side in ("-wal", "-shm"):
            (data / f"{name}{side}").unlink(missing_ok=True)
        shutil.copyfile(saved / name, data / name)


async def queued(running: Running, order_id: int) -> Entry:
    """Wait until a request is in the log and nothing of it was sent."""

    async def look() -> Entry | None:
        entries = running.entries(order_id)
        return entries[0] if entries else None

    entry = await wait_for(look, f"a request for {order_id}")
    assert entry.sent_at is None
    return entry


async def said_of_data(agent: Agent, begins: str = "Makegood started on ") -> str:
    """Return what the channel was told of the data, by how that begins, once it was."""

    async def look() -> list[str] | None:
        texts = [message["text"] for message in await agent.messages(agent.log_channel)]
        return [text for text in texts if text.startswith(begins)] or None

    found = await wait_for(look, "a message about the data")
    assert len(found) == 1
    return found[0]


async def outcomes(agent: Agent, order_id: int, reference: str) -> list[str]:
    """Return what the thread says of how a request ended."""
    texts = [str(message["text"]) for message in await agent.thread(order_id)]
    return [text for text in texts if text.endswith(f", {reference})")]


async def refund_totals(running: Running, order_id: int) -> list[str]:
    refunds: list[Any] = (await running.workspace.book(order_id))["refunds"]
    return [refund["total"] for refund in refunds]


@asynccontextmanager
async def bot_process(running: Running, data: Path) -> AsyncIterator[None]:
    """Run another bot on the same store and app, as a process of its own, once it listens."""
    activate(data)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        cwd=ROOT,
        env={**os.environ, **running.environment(), "DATA": str(data)},
        stderr=asyncio.subprocess.PIPE,
    )
    lines = process.stderr
    assert lines is not None
    try:
        async with asyncio.timeout(120):
            while b"is listening" not in (line := await lines.readline()):
                assert line, "the other bot has ended"
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        await process.communicate()


def look_into(data: Path, reference: str) -> Entry:
    """Return what the log in another folder says of a request."""
    with closing(open_database(data / DATABASE_FILE)) as db:
        return ActionLog(db).get(reference)


async def told_in(data: Path, reference: str) -> Entry:
    """Wait until the log in another folder says that a request is told."""

    async def look() -> Entry | None:
        entry = look_into(data, reference)
        return entry if entry.is_told else None

    return await wait_for(look, f"{reference} told")
