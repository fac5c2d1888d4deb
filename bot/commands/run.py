"""`run`: the bot for real."""

from __future__ import annotations

import argparse
import asyncio
import os
from typing import TYPE_CHECKING

from bot.app import Makegood
from bot.commands.shared import add_command, run_until, stop_signals
from bot.config.settings import read_settings
from bot.process.logs import set_up_logging

if TYPE_CHECKING:
    from bot.commands.shared import Commands

MORE = """\
Reads the settings from the environment and from .env (see .env.example), connects to Slack by
Socket Mode and takes up whatever was unfinished when it stopped. It needs no open port.
Ctrl-C or SIGTERM lets running actions come to their end, for up to 20 seconds."""


def add(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "run", run, help="Run the bot", more=MORE)
    parser.add_argument(
        "--new-app",
        action="store_true",
        help="once, when the Slack app was made anew: the data folder goes over to the new one",
    )


def run(options: argparse.Namespace) -> int:
    """Run until a signal."""
    settings = read_settings()
    set_up_logging(settings.log_level)
    # Read already; Bolt would take it for a second token and warn at every start.
    os.environ.pop("SLACK_BOT_TOKEN", None)
    asyncio.run(_run(Makegood(settings, is_new_app=options.new_app)))
    return 0


async def _run(bot: Makegood) -> None:
    with stop_signals() as stop:
        await run_until(stop, bot)
