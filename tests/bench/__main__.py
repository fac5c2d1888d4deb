"""`python -m tests.bench`: every measurement, one table.

Loopback only; each part measures the bot and its bare reference in turn, and prints medians with
the lowest and the highest repeat.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Callable

from tests.bench.acks import measure_acks
from tests.bench.actions import measure_actions
from tests.bench.bulk import measure_bulk
from tests.bench.calls import measure_calls
from tests.bench.fair_shares import measure_fair_shares
from tests.bench.floods import measure_floods
from tests.bench.large_order import measure_large_order
from tests.bench.lookups import measure_lookups
from tests.bench.resources import measure_resources
from tests.bench.table import Part, render

PARTS: dict[str, Callable[[int], Awaitable[Part]]] = {
    "ack": measure_acks,
    "action": measure_actions,
    "calls": measure_calls,
    "bulk": measure_bulk,
    "look-up": measure_lookups,
    "resources": measure_resources,
    "large-order": measure_large_order,
    "floods": measure_floods,
    "fair-shares": measure_fair_shares,
}


async def main(names: list[str], repeats: int) -> None:
    """Measure and print."""
    parts = []
    for name in names:
        began = time.monotonic()
        parts.append(await PARTS[name](repeats))
        sys.stderr.write(f"{name}: {time.monotonic() - began:.0f} s\n")
    sys.stdout.write(render(parts) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=list(PARTS), help="only these parts")
    parser.add_argument("--repeats", type=int, default=5, metavar="N", help="default: %(default)s")
    options = parser.parse_args()
    asyncio.run(main(options.only or list(PARTS), options.repeats))
