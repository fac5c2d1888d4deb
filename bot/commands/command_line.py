"""The commands of `python -m bot`, one module each, and what they have in common."""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
from collections.abc import Sequence

from bot.app import StartError
from bot.commands import backup, check, demo, log, manifest, restore, run, sandbox, webhooks
from bot.commands.shared import HelpText
from bot.config.settings import SettingsError
from storage.data_folder.trouble import DataFolderError

DESCRIPTION = "Makegood: cancel, refund and make good BigCommerce orders without leaving Slack."
EPILOG = """\
To try it: python -m bot demo

For real: copy .env.example to .env and fill it in, then python -m bot check, then
python -m bot run
"""
WHERE = """\
Settings are read from the environment and from the file .env in this folder;
.env.example lists them all. To try Makegood without any: python -m bot demo"""
COMMANDS = (demo, run, check, webhooks, log, backup, restore, manifest, sandbox)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return the exit code: 0, 1 for something to fix, 2 for wrong settings."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help(sys.stderr)
        return 2
    # Whatever is written holds customers' orders: it is for its owner alone.
    os.umask(0o077)
    try:
        code: int = options.command(options)
    except SettingsError as exc:
        print(f"Some settings are not right yet.\n\n{exc}\n\n{WHERE}", file=sys.stderr)
        return 2
    except (StartError, DataFolderError) as exc:
        print(exc, file=sys.stderr)
        return 1
    except sqlite3.Error as exc:
        print(
            f"A database in the data folder cannot be used: {exc}. Put back a backup of the folder,"
            " or choose another one with the setting DATA.",
            file=sys.stderr,
        )
        return 1
    except BrokenPipeError:
        # `python -m bot log | head` has seen enough.
        sys.stderr.close()
        return 0
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=HelpText,
    )
    parser.set_defaults(command=None)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    return parser
