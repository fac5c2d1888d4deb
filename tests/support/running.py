"""The real bot and the sandbox, running, as the flow tests use them."""

from __future__ import annotations

import asyncio
import re
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiohttp

from bot.app import Makegood
from bot.config.configuration import Configuration
from bot.config.live_configuration import LiveConfiguration
from bot.config.settings import read_settings
from bot.sandbox.server import Sandbox
from bot.slack.app_manifest import manifest as app_manifest
from storage.configuration.history import ConfigurationLog
from storage.database import open_database
from storage.form_drafts import Drafts
from storage.log.action_log import ActionLog
from storage.log.entries import Entry
from storage.outbox.outbox import Outbox
from tests.support.agent import Agent, Workspace, wait_for
from tests.support.rooting import place_root

JOURNALS = Path(__file__).parents[2] / "build" / "journal"
# Looking for a lost write and following a payment, sped up: the sandbox settles in a moment.
QUICK = {
    "SETTLE_WAITS": "0,0.05,0.1,0.2,0.4,0.8",
    "SWEEP_EVERY": "0.2",
    "LOOK_PAUSE": "0.01",
}
SETTLEMENT_S = 0.05
OWNER = "U0SHOPOWNER"


class SandboxOnly:
    """A sandbox for a bot that is started by other means."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self.session = session
        self.workspace = Workspace(sandbox.url, session)

    def environment(self) -> dict[str, str]:
        return {**self.sandbox.environment(), **QUICK}

    async def delivered(self, kind: str, **like: Any) -> Any:
        """Return a copy of the newest payload of that kind that the bot was sent."""
        sent = (await self.workspace.get("deliveries"))["deliveries"]
        payloads = [entry["payload"] for entry in sent if entry["payload_type"] == kind]
        return next(
            payload
            for payload in reversed(payloads)
            if all(payload.get("view", {}).get(name) == value for name, value in like.items())
        )

    async def deliver(self, payload: Any) -> Any:
        """Send the bot a click or a submission that the workspace itself would not send."""
        return await self.sandbox.workspace.deliver("interactive", payload)

    async def agent(self, name: str, channel: str = "support") -> Agent:
        user = await self.workspace.person(name)
        return Agent(
            self.workspace,
            user,
            await self.workspace.channel(channel, user),
            self.sandbox.environment()["SLACK_CHANNEL"],
        )


class Running(SandboxOnly):
    """The sandbox with the bot connected to it, and a look into what the bot wrote down."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession, data: Path) -> None:
        super().__init__(sandbox, session)
        self.session = session
        self._data = data
        self.reopen()

    def close(self) -> None:
        self._db.close()

    def reopen(self) -> None:
        """Look into the file that is there now."""
        self._db = open_database(self._data / "makegood.sqlite")
        self.log, self.outbox = ActionLog(self._db), Outbox(self._db)

    @contextmanager
    def locked_database(self) -> Iterator[None]:
        """Hold the bot's database, as a backup tool may, so that nothing can be written."""
        self._db.conn.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            self._db.conn.execute("ROLLBACK")

    def execute(self, sql: str, *values: str) -> None:
        """Change the bot's database behind its back."""
        self._db.execute(sql, list(values))

    def place_root(self, order_id: int, channel: str, ts: str) -> None:
        """Have the bot believe that this message is the root of the order's thread."""
        place_root(self._db, order_id, channel, ts)

    def query(self, sql: str) -> list[dict[str, Any]]:
        """Read from the bot's database."""
        return list(self._db.query(sql))

    def rows(self, sql: str) -> list[Any]:
        return list(self._db.query(sql))

    def entries(self, order_id: int) -> list[Entry]:
        return self.log.of_order(order_id)

    def recent(self) -> list[Entry]:
        return self.log.recent()

    def configuration(self) -> LiveConfiguration:
        defaults = Configuration(audit_channel=self.sandbox.environment()["SLACK_CHANNEL"])
        return LiveConfiguration(ConfigurationLog(self._db), defaults, ())

    def drafts(self) -> Drafts:
        return Drafts(self._db)

    async def told(self, order_id: int) -> Entry:
        """Wait until the latest outcome of an order has been told."""

        async def look() -> Entry | None:
            entries = self.entries(order_id)
            return entries[0] if entries and entries[0].is_told else None

        return await wait_for(look, f"an outcome told for {order_id}")

    async def home_of(self, agent: Agent) -> Any:
        async def look() -> Any:
            return (await self.workspace.get("home", user=agent.user))["view"]

        return await wait_for(look, "a Home tab")


def free_port() -> int:
    """Return a port of this machine's own that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def activate(data: Path) -> None:
    """Switch the actions on, as an admin does once, unless something is configured already."""
    configure(data, "activated", True, only_first=True)


def configure(data: Path, section: str, value: Any, *, only_first: bool = False) -> None:
    """Set a section of the configuration behind the bot's back; it counts at once.

    By nobody of the tests' people: what one has changed oneself may be undone.
    """
    data.mkdir(parents=True, exist_ok=True)
    db = open_database(data / "makegood.sqlite")
    try:
        log = ConfigurationLog(db)
        if not (only_first and log.latest()):
            log.change(section, None, value, team_id="T0FERNFABLE", actor_id=OWNER)
    finally:
        db.close()


@asynccontextmanager
async def running_sandbox(
    name: str, manifest: str = app_manifest()
) -> AsyncIterator[tuple[Sandbox, aiohttp.ClientSession]]:
    """Start a sandbox that keeps a journal of this test's traffic.

    `manifest` is the text of what the app was installed with.
    """
    JOURNALS.mkdir(parents=True, exist_ok=True)
    file = f"{re.sub(r'[^a-zA-Z0-9]+', '_', name)[:80]}_{time.time_ns()}.jsonl"
    async with (
        Sandbox(journal=JOURNALS / file, message_rate=None, manifest=manifest) as sandbox,
        aiohttp.ClientSession() as session,
    ):
        await Workspace(sandbox.url, session).post("store/settings", settlement_s=SETTLEMENT_S)
        yield sandbox, session


@asynccontextmanager
async def running_bot(sandbox: Sandbox, data: Path, **changes: str) -> AsyncIterator[Makegood]:
    """Start the real bot against a sandbox; `changes` are settings."""
    settings = {**sandbox.environment(), **QUICK, "DATA": str(data), **changes}
    activate(data)
    bot = Makegood(read_settings(settings))
    await bot.start()
    try:
        yield bot
    finally:
        await bot.close()
        await asyncio.sleep(0)
