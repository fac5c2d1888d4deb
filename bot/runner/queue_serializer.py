"""What the durable queue may hold: references in JSON, and nothing else is ever read out of it.

DBOS pickles by default, and it unpickles whatever a row says is pickled, also where it was given
another serializer. Whoever can write the queue's file, or supplies a backup, would run code at the
next start. So its own serializer is taken out of its place as well: no way leads to pickle any
more, and a row that says otherwise fails. The request itself is in the action log.
"""

from __future__ import annotations

import json
import re
import sqlite3
from typing import Any

# Private, and there is no public way: the functions of this module look the name up in it.
from dbos import _serialization
from dbos._serialization import Serializer

FORMAT = "makegood_json"
REFERENCE = re.compile(r"[A-Z0-9-]{1,40}", re.ASCII)
# What is written is far shorter; JSON that is nested for megabytes is not even parsed.
LONGEST = 1000
TOLD_BY_QUEUE = "tell_again"
_OF_WORKFLOWS = ("operation_outputs", "workflow_input", "workflow_output")
# The bot never fills these.
_UNUSED = (
    "notifications",
    "streams",
    "workflow_events",
    "workflow_events_history",
    "workflow_schedules",
)


class NotOurs(ValueError):
    """A value of the queue that is none of the bot's: it is refused."""


class QueueFailure(Exception):
    """What broke in an earlier process; the queue keeps the kind of an error, never its text."""


class QueueValues(Serializer):
    """JSON of three shapes: a workflow's inputs (one reference), nothing, and an error's kind."""

    def name(self) -> str:
        """Return what each row is marked with."""
        return FORMAT

    def serialize(self, data: Any) -> str:
        """Return the value as JSON; raises NotOurs for one that the bot does not put in."""
        if data is None:
            return "null"
        if isinstance(data, BaseException):
            return json.dumps({"error": type(data).__name__})
        match data:
            case {"args": (str(reference),), "kwargs": named} if len(data) == 2 and not named:
                return json.dumps({"reference": _reference(reference)})
        raise NotOurs

    def deserialize(self, serialized_data: str) -> Any:
        """Return the value again; raises NotOurs for everything that `serialize` does not make."""
        if not isinstance(serialized_data, str) or len(serialized_data) > LONGEST:
            raise NotOurs
        try:
            found = json.loads(serialized_data)
        except (ValueError, RecursionError) as exc:
            raise NotOurs from exc
        match found:
            case None:
                return None
            case {"reference": str(reference)} if len(found) == 1:
                return {"args": (_reference(reference),), "kwargs": {}}
            case {"error": str(kind)} if len(found) == 1:
                return QueueFailure(kind)
        raise NotOurs


def never_unpickle() -> None:
    """Take pickle out of DBOS, for this process; done before anything of a queue is read.

    A row that is marked `py_pickle` then fails as one of a form that there is not.
    """
    _serialization.DBOSDefaultSerializer = QueueValues()


def check_input(reference: Any, workflow_id: str) -> None:
    """Raise NotOurs unless a workflow got the reference that its id begins with.

    A row may also be marked with DBOS's form for other languages, which holds any JSON.
    """
    if not isinstance(reference, str) or workflow_id.partition(".")[0] != _reference(reference):
        raise NotOurs


def drop_foreign_rows(connection: sqlite3.Connection) -> int:
    """Delete what is not the bot's and return how many workflows that were.

    So go the pickled ones of the first releases, whatever a backup brought along, and what earlier
    releases told by the queue. The log has what was asked for, and the sweep puts it in line again.
    """
    with connection:
        dropped = connection.execute(
            "DELETE FROM workflow_status WHERE serialization IS NOT ? OR name = ?",
            [FORMAT, TOLD_BY_QUEUE],
        ).rowcount
        connection.execute("DELETE FROM operation_outputs WHERE serialization IS NOT ?", [FORMAT])
        for table in _OF_WORKFLOWS:
            connection.execute(
                f"DELETE FROM {table} WHERE workflow_uuid"  # noqa: S608 - a name of this module
                " NOT IN (SELECT workflow_uuid FROM workflow_status)"
            )
        for table in _UNUSED:
            connection.execute(f"DELETE FROM {table}")  # noqa: S608 - as above
    return dropped


def _reference(text: str) -> str:
    if REFERENCE.fullmatch(text) is None:
        raise NotOurs
    return text
