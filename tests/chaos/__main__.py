"""`python -m tests.chaos`: a campaign, its table, and 1 when anything departs from the promise."""

from __future__ import annotations

import asyncio
import signal
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from tests.chaos.campaign import Campaign, run
from tests.chaos.options import Options, parse
from tests.chaos.result import Result
from tests.chaos.rules.campaign import RulesCampaign
from tests.chaos.scratch import copy_without


def main() -> int:
    """Run a campaign and print its table."""
    options = parse()
    print(f"Makegood under faults: seed {options.seed}, {options.actions} actions", flush=True)
    if options.proves:
        return prove(options)
    result = asyncio.run(until_stopped(options))
    print(f"\n{result.table}")
    if not result.departures:
        return 0
    print(f"\nThe trace is {result.trace}; --seed {options.seed} does it again.")
    return 1


async def until_stopped(options: Options) -> Result:
    """Run a campaign; SIGTERM ends it and the processes that it started, as Ctrl-C does."""
    kind = RulesCampaign if options.has_rules else Campaign
    campaign = asyncio.ensure_future(run(options, kind))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, campaign.cancel)
    return await campaign


def prove(options: Options) -> int:
    """Show that the campaign can fail: it has to find what the copy does wrong."""
    with tempfile.TemporaryDirectory(prefix="makegood-scratch-") as folder:
        scratch = copy_without(options.proves, Path(folder))
        build = options.build / f"without-{options.proves}"
        changed = replace(options, project=scratch, build=build)
        result = asyncio.run(until_stopped(changed))
    print(f"\n{result.table}\n\nThe {options.proves} was switched off in a scratch copy.")
    found, what = {
        "claim": (result.refunded_twice, "were refunded twice"),
        "approval": (result.unapproved, "were refunded and approved by the one who asked"),
        "sums": (result.beyond, "went beyond the rules"),
    }[options.proves]
    if found:
        print(f"{found} requests {what}, and the count tells.")
        return 0
    print("The count has not found that this time: use more actions, more kills or another seed.")
    return 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (asyncio.CancelledError, KeyboardInterrupt):
        sys.exit("Stopped.")
