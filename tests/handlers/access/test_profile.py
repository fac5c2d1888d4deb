from __future__ import annotations

from typing import Any

import pytest

from handlers.access.person import Installation
from handlers.access.profile import Profile, Unfit, nobody

ALONE = Installation("T1")
GRID = Installation("T1", "E1")


def user(**fields: Any) -> dict[str, Any]:
    return {"id": "U1", "team_id": "T1", "deleted": False, "is_bot": False, **fields}


def unfit(installation: Installation, *, guests: bool = False, **fields: Any) -> Unfit | None:
    return Profile.of(user(**fields), installation).unfit(guests=guests)


def test_a_member_of_the_workspace_may_act() -> None:
    assert unfit(ALONE) is None
    assert unfit(GRID) is None


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"deleted": True}, Unfit.DEACTIVATED),
        ({"deleted": None}, Unfit.DEACTIVATED),
        ({"is_bot": True}, Unfit.BOT),
        ({"is_workflow_bot": True}, Unfit.BOT),
        ({"id": "USLACKBOT"}, Unfit.BOT),
        ({"is_restricted": True}, Unfit.GUEST),
        ({"is_restricted": True, "is_ultra_restricted": True}, Unfit.GUEST),
        ({"is_ultra_restricted": True}, Unfit.GUEST),
        ({"team_id": "T9"}, Unfit.FOREIGN),
        ({"team_id": "T9", "is_stranger": False}, Unfit.FOREIGN),
        ({"is_stranger": True}, Unfit.FOREIGN),
        ({"team_id": None}, Unfit.FOREIGN),
        ({"team_id": "T9", "enterprise_user": {"enterprise_id": "E1"}}, Unfit.FOREIGN),
    ],
)
def test_others_may_not(fields: dict[str, Any], why: Unfit) -> None:
    assert unfit(ALONE, **fields) is why


def test_an_admin_may_let_guests_act_and_nobody_else() -> None:
    assert unfit(ALONE, guests=True, is_restricted=True) is None
    assert unfit(ALONE, guests=True, is_restricted=True, deleted=True) is Unfit.DEACTIVATED
    assert unfit(ALONE, guests=True, is_restricted=True, team_id="T9") is Unfit.FOREIGN


@pytest.mark.parametrize("home", ["T2", "E1", None])
def test_on_grid_the_organisation_counts(home: str | None) -> None:
    ours = {"enterprise_id": "E1", "teams": ["T2"]}

    assert unfit(GRID, team_id=home, enterprise_user=ours) is None
    assert unfit(GRID, team_id=home) is Unfit.FOREIGN
    assert unfit(GRID, team_id=home, enterprise_user={"enterprise_id": "E9"}) is Unfit.FOREIGN


def test_who_is_not_there_may_not() -> None:
    assert nobody("U1").unfit(guests=True) is Unfit.FOREIGN
