"""Sequences of requests against a model of the rules: whatever is done in whatever order.

People review and confirm (what they saw may be old by then), requests wait, run, get lost or fail,
others give back in the control panel, and time goes by. Nobody moves more than the rules let one
person move alone: on one order, to one customer in 30 days, by one person in 24 hours.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from freezegun import freeze_time
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from bot.actions.rules.customer import CustomerKeys
from bot.actions.rules.given_back import Given, GivenBack
from bot.actions.rules.limits import LimitCheck, Verdict, check_limits
from bot.config.configuration import Configuration
from handlers.access.limit_sums import entry_check, read_sums
from storage.database import open_database
from storage.log.action_log import ActionLog
from storage.log.entries import Hold

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CODE, REFUND = "create_discount_code", "refund_items"
# Two orders of one customer, once as a guest; one of another guest.
CUSTOMERS = {
    1042: CustomerKeys(id=7, mail="jo"),
    1043: CustomerKeys(id=0, mail="jo"),
    1044: CustomerKeys(id=0, mail="rosa"),
}
PEOPLE = ("UANNA", "UBEN", "UCHIARA")
ABOVE = Decimal(60)
amounts = st.sampled_from([Decimal(each) for each in ("13.37", "29.77", "51.96", "59.00", "60.01")])
places = st.integers(0, 5)


@dataclass(frozen=True, slots=True)
class Move:
    """What somebody has moved, or is about to, as the model sees it."""

    reference: str
    person: str
    order_id: int | None
    amount: Decimal
    at: datetime
    is_approved: bool = False


class _Refused(Exception):
    """The limits refuse it."""


class Sequences(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.frozen = freeze_time(START)
        self.clock = self.frozen.start()
        self.folder = TemporaryDirectory()
        self.db = open_database(Path(self.folder.name) / "makegood.sqlite")
        self.log = ActionLog(self.db)
        self.listed: dict[int, list[Given]] = {each: [] for each in CUSTOMERS}
        self.reviewed = {each: self._listing(each) for each in CUSTOMERS}
        self.has_panel = False
        self.waiting: dict[str, Move] = {}
        self.let_in: dict[str, Move] = {}
        self.moved: list[Move] = []
        self.count = 0

    def teardown(self) -> None:
        self.db.close()
        self.folder.cleanup()
        self.frozen.stop()

    @initialize(
        day=st.sampled_from([None, 100]),
        unknown=st.sampled_from([None, 25]),
        has_panel=st.booleans(),
    )
    def configure(self, day: int | None, unknown: int | None, has_panel: bool) -> None:
        self.has_panel = has_panel
        self.configuration = Configuration.model_validate(
            {
                "audit_channel": "C1",
                "approvers": {"user_ids": list(PEOPLE)},
                "approval_above": ABOVE,
                "day_limit": day,
                "discount": {"unknown_counts_as": unknown},
            }
        )

    @rule(
        order_id=st.sampled_from(sorted(CUSTOMERS)),
        is_old=st.booleans(),
        person=st.sampled_from(PEOPLE),
        amount=amounts,
        action=st.sampled_from([REFUND, CODE]),
    )
    def confirm(
        self, order_id: int, is_old: bool, person: str, amount: Decimal, action: str
    ) -> None:
        if not is_old:
            self.reviewed[order_id] = self._listing(order_id)
        given = self.reviewed[order_id]
        check = LimitCheck("T1", person, action, order_id, amount, "USD")
        self._ask(replace(check, customer=CUSTOMERS[order_id], given_back=given), amount)

    @rule(person=st.sampled_from(PEOPLE), amount=st.none() | amounts)
    def make_a_code(self, person: str, amount: Decimal | None) -> None:
        check = LimitCheck("T1", person, CODE, None, amount, "USD")
        self._ask(check, amount or self.configuration.discount.unknown_counts_as)

    @precondition(lambda self: self.waiting)
    @rule(place=places, is_yes=st.booleans())
    def decide(self, place: int, is_yes: bool) -> None:
        move = _nth(self.waiting, place)
        now, outcome = datetime.now(UTC), {"message": "No"}
        if is_yes:
            self.log.approve(move.reference, actor_id="U9", at=now)
            self.let_in[move.reference] = replace(move, is_approved=True)
        else:
            self.log.decline(
                move.reference,
                actor_id="U9",
                at=now,
                reason="No",
                status="rejected",
                outcome=outcome,
            )

    @precondition(lambda self: self.let_in)
    @rule(place=places, becomes=st.sampled_from(["succeeded", "unknown", "failed"]))
    def run(self, place: int, becomes: str) -> None:
        move = _nth(self.let_in, place)
        reference = move.reference
        verdict = self._judged_again(reference)
        needs = verdict.needs_approval and not move.is_approved
        # What was let in stays let in, unless somebody gave back in the control panel meanwhile.
        assert not needs or self.has_panel
        assert verdict.refusal is None
        if needs or becomes == "failed":
            self.log.finish(reference, status="failed", outcome={"message": "No"})
            return
        refund_id = self._give(move) if move.order_id else None
        outcome = {"refund_id": refund_id} if becomes == "succeeded" else {}
        self.log.finish(reference, status=becomes, outcome=outcome)
        self.moved.append(move)

    @precondition(lambda self: self.has_panel)
    @rule(order_id=st.sampled_from(sorted(CUSTOMERS)), amount=amounts)
    def give_back_in_the_control_panel(self, order_id: int, amount: Decimal) -> None:
        self._list(order_id, None, amount)

    @rule(hours=st.sampled_from([1, 13, 24 * 16]))
    def time_goes_by(self, hours: int) -> None:
        self.clock.tick(timedelta(hours=hours))

    @invariant()
    def nobody_moves_more_alone_than_the_rules_let_them(self) -> None:
        day = self.configuration.day_limit
        moves = [*self.moved, *self.let_in.values()]
        alone = [move for move in moves if not move.is_approved]
        for order_id in CUSTOMERS:
            given = [move for move in alone if move.order_id == order_id]
            assert _sum(given) <= ABOVE
        jo, rosa = {1042, 1043}, {1044}
        for orders in (jo, rosa):
            given = [move for move in alone if move.order_id in orders]
            assert _most_within(timedelta(days=30), given) <= ABOVE
        for person in PEOPLE:
            mine = [move for move in moves if move.person == person]
            assert day is None or _most_within(timedelta(hours=24), mine) <= day

    def _ask(self, check: LimitCheck, amount: Decimal | None) -> None:
        self.clock.tick(timedelta(seconds=1))
        self.count += 1
        reference = f"MG-{self.count}"
        try:
            with self.log.atomic():
                self.log.ask(
                    reference,
                    action=check.action,
                    order_id=check.order_id,
                    team_id="T1",
                    actor_id=check.actor_id,
                    request={},
                    counted=check.worth,
                    customer_id=check.customer.id,
                    customer_mail=check.customer.mail,
                    hold=self._admitted(check),
                )
        except _Refused:
            return
        # One of unknown worth needs a second person: how much it is does not matter then.
        move = Move(
            reference, check.actor_id, check.order_id, amount or Decimal(0), datetime.now(UTC)
        )
        is_held = self.log.get(reference).is_waiting
        assert is_held or amount is not None
        (self.waiting if is_held else self.let_in)[reference] = move

    def _admitted(self, check: LimitCheck) -> Hold | None:
        sums = read_sums(self.log, self.configuration, check)
        verdict = check_limits(self.configuration, check, sums)
        if verdict.refusal is not None:
            raise _Refused
        until = datetime.now(UTC) + timedelta(days=365)
        return Hold(until, {"facts": [], "warnings": []}) if verdict.needs_approval else None

    def _judged_again(self, reference: str) -> Verdict:
        entry = self.log.get(reference)
        given = None if entry.order_id is None else self._listing(entry.order_id)
        check = entry_check(entry, currency="USD", given_back=given, is_approver=True)
        return check_limits(
            self.configuration, check, read_sums(self.log, self.configuration, check)
        )

    def _give(self, move: Move) -> int | None:
        entry = self.log.get(move.reference)
        if entry.action != REFUND or move.order_id is None:
            return None
        return self._list(move.order_id, move.reference, move.amount)

    def _list(self, order_id: int, reference: str | None, amount: Decimal) -> int:
        refunds = self.listed[order_id]
        refund_id = 1000 * order_id + len(refunds)
        now = datetime.now(UTC)
        refunds.append(Given(refund_id=refund_id, reference=reference, amount=amount, created=now))
        return refund_id

    def _listing(self, order_id: int) -> GivenBack:
        return GivenBack(currency="USD", rate=None, refunds=tuple(self.listed[order_id]))


def _nth(moves: dict[str, Move], place: int) -> Move:
    """Take out one of them."""
    return moves.pop(list(moves)[place % len(moves)])


def _sum(moves: Iterable[Move]) -> Decimal:
    return sum((move.amount for move in moves), Decimal(0))


def _most_within(span: timedelta, moves: list[Move]) -> Decimal:
    """Return the most that was asked for within any such span of time."""
    windows = ([each for each in moves if at.at - span < each.at <= at.at] for at in moves)
    return max(map(_sum, windows), default=Decimal(0))


TestSequences = Sequences.TestCase
TestSequences.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
