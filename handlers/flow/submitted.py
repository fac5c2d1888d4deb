"""What a feature answers to a modal's submission."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Submitted:
    """The arguments of ack() for a submission, and what to do once it was given."""

    answer: dict[str, Any] = field(default_factory=dict)
    follow_up: Coroutine[None, None, None] | None = None
