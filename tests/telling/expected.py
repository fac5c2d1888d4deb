"""What has to stand in Slack at the end of a case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.telling.stage import Stage

Check = Callable[[Stage], Iterator["Finding"]]

UNTOLD = "an outcome untold"
TWICE = "an outcome told twice"
PLACE = "told in the wrong place"
NOTICE = "a notice untold"
NOTICES = "a notice told twice"
FALSE = "shown, and not so"
WAITING = "a window left waiting"
SILENT = "nobody heard of it"
LOG = "the log says otherwise"
INTERNAL = "internal error"
STUCK = "a person was stuck"
UNREACHED = "the trouble was never met"
UNSAID = "called, and no case of it"
KINDS_OF_FINDINGS = (
    *(UNTOLD, TWICE, PLACE, NOTICE, NOTICES, FALSE, WAITING, SILENT, LOG, INTERNAL, STUCK),
    *(UNREACHED, UNSAID),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Where what stands in Slack departs from the promise: its kind, one of the above, and what."""

    kind: str
    what: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that is no outcome: what it shows; it stands once.

    `is_line`: it is itself a line with a link. `is_nobodys`: where no channel can be reached, there
    is nobody to tell it to. `is_for_each`: then each who can decide is told, and each once.
    """

    texts: tuple[str, ...]
    is_line: bool = False
    is_nobodys: bool = False
    is_for_each: bool = False


@dataclass(frozen=True, slots=True)
class Expected:
    """`records` are the words of the outcomes; the order has a root message if `has_root`.

    `checks` are what else is looked at.
    """

    records: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    has_root: bool = True
    checks: tuple[Check, ...] = ()
