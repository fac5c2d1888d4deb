"""The two processes of a campaign: the platforms, and the bot, killed and started again."""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from tests.chaos.trace import Trace
from tests.support.running import activate, configure, free_port

START_S = 60.0
STOP_S = 30.0
RESTART_PAUSE_S = 0.05


class StartFailed(Exception):
    """A process did not come up; `str()` says which and where its last words are."""


async def _spawn(
    project: Path, env: dict[str, str], log: Path, *command: str
) -> asyncio.subprocess.Process:
    with log.open("ab") as out:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *command,
            cwd=project,
            env={**os.environ, **env},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE if command[0] == "sandbox" else out,
            stderr=out,
        )


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOP_S)
        except TimeoutError:
            process.kill()
            await process.wait()


class SandboxProcess:
    """`python -m bot sandbox`; `environment` is what it prints for a bot."""

    def __init__(self, project: Path, folder: Path) -> None:
        self._project = project
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None
        self.environment: dict[str, str] = {}
        self.url = ""

    async def start(self) -> None:
        """Start it and read its settings."""
        command = ("sandbox", "--port", "0", "--data", str(self._folder / "sandbox"))
        journal = ("--journal", str(self._folder / "journal.jsonl"))
        log = self._folder / "sandbox.log"
        self._process = await _spawn(self._project, {}, log, *command, *journal)
        assert self._process.stdout is not None
        while line := (await asyncio.wait_for(self._process.stdout.readline(), START_S)).decode():
            if found := re.match(r"export (\w+)=(.*)", line):
                self.environment[found[1]] = shlex.split(found[2])[0]
            if "Ctrl-C" in line:
                self.url = self.environment["BIGCOMMERCE_API_URL"]
                return
        raise StartFailed(f"The sandbox did not start; see {log}.")

    async def close(self) -> None:
        """Stop it."""
        if self._process is not None:
            await _end(self._process)


class BotProcess:
    """`python -m bot run`, brought back whenever it was killed, until it is stopped."""

    def __init__(self, project: Path, folder: Path, trace: Trace, *, kills: int) -> None:
        self._project = project
        self._log = folder / "bot.log"
        self._trace = trace
        self._kills = kills
        self._killed = 0
        self._environment: dict[str, str] = {}
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self.is_ready: Callable[[], bool] = _never
        self.progress: Callable[[], float] = float
        self.may_be_killed = False

    async def start(self, environment: dict[str, str]) -> None:
        """Start it and return when it listens."""
        self._environment = environment
        activate(Path(environment["DATA"]))
        configure(Path(environment["DATA"]), "restocking", True)
        await self._start()
        self._watch = asyncio.create_task(self._bring_back())
        await self.wait_ready()

    async def wait_ready(self) -> None:
        """Return when it listens."""
        async with asyncio.timeout(START_S):
            while not self.is_ready():
                if self._watch is not None and self._watch.done():
                    self._watch.result()
                await asyncio.sleep(0.05)
        self.may_be_killed = True

    def kill(self, why: str) -> bool:
        """Kill it now, unless it has not come back from the last time; tell whether it was."""
        process = self._process
        if not self.may_be_killed or process is None or process.returncode is not None:
            return False
        # Spread over the campaign, the last one before its end.
        if self._killed >= self._kills or self._killed > self.progress() * self._kills:
            return False
        self.may_be_killed = False
        self._killed += 1
        process.send_signal(signal.SIGKILL)
        self._trace.write("killed", why=why)
        return True

    @asynccontextmanager
    async def halted(self) -> AsyncIterator[None]:
        """Kill it, keep it from coming back meanwhile, and start it again."""
        self.may_be_killed = False
        await self._unwatched()
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)
            await self._process.wait()
        try:
            yield
        finally:
            await self._start()
            self._watch = asyncio.create_task(self._bring_back())
        await self.wait_ready()

    @asynccontextmanager
    async def double(self, data: Path) -> AsyncIterator[None]:
        """Run a second one on another folder; this one is not killed meanwhile."""
        self.may_be_killed = False
        port = {"WEBHOOK_PORT": str(free_port())} if "WEBHOOK_PORT" in self._environment else {}
        environment = {**self._environment, **port, "DATA": str(data)}
        second = await _spawn(self._project, environment, self._log, "run")
        try:
            yield
        finally:
            await _end(second)
            self.may_be_killed = True

    async def stop(self) -> None:
        """Let it end by itself."""
        await self._unwatched()
        if self._process is not None:
            await _end(self._process)

    async def _unwatched(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)

    async def _start(self) -> None:
        self._process = await _spawn(self._project, self._environment, self._log, "run")

    async def _bring_back(self) -> None:
        while self._process is not None:
            code = await self._process.wait()
            self._trace.write("bot ended", code=code)
            if code != -signal.SIGKILL:
                self._trace.write("bot ended by itself", code=code)
            await asyncio.sleep(RESTART_PAUSE_S)
            await self._start()
            await self._listening()

    async def _listening(self) -> None:
        process = self._process
        while process is not None and process.returncode is None:
            if self.is_ready():
                self.may_be_killed = True
                return
            await asyncio.sleep(0.05)


def _never() -> bool:
    return False
