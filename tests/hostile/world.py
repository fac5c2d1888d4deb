"""One sandbox, one gate and one bot, used for many cases; and how to start anew."""

from __future__ import annotations

import logging
import re
import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp

from bot.app import Makegood, StartError
from bot.config.settings import read_settings
from bot.sandbox.bigcommerce.books import Books
from bot.sandbox.server import Sandbox
from bot.slack.app_manifest import manifest
from storage.data_folder.folder import DATABASE_FILE
from storage.database import open_database
from storage.log.action_log import ActionLog
from tests.hostile.gate import Gate
from tests.hostile.people import People
from tests.hostile.scenarios import USUAL
from tests.support.agent import Agent, Workspace
from tests.support.running import activate, configure

# As fast as the bot can be made to look and to tell; the sandbox settles in a moment.
QUICK = {
    "SETTLE_WAITS": "0,0.05,0.1,0.2,0.3,0.4",
    "SWEEP_EVERY": "0.1",
    "POST_EVERY": "0.001",
    "LOOK_PAUSE": "0",
    "LOG_LEVEL": "ERROR",
}
SETTLEMENT_S = 0.02
NO_LIMIT = 1_000_000
HOST = "127.0.0.1"


class NoCounter(Exception):
    """The bot does not tell how many internal errors it met, so the campaign can't hold it to 0."""


class Troubles(logging.Handler):
    """Keeps what was logged as an error, with where it happened."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.seen: list[str] = []

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Hear everybody; the durable engine brings a handler of its own unless it finds one."""
        everybody, engine = logging.getLogger(), logging.getLogger("dbos")
        former, engine.handlers = engine.handlers, [self]
        everybody.addHandler(self)
        try:
            yield
        finally:
            everybody.removeHandler(self)
            engine.handlers = former

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        where = ""
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            trace = error.__traceback__
            while trace is not None and trace.tb_next is not None:
                trace = trace.tb_next
            place = trace.tb_frame.f_code.co_filename if trace else ""
            line = trace.tb_lineno if trace else 0
            where = f": {type(error).__name__} at {Path(place).name}:{line}"
        self.seen.append(f"{record.getMessage()}{where}")


class World:
    """Everything that runs, as an async context manager."""

    def __init__(self) -> None:
        self.gate = Gate()
        self.troubles = Troubles()
        self._opened = AsyncExitStack()
        self._bot: Makegood | None = None
        self._configured: dict[str, Any] = {}

    @property
    def books(self) -> Books:
        """The store's books, as they are."""
        return self._sandbox.store.books

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as opened:
            opened.enter_context(self.troubles.listening())
            folder = tempfile.TemporaryDirectory(prefix="makegood-hostile-")
            opened.callback(folder.cleanup)
            self._data = Path(folder.name)
            self._sandbox = await opened.enter_async_context(
                Sandbox(
                    manifest=manifest(),
                    message_rate=None,
                    tiers=False,
                    ack_timeout_s=30.0,
                    trigger_ttl_s=60.0,
                )
            )
            self.books.settings.settlement_s = SETTLEMENT_S
            self.books.settings.quota = NO_LIMIT
            runner = await self.gate.start(self._sandbox.url)
            opened.push_async_callback(runner.cleanup)
            self._session = await opened.enter_async_context(aiohttp.ClientSession())
            opened.push_async_callback(self._stop)
            activate(self._data)
            configure(self._data, "restocking", True)
            await self._start()
            db = open_database(self._data / DATABASE_FILE)
            opened.callback(db.close)
            self.people = await self._people(ActionLog(db))
            self._opened = opened.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._opened.aclose()

    def configure(self, settings: Mapping[str, Any]) -> None:
        """Configure these sections, and the others as usual; what is so already is left alone."""
        for section, usual in USUAL.items():
            wanted = settings.get(section, usual)
            if self._configured.get(section, usual) != wanted:
                configure(self._data, section, wanted)
                self._configured[section] = wanted

    async def restart(self) -> None:
        """Start the bot anew: it has read nothing of the store yet."""
        await self._stop()
        await self._start()

    async def internal_errors(self) -> int:
        """Return how many internal errors the bot has met; NoCounter when it does not tell."""
        async with self._session.get(f"http://{HOST}:{self._health_port}/health") as answer:
            text = await answer.text()
        found = re.search(r"^Internal errors: ([0-9]+)", text, re.MULTILINE)
        if found is None:
            raise NoCounter(text)
        return int(found[1])

    async def _start(self) -> None:
        for last in (False, False, True):
            with socket.create_server((HOST, 0)) as free:
                self._health_port = free.getsockname()[1]
            bot = Makegood(read_settings(self._environment()))
            try:
                await bot.start()
            except StartError:  # a connection has taken the free port meanwhile
                if last:
                    raise
            else:
                self._bot = bot
                return

    def _environment(self) -> dict[str, str]:
        return {
            **self._sandbox.environment(),
            **QUICK,
            "BIGCOMMERCE_API_URL": self.gate.url,
            "DATA": str(self._data),
            "HEALTH_PORT": str(self._health_port),
        }

    async def _stop(self) -> None:
        bot, self._bot = self._bot, None
        if bot is not None:
            await bot.close()

    async def _people(self, log: ActionLog) -> People:
        workspace = Workspace(self._sandbox.url, self._session)
        log_channel = self._sandbox.environment()["SLACK_CHANNEL"]
        agents = {}
        for name in ("Anna", "Ben"):
            user = await workspace.person(name)
            channel = await workspace.channel("support", user)
            agents[name] = Agent(workspace, user, channel, log_channel)
        configure(self._data, "approvers", {"user_ids": [agents["Ben"].user]})
        return People(agents["Anna"], agents["Ben"], self.gate, log)
