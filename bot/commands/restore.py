"""`restore`: a backup back into the data folder, while the bot does not run."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.shared import add_command, add_data_folder
from bot.config.settings import SettingsError, read_data_folder, read_settings
from storage.backup import restore_backup
from storage.data_folder.folder import DataFolder

if TYPE_CHECKING:
    from bot.commands.shared import Commands

MORE = """\
Puts a backup's databases into the data folder. Stop the bot first. What was there is kept in a
folder beside them. At its next start the bot reads from BigCommerce what was done since the backup,
writes it into the log, and says in the audit channel what it found, before it carries out
anything."""


def add(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "restore", run, help="Put a backup back", more=MORE)
    parser.add_argument("file", type=Path, metavar="FILE", help="a file that `backup` wrote")
    add_data_folder(parser)


def run(options: argparse.Namespace) -> int:
    """Restore the backup."""
    data = options.data or read_data_folder()
    folder = DataFolder(data)
    try:
        manifest, aside = restore_backup(data, options.file, store_hash=_store_hash())
    finally:
        folder.close()
    print(f"Restored the backup of {manifest.made_at[:16].replace('T', ' ')} UTC into {data}.")
    if aside is not None:
        print(f"What was there is kept in {aside}.")
    print("Start the bot: it first looks up in BigCommerce what was done since.")
    return 0


def _store_hash() -> str:
    """Return the store that the settings name, "" where they are not there yet."""
    try:
        return read_settings().bigcommerce_store_hash
    except SettingsError:
        return ""  # the bot compares it at its start
