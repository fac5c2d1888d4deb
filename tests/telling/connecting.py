"""How the bot comes to Slack, and back to it: what people wait for is that it listens again."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from asyncio.subprocess import PIPE, Process

from tests.telling.cases import PEACE
from tests.telling.stage import Stage, Stuck
from tests.telling.ways import PROJECT

# A socket that is lost is opened again after a look, every ten seconds.
CONNECTED_S = 90.0
STARTS = 6
OK, LOST = "Slack: ok", "Slack: no connection is open"


async def lose(stage: Stage) -> None:
    """Have Slack close every connection; see them come back, or `/health` say that none is."""
    await stage.world.workspace.post("faults", kind="disconnect")
    if stage.case.lasts:
        await stage.wait(lambda: _says(stage, LOST), LOST, CONNECTED_S)
    else:
        await come_back(stage)


async def come_back(stage: Stage) -> None:
    """See that the bot listens, and says so."""
    if stage.case.method != PEACE:
        await stage.wait(lambda: stage.strike.hits, "a connection to be asked for", CONNECTED_S)
    await stage.wait(lambda: _says(stage, OK), OK, CONNECTED_S)
    await stage.wait(lambda: _is_answered(stage), "somebody who listens", CONNECTED_S)


async def _is_answered(stage: Stage) -> bool:
    """Type a command; what was typed into a connection that ends is typed again."""
    return bool((await stage.agent.command("/makegood help"))["ok"])


async def _says(stage: Stage, words: str) -> bool:
    return words in await stage.world.health()


async def start(stage: Stage) -> None:
    """Start another bot, as often as a supervisor would; what Slack refuses it says, and ends."""
    for _ in range(STARTS):
        if await _is_started(stage):
            return
        if stage.case.lasts:
            return
    raise Stuck(f"not started in {STARTS} times")


async def start_at_last(stage: Stage) -> None:
    """Start it now that everything is well."""
    if "bot" in stage.facts:
        await _until_ok(stage, stage.facts["bot"])
    elif not await _is_started(stage):
        raise Stuck("not started although everything is well")


async def stop(stage: Stage) -> None:
    """End the other bot."""
    bot: Process | None = stage.facts.pop("bot", None)
    if bot is not None and bot.returncode is None:
        bot.terminate()
        await bot.communicate()


async def _is_started(stage: Stage) -> bool:
    """Start it; False: it ended, with words about Slack and without a token."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = stage.world.settings_of_another(stage.order_id, port)
    command = (sys.executable, "-m", "bot", "run")
    env = {**os.environ, **settings}
    bot = await asyncio.create_subprocess_exec(
        *command, cwd=PROJECT, env=env, stdout=PIPE, stderr=PIPE
    )
    stage.facts |= {"bot": bot, "port": port}
    if stage.case.lasts and not stage.is_lifted:
        # It ends, or it waits for a connection and says that it has none.
        await stage.wait(lambda: _is_ended_or_says(stage, bot, LOST), LOST, CONNECTED_S)
        if bot.returncode is None:
            return True
    elif await _until_ok(stage, bot):
        return True
    del stage.facts["bot"]
    said = "".join(part.decode() for part in await bot.communicate())
    if bot.returncode == 0 or "Slack" not in said or "Traceback" in said:
        raise Stuck(f"it ended with {bot.returncode}: {said[-400:]}")
    if any(settings[name] in said for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")):
        raise Stuck("it said a token")
    return False


async def _until_ok(stage: Stage, bot: Process) -> bool:
    await stage.wait(lambda: _is_ended_or_says(stage, bot, OK), OK, CONNECTED_S)
    return bot.returncode is None


async def _is_ended_or_says(stage: Stage, bot: Process, words: str) -> bool:
    return bot.returncode is not None or words in await stage.world.health(stage.facts["port"])
