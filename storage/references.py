"""References: short enough to say on the telephone, random enough never to meet again."""

from __future__ import annotations

import secrets

# No 0, O, 1, I or L, and only one each of 2/Z, 5/S, 8/B, U/V: whoever writes one down by hand gets
# it right. 27^8 is 282,000 million, and a reference that is taken is noticed when it is logged.
ALPHABET = "23456789ACDEFGHJKMNPQRTVWXY"


def new_reference() -> str:
    """Return a new reference, e.g. `MG-7F3K-2Q9D`."""
    letters = [secrets.choice(ALPHABET) for _ in range(8)]
    return f"MG-{''.join(letters[:4])}-{''.join(letters[4:])}"
