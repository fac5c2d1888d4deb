"""What left, held against the rules that were in force: from the books and what went over the wire.

Who has asked for what is signed in the books; who has confirmed, pressed and approved it, and when,
is what passed through the gate. The bot's log is not asked. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from storage.log.entries import APPROVED
from tests.chaos.audit import Line
from tests.chaos.envelopes import Decision, Press
from tests.chaos.plan import Job
from tests.chaos.rules.gifts import CANCELLED, CODE, Gift
from tests.chaos.rules.timeline import Rules, Timeline

DAY_S, HOUR_S, CUSTOMER_S = 24 * 3600.0, 3600.0, 30 * 24 * 3600.0
# The books tell when a code was made to the second, and a click is not confirmed in no time.
BLUR_S = 2.0
Above = Callable[[Rules], bool]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that is counted from.

    `users` are the people by the names that they sign with. `asked_at` is when the one who signs
    has first confirmed a job: what nobody has confirmed is missing. `actions` are what jobs ask
    for.
    """

    gifts: Sequence[Gift]
    timeline: Timeline
    users: Mapping[str, str]
    asked_at: Mapping[int, float]
    actions: Mapping[int, str]
    decisions: Sequence[Decision] = ()
    presses: Sequence[Press] = ()


def audit_rules(evidence: Evidence) -> list[Line]:
    """Return the lines of the table: each of them must count nothing."""
    return [
        _line("Writes for somebody who may not", evidence, _by_whom),
        _line("Writes that nobody has confirmed", evidence, _unasked),
        _line("Beyond the approval amount on one order, by one alone", evidence, _on_order),
        _line("Beyond it to one customer in 30 days, by one alone", evidence, _to_customer),
        _line("Beyond the most for one request", evidence, _one_request),
        _line("Beyond the most of one person in 24 hours", evidence, _by_person),
        _line("Beyond the team's hour, by who is no approver", evidence, _in_an_hour),
        _line("Codes worth more than codes may be", evidence, _codes),
    ]


def missing(evidence: Evidence, honest: Job) -> Line:
    """Return the line about what is asked for within the rules when the faults are over."""
    line = Line("Asked for within the rules after the faults, and not given")
    if not any(gift.job == honest.number for gift in evidence.gifts):
        line.counted = 1
        line.departures = [f"{honest.action} on {honest.order_id}, by {honest.person}"]
    return line


def _line(about: str, evidence: Evidence, find: Callable[[_Case], Iterator[str]]) -> Line:
    line = Line(about)
    for number, gift in enumerate(evidence.gifts):
        if not gift.reference and gift.job is None:
            continue  # another app's
        found = list(find(_Case(evidence, gift, evidence.gifts[:number])))
        line.counted += bool(found)
        line.departures += [f"{gift.what}, by {gift.by or 'nobody'}: {each}" for each in found]
    return line


class _Case:
    """One gift, and what had left before it."""

    def __init__(self, evidence: Evidence, gift: Gift, before: Sequence[Gift]) -> None:
        self.evidence = evidence
        self.gift = gift
        self.before = before
        self.user = evidence.users.get(gift.by, "")
        self.asked_at = evidence.asked_at.get(gift.job or 0, gift.at)

    def is_beyond(self, is_above: Above) -> bool:
        """Tell whether it is above under all rules that may have been in force."""
        return all(map(is_above, self.evidence.timeline.about(self.gift.at)))

    def is_approved(self, gift: Gift | None = None) -> bool:
        """Tell whether another person has approved it who could then, and still could."""
        gift = gift or self.gift
        return any(
            each.user != self.evidence.users.get(gift.by, "")
            and each.reference == gift.reference
            and each.decision == APPROVED
            and each.at <= gift.at + BLUR_S
            and self._could(each.user, each.at)
            and self._could(each.user, gift.at)
            for each in self.evidence.decisions
        )

    def alone(self, others: Sequence[Gift]) -> Decimal | None:
        """Return what one person alone has let leave with this; None: not known.

        Of two requests that nobody approved, the later one had the earlier in view, whichever of
        them left first. What was approved, or given elsewhere, counts where it had left before.
        """
        counted = [
            other
            for other in others
            if (self.is_ours(other) and not self.is_approved(other))
            or other.at < self.asked_at - BLUR_S
        ]
        return _sum([*counted, self.gift])

    def is_ours(self, other: Gift) -> bool:
        """Tell whether the bot has made it."""
        return bool(other.reference)

    def _could(self, user: str, at: float) -> bool:
        return any(rules.may_approve(user) for rules in self.evidence.timeline.about(at))


