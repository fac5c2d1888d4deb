"""Who is let in: members of the workspace and its organisation, no guests, no strangers."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.support.agent import Agent, View, words
from tests.support.approving import (
    ANNA,
    BEN,
    ask_to_refund,
    asked_of,
    refunds,
    review_refund,
    set_approvers,
    set_rule,
    shipped,
)
from tests.support.running import Running, SandboxOnly, configure, running_bot

OURS, SIBLING, ELSEWHERE = "T0FERNFABLE", "T0SIBLING", "T0ELSEWHERE"
ORGANISATION = "E0FERN"
LOG = "C0ORDERLOG"
GUEST, DEACTIVATED, FOREIGN = "guests may not use", "is deactivated", "belong to another one"

STATES = [
    ({"is_restricted": True}, GUEST),
    ({"is_ultra_restricted": True}, GUEST),
    ({"is_bot": True}, "Apps cannot use Makegood"),
    ({"deleted": True}, DEACTIVATED),
]


async def confirm_as_it_was(running: Running, agent: Agent, view: View) -> str:
    """Send the review's submission as Slack sent the form's, and return what the view says."""
    sent = copy.deepcopy(await running.delivered("view_submission", callback_id="form"))
    return words(await running.deliver({**sent, "view": view}))


@pytest.mark.parametrize(("state", "said"), STATES)
async def test_who_is_no_full_member_any_more_confirms_nothing(
    running: Running, anna: Agent, state: dict[str, Any], said: str
) -> None:
    order_id = await shipped(running)
    view = await review_refund(anna, order_id)
    await running.workspace.post("person", user=ANNA, **state)

    answer = await confirm_as_it_was(running, anna, view)

    assert said in answer
    assert running.entries(order_id) == []
    assert await refunds(running, order_id) == []


@pytest.mark.parametrize(("state", "said"), STATES[:2])
async def test_a_guest_is_told_so_by_commands(
    running: Running, anna: Agent, state: dict[str, Any], said: str
) -> None:
    await running.workspace.post("person", user=ANNA, **state)

    await anna.command("/order 1042")
    await anna.wait_for_message(said)
    await anna.command("/refund-order 1042")
    await anna.wait_for_modal(said)


async def test_guests_act_where_an_admin_lets_them(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    await running.workspace.post("person", user=ANNA, is_restricted=True)
    configure(tmp_path, "guests", True)
    order_id = await shipped(running)

    await review_refund(anna, order_id)
    await anna.fill()

    await anna.wait_for_reply(order_id, "(Done")
    assert len(await refunds(running, order_id)) == 1


async def test_a_removed_member_stops_at_once(running: Running, anna: Agent) -> None:
    order_id = await shipped(running)
    await review_refund(anna, order_id)
    await running.workspace.post("membership", channel=LOG, user=ANNA, member=False)

    await anna.fill()

    await anna.wait_for_modal("You cannot use Makegood yet")
    assert running.entries(order_id) == []


async def test_an_approver_who_became_a_guest_approves_nothing(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN)
    set_rule(tmp_path, approval_above="0")
    order_id = await shipped(running)
    await ask_to_refund(anna, order_id)
    message = await asked_of(ben, order_id)
    await running.workspace.post("person", user=BEN, is_restricted=True)

    await ben.press_in_message(message, "Approve")

    await ben.wait_for_message(GUEST, channel=ben.log_channel)
    assert await refunds(running, order_id) == []
    assert running.entries(order_id)[0].is_waiting


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"connected": [ELSEWHERE]}, "shared with another organisation"),
        ({"pending_ext_shared": True}, "shared with another organisation"),
        ({"archived": True}, "channel is archived"),
    ],
)
async def test_a_channel_that_is_not_the_teams_alone_lets_nobody_act(
    sandbox_only: SandboxOnly, tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    await sandbox_only.workspace.post("channel", channel=LOG, **change)
    async with running_bot(sandbox_only.sandbox, tmp_path):
        anna = await sandbox_only.agent("Anna")
        await anna.command("/refund-order 1042")
        await anna.wait_for_modal(said, "An admin can choose another audit channel")
        await anna.command("/order 1042")
        await anna.wait_for_message(said)


async def test_a_channel_that_is_shared_meanwhile_stops_what_is_confirmed_then(
    running: Running, anna: Agent
) -> None:
    order_id = await shipped(running)
    await review_refund(anna, order_id)
    await running.workspace.post("channel", channel=LOG, connected=[ELSEWHERE])

    await anna.fill()

    await anna.wait_for_modal("shared with another organisation")
    assert running.entries(order_id) == []


@pytest.fixture
async def grid(sandbox_only: SandboxOnly, tmp_path: Path) -> AsyncIterator[Running]:
    """A bot in one workspace of an organisation; Ben's home is another one."""
    await sandbox_only.workspace.post("team", enterprise_id=ORGANISATION)
    home = {"home": SIBLING, "enterprise_id": ORGANISATION}
    await sandbox_only.workspace.post("person", user=BEN, **home, teams=[SIBLING, OURS])
    async with AsyncExitStack() as started:
        sandbox = sandbox_only.sandbox
        await started.enter_async_context(running_bot(sandbox, tmp_path))
        running = Running(sandbox, sandbox_only.session, tmp_path)
        started.callback(running.close)
        yield running


