"""What befalls a data folder: an older backup put back, a copy that runs, a folder deleted.

Nothing tells the bot of it: files are replaced as a disk, a snapshot or a hasty person would.
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from storage.data_folder.folder import WORKFLOWS_FILE
from storage.database import open_database
from storage.log.action_log import ActionLog
from storage.log.entries import Entry
from tests.chaos.dice import Dice
from tests.chaos.processes import BotProcess
from tests.chaos.trace import Trace
from tests.chaos.truth import DATABASE, EVERYTHING

FILES = (DATABASE, WORKFLOWS_FILE)
# Which files come back from the backup; after the others the bot runs on what it has.
KINDS = {
    "restored": FILES,
    "restored, the log alone": (DATABASE,),
    "restored, the queue alone": (WORKFLOWS_FILE,),
    "copied": (),
    "deleted": FILES,
}
LOOK_S = 0.2
# How long people go on with a bot whose folder is gone, and how long a second bot runs.
DELETED_S = 2.0
COPY_S = 5.0


class Calamities:
    """So many, spread over the campaign; each kind comes before one comes again.

    `drafts` are the references that forms had, by their ids, before a log that knew them went;
    `rolled_back` the requests that a backup knew otherwise than the log that it replaced.
    """

    def __init__(
        self,
        count: int,
        bot: BotProcess,
        data: Path,
        dice: Dice,
        trace: Trace,
        kinds: tuple[str, ...] = tuple(KINDS),
    ) -> None:
        self._kinds = kinds
        self._count = count
        self._bot = bot
        self._data = data
        self._dice = dice
        self._trace = trace
        self.people_may_ask = asyncio.Event()
        self.people_may_ask.set()
        # Held while files are replaced; before the bot runs on them, `restored` is called.
        self.striking = asyncio.Lock()
        self.restored: Callable[[], None] = _nothing
        self.drafts: dict[str, str] = {}
        self.rolled_back: set[str] = set()

    async def happen(self, progress: Callable[[], float]) -> None:
        """Let them happen as the campaign goes on."""
        luck = self._dice.about("calamities")
        kinds = luck.sample(self._kinds, len(self._kinds))
        for number in range(self._count):
            kind = kinds[number % len(kinds)]
            start, end = number / self._count, (number + 1) / self._count
            backed_up = start + luck.uniform(0.1, 0.5) * (end - start)
            await _reached(progress, backed_up)
            backup = self._back_up(number)
            await _reached(progress, luck.uniform(backed_up, end))
            self._trace.write("calamity", kind=kind)
            async with self.striking:
                await self._strike(kind, backup)

    async def _strike(self, kind: str, backup: Path) -> None:
        if kind == "copied":
            await self._run_copy(backup)
            return
        if kind == "deleted":
            self._remember(backup)
            shutil.rmtree(self._data)
            await asyncio.sleep(DELETED_S)
        async with self._bot.halted():
            if kind != "deleted":
                self._remember(backup)
            self._data.mkdir(exist_ok=True)
            for name in KINDS[kind]:
                for end in ("", "-wal", "-shm"):
                    (self._data / f"{name}{end}").unlink(missing_ok=True)
                shutil.copy(backup / name, self._data / name)
            self.restored()

    def _back_up(self, number: int) -> Path:
        """Copy both databases, each whole, while the bot uses them."""
        folder = self._data.with_name(f"backup-{number}")
        folder.mkdir()
        for name in FILES:
            with (
                closing(sqlite3.connect(self._data / name)) as source,
                closing(sqlite3.connect(folder / name)) as target,
            ):
                source.backup(target)
        self._trace.write("backed up", folder=folder.name)
        return folder

    async def _run_copy(self, copy: Path) -> None:
        """Run a second bot on the copy while nobody asks for anything."""
        self.people_may_ask.clear()
        try:
            await asyncio.sleep(COPY_S)
            async with self._bot.double(copy):
                await asyncio.sleep(COPY_S)
        finally:
            self.people_may_ask.set()

    def _remember(self, backup: Path) -> None:
        """Note what the log knows that the backup does not, before it goes."""
        now, then = dict(_entries(self._data)), dict(_entries(backup))
        self.rolled_back |= {
            reference for reference, entry in now.items() if then.get(reference) != entry
        }
        with closing(sqlite3.connect(self._data / DATABASE)) as db:
            self.drafts |= dict(db.execute("SELECT draft_id, reference FROM drafts"))


def _entries(folder: Path) -> Iterator[tuple[str, Entry]]:
    db = open_database(folder / DATABASE)
    try:
        for entry in ActionLog(db).recent(EVERYTHING):
            yield entry.reference, entry
    finally:
        db.close()


def _nothing() -> None:
    return None


async def _reached(progress: Callable[[], float], wanted: float) -> None:
    while progress() < wanted:  # noqa: ASYNC110 - it is looked at in a process of its own
        await asyncio.sleep(LOOK_S)
