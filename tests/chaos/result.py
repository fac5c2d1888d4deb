"""What a campaign has come to: its facts, its departures, its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storage.log.entries import APPROVED, DECLINED
from tests.chaos.audit import Line, audit, stale_roots, unknown_left
from tests.chaos.audit_approvals import UNAPPROVED, audit_approvals
from tests.chaos.report import table
from tests.chaos.rules.gifts import Gift
from tests.chaos.trace import Trace
from tests.chaos.truth import Truth, changed_elsewhere

FAULTS = {"drop", "cut", "hang", "status", "error", "busy", "busy_bare", "slow"}


@dataclass(frozen=True, slots=True)
class Result:
    """The table, and whether everything is as it was promised.

    `left` is what the books hold that was asked for, where that is counted.
    """

    table: str
    lines: list[Line]
    trace: Path
    left: Sequence[Gift] = ()

    @property
    def departures(self) -> list[str]:
        """Return every departure in words."""
        return [departure for line in self.lines for departure in line.departures]

    @property
    def refunded_twice(self) -> int:
        """Return how many requests were refunded more than once."""
        return self.lines[0].counted

    @property
    def unapproved(self) -> int:
        """Return how many requests were refunded that no second person had approved."""
        return sum(line.counted for line in self.lines if line.about == UNAPPROVED)

    @property
    def beyond(self) -> int:
        """Return how often something went beyond the rules."""
        return sum(line.counted for line in self.lines if line.about.startswith("Beyond"))


def result_of(
    seed: int,
    asked: list[tuple[str, int]],
    truth: Truth,
    fresh: dict[int, dict[str, Any]],
    trace: Trace,
    *,
    more: Sequence[Line] = (),
) -> Result:
    """Count everything; `fresh` are the root messages after somebody pressed Refresh."""
    elsewhere = {n for n, order in truth.orders.items() if changed_elsewhere(order)}
    stale = stale_roots(truth, fresh, elsewhere)
    lines = [*audit(truth), *audit_approvals(truth), stale, *more]
    facts = [*asked, *facts_of(truth, trace.counts)]
    return Result(table(f"Makegood under faults: seed {seed}", facts, lines), lines, trace.file)


def facts_of(truth: Truth, count: dict[str, int]) -> list[tuple[str, int]]:
    """Return what happened, in figures."""
    confirmations = [r.confirmation for r in truth.requests if r.confirmation is not None]
    held = [r.entry for r in truth.requests if r.entry and r.entry.held_until]
    refunds = [len(truth.refunds_of(r.reference)) for r in truth.requests]
    return [
        ("Confirmations delivered", len(confirmations)),
        ("Confirmations acknowledged", sum(1 for each in confirmations if each.is_acked)),
        ("Requests in the log", sum(1 for r in truth.requests if r.entry)),
        ("Kills of the bot", count.get("killed", 0)),
        ("Backups put back, copies run, folders deleted", count.get("calamity", 0)),
        (
            "Calls that were dropped, cut, hung, delayed or refused",
            sum(n for what, n in count.items() if what.split()[0] in FAULTS),
        ),
        ("Envelopes delivered twice", count.get("delivered twice", 0)),
        ("Reconnections asked for", count.get("disconnected", 0)),
        ("Refunds that the gateway declined or took its time for", count.get("gateway", 0)),
        ("Changes by another app", count.get("another app", 0)),
        ("Times that Check again was pressed", count.get("checked again", 0)),
        ("Requests that waited for a second person", len(held)),
        ("Approved", sum(1 for entry in held if entry.decision == APPROVED)),
        ("Declined", sum(1 for entry in held if entry.decision == DECLINED)),
        ("Clicks to approve or decline, the vain ones too", len(truth.decisions)),
        ("Refunds made", sum(refunds)),
        ("Refunds for one request, at most", max(refunds, default=0)),
        ("Unknown left, the store having hidden the truth", len(unknown_left(truth))),
    ]
