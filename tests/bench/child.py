"""A measured process: the bot or a bare reference, told what to do by lines of JSON.

`python -m tests.bench.child KIND ENVIRONMENT`; a line in, a line out: {"do": "usage"} and, by kind,
"drafts" or "replay". It ends when its input does, or is killed: nothing in it is kept.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import os
import resource
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from bot.process.logs import set_up_logging
from bot.sandbox.slack.views.view_state import initial_state
from handlers.desk import Desk
from handlers.flow.review import draw_review, review_of
from storage.log.references import new_reference
from tests.bench.bare import bare_app, replay
from tests.bench.wiring import connected_bot

Do = Callable[[dict[str, Any]], Awaitable[Any]]


async def serve(kind: str, environment: dict[str, str]) -> None:
    """Do what is asked for until the input ends."""
    async with _kind(kind, environment) as doing:
        lines = asyncio.StreamReader(limit=2**24)
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(lines), sys.stdin
        )
        _answer("ready")
        while line := await lines.readline():
            asked = json.loads(line)
            _answer(_usage() if asked["do"] == "usage" else await doing[asked["do"]](asked))
        os._exit(0)  # whatever runs on is not worth waiting for


@asynccontextmanager
async def _kind(kind: str, environment: dict[str, str]) -> AsyncIterator[dict[str, Do]]:
    if kind in {"bot", "held"}:
        async with connected_bot(environment, held=kind == "held") as desk:
            yield {"drafts": lambda asked: _make_drafts(desk, asked)}
    elif kind == "replay":
        async with aiohttp.ClientSession() as session:
            yield {"replay": lambda asked: replay(session, environment, asked)}
    else:
        commit = _committer(Path(environment["DATA"])) if kind == "commit" else None
        async with bare_app(environment, commit):
            yield {}


async def _make_drafts(desk: Desk, asked: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Leave as many forms open at their review; return their references and their views."""
    made = []
    request = asked["request"]
    for number in range(asked["first"], asked["first"] + asked["count"]):
        draft = desk.drafts.create(
            reference=new_reference(),
            team_id=desk.installation.team_id,
            actor_id=asked["user"],
            action=asked["action"],
            order_id=number,
        )
        ready = dataclasses.replace(
            draft,
            step="review",
            request={**request, "order_id": number},
            review=asked["review"],
            context={"shop": {"currency": "USD"}},
        )
        desk.drafts.save(ready)
        view = draw_review(ready, review_of(ready))
        state = {"values": initial_state(view["blocks"])}
        made.append((draft.reference, {**view, "state": state}))
    return made


def _committer(folder: Path) -> Callable[[], None]:
    """Return one durable write, as bare as SQLite has it."""
    db = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE asked (at REAL, request TEXT)")

    def commit() -> None:
        db.execute("INSERT INTO asked VALUES (?, ?)", [time.time(), "x" * 400])

    return commit


def _usage() -> dict[str, float]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {"cpu_s": used.ru_utime + used.ru_stime, "rss_mb": resident_mb(os.getpid())}


def resident_mb(process: int) -> float:
    """Return a process's resident memory in MB, from /proc."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def _answer(value: Any) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    given = {**os.environ, **json.loads(sys.argv[2])}
    os.environ.pop("SLACK_BOT_TOKEN", None)
    set_up_logging("INFO")
    asyncio.run(serve(sys.argv[1], given))
