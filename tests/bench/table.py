"""The table: lines with a figure, its bare reference and their ratio, and the notes below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

HEAD = ("", "what", "measured", "bare reference", "ratio", "goal")


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `measured` and `reference` hold one value for each repeat, in `unit`."""

    what: str
    measured: Sequence[float]
    reference: Sequence[float] = ()
    unit: str = ""
    goal: str = ""
    against: str = ""

    def cells(self, part: str) -> tuple[str, ...]:
        """Return the line as text."""
        ratio = ""
        reference = ""
        if self.reference:
            reference = f"{_short(median(self.reference))} {self.unit}  {self.against}".rstrip()
            if median(self.reference):
                ratio = f"{median(self.measured) / median(self.reference):.2f}"
        return (part, self.what, _spread(self.measured, self.unit), reference, ratio, self.goal)


@dataclass(slots=True)
class Part:
    """The lines of one measurement."""

    name: str
    lines: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def render(parts: Sequence[Part]) -> str:
    """Return the whole table as text."""
    rows: list[tuple[str, ...]] = [HEAD]
    for number, part in enumerate(parts, 1):
        for index, line in enumerate(part.lines):
            rows.append(line.cells(f"{number} {part.name}" if index == 0 else ""))
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    text = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    text.insert(1, "  ".join("-" * width for width in widths))
    for part in parts:
        text += ["", *(f"{part.name}: {note}" for note in part.notes)] if part.notes else []
    return "\n".join(text)


def _spread(values: Sequence[float], unit: str) -> str:
    if len(values) == 1:
        return f"{_short(values[0])} {unit}".rstrip()
    low, high = _short(min(values)), _short(max(values))
    return f"{_short(median(values))} {unit} ({low}-{high})"


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
