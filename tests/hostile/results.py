"""Results as lines of JSON: what a worker tells, and what is kept of a campaign."""

from __future__ import annotations

import json
from dataclasses import asdict

from tests.hostile.campaign import Result
from tests.hostile.evidence import Departure


def to_line(result: Result) -> str:
    """Return the result as one line."""
    return json.dumps(asdict(result))


def of_line(line: str) -> Result:
    """Read such a line."""
    found = json.loads(line)
    return Result(**(found | {"departures": [Departure(**each) for each in found["departures"]]}))
