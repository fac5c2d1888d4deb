"""`backup`: both databases in one file, also while the bot is running."""

from __future__ import annotations

import argparse
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.shared import add_command, add_data_folder
from bot.config.settings import read_data_folder
from storage.backup import write_backup

if TYPE_CHECKING:
    from bot.commands.shared import Commands

MORE = """\
Writes the action log and the queue of the data folder to one new file that only you may read, also
while the bot is running, and checks both. It holds customers' orders, and no token. docs/backups.md
says how often, and how to try whether a backup can be restored."""


def add(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "backup", run, help="Back up the data folder", more=MORE)
    parser.add_argument("file", type=Path, metavar="FILE", help="the new file")
    add_data_folder(parser)


def run(options: argparse.Namespace) -> int:
    """Write the backup."""
    manifest = write_backup(options.data or read_data_folder(), options.file, version=_version())
    whose = f" of the store {manifest.store_hash}" if manifest.store_hash else ""
    size = options.file.stat().st_size
    print(f"Backed up{whose}, {len(manifest.files)} databases, {size:,} bytes: {options.file}")
    return 0


def _version() -> str:
    try:
        return version("makegood")
    except PackageNotFoundError:  # run from its sources
        return ""
