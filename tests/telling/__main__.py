"""`python -m tests.telling`: a campaign, its tables, and 1 when anything departs."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable

from tests.telling.campaign import Campaign, Result
from tests.telling.cases import PEACE, Case, all_cases
from tests.telling.kinds import KINDS
from tests.telling.options import Options, parse
from tests.telling.report import findings, table
from tests.telling.scratch import prove
from tests.telling.workers import share, to_line, work

PROGRESS_EVERY_S = 10.0


def main() -> int:
    """Run a campaign and print its tables."""
    options = parse()
    if options.worker is not None:
        asyncio.run(work(options.worker.read_text(encoding="utf-8").splitlines()))
        return 0
    if options.proves:
        return prove(options)
    options.build.mkdir(parents=True, exist_ok=True)
    results = asyncio.run(run(options))
    print("\n" + table(f"The bot before a hostile Slack: seed {options.seed}", results))
    found = findings(results)
    if found:
        print("\n" + "\n".join(found))
        print("\nEach is done again by: python -m tests.telling --case NAME")
    return 1 if found else 0


def chosen(options: Options) -> list[Case]:
    """Return the cases that are meant."""
    if options.cases:
        return [Case.of(name) for name in options.cases]
    uses = [
        (kind.name, use)
        for kind in KINDS.values()
        for use in kind.uses
        if not options.kinds or kind.name in options.kinds
        if not options.methods or use.method in options.methods
    ]
    cases = all_cases(uses, options.seed, every_code=options.every_code)
    # A world whose clock goes on is of no more use, so it is not asked for one case alone.
    cases = [case for case in cases if not (case.is_shared and KINDS[case.kind].hours)]
    if not options.methods or PEACE in options.methods:
        names = options.kinds or KINDS
        cases = [*(Case(name, PEACE, "clean") for name in names), *cases]
    if options.codes:
        cases = [case for case in cases if case.code in options.codes]
    end = options.start + options.count if options.count else len(cases)
    print(
        f"{len(cases[options.start : end])} of {len(cases)} cases, seed {options.seed}", flush=True
    )
    return cases[options.start : end]


async def run(options: Options) -> list[Result]:
    """Do the cases that are meant, and keep every result in the build folder."""
    cases = chosen(options)
    if options.cases:
        return await Campaign(lambda result: None).run(cases)
    file = options.build / f"seed-{options.seed}-from-{options.start}.jsonl"
    with file.open("w", encoding="utf-8", buffering=1) as out:
        return await share(cases, options.jobs, options.build, _keeper(len(cases), out.write))


def _keeper(total: int, write: Callable[[str], object]) -> Callable[[Result], None]:
    """Return what hears of each result: it is kept, and now and then the progress is shown."""
    began, counts = time.monotonic(), [0, 0]
    shown_at = [began]

    def keep(result: Result) -> None:
        write(to_line(result) + "\n")
        counts[0] += 1
        counts[1] += bool(result.findings)
        now = time.monotonic()
        if now - shown_at[0] > PROGRESS_EVERY_S:
            shown_at[0] = now
            seconds = round(now - began)
            print(f"  {seconds:>5} s  {counts[0]} of {total}, {counts[1]} depart", flush=True)

    return keep


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("Stopped.")