async def test_on_grid_commands_and_forms_are_one_persons(grid: Running) -> None:
    ben, order_id = await grid.agent("Ben"), await shipped(grid)

    await review_refund(ben, order_id)
    await ben.fill()

    await ben.wait_for_reply(order_id, "(Done")
    assert len(await refunds(grid, order_id)) == 1
    assert [entry.actor_id for entry in grid.entries(order_id)] == [BEN]


async def test_on_grid_buttons_and_the_shortcut_open_forms_that_can_be_sent(grid: Running) -> None:
    ben, order_id = await grid.agent("Ben"), await shipped(grid)
    message = await ben.say(f"Order {order_id} arrived broken")
    await ben.shortcut(message, "order_actions")
    await ben.wait_for_modal("Left to refund")
    await ben.press("Full refund")
    await ben.wait_for_modal("Reason")

    await ben.fill({"reason": "Damaged"})
    await ben.wait_for_modal("Change something")
    await ben.fill()

    await ben.wait_for_reply(order_id, "(Done")
    assert len(await refunds(grid, order_id)) == 1


async def test_on_grid_somebody_of_a_sibling_workspace_alone_is_served(grid: Running) -> None:
    await grid.workspace.post("person", user=BEN, teams=[SIBLING])
    ben, order_id = await grid.agent("Ben"), await shipped(grid)
    assert (await ben.command(f"/order {order_id}"))["error"] == "unknown_command"
    message = await ben.say(f"Order {order_id} arrived broken")

    await ben.shortcut(message, "order_actions")

    await ben.wait_for_modal("Left to refund")


async def test_on_grid_an_approver_of_a_sibling_workspace_approves(
    grid: Running, tmp_path: Path
) -> None:
    anna, ben, order_id = await grid.agent("Anna"), await grid.agent("Ben"), await shipped(grid)
    set_approvers(tmp_path, BEN)
    set_rule(tmp_path, approval_above="0")
    await ask_to_refund(anna, order_id)

    await ben.press_in_message(await asked_of(ben, order_id), "Approve")

    await ben.wait_for_reply(order_id, "(Done")
    assert len(await refunds(grid, order_id)) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"team": None, "is_enterprise_install": True},
        {"team": {"id": SIBLING, "domain": "sibling"}},
        {"enterprise": None},
    ],
)
async def test_on_grid_every_shape_of_a_payload_is_the_same_person(
    grid: Running, changes: dict[str, Any]
) -> None:
    ben, order_id = await grid.agent("Ben"), await shipped(grid)
    view = await review_refund(ben, order_id)
    sent = await grid.delivered("view_submission", callback_id="form")

    await grid.deliver({**sent, **changes, "view": view})

    await ben.wait_for_reply(order_id, "(Done")
    assert len(await refunds(grid, order_id)) == 1


async def test_on_grid_another_organisation_may_do_nothing(grid: Running) -> None:
    ben, order_id = await grid.agent("Ben"), await shipped(grid)
    view = await review_refund(ben, order_id)
    sent = await grid.delivered("view_submission", callback_id="form")
    foreign = {"team": {"id": ELSEWHERE}, "enterprise": {"id": "E0OTHER", "name": "Other"}}

    answer = await grid.deliver({**sent, **foreign, "view": view})

    assert "belong" in words(answer)
    assert grid.entries(order_id) == []


async def test_a_stranger_of_slack_connect_may_do_nothing_by_any_way(
    running: Running, anna: Agent
) -> None:
    await running.workspace.post("person", user="U0EVE", real_name="Eve Elsewhere", home=ELSEWHERE)
    await running.workspace.post("membership", channel=LOG, user="U0EVE")
    await running.workspace.post("membership", channel="C0SUPPORT", user="U0EVE")
    eve = await running.agent("Eve")
    message = await anna.say("Order 1042 arrived broken")
    assert (await eve.command("/order 1042"))["error"] == "unknown_command"

    await eve.shortcut(message, "order_actions")

    view = await eve.wait_for_modal(FOREIGN)
    assert "1042" not in words(view)


async def test_a_stranger_in_a_payload_that_looks_like_ours_is_found_out(
    running: Running, anna: Agent
) -> None:
    await running.workspace.post("person", user="U0EVE", real_name="Eve Elsewhere", home=ELSEWHERE)
    await running.workspace.post("membership", channel=LOG, user="U0EVE")
    order_id = await shipped(running)
    view = await review_refund(anna, order_id)
    sent: Any = copy.deepcopy(await running.delivered("view_submission", callback_id="form"))
    sent["user"]["id"] = "U0EVE"
    find = {**view, "callback_id": "search", "state": {"values": {}}}

    answer = await running.deliver({**sent, "view": find})
    confirmed = await running.deliver({**sent, "view": view})

    assert FOREIGN in words(answer)
    assert "belongs to somebody else" in words(confirmed)
    assert running.entries(order_id) == []
