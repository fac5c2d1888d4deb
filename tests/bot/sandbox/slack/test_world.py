"""The workspace's data: times that never repeat, who belongs to it, and what survives a restart."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.slack.seed import APP_ID, BOT_ID, BOT_USER_ID, TEAM, plant
from bot.sandbox.slack.world import Person, Team, World


def world(enterprise_id: str = "") -> World:
    return World(Team("T1", "Fern", "fern", enterprise_id), "A1", "B1", "U0")


@given(times=st.lists(st.floats(0, 2_000_000_000), max_size=20))
def test_a_ts_is_later_than_every_one_before_whatever_the_clock_says(times: list[float]) -> None:
    made = world()

    stamps = [made.new_ts(at) for at in times]

    assert stamps == sorted(stamps, key=float)
    assert len(set(stamps)) == len(times)
    assert all(len(ts.partition(".")[2]) == 6 for ts in stamps)


@pytest.mark.parametrize(
    ("enterprise_id", "fields", "foreign", "member"),
    [
        ("", {}, False, True),
        ("", {"home": "T1"}, False, True),
        ("", {"home": "T2"}, True, False),
        ("", {"home": "T2", "enterprise_id": "E1"}, True, False),
        ("E1", {"home": "T2"}, True, False),
        ("E1", {"home": "T2", "enterprise_id": "E2", "teams": ("T1",)}, True, False),
        ("E1", {"home": "T2", "enterprise_id": "E1"}, False, False),
        ("E1", {"home": "T2", "enterprise_id": "E1", "teams": ("T1",)}, False, True),
    ],
)
def test_who_belongs_to_the_workspace(
    enterprise_id: str, fields: dict[str, Any], foreign: bool, member: bool
) -> None:
    person = Person("U1", "anna", "Anna Keller", **fields)

    assert world(enterprise_id).is_foreign(person) is foreign
    assert world(enterprise_id).is_member_of_workspace(person) is member


def test_direct_messages_are_opened_once() -> None:
    made = world()

    first, again = made.direct_channel("U1"), made.direct_channel("U1")

    assert first is again
    assert (first.id, first.user, first.members, first.is_im) == ("D1", "U1", ["U1", "U0"], True)


def test_only_the_person_finds_what_only_they_see() -> None:
    made = world()
    made.ephemerals.append({"channel": "C1", "user": "U1", "message": {"ts": "1"}})

    assert made.find_ephemeral("C1", "1", "U1") == {"ts": "1"}
    assert made.find_ephemeral("C1", "1", "U2") is None
    assert made.find_ephemeral("C2", "1", "U1") is None


def test_what_is_saved_is_put_back() -> None:
    before = World(TEAM, APP_ID, BOT_ID, BOT_USER_ID)
    plant(before, "Makegood")
    before.direct_channel("U0ANNAKELLER")
    before.read["U0ANNAKELLER"]["C0SUPPORT"] = "1"
    after = World(TEAM, APP_ID, BOT_ID, BOT_USER_ID)

    after.load_json(json.loads(json.dumps(before.to_json())))

    assert after.to_json() == before.to_json()
    assert after.channels["C0SUPPORT"].members == before.channels["C0SUPPORT"].members
