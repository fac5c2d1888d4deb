"""The tables of a campaign: kinds of change by how requests ended, and what departs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tests.hostile.campaign import REFUSED, UNREACHED, Result
from tests.hostile.evidence import DEPARTURES, Departure

ENDS = (
    *("succeeded", "pending", "partial", "to_do", "unknown", "rejected", "failed"),
    *(REFUSED, UNREACHED),
)
WIDTH = 11


def table(title: str, results: Sequence[Result]) -> str:
    """Return both tables."""
    rows = [title, "", _row("change", ("cases", *ENDS, "departures"))]
    kinds = sorted({result.kind for result in results})
    rows += [_counts(kind, [each for each in results if each.kind == kind]) for kind in kinds]
    rows += [_counts("all", results), "", f"  {'Departures':<42}{'found':>7}{'allowed':>9}"]
    found = Counter(each.kind for result in results for each in _once(result))
    rows += [f"  {kind:<42}{found[kind]:>7}{0:>9}" for kind in DEPARTURES]
    return "\n".join(rows)


def departures(results: Sequence[Result]) -> list[str]:
    """Return each departure with its case and what differs."""
    return [
        f"{result.case}\n    {each.kind}: {each.what}"
        for result in results
        for each in result.departures
    ]


def _once(result: Result) -> list[Departure]:
    return list({each.kind: each for each in result.departures}.values())


def _counts(name: str, results: Sequence[Result]) -> str:
    ends = Counter(result.end for result in results)
    departing = sum(1 for result in results if result.departures)
    return _row(name, (len(results), *(ends[end] for end in ENDS), departing))


def _row(name: str, cells: Sequence[object]) -> str:
    return f"  {name:<{WIDTH}}" + "".join(f"{cell!s:>{WIDTH + 1}}" for cell in cells)
