"""References: short enough to say on the telephone, random enough never to meet again."""

from __future__ import annotations

import secrets
from hashlib import sha256

# No 0, O, 1, I or L, and only one each of 2/Z, 5/S, 8/B, U/V: whoever writes one down by hand gets
# it right. 27^8 is 282,000 million, and a reference that is taken is noticed when it is logged.
ALPHABET = "23456789ACDEFGHJKMNPQRTVWXY"


CODE_LETTERS = 6


def new_reference() -> str:
    """Return a new reference, e.g. `MG-7F3K-2Q9D`."""
    letters = [secrets.choice(ALPHABET) for _ in range(8)]
    return f"MG-{''.join(letters[:4])}-{''.join(letters[4:])}"


def new_code(prefix: str) -> str:
    """Return a new discount code, e.g. `SORRY-7F3K2Q`: easy to read out, hard to guess."""
    return f"{prefix}-{''.join(secrets.choice(ALPHABET) for _ in range(CODE_LETTERS))}"


def derived_reference(reference: str, what: str) -> str:
    """Return the reference of what is done to a request's result, the same whenever it is asked."""
    digest = int.from_bytes(sha256(f"{reference} {what}".encode()).digest())
    letters = []
    for _ in range(8):
        digest, place = divmod(digest, len(ALPHABET))
        letters.append(ALPHABET[place])
    return f"MG-{''.join(letters[:4])}-{''.join(letters[4:])}"
