"""What can go wrong with a call to BigCommerce, by what the caller does differently.

BigCommerceError
├── NotSent           it certainly changed nothing: no connection, or no quota within the wait
├── NoAnswer          it may have happened: time-out, dropped connection, 5xx, 408, 423 (locked),
│                     unreadable answer
└── Refused           BigCommerce answered no; nothing changed
    ├── NotAuthorised     401: the token is wrong or revoked
    ├── MissingScope      403: the token lacks a scope
    ├── NotFound          404
    ├── Conflict          409: e.g. the coupon's name or code is taken
    └── RateLimited       429 that lasted longer than the client may wait
"""

from __future__ import annotations


class BigCommerceError(Exception):
    """The base of all errors of a call.

    `reason` is one or more whole sentences fit for a person, with their full stop: BigCommerce's
    own words where it gave any, never a token or a personal detail. It is plain text, so the Slack
    side escapes it. `str()` is for logs.
    """

    def __init__(self, call: str, reason: str, status_code: int | None = None) -> None:
        """Keep the call ("GET /v2/orders/1042", no query), the reason and the HTTP status."""
        super().__init__(f"{call}: {reason}" if status_code is None else f"{call}: {status_code}")
        self.call = call
        self.reason = reason
        self.status_code = status_code


class NotSent(BigCommerceError):
    """The call never reached BigCommerce; nothing changed."""


class NoAnswer(BigCommerceError):
    """No usable answer came. A read may be repeated; a write may have happened."""


class Refused(BigCommerceError):
    """BigCommerce answered no (4xx); nothing changed."""


class NotAuthorised(Refused):
    """401: the access token is wrong or was revoked."""


class MissingScope(Refused):
    """403: the access token lacks the scope for this call."""


class NotFound(Refused):
    """404: there is no such thing in this store."""


class Conflict(Refused):
    """409: something of that name is there already."""


class RateLimited(Refused):
    """429 for longer than the client may wait; nothing changed."""
