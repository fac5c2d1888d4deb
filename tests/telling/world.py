"""One sandbox, one gate and one bot, in which many cases go on side by side."""

from __future__ import annotations

import re
import socket
import tempfile
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import aiohttp

from bot.app import Makegood
from bot.commands.demo_webhooks import webhook_settings
from bot.config.settings import read_settings
from bot.sandbox.bigcommerce.books import Books
from bot.sandbox.server import Sandbox
from bot.sandbox.slack.workspace import Workspace as SlackWorkspace
from bot.sandbox.slack.world import Channel, Person
from bot.sandbox.slack.world import World as Slack
from bot.slack.app_manifest import manifest
from handlers.timeline.waits import Waits
from storage.data_folder.folder import DATABASE_FILE
from storage.database import open_database
from storage.log.action_log import ActionLog
from tests.hostile.world import Troubles
from tests.support.agent import Agent, Workspace
from tests.support.running import activate, configure
from tests.telling.cases import SHARED
from tests.telling.documented import RESPONSE_URL
from tests.telling.gate import Call, Gate, Strike

if TYPE_CHECKING:
    from tests.telling.stage import Stage

QUICK = {
    "SETTLE_WAITS": "0,0.05,0.1,0.2,0.3",
    "SWEEP_EVERY": "0.1",
    "POST_EVERY": "0.001",
    "LOOK_PAUSE": "0",
    "PEOPLE_EVERY": "0.3",
    "LOG_LEVEL": "ERROR",
}
SETTLEMENT_S = 0.02
# Six minutes take about a second.
SCALE = 0.003
NO_LIMIT = 1_000_000
HOST = "127.0.0.1"
PEOPLE = 40
LEADS = "S0LEADS"
APPROVED = "cancel_and_refund"


def memory() -> str | None:
    """Return a folder in memory, None where there is none: a busy disk holds everybody up."""
    folder = Path("/dev/shm")  # noqa: S108 - a new folder of our own is made in it
    return str(folder) if folder.is_dir() else None


def lead_of(user: str) -> str:
    """Return who decides on what somebody asks for, and nobody else does."""
    return user.replace("AGENT", "LEAD")


