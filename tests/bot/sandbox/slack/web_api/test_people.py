from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.bot.sandbox.slack.desk import ANNA, BEN, GENERAL, LOG, MANIFEST, Desk, open_desk

CHIARA = "U0CHIARAROSSI"
BOT = "U0MAKEGOOD"


async def refused(call: Awaitable[Any]) -> Any:
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response


async def roles(desk: Desk, user: str) -> tuple[bool, bool, bool]:
    shown = (await desk.client.users_info(user=user))["user"]
    return shown["is_admin"], shown["is_owner"], shown["is_bot"]


async def test_people_come_with_their_roles(desk: Desk) -> None:
    assert await roles(desk, ANNA) == (False, False, False)
    assert await roles(desk, CHIARA) == (True, False, False)
    assert await roles(desk, BOT) == (False, False, True)


async def test_roles_can_be_given_and_taken(desk: Desk) -> None:
    await desk.post("person", user=ANNA, is_owner=True)
    await desk.post("person", user=CHIARA, is_admin=False)

    assert await roles(desk, ANNA) == (True, True, False)
    assert await roles(desk, CHIARA) == (False, False, False)
    shown = {p["id"]: p for p in (await desk.get("people"))["people"]}
    assert (shown[ANNA]["is_owner"], shown[CHIARA]["is_admin"]) == (True, False)


async def test_of_a_deactivated_person_no_role_is_told(desk: Desk) -> None:
    await desk.post("person", user=BEN, deleted=True)

    ben = (await desk.client.users_info(user=BEN))["user"]
    listed = (await desk.client.users_list())["members"]

    assert ben["deleted"]
    assert "is_admin" not in ben
    assert [one["id"] for one in listed if one["deleted"]] == [BEN]
    assert (await desk.command("/order 1", user=BEN))["error"] == "account_inactive"


async def test_groups_are_listed_with_what_is_asked_for(desk: Desk) -> None:
    plain = (await desk.client.usergroups_list())["usergroups"]
    full = await desk.client.usergroups_list(include_users=True, include_count=True)
    leads, agents = full["usergroups"]

    assert [(g["id"], g["handle"], g["name"]) for g in plain] == [
        ("S0LEADS", "support-leads", "Support leads"),
        ("S0AGENTS", "agents", "Agents"),
    ]
    assert "users" not in plain[0]
    assert (leads["users"], leads["user_count"]) == ([BEN, CHIARA], "2")
    assert (agents["user_count"], agents["date_delete"]) == ("3", 0)


async def test_people_join_and_leave_a_group(desk: Desk) -> None:
    await desk.post("group", group="Support leads", user=ANNA)
    await desk.post("group", group="support-leads", user=BEN, member=False)
    await desk.post("group", group="S0AGENTS", users=[ANNA])

    leads = await desk.client.usergroups_users_list(usergroup="S0LEADS")
    agents = await desk.client.usergroups_users_list(usergroup="S0AGENTS")
    unknown = await desk.post("group", group="agents", user="U0NOBODY")

    assert (leads["users"], agents["users"]) == ([CHIARA, ANNA], [ANNA])
    assert unknown["error"] == "user_not_found"
    assert (await desk.post("group", group="nobody"))["error"] == "group_not_found"


async def test_a_disabled_group_is_as_if_gone(desk: Desk) -> None:
    await desk.post("group", group="agents", deleted=True)

    listed = (await desk.client.usergroups_list())["usergroups"]
    with_disabled = (await desk.client.usergroups_list(include_disabled=True))["usergroups"]
    error = await refused(desk.client.usergroups_users_list(usergroup="S0AGENTS"))

    assert [group["id"] for group in listed] == ["S0LEADS"]
    assert with_disabled[1]["date_delete"] > 0
    assert error["error"] == "no_such_subteam"
    unknown = await refused(desk.client.usergroups_users_list(usergroup="S0NONE"))
    assert unknown["error"] == "no_such_subteam"


async def test_starting_over_brings_groups_and_roles_back(desk: Desk) -> None:
    await desk.post("group", group="agents", users=[])
    await desk.post("person", user=ANNA, is_admin=True)
    await desk.post("reset")

    agents = await desk.client.usergroups_users_list(usergroup="S0AGENTS")
    assert len(agents["users"]) == 3
    assert await roles(desk, ANNA) == (False, False, False)


async def test_a_method_without_its_scope_is_refused() -> None:
    granted = [
        line
        for line in MANIFEST.splitlines()
        if not line.endswith((" users:read", " usergroups:read", " groups:read", " chat:write"))
    ]
    async with open_desk(manifest="\n".join(granted)) as desk:
        client = desk.client
        person = await refused(client.users_info(user=ANNA))
        group = await refused(client.usergroups_users_list(usergroup="S0AGENTS"))
        private = await refused(client.conversations_members(channel=LOG))
        post = await refused(client.chat_postMessage(channel=LOG, text="x"))
        await client.conversations_members(channel=GENERAL)

    assert (person["error"], person["needed"]) == ("missing_scope", "users:read")
    assert "users:read" not in person["provided"].split(",")
    assert (group["needed"], private["needed"]) == ("usergroups:read", "groups:read")
    assert post["needed"] == "chat:write"
