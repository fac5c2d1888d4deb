"""Text from outside, made so that it can be kept and sent.

JSON allows half a surrogate pair (an emoji that was cut in two) and the character NUL; UTF-8
cannot hold the first, and SQLite ends a text at the second. Both become U+FFFD.
"""

from __future__ import annotations

import re
from typing import Any

REPLACEMENT = "\ufffd"
UNFIT = re.compile("[\x00\ud800-\udfff]")


def clean_text(text: str) -> str:
    """Return the text with U+FFFD for each character that cannot be kept."""
    return UNFIT.sub(REPLACEMENT, text)


def cleaned(value: Any) -> Any:
    """Return what was read from JSON with every text in it clean, keys included."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {cleaned(key): cleaned(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [cleaned(member) for member in value]
    return value
