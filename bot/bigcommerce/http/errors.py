"""What can go wrong with a call to BigCommerce, by what the caller does differently.

BigCommerceError
├── NotSent           it certainly changed nothing: no connection, or no quota within the wait
├── NoAnswer          it may have happened. Itself: nothing came back (time-out, dropped connection)
│   ├── ServerError       an answer that says nothing about the effect: 5xx, 408, 423 (locked), 3xx
│   └── UnusableAnswer    a success that cannot be read: no JSON, a needed field is missing or odd
│       └── WrongAnswer   it is about something else than was asked for
└── Refused           BigCommerce answered no (4xx)
    ├── NotAuthorised     401: the token is wrong or revoked
    ├── Forbidden         403 for whatever reason
    │   └── MissingScope  403 that names a scope: the token lacks it
    ├── NotFound          404
    │   └── OrderNotFound the store has no order of that number
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


class ServerError(NoAnswer):
    """BigCommerce answered with an error that does not tell whether anything was done.

    `reason` holds its own words, as "Tax service gone away."
    """


class UnusableAnswer(NoAnswer):
    """An answer came that cannot be read; nothing may be done on it. `reason` says what is odd."""


class WrongAnswer(UnusableAnswer):
    """The answer is about something else than was asked for, e.g. another order."""


class Refused(BigCommerceError):
    """BigCommerce answered no (4xx)."""


class NotAuthorised(Refused):
    """401: the access token is wrong or was revoked."""


class Forbidden(Refused):
    """403. Itself: it does not say that a scope is missing, so it may be something that passes."""


class MissingScope(Forbidden):
    """403 with the words for it: the access token lacks the scope for this call."""


class NotFound(Refused):
    """404: there is no such thing in this store."""


class OrderNotFound(NotFound):
    """404 for an order itself: the store has none of that number."""


class Conflict(Refused):
    """409: something of that name is there already."""


class RateLimited(Refused):
    """429 for longer than the client may wait; nothing changed."""
