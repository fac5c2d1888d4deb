from __future__ import annotations

from typing import Any

import pytest

from handlers.access.person import Installation, Person

ALONE = Installation("T1")
GRID = Installation("T1", "E1")
OURS = Person("T1", "U1")


def command(**fields: Any) -> dict[str, Any]:
    return {"user_id": "U1", "team_id": "T1", **fields}


def click(**fields: Any) -> dict[str, Any]:
    user = {"id": "U1", "team_id": fields.pop("home", "T1")}
    return {"user": user, "team": {"id": "T1"}, "enterprise": None, **fields}


def form(installed: str = "T1", **fields: Any) -> dict[str, Any]:
    return click(view={"app_installed_team_id": installed}, **fields)


def event(**granted: Any) -> dict[str, Any]:
    authorization = {"team_id": "T1", "enterprise_id": None, **granted}
    return {"team_id": "T1", "event": {"user": "U1"}, "authorizations": [authorization]}


@pytest.mark.parametrize("body", [command(), click(), form(), event()])
def test_somebody_of_the_workspace_is_known_alike_everywhere(body: dict[str, Any]) -> None:
    assert ALONE.person(body) == OURS


GRID_BODIES = [
    command(enterprise_id="E1"),
    click(home="T2", enterprise={"id": "E1"}),
    click(home="E1", enterprise={"id": "E1"}),
    click(home="T2", enterprise={"id": "E1"}, team={"id": "T2"}),
    form(home="T2", enterprise={"id": "E1"}),
    form(home="T2", enterprise=None),
    form(home="T2", enterprise={"id": "E1"}, team=None),
    form("E1", home="T2", enterprise={"id": "E1"}, team=None, is_enterprise_install=True),
    event(enterprise_id="E1"),
]


@pytest.mark.parametrize("body", GRID_BODIES)
def test_on_grid_the_home_makes_no_difference(body: dict[str, Any]) -> None:
    assert GRID.person(body) == OURS


FOREIGN_BODIES = [
    command(team_id="T9"),
    click(home="T9"),
    click(team={"id": "T9"}),
    form("T9"),
    form(team={"id": "T9"}, home="T9"),
    event(team_id="T9"),
]


@pytest.mark.parametrize("body", FOREIGN_BODIES)
def test_somebody_of_another_workspace_is_not_ours(body: dict[str, Any]) -> None:
    assert ALONE.person(body) == Person("T9", "U1")


@pytest.mark.parametrize(
    "body",
    [
        command(team_id="T9", enterprise_id="E9"),
        command(enterprise_id="E9"),
        form(team={"id": "T9"}, home="T9", enterprise={"id": "E9"}),
        click(team={"id": "T9"}, home="T9"),
    ],
)
def test_another_organisation_is_not_ours(body: dict[str, Any]) -> None:
    person = GRID.person(body)

    assert person.team_id != "T1"
    assert person.user_id == "U1"


@pytest.mark.parametrize("body", [{}, {"user": None}, {"event": {}, "authorizations": []}])
def test_a_payload_that_says_nothing_is_nobodys(body: dict[str, Any]) -> None:
    assert ALONE.person(body) == GRID.person(body) == Person("", "")