class World:
    """Everything that runs, as an async context manager."""

    def __init__(self) -> None:
        self.gate = Gate(self._strike_for, self._note)
        self.troubles = Troubles()
        self.stages: list[Stage] = []
        # The methods that the bot has called.
        self.called: set[str] = set()
        # Messages of which Slack has refused a change, by channel and ts.
        self.unchangeable: set[tuple[str, str]] = set()
        self._opened = AsyncExitStack()
        self._free: list[Agent] = []

    @property
    def books(self) -> Books:
        """The store's books, as they are."""
        return self.sandbox.store.books

    @property
    def slack(self) -> Slack:
        """The workspace's books, as they are."""
        return self._inside.world

    @property
    def channel(self) -> str:
        """The audit channel's id."""
        return self.sandbox.workspace.audit_channel

    @property
    def _inside(self) -> SlackWorkspace:
        return self.sandbox.workspace._workspace

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as opened:
            opened.enter_context(self.troubles.listening())
            folder = tempfile.TemporaryDirectory(prefix="makegood-telling-", dir=memory())
            opened.callback(folder.cleanup)
            self.data = Path(folder.name)
            self.sandbox = await opened.enter_async_context(
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
            runner = await self.gate.start(self.sandbox.url)
            opened.push_async_callback(runner.cleanup)
            self.gate.place_of, self.gate.reader_of = self._place_of, self._reader_of
            self._session = await opened.enter_async_context(aiohttp.ClientSession())
            self._people_arrive()
            await self._configure()
            await self._start(opened)
            db = open_database(self.data / DATABASE_FILE)
            opened.callback(db.close)
            self.log = ActionLog(db)
            self._opened = opened.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._opened.aclose()

    def take_person(self) -> Agent:
        """Return somebody who takes part in no case; `give_back` ends that."""
        return self._free.pop(0)

    def give_back(self, agent: Agent) -> None:
        """Have the person free for another case."""
        self._free.append(agent)

    def agent(self, user: str) -> Agent:
        """Return this person, in #support."""
        return Agent(self.workspace, user, "C0SUPPORT", self.channel)

    async def internal_errors(self) -> int:
        """Return how many internal errors the bot has met."""
        text = await self.health()
        found = re.search(r"^Internal errors: ([0-9]+)", text, re.MULTILINE)
        return int(found[1]) if found else 0

    async def health(self, port: int = 0) -> str:
        """Return what the bot, or the one at this port, says of itself; "" while it is silent."""
        url = f"http://{HOST}:{port or self._health_port}/health"
        try:
            async with self._session.get(url) as answer:
                return await answer.text()
        except aiohttp.ClientError:
            return ""

    def settings_of_another(self, number: int, port: int) -> dict[str, str]:
        """Return the environment of another bot of the same app, with a folder of its own."""
        data = self.data / f"another-{number}"
        data.mkdir(exist_ok=True)
        own = self._environment()
        own = {name: value for name, value in own.items() if not name.startswith("WEBHOOK")}
        return {**own, "DATA": str(data), "HEALTH_PORT": str(port)}

    def _people_arrive(self) -> None:
        self.workspace = Workspace(self.sandbox.url, self._session)
        leads = []
        for number in range(1, PEOPLE + 1):
            person = Person(f"U0AGENT{number:02}", f"agent{number}", f"Agent {number}")
            lead = Person(lead_of(person.id), f"lead{number}", f"Lead {number}")
            for each in (person, lead):
                self.slack.people[each.id] = each
                for channel in (self.channel, "C0SUPPORT"):
                    self.slack.channels[channel].members.append(each.id)
            leads.append(lead.id)
            self._free.append(self.agent(person.id))
        self.slack.groups[LEADS].users = leads

    async def _configure(self) -> None:
        activate(self.data)
        configure(self.data, "restocking", True)
        configure(self.data, "approvers", {"group_ids": [LEADS]})
        configure(self.data, "day_limit", "100000.00")
        configure(self.data, f"rules.{APPROVED}", {"always_approve": True})
        self._hooks = await webhook_settings(self.sandbox)

    async def _start(self, opened: AsyncExitStack) -> None:
        with socket.create_server((HOST, 0)) as free:
            self._health_port = free.getsockname()[1]
        # What the bot is given for an answer or a link leads through the gate, too.
        self._inside.url = self.gate.url
        waits = Waits(scale=SCALE, calls=SCALE)
        bot = Makegood(read_settings(self._environment()), waits=waits)
        await bot.start()
        opened.push_async_callback(bot.close)

    def _environment(self) -> dict[str, str]:
        return {
            **self.sandbox.environment(),
            **QUICK,
            **self._hooks,
            "BIGCOMMERCE_API_URL": self.workspace.url,
            "SLACK_API_URL": f"{self.gate.url}/api/",
            "DATA": str(self.data),
            "HEALTH_PORT": str(self._health_port),
        }

    def _strike_for(self, call: Call) -> Strike | None:
        self.called.add(call.method)
        found: Strike | None = None
        for stage in self.stages:
            if call.method not in SHARED and not stage.is_about(call):
                continue
            # What lasts, and is everybody's, is met by all of them.
            if found is not None and not (call.method in SHARED and stage.case.lasts):
                continue
            found = next((each for each in stage.strikes if each.takes(call)), None) or found
        if found is not None and call.method == "chat.update":
            self.unchangeable.add((call.channel, call.ts))
        return found

    def _note(self, call: Call, answer: Mapping[str, Any]) -> None:
        """Keep whose message it is that was just posted, and what cannot be changed."""
        if call.method == "chat.update" and not answer.get("ok"):
            self.unchangeable.add((call.channel, call.ts))
        if call.method == "chat.postMessage" and answer.get("ok"):
            for stage in self.stages:
                if stage.is_about(call):
                    stage.owned.add((str(answer["channel"]), str(answer["ts"])))

    def _place_of(self, channel: str, ts: str) -> str:
        """Return the thread that a message stands in as a reply, "" for none."""
        message = self.slack.find_message(channel, ts) if channel and ts else None
        thread_ts = str((message or {}).get("thread_ts") or "")
        return "" if thread_ts == ts else thread_ts

    def _reader_of(self, method: str, given: Mapping[str, Any]) -> str:
        """Return who would see what the call shows."""
        if method == RESPONSE_URL:
            hook = self._inside.hooks._hooks.get(str(given["hook"]))
            return hook.user if hook else ""
        if "trigger_id" in given:
            trigger = self._inside.triggers._made.get(str(given["trigger_id"]))
            return trigger.user if trigger else ""
        if given.get("view_id"):
            modal = self._inside.modals.find(str(given["view_id"]))
            return modal.user if modal else ""
        return str(given.get("user_id") or given.get("user") or given.get("users") or "")

    def open_channel(self, channel: str, name: str) -> None:
        """Make another private channel with everybody of the audit channel in it."""
        members = [*self.slack.channels[self.channel].members]
        self.slack.channels[channel] = Channel(channel, name, "", True, members)

    def modal_of(self, user: str) -> dict[str, Any] | None:
        """Return the window that the person has open, the top one."""
        stack = self._inside.modals.stacks.get(user)
        return stack[-1].to_json() if stack else None

    def settle(self, order_id: int) -> None:
        """Let the gateway answer for what is on its way of an order."""
        order = self.books.orders[order_id]
        for refund in order.refunds:
            self.sandbox.store._settlement.settle(order, refund)
