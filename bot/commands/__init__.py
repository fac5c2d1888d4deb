"""The commands of `python -m bot`, one module each, and what they have in common."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from bot.app import StartError
from bot.commands import check, demo, log, run, sandbox
from bot.settings import SettingsError
from storage import DataFolderError

DESCRIPTION = "Makegood: cancel, refund and make good BigCommerce orders without leaving Slack."
EPILOG = """\
Try it:        python -m bot demo
For real:      copy .env.example to .env, fill it in, then python -m bot check, python -m bot run
"""
COMMANDS = (demo, run, check, log, sandbox)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return the exit code: 0, 1 for something to fix, 2 for wrong settings."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.command(options)
    except SettingsError as exc:
        print(f"Makegood cannot start: settings are wrong.\n\n{exc}", file=sys.stderr)
        return 2
    except (StartError, DataFolderError) as exc:
        print(exc, file=sys.stderr)
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
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add(commands)
    return parser
