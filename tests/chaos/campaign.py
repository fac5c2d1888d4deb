"""A campaign from its start to its count."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tests.chaos.aftermath import calm_down, refresh_roots
from tests.chaos.approvers import Approvers, hold_large_requests
from tests.chaos.calamities import Calamities
from tests.chaos.dice import Dice
from tests.chaos.envelopes import Envelopes
from tests.chaos.gate import Gate
from tests.chaos.options import Options
from tests.chaos.outside import Outside
from tests.chaos.people import Worker
from tests.chaos.plan import PEOPLE, Job, Plan
from tests.chaos.processes import BotProcess, SandboxProcess
from tests.chaos.result import Result, result_of
from tests.chaos.shop import write_shop
from tests.chaos.trace import Trace
from tests.chaos.truth import read_truth
from tests.chaos.weather import Weather
from tests.support.agent import Agent, Workspace
from tests.support.mailbox import running_mailbox

QUICK = {
    "SETTLE_WAITS": "0,0.05,0.1,0.2,0.4,0.8,1.2",
    "SWEEP_EVERY": "0.2",
    "POST_EVERY": "0.02",
    "LOOK_PAUSE": "0",
    "LOG_LEVEL": "INFO",
}
PROGRESS_EVERY_S = 5.0
TROUBLE_EVERY_S = 0.5


class Campaign:
    """Everything that runs during a campaign.

    `outside`: webhooks, another app and e-mail, once it runs; None: it has none of them.
    """

    outside: Outside | None = None
    has_outside = True

    def __init__(self, options: Options, folder: Path, trace: Trace) -> None:
        self.options = options
        self.folder = folder
        self.trace = trace
        self.dice = Dice(options.seed)
        self.weather = Weather(self.dice, long_hangs=options.actions // 60)
        self.bot = BotProcess(options.project, folder, trace, kills=options.most_kills)
        self.sandbox = SandboxProcess(options.project, folder)
        self.envelopes = Envelopes(self.weather, trace, self.bot.kill)
        self.gate = Gate(self.weather, trace, self.envelopes, self.bot.kill)
        self.bot.is_ready = lambda: self.envelopes.open > 0
        self.bot.progress = self._progress
        self.calamities = Calamities(
            options.most_calamities, self.bot, folder / "bot", self.dice, trace
        )
        self.workers: dict[str, Worker] = {}
        self.approvers = Approvers(self.workers, self.dice, trace)
        self.done = 0
        self.confirmed = 0
        self.began = time.monotonic()

    @property
    def agents(self) -> list[Agent]:
        """Everybody."""
        return [worker.agent for worker in self.workers.values()]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Start sandbox, gate and bot, and stop them."""
        self._write_books()
        async with AsyncExitStack() as opened:
            opened.push_async_callback(self.sandbox.close)
            await self.sandbox.start()
            runner = await self.gate.start(self.sandbox.url, self.options.port)
            opened.push_async_callback(runner.cleanup)
            session = await opened.enter_async_context(aiohttp.ClientSession())
            workspace = Workspace(self.sandbox.url, session)
            await self._people_arrive(workspace)
            environment = self._environment()
            if self.has_outside:
                mailbox = await opened.enter_async_context(running_mailbox())
                self.outside = Outside(mailbox, self.dice, self.trace)
                environment |= await self.outside.connect(workspace, self.sandbox.environment)
            opened.push_async_callback(self.bot.stop)
            await self.bot.start(environment)
            self._set_rules()
            yield

    def _write_books(self) -> None:
        self.books = write_shop(self.folder / "sandbox", 60 + self.options.actions)

    def _set_rules(self) -> None:
        hold_large_requests(self.folder / "bot", self.workers)

    def _jobs(self) -> Sequence[Job]:
        plan = Plan(self.dice, self.books)
        return [plan.job(number) for number in range(self.options.actions)]

    async def _do(self, worker: Worker, job: Job) -> bool:
        """Have it done; tell whether it was confirmed."""
        return await worker.do(job)

    def _meanwhile(self) -> list[Coroutine[Any, Any, None]]:
        """Return what goes on while people work, each until it is cancelled."""
        outside = [self.outside.happen(self.agents[0]), self.outside.vary()] if self.outside else []
        return [self._make_trouble(), self._show_progress(), *outside]

    def _progress(self) -> float:
        return self.done / self.options.actions

    async def ask_for_everything(self) -> None:
        """Let everybody work until all jobs are done, while trouble comes and goes."""
        jobs = self._jobs()
        calamities = asyncio.create_task(self.calamities.happen(self._progress))
        tasks = [calamities, *map(asyncio.create_task, self._meanwhile())]
        try:
            async with asyncio.timeout(self.options.minutes * 60):
                await asyncio.gather(*(self._work(name, jobs) for name in self.workers))
                await calamities
        except TimeoutError:
            self.trace.write("time is over", done=self.done)
        finally:
            for task in tasks:
                task.cancel()
            for ended in await asyncio.gather(*tasks, return_exceptions=True):
                if isinstance(ended, Exception):
                    raise ended

    async def _work(self, name: str, jobs: Sequence[Job]) -> None:
        worker = self.workers[name]
        for job in (job for job in jobs if job.person == name):
            await self.calamities.people_may_ask.wait()
            try:
                was_confirmed = await self._do(worker, job)
                self.confirmed += was_confirmed
            except AssertionError as error:  # the agent found no such button, or no modal
                self.trace.write("gave up", job=job.number, why=str(error)[:200])
            self.done += 1
            await self.approvers.look(name)
            if job.looks_again:
                await self._look_again(worker, job)

    async def _look_again(self, worker: Worker, job: Job) -> None:
        if job.order_id is None:
            return
        for message in await worker.agent.thread(job.order_id):
            if "check_again" in str(message.get("blocks")):
                await worker.check_again(message)

    async def _make_trouble(self) -> None:
        """Kill at random moments, and ask the sockets to reconnect."""
        number, workspace = 0, self.agents[0].workspace
        while True:
            number += 1
            await asyncio.sleep(TROUBLE_EVERY_S)
            if self.weather.strikes(4, "kill", number):
                self.bot.kill("a random moment")
            if self.weather.strikes(4, "disconnect", number):
                await workspace.slack_fault(kind="disconnect")
                self.trace.write("disconnected")

    async def _show_progress(self) -> None:
        while not self.options.is_quiet:
            await asyncio.sleep(PROGRESS_EVERY_S)
            print(f"  {self._seconds():>5} s  {self.progress()}", flush=True)

    def progress(self) -> str:
        """Return in a line how far it is."""
        asked = f"{self.done} of {self.options.actions} asked"
        return f"{asked}, {self.confirmed} confirmed, {self.trace.counts.get('killed', 0)} kills"

    def _seconds(self) -> int:
        return round(time.monotonic() - self.began)

    async def _people_arrive(self, workspace: Workspace) -> None:
        for limit in ({"per_second": None}, {"tiers": False}):  # days of work in minutes
            await workspace.slack_fault(kind="rate", **limit)
        for name in PEOPLE:
            agent = await self._agent(workspace, name)
            self.workers[name] = Worker(agent, self.trace, self.bot.is_ready)

    async def _agent(self, workspace: Workspace, name: str, channel: str = "support") -> Agent:
        user = await workspace.person(name)
        place = await workspace.channel(channel, user)
        return Agent(workspace, user, place, self.sandbox.environment["SLACK_CHANNEL"])

    def _environment(self) -> dict[str, str]:
        return {
            **self.sandbox.environment,
            **QUICK,
            "SLACK_API_URL": f"{self.gate.url}/api/",
            "BIGCOMMERCE_API_URL": self.gate.url,
            "DATA": str(self.folder / "bot"),
        }

    async def clear_up(self) -> None:
        """End all faults and let the bot come to rest, as people would: Check again, wait."""
        await self._clear_faults()
        await calm_down(self.workers, self.approvers, self.folder / "bot", self.trace)

    async def _clear_faults(self) -> None:
        self.weather.is_clear = True
        self.bot.may_be_killed = False
        if self.outside:
            self.outside.clear()
        workspace = self.agents[0].workspace
        await workspace.slack_fault(clear=True)
        await workspace.store_fault(clear=True)
        await self.bot.wait_ready()
        self.bot.may_be_killed = False
        if not self.options.is_quiet:
            print(f"  {self._seconds():>5} s  {self.progress()}; the faults are over", flush=True)

    async def count(self) -> Result:
        """Count, print nothing."""
        first, data = self.agents[0], self.folder / "bot"
        truth = await read_truth(
            first, self.agents, data, self.envelopes, self.gate.writes, self.calamities
        )
        fresh = await refresh_roots(first, truth)
        asked = [("Actions asked for", self.done), ("Seconds", self._seconds())]
        is_kept = not self.trace.counts.get("calamity", 0)
        outside = self.outside.audit(truth, is_kept=is_kept) if self.outside else []
        return result_of(self.options.seed, asked, truth, fresh, self.trace, more=outside)


async def run(options: Options, kind: type[Campaign] = Campaign) -> Result:
    """Run a campaign in a temporary folder; what is kept goes to the build folder."""
    options.build.mkdir(parents=True, exist_ok=True)
    trace = Trace(options.build / f"seed-{options.seed}.jsonl")
    with tempfile.TemporaryDirectory(prefix="makegood-chaos-") as temporary:
        folder = Path(temporary)
        campaign = kind(options, folder, trace)
        try:
            async with campaign.running():
                await campaign.ask_for_everything()
                await campaign.clear_up()
                result = await campaign.count()
            if result.departures or options.keeps_trace:
                _keep(folder, options)
        except BaseException:  # the trace is kept of an interrupted campaign, too
            _keep(folder, options)
            raise
        finally:
            trace.close()
    if not result.departures and not options.keeps_trace:
        trace.file.unlink()
    return result


def _keep(folder: Path, options: Options) -> None:
    """Keep what the processes wrote, for the one who has to find out why."""
    kept = options.build / f"seed-{options.seed}"
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(folder, kept)
