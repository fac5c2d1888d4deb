"""The one table of a campaign."""

from __future__ import annotations

from collections.abc import Sequence

from tests.chaos.audit import Line

WIDTH = 62


def table(title: str, facts: Sequence[tuple[str, object]], lines: Sequence[Line]) -> str:
    """Return the table: what happened, then what is counted against the promise."""
    rows = [title, "", *(f"  {about:<{WIDTH}}{value!s:>8}" for about, value in facts), ""]
    rows.append(f"  {'Departures from the promise':<{WIDTH}}{'found':>8}{'allowed':>9}")
    rows += [f"  {line.about:<{WIDTH}}{line.counted:>8}{0:>9}" for line in lines]
    departures = [each for line in lines for each in line.departures]
    if departures:
        rows += ["", *(f"  {each}" for each in departures)]
    return "\n".join(rows)