def _by_whom(case: _Case) -> Iterator[str]:
    gift, evidence = case.gift, case.evidence
    action = evidence.actions.get(gift.job or 0, "")
    pressed = {
        each.user
        for each in evidence.presses
        if each.reference == gift.reference and each.at <= gift.at + BLUR_S
    }
    if case.is_beyond(lambda r: not any(r.may_act(u, action) for u in {case.user, *pressed})):
        yield f"may not have it done ({action})"


def _unasked(case: _Case) -> Iterator[str]:
    if case.gift.job not in case.evidence.asked_at:
        yield "the one who signs it has not confirmed it"


def _on_order(case: _Case) -> Iterator[str]:
    gift = case.gift
    if gift.kind == CODE or not gift.amount or case.is_approved():
        return
    amount = case.alone([g for g in case.before if g.order_id == gift.order_id and g.kind != CODE])
    if case.is_beyond(lambda rules: _above(amount, rules.approval_above)):
        yield f"{amount} on the order, approved by nobody else"


def _to_customer(case: _Case) -> Iterator[str]:
    gift = case.gift
    if gift.kind == CANCELLED or case.is_approved():
        return
    others = [
        other
        for other in case.before
        if other.customers & gift.customers
        and other.at > gift.at - CUSTOMER_S
        # What was given elsewhere on other orders is not looked for.
        and (case.is_ours(other) or other.order_id == gift.order_id)
    ]
    amount = case.alone(others)
    if case.is_beyond(lambda rules: _above(amount, rules.approval_above)):
        yield f"{amount} to the customer in 30 days, approved by nobody else"


def _one_request(case: _Case) -> Iterator[str]:
    amount = case.gift.amount
    if case.is_beyond(lambda rules: _above(amount, rules.limit)):
        yield "more than one request may come to"


def _by_person(case: _Case) -> Iterator[str]:
    gift = case.gift
    mine = [g for g in case.before if g.by == gift.by and g.at > gift.at - DAY_S]
    amount = _sum([*mine, gift])
    if gift.kind != CANCELLED and case.is_beyond(lambda rules: _above(amount, rules.day_limit)):
        yield f"{amount} in 24 hours"


def _in_an_hour(case: _Case) -> Iterator[str]:
    gift = case.gift
    if gift.kind == CANCELLED or case.is_approved():
        return
    about = case.evidence.timeline.about(gift.at)
    if any(rules.may_approve(case.user) for rules in about):
        return
    last = [g for g in case.before if case.is_ours(g) and g.at > gift.at - HOUR_S]
    stopped = [g for g in last if not _is_approvers(case, g)]
    before = [g for g in last if _is_approvers(case, g) and g.at < case.asked_at - BLUR_S]
    amount = case.alone([*stopped, *before])
    if case.is_beyond(lambda rules: _above(amount, rules.hour_limit)):
        yield f"{amount} by the team in an hour"


def _is_approvers(case: _Case, gift: Gift) -> bool:
    """Tell whether the hour has not stopped it, as it was an approver's."""
    about = case.evidence.timeline.about(gift.at)
    return any(rules.may_approve(case.evidence.users.get(gift.by, "")) for rules in about)


def _codes(case: _Case) -> Iterator[str]:
    amount = case.gift.amount
    if case.gift.kind == CODE and case.is_beyond(lambda rules: _above(amount, rules.most_worth)):
        yield "worth more than a code may be"


def _above(amount: Decimal | None, most: Decimal | None) -> bool:
    return most is not None and (amount is None or amount > most)


def _sum(gifts: Sequence[Gift]) -> Decimal | None:
    total = Decimal(0)
    for gift in gifts:
        if gift.amount is None:
            return None
        total += gift.amount
    return total
