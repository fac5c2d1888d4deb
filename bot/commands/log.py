"""`log`: the action log, for reading."""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlite_utils import Database

from bot.commands.log_of_configuration import print_changes
from bot.commands.shared import add_command
from bot.config.settings import read_data_folder
from bot.process.logs import printable
from storage.data_folder.folder import DATABASE_FILE
from storage.data_folder.trouble import DataFolderError
from storage.database import read_database
from storage.log.action_log import ActionLog
from storage.log.entries import Entry
from storage.webhooks.external_changes import OutsideEvents

if TYPE_CHECKING:
    from bot.commands.shared import Commands

LIMIT = 20
REASON_WIDTH = 40
HEADINGS = ("ASKED (UTC)", "REFERENCE", "ORDER", "ACTION", "STATUS", "ACTOR", "REASON")
MORE = """\
Prints the latest requests, newest first; with a reference, everything about that one, event by
event; with an order, also what was changed outside the bot; with --configuration, who changed the
configuration in Makegood's Home tab, who confirmed it, and what was asked for and not confirmed. It
only reads, also while the bot is running."""


def add(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "log", run, help="Show what was asked, and what came", more=MORE)
    parser.add_argument(
        "reference", nargs="?", metavar="REFERENCE", help="one request, for example MG-7F3K-2Q9D"
    )
    parser.add_argument("--order", type=_number, metavar="N", help="only requests for this order")
    parser.add_argument(
        "--configuration",
        action="store_true",
        help="who changed the configuration, from what to what",
    )
    parser.add_argument(
        "--limit",
        type=_number,
        default=LIMIT,
        metavar="N",
        help="how many at most (default: %(default)s)",
    )
    parser.add_argument(
        "--data",
        type=Path,
        metavar="FOLDER",
        help="the bot's data folder (default: the setting DATA; the demo's is demo-data/bot)",
    )


def run(options: argparse.Namespace) -> int:
    """Print the log."""
    folder = options.data or read_data_folder()
    path = folder / DATABASE_FILE
    if not path.is_file():
        raise DataFolderError(
            f"There is no action log in the folder {folder}: the bot has not run with it yet."
            " --data names another one; the demo's is demo-data/bot."
        )
    try:
        with closing(read_database(path)) as db:
            if options.configuration:
                print_changes(db, options.limit)
                return 0
            code = _print(ActionLog(db), options)
            if options.order is not None:
                _print_outside(db, options.order)
            return code
    except sqlite3.Error as exc:
        raise DataFolderError(
            f"The action log {path} cannot be read: {exc}. Put back a backup of its folder."
        ) from exc


def _print(log: ActionLog, options: argparse.Namespace) -> int:
    if options.reference is not None:
        return _print_one(log, options.reference.strip().upper())
    if options.order is not None:
        nothing = f"Nothing was asked for order {options.order}."
        _print_table(log.of_order(options.order, options.limit), nothing)
    else:
        _print_table(log.recent(options.limit), "Nothing was asked yet.")
    return 0


def _print_table(entries: Sequence[Entry], nothing: str = "") -> None:
    if not entries:
        print(nothing)
        return
    rows = [HEADINGS, *(_row(entry) for entry in entries)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())


def _row(entry: Entry) -> tuple[str, ...]:
    reason = printable(str(entry.request.get("reason") or ""))
    if len(reason) > REASON_WIDTH:
        reason = f"{reason[: REASON_WIDTH - 1]}…"
    order = "-" if entry.order_id is None else str(entry.order_id)
    return (
        _time(entry.asked_at),
        entry.reference,
        order,
        entry.action,
        entry.status or ("waits for approval" if entry.is_waiting else "under way"),
        entry.actor_id,
        reason,
    )


def _print_outside(db: Database, order_id: int) -> None:
    """Print what was changed outside the bot; an older file has no place for that."""
    if "outside_events" not in db.table_names():
        return
    events = OutsideEvents(db).of_order(order_id)
    if events:
        print("\nChanged outside Makegood:")
    for event in events:
        print(printable(f"{_time(event.happened_at)}  {event.said}"))


def _print_one(log: ActionLog, reference: str) -> int:
    entry = log.find(reference)
    if entry is None:
        print(
            f"There is no request {printable(reference)} in this log."
            " Without a reference, the latest ones are listed.",
            file=sys.stderr,
        )
        return 1
    _print_table([entry])
    if entry.outcome is not None:
        print()
        print(printable(f"{entry.outcome['message']} {entry.outcome['next_step']}".rstrip()))
    print()
    for event in log.events(reference):
        detail = json.dumps(event.detail, ensure_ascii=False)
        print(printable(f"{_time(event.at)}  {event.event:<13}  {detail}"))
    return 0


def _number(text: str) -> int:
    digits = text.strip().removeprefix("#")
    # SQLite holds no more than 18 digits for sure, and no order has so many.
    if not digits.isascii() or not digits.isdigit() or len(digits) > 18 or int(digits) < 1:
        raise argparse.ArgumentTypeError("a whole number from 1 is needed here")
    return int(digits)


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S")
