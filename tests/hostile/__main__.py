"""`python -m tests.hostile`: a campaign, its tables, and 1 when anything departs from the books."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable

from tests.hostile.campaign import Campaign, Result
from tests.hostile.cases import Case, all_cases
from tests.hostile.options import Options, parse
from tests.hostile.report import departures, table
from tests.hostile.results import to_line
from tests.hostile.scratch import prove
from tests.hostile.workers import share, work

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
    print("\n" + table(f"The bot before a hostile store: seed {options.seed}", results))
    found = departures(results)
    if found:
        print("\n" + "\n".join(found))
        print("\nEach is done again by: python -m tests.hostile --case ID")
    return 1 if found else 0


async def run(options: Options) -> list[Result]:
    """Find the cases that are meant, do them, and keep every result in the build folder."""
    if options.cases:
        cases = [Case.of(case) for case in options.cases]
        async with Campaign() as campaign:
            return await campaign.run(cases, lambda result: print(to_line(result)))
    async with Campaign() as campaign:
        answers = await campaign.answers(options.actions)
    cases = [
        case
        for case in all_cases(answers, options.seed)
        if not options.kinds or case.kind in options.kinds
    ]
    end = options.start + options.count if options.count else len(cases)
    chosen = cases[options.start : end]
    print(f"{len(chosen)} of {len(cases)} cases, seed {options.seed}", flush=True)
    file = options.build / f"seed-{options.seed}-from-{options.start}.jsonl"
    with file.open("w", encoding="utf-8", buffering=1) as out:
        return await share(chosen, options.jobs, options.build, _keeper(len(chosen), out.write))


def _keeper(total: int, write: Callable[[str], object]) -> Callable[[Result], None]:
    """Return what hears of each result: it is kept, and now and then the progress is shown."""
    began, counts = time.monotonic(), [0, 0]
    shown_at = [began]

    def keep(result: Result) -> None:
        write(to_line(result) + "\n")
        counts[0] += 1
        counts[1] += bool(result.departures)
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
