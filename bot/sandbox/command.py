"""The sandbox from the command line: alone, for a bot that is started separately."""

from __future__ import annotations

import argparse
import asyncio
import shlex
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.sandbox.server import Sandbox

PORT = 8700
DESCRIPTION = """\
Starts a made-up BigCommerce store and Slack workspace on this machine, and prints the settings
that connect a bot to them, as lines for a shell. Ctrl-C stops it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until a signal; returns the exit code, 1 when it cannot start."""
    options = _parser().parse_args(arguments)
    try:
        sandbox = Sandbox(
            manifest=options.manifest.read_text(encoding="utf-8"),
            port=options.port,
            data=options.data,
            reset=options.reset,
            journal=options.journal,
        )
        asyncio.run(serve(sandbox, {}))
    except (OSError, ValueError) as exc:
        sys.stderr.write(f"The sandbox cannot start: {exc}\n")
        return 1
    return 0


async def serve(sandbox: Sandbox, more: Mapping[str, str]) -> None:
    """Start it, print the settings for a bot, with `more` of them, and close it on a signal."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await sandbox.start()
    try:
        lines = [f"# The workspace in your browser: {sandbox.url}"]
        settings = {**sandbox.environment(), **more}
        lines += [f"export {name}={shlex.quote(value)}" for name, value in settings.items()]
        sys.stdout.write("\n".join([*lines, "# Ctrl-C stops it.", ""]))
        sys.stdout.flush()
        await stop.wait()
    finally:
        await sandbox.close()


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what can be said of what it keeps."""
    parser.add_argument("--reset", action="store_true", help="forget what happened and start over")
    parser.add_argument(
        "--journal",
        type=Path,
        metavar="FILE",
        help="append every exchange with the store to this file, as JSON lines without the token",
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description=DESCRIPTION)
    parser.add_argument(
        "--port",
        type=int,
        default=PORT,
        metavar="N",
        help="the port to listen on, on this machine only (default: %(default)s; 0: any free one)",
    )
    parser.add_argument(
        "--manifest",
        type=Path,
        default=Path("manifest.yml"),
        metavar="FILE",
        help="what the bot's Slack app is installed with (default: %(default)s in this folder)",
    )
    parser.add_argument(
        "--data",
        type=Path,
        metavar="FOLDER",
        help="where it keeps what happens (default: nowhere)",
    )
    add_options(parser)
    return parser
