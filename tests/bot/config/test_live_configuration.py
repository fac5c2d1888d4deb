"""What counts at once, what waits, and for whom, over time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from bot.config.configuration import Configuration, People
from bot.config.live_configuration import Changed, LiveConfiguration
from bot.config.loosening import is_loosened
from storage.configuration.history import ConfigurationLog
from storage.configuration.proposals import CONFIRMED, IN_FORCE, OVERTAKEN, REPLACED, WITHDRAWN
from storage.database import open_database

ANNA, BEN, CARA = "U1", "U2", "U3"
START = datetime(2026, 11, 23, 9, tzinfo=UTC)


def live_on(db: Database) -> LiveConfiguration:
    return LiveConfiguration(ConfigurationLog(db), Configuration(audit_channel="C1"), ())


@pytest.fixture
def live(tmp_path: Path) -> Iterator[LiveConfiguration]:
    """A shop that gives 100 a person and day at most, as its owner has set it."""
    with closing(open_database(tmp_path / "makegood.sqlite")) as db:
        live = live_on(db)
        change(live, "activated", True, by="U0")
        change(live, "day_limit", "100.00", by="U0")
        yield live


def change(live: LiveConfiguration, section: str, value: object, *, by: str = ANNA) -> Changed:
    return live.change(section, value, team_id="T1", actor_id=by)


def day_limit(live: LiveConfiguration, *people: str) -> Decimal | None:
    return live.current(*people).day_limit


def test_tightening_counts_and_loosening_waits(live: LiveConfiguration) -> None:
    tightened = change(live, "day_limit", "90.00")
    assert [each.after for each in tightened.changes] == ["90.00"]
    assert tightened.proposal is None

    loosened = change(live, "day_limit", "200.00", by=BEN)
    assert loosened.changes == ()
    assert loosened.proposal is not None
    assert loosened.proposal.changes == (("day_limit", "90.00", "200.00"),)
    assert day_limit(live) == Decimal(90)


def test_what_a_second_person_confirms_counts_for_everybody(live: LiveConfiguration) -> None:
    proposal = change(live, "day_limit", None).proposal
    assert proposal is not None

    [confirmed] = live.confirm(proposal, by=BEN)

    assert (confirmed.actor_id, confirmed.confirmed_by) == (ANNA, BEN)
    assert day_limit(live) == day_limit(live, ANNA) is None
    assert live.confirm(proposal, by=CARA) == ()
    ended = live.proposals.find(proposal.id)
    assert ended is not None
    assert (ended.state, ended.ended_by) == (CONFIRMED, BEN)


def test_what_was_overtaken_or_ended_is_not_confirmed(live: LiveConfiguration) -> None:
    first = change(live, "day_limit", "200.00").proposal
    assert first is not None
    change(live, "day_limit", "50.00", by=BEN)
    assert live.is_overtaken(first)
    assert live.confirm(first, by=BEN) == ()

    second = change(live, "day_limit", "200.00").proposal
    assert second is not None
    assert live.end(second, WITHDRAWN, by=ANNA)
    assert live.confirm(second, by=BEN) == ()
    assert not live.end(second, WITHDRAWN, by=ANNA)
    states = [live.proposals.find(each.id).state for each in (first, second)]  # type: ignore[union-attr]
    assert states == [OVERTAKEN, WITHDRAWN]
    assert day_limit(live) == Decimal(50)


def test_what_time_puts_in_force_holds_later_for_who_asked(live: LiveConfiguration) -> None:
    with freeze_time(START) as clock:
        proposal = change(live, "day_limit", "500.00").proposal
        assert proposal is not None
        live.proposals.set_alone_since(proposal.id, START)
        clock.tick(timedelta(hours=1))
        proposal = live.proposals.find(proposal.id)
        assert proposal is not None
        live.put_in_force(proposal)
        assert (day_limit(live), day_limit(live, ANNA)) == (Decimal(500), Decimal(100))
        assert day_limit(live, BEN) == Decimal(500)
        assert day_limit(live, BEN, ANNA) == Decimal(100)
        ended = live.proposals.find(proposal.id)
        assert ended is not None
        assert (ended.state, ended.held_until) == (IN_FORCE, START + timedelta(hours=24))

        clock.move_to(START + timedelta(hours=24, seconds=1))
        assert day_limit(live, ANNA) == Decimal(500)


def test_quick_asks_of_one_person_are_one_and_of_two_are_two(live: LiveConfiguration) -> None:
    with freeze_time(START) as clock:
        change(live, "hour_limit", "900.00", by="U0")
        first = change(live, "day_limit", "200.00").proposal
        both = change(live, "hour_limit", "1000.00").proposal
        other = change(live, "day_limit", "300.00", by=BEN).proposal
        assert first is not None
        assert both is not None
        assert other is not None
        assert {*both.paths} == {"hour_limit", "day_limit"}
        assert {each.id for each in live.proposals.open()} == {both.id, other.id}
        replaced = live.proposals.find(first.id)
        assert replaced is not None
        assert (replaced.state, replaced.ended_by) == (REPLACED, ANNA)

        clock.tick(timedelta(minutes=11))
        later = change(live, "limit", None)
        assert later == Changed()  # it changes nothing
        apart = change(live, "guests", True).proposal
        assert apart is not None
        assert apart.paths == ("guests",)
        assert len(live.proposals.open()) == 3


@pytest.mark.parametrize(("minutes", "is_free"), [(59, True), (61, False)])
def test_ones_own_tightening_is_undone_within_the_hour(
    live: LiveConfiguration, minutes: int, is_free: bool
) -> None:
    with freeze_time(START) as clock:
        change(live, "day_limit", "50.00")
        clock.tick(timedelta(minutes=minutes))

        undone = change(live, "day_limit", "100.00")

    assert (undone.proposal is None) == is_free
    assert day_limit(live) == (Decimal(100) if is_free else Decimal(50))


def test_undoing_goes_no_further_than_it_was_and_not_past_others(live: LiveConfiguration) -> None:
    change(live, "day_limit", "50.00")
    assert change(live, "day_limit", "100.01").proposal is not None
    change(live, "day_limit", "40.00", by=BEN)
    assert change(live, "day_limit", "50.00").proposal is not None
    assert day_limit(live) == Decimal(40)


def test_nothing_of_before_the_first_activation_may_be_gone_back_to(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "makegood.sqlite")) as db:
        live = live_on(db)
        assert live.is_new
        change(live, "day_limit", "900.00")
        change(live, "day_limit", "100.00")
        assert change(live, "day_limit", "500.00").proposal is None
        change(live, "activated", True)
        assert not live.is_new

        assert change(live, "day_limit", "900.00").proposal is not None
        assert day_limit(live) == Decimal(500)


def test_whom_somebody_removed_still_agrees_and_whom_they_added_does_not_yet(
    live: LiveConfiguration,
) -> None:
    def people(*users: str) -> People:
        return People(user_ids=users)

    with freeze_time(START) as clock:
        named = change(live, "approvers", people(BEN), by="U0").proposal
        assert named is not None
        live.confirm(named, by="U9")
        clock.tick(1)
        change(live, "approvers", people())
        assert live.current().approvers == people()
        assert live.approvers_for(ANNA).user_ids == (BEN,)
        assert live.approvers_for(CARA).user_ids == ()

        added = change(live, "approvers", people("U4")).proposal
        assert added is not None
        clock.tick(1)
        live.put_in_force(added)
        clock.tick(1)
        assert live.current().approvers == people("U4")
        assert live.approvers_for(ANNA).user_ids == (BEN,)
        change(live, "approvers", people())
        assert live.approvers_for(ANNA).user_ids == (BEN,)

        clock.tick(timedelta(hours=24, minutes=1))
        assert live.approvers_for(ANNA).user_ids == ()


AMOUNTS = st.none() | st.sampled_from(["50.00", "99.00", "100.00", "101.00", "5000.00"])
STEPS = st.lists(
    st.tuples(st.sampled_from(["change", "withdraw", "time"]), AMOUNTS, st.integers(1, 59)),
    max_size=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(STEPS)
def test_no_steps_of_one_person_loosen_anything_early(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str | None, int]]
) -> None:
    """For others nothing is looser within an hour, for who asked within a day."""
    db = open_database(tmp_path_factory.mktemp("live") / "makegood.sqlite")
    with closing(db), freeze_time(START) as clock:
        live = live_on(db)
        change(live, "activated", True, by="U0")
        change(live, "day_limit", "100.00", by="U0")
        for what, amount, minutes in steps:
            if what == "change":
                change(live, "day_limit", amount)
            for proposal in live.proposals.open():
                if what == "withdraw":
                    live.end(proposal, WITHDRAWN, by=ANNA)
                elif proposal.alone_since is None:
                    live.proposals.set_alone_since(proposal.id, datetime.now(UTC))
                elif proposal.alone_since + timedelta(hours=1) <= datetime.now(UTC):
                    live.put_in_force(proposal)
            passed = datetime.now(UTC) - START
            if passed < timedelta(hours=1):
                assert not is_loosened("day_limit", "100.00", _plain(day_limit(live, BEN)))
            assert passed < timedelta(hours=24)
            assert not is_loosened("day_limit", "100.00", _plain(day_limit(live, ANNA)))
            clock.tick(timedelta(minutes=minutes))


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)
