"""Facts of a review as blocks: the short ones in two columns, the long ones below each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from handlers.block_kit.builders import Block, facts, section
from handlers.block_kit.mrkdwn import inert, typed

WIDE: Final = 45  # what fits into half of a modal


def fact_blocks(pairs: Sequence[tuple[str, str]]) -> list[Block]:
    """Return label-and-value pairs (both plain): two columns, then the long ones by themselves."""
    wide = [pair for pair in pairs if len(pair[1]) > WIDE]
    narrow = [pair for pair in pairs if len(pair[1]) <= WIDE]
    return [
        *facts((inert(label), typed(value)) for label, value in narrow),
        *(section(f"*{inert(label)}*\n{typed(value, limit=1900)}") for label, value in wide),
    ]
