"""Several bots at work at once, each with a sandbox of its own, in processes of their own."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from tests.telling.campaign import Campaign, Result
from tests.telling.cases import Case
from tests.telling.expected import Finding
from tests.telling.options import PROJECT

LINE_LIMIT = 1024**2


async def share(
    cases: Sequence[Case], jobs: int, folder: Path, tell: Callable[[Result], None]
) -> list[Result]:
    """Have so many workers do the cases; raises RuntimeError when one of them breaks."""
    files = []
    for number in range(jobs):
        files.append(folder / f"share-{number}.txt")
        names = (case.name for case in cases[number::jobs])
        files[-1].write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
    done = await asyncio.gather(*(_employ(file, tell) for file in files))
    return [result for results in done for result in results]


async def work(names: Sequence[str]) -> None:
    """Do the cases of these names, and print each result as a line."""
    campaign = Campaign(lambda result: print(to_line(result), flush=True))
    await campaign.run([Case.of(name) for name in names])


def to_line(result: Result) -> str:
    """Return the result as one line."""
    return json.dumps(asdict(result))


def of_line(line: str) -> Result:
    """Read such a line."""
    found = json.loads(line)
    return Result(**(found | {"findings": [Finding(**each) for each in found["findings"]]}))


async def _employ(file: Path, tell: Callable[[Result], None]) -> list[Result]:
    worker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.telling", "--worker", str(file)),
        cwd=PROJECT,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        limit=LINE_LIMIT,
    )
    # What is told again has changed.
    results: dict[str, Result] = {}
    try:
        assert worker.stdout is not None
        async for line in worker.stdout:
            result = of_line(line.decode())
            results[result.case] = result
            tell(result)
        if await worker.wait():
            raise RuntimeError(f"a worker broke after {len(results)} cases; {file} has them all")
    finally:
        if worker.returncode is None:
            worker.terminate()
            await worker.wait()
    return [*results.values()]
