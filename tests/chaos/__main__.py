"""`python -m tests.chaos`: a campaign, its table, and 1 when anything departs from the promise."""

from __future__ import annotations

import asyncio
import sys

from tests.chaos.campaign import run
from tests.chaos.options import parse


def main() -> int:
    """Run a campaign and print its table."""
    options = parse()
    print(f"Makegood under faults: seed {options.seed}, {options.actions} actions", flush=True)
    result = asyncio.run(run(options))
    print(f"\n{result.table}")
    if not result.departures:
        return 0
    print(f"\nThe trace is {result.trace}; --seed {options.seed} does it again.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
