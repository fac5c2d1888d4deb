"""Logging: one line for each event, which nothing that anybody typed can forge or break."""

from __future__ import annotations

import logging
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

QUIET = ("httpx", "slack_sdk", "slack_bolt", "dbos", "aiohttp", "sqlalchemy", "asyncio")
_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {
    "message",
    "asctime",
    "taskName",
    # What the durable engine adds to each of its records.
    "applicationID",
    "applicationVersion",
    "executorID",
    "operationUUID",
}


def printable(text: str) -> str:
    """Escape what a terminal would obey and not show: control, direction and line characters."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii")
        for char in text
    )


class LineFormatter(logging.Formatter):
    """`2026-11-23T10:15:00Z INFO bot.runner action finished reference=MG-7F3K-2Q9D`."""

    def __init__(self) -> None:
        super().__init__()

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line; an exception adds lines of its own."""
        when = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        line = f"{when} {record.levelname} {record.name} {printable(record.getMessage())}"
        extra = {name: value for name, value in vars(record).items() if name not in _STANDARD}
        for name, value in sorted(extra.items()):
            line += f" {name}={_value(value)}"
        if record.exc_info and record.exc_info[0] is not None:
            line += "\n" + self.formatException(record.exc_info)
        return line

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, ...],
    ) -> str:
        """Return where it happened and of what kind; its text may hold what a customer typed."""
        frames = traceback.extract_tb(ei[2] if len(ei) == 3 else None)
        lines = [f"    {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
        kind = ei[0].__name__ if ei[0] is not None else "nothing"
        return "\n".join([*lines, f"    {kind}"])


def set_up_logging(level: str) -> None:
    """Log to standard error from `level` up; libraries from WARNING up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LineFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    # The engine brings a handler of its own unless it finds one.
    engine = logging.getLogger("dbos")
    engine.handlers = [handler]
    engine.propagate = False


def _value(value: Any) -> str:
    text = printable(str(value))
    if text and not any(char in text for char in ' "='):
        return text
    return '"' + text.replace('"', '\\"') + '"'
