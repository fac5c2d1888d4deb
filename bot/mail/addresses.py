"""E-mail addresses: which can be mailed, and how one is shown to somebody who need not know it."""

from __future__ import annotations

import re

# Narrower than RFC 5322 on purpose: no quotes, spaces or line ends, so nothing that a header or an
# SMTP command could be made to end with. Other scripts would need SMTPUTF8 all along the way.
_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}"
    r"@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
)
_LONGEST = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets


def is_address(text: str) -> bool:
    """Whether the text is one plain address and nothing else."""
    if len(text) > _LONGEST or _ADDRESS.fullmatch(text) is None:
        return False
    user = text.rpartition("@")[0]
    return not user.startswith(".") and not user.endswith(".") and ".." not in user


def masked(address: str) -> str:
    """Return `a…@example.com`: enough to recognise it by; "" for what cannot be mailed."""
    if not is_address(address):
        return ""
    user, _, domain = address.rpartition("@")
    return f"{user[0]}…@{domain}"
