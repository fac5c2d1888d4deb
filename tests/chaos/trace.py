"""What was done, in order, as JSON lines: for the one who has to find out why."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any


class Trace:
    """A file that grows as things happen, and counts of what happened for the table."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self.file = file
        self.counts: dict[str, int] = {}
        self._out = file.open("w", encoding="utf-8", buffering=1)
        self._began = time.monotonic()

    def write(self, what: str, **detail: Any) -> None:
        """Add a line."""
        self.counts[what] = self.counts.get(what, 0) + 1
        at = round(time.monotonic() - self._began, 3)
        self._out.write(json.dumps({"at": at, "what": what, **detail}, default=str) + "\n")

    def close(self) -> None:
        """Close the file; writing afterwards is an error."""
        self._out.close()
