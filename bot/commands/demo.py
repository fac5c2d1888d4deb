"""`demo`: the bot against the sandbox that ships with it, in one process."""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app import Makegood
from bot.commands.common import add_command, add_port, port_errors, run_until, stop_signals
from bot.logs import set_up_logging
from bot.sandbox.server import HOST, Sandbox
from bot.settings import read_settings
from storage import DataFolder

if TYPE_CHECKING:
    from bot.commands.common import Commands

PORT = 8700
DATA = Path("demo-data")
MORE = """\
Starts a made-up BigCommerce store, a made-up Slack workspace with a page for your browser, and the
bot, connected to both exactly as it is in production. It needs no tokens and asks nothing; what
happens stays on this machine, in one folder. Ctrl-C stops it."""
READY = """\
Makegood's demo is running.

  Open   {url}
  Data   {data} (kept; --reset starts over)

Ctrl-C stops it."""


def add(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "demo", run, help="Try Makegood in your browser", more=MORE)
    add_port(parser, PORT)
    parser.add_argument(
        "--data",
        type=Path,
        default=DATA,
        metavar="FOLDER",
        help="where the demo keeps what happens (default: %(default)s)",
    )
    parser.add_argument("--reset", action="store_true", help="forget what happened and start over")


def run(options: argparse.Namespace) -> int:
    """Run until a signal."""
    set_up_logging("WARNING")
    # The demo has its own; Bolt would look at this one, too.
    os.environ.pop("SLACK_BOT_TOKEN", None)
    asyncio.run(_run(options.port, options.data.resolve(), reset=options.reset))
    return 0


async def _run(port: int, data: Path, *, reset: bool) -> None:
    with stop_signals() as stop:
        with port_errors(port, "demo"):
            # Before anything of a demo that may be running is touched.
            socket.create_server((HOST, port)).close()
        with closing(DataFolder(data)):
            await _run_both(port, data, stop, reset=reset)


async def _run_both(port: int, data: Path, stop: asyncio.Event, *, reset: bool) -> None:
    bot_data = data / "bot"
    if reset:
        _forget(bot_data)
    with port_errors(port, "demo"):
        sandbox = Sandbox(port=port, data=data / "sandbox", reset=reset)
        await sandbox.start()
    try:
        bot = Makegood(read_settings({**sandbox.environment(), "DATA": str(bot_data)}))
        await run_until(stop, bot, READY.format(url=sandbox.url, data=data))
    finally:
        await sandbox.close()


def _forget(folder: Path) -> None:
    """Delete the bot's databases, and nothing else that may be in the folder."""
    for path in folder.glob("*.sqlite*"):
        path.unlink()
