"""One thing that was looked at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`text` says what is so; `fix` what to do about it, empty when all is well."""

    text: str
    fix: str = ""

    def __str__(self) -> str:
        return f"FIX   {self.text} {self.fix}" if self.fix else f"PASS  {self.text}"
