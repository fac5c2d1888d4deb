"""`sandbox`: the stand-in store and workspace alone, for a bot that is started separately."""

from __future__ import annotations

import argparse
import asyncio
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app import StartError
from bot.commands.shared import add_command, add_port, port_errors
from bot.process.logs import set_up_logging
from bot.sandbox.command import add_options, serve
from bot.sandbox.server import Sandbox
from bot.slack.app_manifest import manifest
from storage.data_folder.folder import DataFolder

if TYPE_CHECKING:
    from bot.commands.shared import Commands

DATA = Path("data/sandbox")
MORE = """\
Starts the made-up BigCommerce store and Slack workspace without the bot, and prints the settings
that connect a bot to them, as lines for a shell. Ctrl-C stops it."""


def add(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(
        commands, "sandbox", run, help="Start the made-up store and workspace alone", more=MORE
    )
    add_port(parser)
    parser.add_argument(
        "--data",
        type=Path,
        default=DATA,
        metavar="FOLDER",
        help="where it keeps what happens (default: %(default)s)",
    )
    add_options(parser)


def run(options: argparse.Namespace) -> int:
    """Run until a signal."""
    set_up_logging("WARNING")
    with closing(DataFolder(options.data)):
        sandbox = make_sandbox(
            port=options.port,
            data=options.data,
            reset=options.reset,
            journal=options.journal,
            start_over="--reset.",
        )
        # Its own folder: what was made up has no place in the log of a real store.
        bot_data = {"DATA": str(options.data.resolve() / "bot")}
        with port_errors(options.port, "--port "):
            asyncio.run(serve(sandbox, bot_data))
    return 0


def make_sandbox(
    *, port: int, data: Path, reset: bool, journal: Path | None = None, start_over: str
) -> Sandbox:
    """Return the sandbox with what it kept; `start_over` is how to forget it, if unreadable."""
    try:
        return Sandbox(manifest=manifest(), port=port, data=data, reset=reset, journal=journal)
    except (OSError, ValueError) as exc:
        raise StartError(
            f"What the sandbox kept in {data} cannot be read. Start over with {start_over}"
        ) from exc
