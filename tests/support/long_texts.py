"""Texts of a megabyte, each of one unit over and over, with an end that fits nothing."""

from __future__ import annotations

MEGABYTE = 1_000_000
UNITS = (
    "a",
    " ",
    ":",
    "<",
    "<mailto:",
    "@",
    "a@",
    "1",
    "1 ",
    "1,111",
    "order ",
    "order\t",
    "[MG-",
    "_",
    "\\u0000",
)


def long_text(unit: str) -> str:
    """Return a megabyte of it."""
    return (unit * (MEGABYTE // len(unit) + 1))[:MEGABYTE] + "!"
