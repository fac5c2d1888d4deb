"""`demo`: the bot against the sandbox that ships with it, in one process."""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app import Makegood, StartError
from bot.commands.demo_webhooks import webhook_settings
from bot.commands.sandbox import make_sandbox
from bot.commands.shared import add_command, add_port, port_errors, run_until, stop_signals
from bot.config.configuration import People
from bot.config.settings import read_settings
from bot.process.logs import printable, set_up_logging
from bot.sandbox.mail_catcher import MailCatcher
from bot.sandbox.server import HOST
from bot.sandbox.slack.seed import BEN, CHIARA, TEAM
from storage.configuration.history import ConfigurationLog
from storage.data_folder.folder import DATABASE_FILE, DataFolder
from storage.data_folder.trouble import DataFolderError
from storage.database import open_database

if TYPE_CHECKING:
    from bot.commands.shared import Commands

DATA = Path("demo-data")
OTHER_PORT = "make demo PORT=N or --port N, for example "
START_OVER = "make demo RESET=1, or --reset."
MORE = """\
Starts a made-up BigCommerce store, a made-up Slack workspace with a page for your browser, and the
bot, connected to both exactly as it is in production. It needs no tokens and asks nothing; what
happens stays on this machine, in one folder. Ctrl-C stops it."""
READY = """\
Makegood's demo is running.

  Open   {url}
  Try    /order 1042 in the message box
  Data   {data}, kept; to start over: make demo RESET=1, or --reset

Ctrl-C stops it."""


def add(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "demo", run, help="Try Makegood in your browser", more=MORE)
    add_port(parser)
    parser.add_argument(
        "--data",
        type=Path,
        default=DATA,
        metavar="FOLDER",
        help="where the demo keeps what happens (default: %(default)s)",
    )
    parser.add_argument(
        "--mail",
        action="store_true",
        help="let the bot e-mail customers itself; what it sends is printed here and goes nowhere",
    )
    parser.add_argument("--reset", action="store_true", help="forget what happened and start over")


def run(options: argparse.Namespace) -> int:
    """Run until a signal."""
    set_up_logging("WARNING")
    # The demo has its own; Bolt would look at this one, too.
    os.environ.pop("SLACK_BOT_TOKEN", None)
    asyncio.run(_run(options.port, options.data.resolve(), reset=options.reset, mail=options.mail))
    return 0


async def _run(port: int, data: Path, *, reset: bool, mail: bool) -> None:
    with stop_signals() as stop:
        with port_errors(port, OTHER_PORT):
            # Before anything of a demo that may be running is touched.
            socket.create_server((HOST, port)).close()
        with closing(DataFolder(data)):
            async with _mail_settings(mail) as settings:
                await _run_both(port, data, stop, settings, reset=reset)


@asynccontextmanager
async def _mail_settings(is_on: bool) -> AsyncIterator[dict[str, str]]:
    """Run a mail server that prints what it is given, and give the settings that name it."""
    if not is_on:
        # Whatever the environment says: the demo sends nothing to anybody.
        yield {"NOTIFICATIONS": "bigcommerce"}
        return
    catcher = MailCatcher(_print_mail)
    await catcher.start()
    try:
        yield {
            "NOTIFICATIONS": "email",
            "SMTP_HOST": HOST,
            "SMTP_PORT": str(catcher.port),
            "SMTP_SECURITY": "none",
            # Not those of the real mail server, which may be in the environment.
            **dict.fromkeys(("SMTP_USER", "SMTP_PASSWORD", "MAIL_FROM"), ""),
        }
    finally:
        await catcher.close()


def _print_mail(message: EmailMessage) -> None:
    text = message.get_body(("plain",))
    lines = [f"{name}: {message[name]}" for name in ("From", "To", "Subject")]
    lines += ["", *(str(text.get_content()).rstrip().splitlines() if text else [])]
    print("\nAn e-mail to a customer, which goes nowhere:\n", flush=True)
    print("\n".join(f"  {printable(line)}".rstrip() for line in lines), flush=True)


async def _run_both(
    port: int, data: Path, stop: asyncio.Event, settings: dict[str, str], *, reset: bool
) -> None:
    bot_data = data / "bot"
    if reset:
        _forget(bot_data)
    sandbox = make_sandbox(port=port, data=data / "sandbox", reset=reset, start_over=START_OVER)
    with port_errors(port, OTHER_PORT):
        await sandbox.start()
    try:
        _activate(bot_data)
        hooks = await webhook_settings(sandbox)
        given = {**sandbox.environment(), **hooks, "DATA": str(bot_data), **settings}
        bot = Makegood(read_settings(given))
        await run_until(stop, bot, READY.format(url=sandbox.url, data=data))
    except (DataFolderError, sqlite3.Error) as exc:
        why = str(exc) if isinstance(exc, DataFolderError) else f"{data} cannot be used: {exc}."
        raise StartError(f"{why} To forget what the demo kept: {START_OVER}") from exc
    finally:
        await sandbox.close()


def _activate(folder: Path) -> None:
    """Set up what the shop's admin would, so that there is something to try; approvals too."""
    db = open_database(folder / DATABASE_FILE)
    with closing(db):
        log = ConfigurationLog(db)
        if not log.latest():
            nobody = People().model_dump(mode="json")
            for section, before, value in (
                ("activated", False, True),
                ("approvers", nobody, {**nobody, "user_ids": [BEN.id, CHIARA.id]}),
                ("approval_above", None, "160.00"),
            ):
                log.change(section, before, value, team_id=TEAM.id, actor_id=CHIARA.id)


def _forget(folder: Path) -> None:
    """Delete the bot's databases, and nothing else that may be in the folder."""
    for path in folder.glob("*.sqlite*"):
        path.unlink()
