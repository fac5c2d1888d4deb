"""One thing that was looked at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`text` says what is so; `fix` what to do about it, empty when there is nothing to fix.

    `is_note`: nothing is broken, but not all is well either.
    """

    text: str
    fix: str = ""
    is_note: bool = False

    def __str__(self) -> str:
        if self.fix:
            return f"FIX   {self.text} {self.fix}"
        return f"NOTE  {self.text}" if self.is_note else f"PASS  {self.text}"
