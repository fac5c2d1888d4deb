"""`manifest`: what one pastes into Slack, made from the list of scopes and events."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from bot.commands.shared import add_command
from bot.slack.app_manifest import manifest

if TYPE_CHECKING:
    from bot.commands.shared import Commands

MORE = """\
Prints the manifest of Makegood's Slack app, as this release needs it: its commands, scopes and
events. Paste it at api.slack.com/apps, into a new app or into the one that you have; then install
the app again."""


def add(commands: Commands) -> None:
    """Add the command."""
    add_command(commands, "manifest", run, help="Print the manifest of the Slack app", more=MORE)


def run(options: argparse.Namespace) -> int:
    """Print it; no settings are needed."""
    sys.stdout.write(manifest())
    return 0
