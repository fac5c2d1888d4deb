"""`check`: the connection from end to end."""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from bot.check.everything import check_everything
from bot.commands.shared import add_command
from bot.config.configuration import Configuration
from bot.config.installation import defaults, live_configuration
from bot.config.settings import Settings, read_settings
from bot.process.logs import printable, set_up_logging
from storage.data_folder.folder import DATABASE_FILE
from storage.database import read_database

if TYPE_CHECKING:
    from bot.commands.shared import Commands

MORE = """\
Looks at the settings, whether actions are activated, both Slack tokens, the scopes, the channel,
the store, its token's scopes, the clock, the webhooks and, where Makegood sends e-mail, the mail
server, and says in plain words what to fix. It changes nothing. A NOTE is nothing
broken: that the actions are not activated, or that nothing limits them. The exit code is 0 when
nothing must be fixed, 1 when something must be, 2 when settings are missing."""


def add(commands: Commands) -> None:
    """Add the command."""
    add_command(
        commands, "check", run, help="Check the connection to Slack and BigCommerce", more=MORE
    )


def run(options: argparse.Namespace) -> int:
    """Print the findings."""
    settings = read_settings()
    set_up_logging("ERROR")
    return asyncio.run(_run(settings))


def _configuration(settings: Settings) -> Configuration:
    """Return what is configured; before the bot has run, that is what the settings say."""
    path = settings.data / DATABASE_FILE
    if not path.is_file():
        return defaults(settings)
    try:
        with closing(read_database(path)) as db:
            return live_configuration(settings, db).current()
    except sqlite3.Error:  # kept by an older version, which had nothing to configure
        return defaults(settings)


async def _run(settings: Settings) -> int:
    to_fix = to_note = 0
    async for finding in check_everything(settings, _configuration(settings)):
        to_fix += bool(finding.fix)
        to_note += finding.is_note
        print(printable(str(finding)), flush=True)
    if to_fix:
        print(f"\n{to_fix} to fix.")
        return 1
    if to_note:
        print(f"\nNothing to fix, {to_note} to note: python -m bot run")
        return 0
    print("\nAll is well: python -m bot run")
    return 0
