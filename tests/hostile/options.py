"""The command line of a campaign."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]
MORE = """\
Stands between the bot and the sandbox's store, does every action again and again, and each time
changes one answer: a documented status, a field that is null, missing, of another type or value, a
list that is empty or has an entry twice, an earlier answer, no body, HTML, another shape. Writes
are answered so before and after their effect took place. Then it holds what the bot logged, told
and showed against the store's books, and prints one table. It ends with 1 when anything departs.

All cases are in one order that follows from the seed; any beginning of it is a fair sample. A case
has a name that stays the same, and can be done again by it."""


@dataclass(frozen=True, slots=True)
class Options:
    """What to do. `cases` names some and nothing else counts; `count` 0 is all there are."""

    seed: int = 1
    start: int = 0
    count: int = 3000
    jobs: int = 2
    actions: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    proves: bool = False
    worker: Path | None = None
    build: Path = PROJECT / "build" / "hostile"


def parse(arguments: list[str] | None = None) -> Options:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.hostile",
        description=f"The bot before a store that answers anything.\n\n{MORE}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--seed", type=int, default=1, metavar="N", help="which cases, in which order (default: 1)")
    add("--from", type=int, default=0, metavar="N", dest="start", help="leave out so many")
    add("--count", type=int, default=3000, metavar="N", help="do so many, 0: all (default: 3000)")
    add("--jobs", type=int, default=2, metavar="N", help="bots at work at once (default: 2)")
    add(
        "--action", action="append", default=[], metavar="NAME", help="only this action; repeatable"
    )
    add("--kind", action="append", default=[], metavar="NAME", help="only such changes; repeatable")
    add("--case", action="append", default=[], metavar="ID", help="do this case; repeatable")
    add("--prove", action="store_true", help="run a copy that compares nothing, and end with 0 when"
        " the campaign tells")  # fmt: skip
    add("--worker", type=Path, metavar="FILE", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    return Options(
        seed=given.seed,
        start=given.start,
        count=given.count,
        jobs=given.jobs,
        actions=tuple(given.action),
        kinds=tuple(given.kind),
        cases=tuple(given.case),
        proves=given.prove,
        worker=given.worker,
    )
