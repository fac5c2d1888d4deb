"""What several commands need: help that reads well, and an end on Ctrl-C or SIGTERM."""

from __future__ import annotations

import argparse
import asyncio
import errno
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app import Makegood, StartError

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

SIGNALS = (signal.SIGINT, signal.SIGTERM)
PORT = 8700
MAX_PORT = 65535
SQLITE_NEEDED = (3, 42)


class HelpText(argparse.HelpFormatter):
    """Help whose paragraphs are as wide as the terminal."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        fill = super()._fill_text
        return "\n\n".join(fill(paragraph, width, indent) for paragraph in text.split("\n\n"))


def add_command(
    commands: Commands, name: str, run: Callable[[argparse.Namespace], int], *, help: str, more: str
) -> argparse.ArgumentParser:
    """Add a sub-command; `help` is its line in the list, `more` what its own help explains."""
    parser = commands.add_parser(
        name, help=help, description=f"{help}.\n\n{more}", formatter_class=HelpText
    )
    parser.set_defaults(command=run)
    return parser


def add_data_folder(parser: argparse.ArgumentParser) -> None:
    """Add `--data`."""
    parser.add_argument(
        "--data", type=Path, metavar="FOLDER", help="the data folder (default: the setting DATA)"
    )


def add_port(parser: argparse.ArgumentParser) -> None:
    """Add `--port`."""
    parser.add_argument(
        "--port",
        type=_port,
        default=PORT,
        metavar="N",
        help="the port to listen on, on this machine only (default: %(default)s; 0: any free one)",
    )


@contextmanager
def stop_signals() -> Iterator[asyncio.Event]:
    """Set the event on the first Ctrl-C or SIGTERM; a second one ends the process at once."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()

    def once() -> None:
        stop.set()
        for number in SIGNALS:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)

    for number in SIGNALS:
        loop.add_signal_handler(number, once)
    try:
        yield stop
    finally:
        for number in SIGNALS:
            loop.remove_signal_handler(number)


def check_sqlite(
    python: tuple[int, ...] = sys.version_info[:2],
    sqlite: tuple[int, ...] = sqlite3.sqlite_version_info,
) -> None:
    """Raise StartError where the durable engine would fail.

    From Python 3.12 on DBOS writes its times with unixepoch('subsec'), which older SQLites answer
    with NULL (https://sqlite.org/lang_datefunc.html).
    """
    if python >= (3, 12) and sqlite < SQLITE_NEEDED:
        raise StartError(
            f"This Python {'.'.join(map(str, python))} brings SQLite"
            f" {'.'.join(map(str, sqlite))}, and Makegood needs SQLite 3.42 or newer with it."
            " Use Python 3.11, or a Python with a newer SQLite: remove .venv, then"
            " make install PYTHON=python3.11"
        )


async def run_until(stop: asyncio.Event, bot: Makegood, ready: str = "") -> None:
    """Start the bot, print `ready`, and close it when `stop` is set, also while it starts."""
    check_sqlite()
    stopped = asyncio.create_task(stop.wait())
    starting = asyncio.create_task(bot.start())
    try:
        await asyncio.wait({stopped, starting}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
            if ready:
                print(ready, flush=True)
            await stopped
    finally:
        for task in (stopped, starting):
            task.cancel()
        await asyncio.gather(stopped, starting, return_exceptions=True)
        await bot.close()


@contextmanager
def port_errors(port: int, choice: str) -> Iterator[None]:
    """Say in words that a port cannot be used; `choice` is how to choose another one."""
    try:
        yield
    except OSError as exc:
        if exc.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        taken = exc.errno == errno.EADDRINUSE
        why = "in use" if taken else "not open to this user"
        other = port + 1 if taken and port < MAX_PORT else PORT
        raise StartError(f"Port {port} is {why}. Choose another one: {choice}{other}") from exc


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > MAX_PORT:
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to {MAX_PORT}")
    return int(text)
