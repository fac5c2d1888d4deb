"""Faults to order: what goes wrong with the next calls, and on which."""

from __future__ import annotations

from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any, Literal

from pydantic import BaseModel, Field

from bot.sandbox.paths import GONE, put

FaultKind = Literal[
    "drop_after",
    "drop_before",
    "status",
    "delay",
    "html",
    "rate_limit",
    "rate_limit_bare",
    "no_scope",
    "hang",
    "decline",
    "slow_settlement",
    "clip",
    "duplicate",
    "change",
    "misread",
    "invalid",
    "other_amount",
]
TRANSPORT_KINDS = (
    *("delay", "rate_limit", "rate_limit_bare", "drop_before", "drop_after"),
    *("status", "html", "no_scope", "hang"),
)
REFUND_KINDS = ("decline", "slow_settlement", "other_amount")


class Fault(BaseModel, extra="forbid"):
    """One fault for the next `times` calls that match.

    match: "POST refunds" is a method and the end of a path or a pattern over all of it below the
    API version ("GET orders/*"); "" is every call. The kinds:

    drop_after closes the connection without an answer when the work is done, drop_before when
    nothing is done. status and html answer `status` with `body` (none below 400, when left out);
    nothing is done, unless `after` is true. hang never answers; with `after` the work is done.
    delay waits `delay_s` first. rate_limit answers 429 with its headers (`delay_s` until the next
    window), rate_limit_bare without. no_scope answers as if the token's scopes did not reach.

    decline lets the gateway refuse a refund (only `provider_id` when given) or a void.
    slow_settlement takes `delay_s` to settle. clip makes `amount` impossible to give back from the
    next quote on, so that the quote comes out lower than asked. duplicate delivers a webhook twice
    ("POST hooks/store/order/*").

    change puts `set` into a good answer and takes `remove` out of it; what is true stays as it is.
    misread does so with a request's body: what is done and answered is not what was asked for.
    invalid makes a promotion INVALID as soon as it is there. other_amount books a refund of
    `amount` in place of the one that was asked for, with the same items. `bot.sandbox.paths`
    says how fields are named.
    """

    match: str = ""
    kind: FaultKind
    times: int = Field(default=1, ge=1)
    status: int = 503
    body: Any = None
    set: dict[str, Any] = Field(default_factory=dict)
    remove: list[str] = Field(default_factory=list)
    after: bool = False
    delay_s: float = Field(default=1.0, ge=0)
    amount: Decimal = Decimal("1.00")
    provider_id: str = ""

    def applied(self, document: Any) -> Any:
        """Return a document with `set` put in and `remove` taken out."""
        for path, value in [*self.set.items(), *((path, GONE) for path in self.remove)]:
            document = put(document, path, value)
        return document

    def fits(self, method: str, path: str) -> bool:
        """Tell whether a call is meant; `path` as in "orders/1042/payment_actions/refunds"."""
        if not self.match.strip():
            return True
        wanted, _, pattern = self.match.strip().partition(" ")
        if wanted not in ("*", method):
            return False
        pattern = pattern.strip().strip("/") or "*"
        return path.endswith(f"/{pattern}") or fnmatchcase(path, pattern)


class Faults:
    """The faults that are switched on."""

    def __init__(self) -> None:
        self.switched_on: list[Fault] = []

    def take(self, method: str, path: str, *kinds: str) -> Fault | None:
        """Return the first fault of these kinds for a call and count it as used."""
        for fault in self.switched_on:
            if fault.kind in kinds and fault.fits(method, path):
                fault.times -= 1
                if fault.times == 0:
                    self.switched_on.remove(fault)
                return fault
        return None
