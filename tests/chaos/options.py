"""The command line of a campaign."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]
MORE = """\
Starts the sandbox and the bot as processes, has three people ask for refunds, cancellations and
discount codes, some of which a second person must approve, and meanwhile kills the bot, loses
answers, delivers twice and lets both platforms break down. Another app gives money back, which
webhooks tell of, and the mail server takes letters or does not. Then it counts, from the sandbox's
books, what became of every request, and prints one table. It ends with 1 when anything departs
from the promise, and keeps a trace of it.

With --rules, limits and approvals are on, and nine people would walk around them: they split, race,
replay and forge, loosen the rules alone, and press on while rules and people change. What left is
counted from the store's books and from what went over the wire, the bot's log is not asked, and it
is held against the rules that were in force at that moment.

Everything follows from the seed; how the processes happen to be timed does not."""


@dataclass(frozen=True, slots=True)
class Options:
    """What to do. None: a kill for every eight actions, a calamity for every fifty."""

    seed: int = 1
    actions: int = 300
    kills: int | None = None
    calamities: int | None = None
    port: int = 0
    minutes: float = 20.0
    project: Path = PROJECT
    build: Path = PROJECT / "build" / "chaos"
    keeps_trace: bool = False
    proves: str = ""
    is_quiet: bool = False
    has_rules: bool = False

    @property
    def most_calamities(self) -> int:
        """How often something befalls the data folder."""
        return self.actions // 50 if self.calamities is None else self.calamities

    @property
    def most_kills(self) -> int:
        """How often the bot may be killed."""
        return self.actions // 8 if self.kills is None else self.kills


def parse(arguments: list[str] | None = None) -> Options:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.chaos",
        description=f"The bot under faults.\n\n{MORE}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--seed", type=int, default=1, metavar="N", help="what goes wrong when (default: 1)")
    add(
        "--rules",
        action="store_true",
        help="with limits and approvals on, and nine people who would walk around them",
    )
    add("--actions", type=int, default=300, metavar="N", help="things to ask for (default: 300)")
    add("--kills", type=int, metavar="N", help="kill the bot at most so often (default: 1 in 8)")
    add(
        "--calamities",
        type=int,
        metavar="N",
        help="so often, an older backup is put back, a copy runs or the folder is deleted"
        " (default: 1 in 50)",
    )
    add("--port", type=int, default=0, metavar="N", help="the gate's port (default: a free one)")
    add("--minutes", type=float, default=20.0, metavar="M", help="stop asking then (default: 20)")
    add(
        "--project",
        type=Path,
        default=PROJECT,
        metavar="FOLDER",
        help="the copy of Makegood to run (default: this one)",
    )
    add("--trace", action="store_true", help="keep the trace even when all is well")
    add(
        "--prove",
        nargs="?",
        const="claim",
        default="",
        choices=("approval", "claim", "sums"),
        help="run a copy that forgets what it has sent (claim), lets people approve their own"
        " requests (approval), or judges each request by itself (sums, with --rules), and end with"
        " 0 when the count tells",
    )
    given = parser.parse_args(arguments)
    return Options(
        seed=given.seed,
        actions=given.actions,
        kills=given.kills,
        calamities=given.calamities,
        port=given.port,
        minutes=given.minutes,
        project=given.project.resolve(),
        keeps_trace=given.trace,
        proves=given.prove,
        has_rules=given.rules,
    )
