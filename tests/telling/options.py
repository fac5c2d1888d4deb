"""The command line of a campaign."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]
MORE = """\
Stands between the bot and the sandbox's Slack. Has each kind of message come about again and again,
and answers the calls for it with every error code that is documented for them and with one that is
not, with 429, 503 and no answer; before and after the work of the call was done; once, a few times,
for long, and for ever. Then it holds what stands in the workspace against what had to be told, and
prints a table. It ends with 1 when anything departs.

All cases are in one order that follows from the seed; any beginning of it is a fair sample. A case
has a name that stays the same, and can be done again by it."""


@dataclass(frozen=True, slots=True)
class Options:
    """What to do. `cases` names some and nothing else counts; `count` 0 is all there are."""

    seed: int = 1
    start: int = 0
    count: int = 600
    jobs: int = 4
    every_code: bool = False
    methods: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    proves: str = ""
    worker: Path | None = None
    build: Path = PROJECT / "build" / "telling"


def parse(arguments: list[str] | None = None) -> Options:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.telling",
        description=f"The bot before a Slack that answers anything.\n\n{MORE}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--seed", type=int, default=1, metavar="N", help="which cases, in which order (default: 1)")
    add("--from", type=int, default=0, metavar="N", dest="start", help="leave out so many")
    add("--cases", type=int, default=600, metavar="N", help="do so many, 0: all (default: 600)")
    add("--jobs", type=int, default=4, metavar="N", help="bots at work at once (default: 4)")
    add("--every-code", action="store_true", help="each code in each place, not each way of codes")
    add("--only", action="append", default=[], metavar="METHOD", help="this method; repeatable")
    add("--kind", action="append", default=[], metavar="NAME", help="such messages; repeatable")
    add("--code", action="append", default=[], metavar="NAME", help="this answer; repeatable")
    add("--case", action="append", default=[], metavar="NAME", help="do this case; repeatable")
    add("--prove", default="", choices=("falling", "reading-back"), help="run a copy without that,"
        " and end with 0 when the campaign tells")  # fmt: skip
    add("--worker", type=Path, metavar="FILE", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    return Options(
        seed=given.seed,
        start=given.start,
        count=given.cases,
        jobs=given.jobs,
        every_code=given.every_code,
        methods=tuple(given.only),
        kinds=tuple(given.kind),
        codes=tuple(given.code),
        cases=tuple(given.case),
        proves=given.prove,
        worker=given.worker,
    )
