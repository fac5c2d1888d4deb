"""Chance that can be replayed: every decision follows from the seed and from what it is about."""

from __future__ import annotations

from random import Random


class Dice:
    """A generator for each subject, so that one subject's timing never shifts another's luck."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def about(self, *subject: object) -> Random:
        """Return the generator of a subject; the same subject has the same luck again."""
        return Random(f"{self.seed}:{subject!r}")  # noqa: S311 - repeatable on purpose
