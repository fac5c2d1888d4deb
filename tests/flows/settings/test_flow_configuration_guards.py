"""Who gets at the configuration, two admins at once, what cannot be read, and the largest."""

from __future__ import annotations

import copy
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.actions.registry import ACTIONS
from tests.support.agent import Agent, wait_for, words
from tests.support.configuring import edit, home, now, open_configuration, open_home, press, saved
from tests.support.looking import View
from tests.support.running import Running, configure

ODD = "<!channel> *&* " + "W" * 60
MANY = {
    "user_ids": [f"U{number:08}" for number in range(50)],
    "group_ids": [f"S{number:08}" for number in range(20)],
}


def _by(agent: Agent, payload: Any) -> Any:
    forged = copy.deepcopy(payload)
    forged["user"]["id"] = agent.user
    return forged


async def test_while_groups_cannot_be_read_their_members_may_not_act(
    running: Running, chiara: Agent, ben: Agent, tmp_path: Path
) -> None:
    configure(tmp_path, "rules.cancel_order", {"who": {"group_ids": ["S0LEADS"]}})
    await running.workspace.slack_fault(
        method="usergroups.users.list", kind="error", times=9, error="internal_error"
    )
    await running.workspace.slack_fault(
        method="usergroups.list", kind="error", times=9, error="internal_error"
    )
    order_id = await running.workspace.order_in_status(7)

    await ben.command(f"/cancel-order {order_id}")
    await ben.wait_for_modal("cannot be read just now")

    await edit(chiara, "rules.cancel_order", "Slack does not tell the user groups just now")
    await chiara.fill({"reasons": "Fraud"})
    await saved(chiara, "Reasons: Fraud")
    assert now(running).rule("cancel_order").who.group_ids == ("S0LEADS",)


async def test_two_admins_at_once_and_nothing_of_the_second_is_lost(
    running: Running, chiara: Agent, ben: Agent
) -> None:
    await running.workspace.post("person", user=ben.user, is_admin=True)
    await edit(chiara, "limits")
    await edit(ben, "limits")
    await ben.fill({"day_limit": "500"})
    await saved(ben, "Daily limit per person: 500.00 USD")

    await chiara.fill({"day_limit": "200", "hour_limit": "1000"})
    view = await chiara.wait_for_modal("Somebody else was faster", "500.00 USD", ben.user)
    assert now(running).hour_limit is None
    assert "200" in str(view["state"])

    await chiara.fill()
    await saved(
        chiara, "Daily limit per person: 200.00 USD", "Hourly limit for the team: 1,000.00 USD"
    )


async def test_only_admins_reach_the_configuration_whatever_they_send(
    running: Running, chiara: Agent, anna: Agent
) -> None:
    await edit(chiara, "rules.cancel_order")
    await chiara.fill({"enabled": "off"})
    await saved(chiara, "*Cancel order · off*")
    await press(chiara, "presets")
    await chiara.wait_for_modal("Add a preset")
    await chiara.press("Add a preset")
    await chiara.wait_for_modal("How often it works")
    await chiara.fill({"name": "Mine", "type": "fixed", "value": "5"})
    await home(chiara, "Mine")
    before = now(running)
    form = await running.delivered("view_submission", callback_id="configure")
    preset = await running.delivered("view_submission", callback_id="preset")
    click = await running.delivered("block_actions", type="home")
    await open_home(anna)

    # As good as an admin's own: of this moment, and with something to change.
    marks = running.configuration().mark
    form["view"]["private_metadata"] = f"rules.cancel_order {marks(('rules.cancel_order',))}"
    form["view"]["state"]["values"]["reasons"]["reasons"]["value"] = "Because I can"
    preset["view"]["private_metadata"] = f"{marks(('discount',))} "
    preset["view"]["state"]["values"]["name"]["name"]["value"] = "Hers"
    for forged in (form, preset):
        await running.deliver(_by(anna, forged))
    pressed = ("activate", "deactivate", "configure:limits", "presets", "connection")
    for action_id in pressed:
        forged = _by(anna, click)
        forged["actions"][0]["action_id"] = action_id
        await running.deliver(forged)

    # Each is answered with a notice, which has no trigger of its own here.
    async def answered() -> bool | None:
        calls = (await running.workspace.get("calls", method="views.open"))["calls"]
        said = [call for call in calls if "Only an admin or owner" in str(call["arguments"])]
        return len(said) == len(pressed) or None

    await wait_for(answered, "an answer to each click")
    assert now(running) == before
    view = await home(anna)
    assert "Latest changes" not in words(view)


async def _submit_form(admin: Agent) -> None:
    await edit(admin, "limits")
    await _lose(admin)
    await admin.fill({"limit": "77"})


async def _submit_preset(admin: Agent) -> None:
    await _open_presets(admin)
    await admin.press("Add a preset")
    await admin.wait_for_modal("How often it works")
    await _lose(admin)
    await admin.fill({"name": "Mine", "type": "fixed", "value": "5"})


async def _remove_preset(admin: Agent) -> None:
    view = await _open_presets(admin)
    await _lose(admin)
    await admin.pick(view, "Remove", beside="10% for 7 days")


async def _deactivate(admin: Agent) -> None:
    await open_configuration(admin)
    await _lose(admin)
    await press(admin, "deactivate")


async def _open_presets(admin: Agent) -> View:
    await open_configuration(admin)
    await press(admin, "presets")
    return await admin.wait_for_modal("Add a preset")


async def _lose(admin: Agent) -> None:
    """Make the admin a member like others, without the event that would say so."""
    await admin.workspace.post("person", user=admin.user, is_admin=False, is_owner=False, lost=True)


@pytest.mark.parametrize("way", [_submit_form, _submit_preset, _remove_preset, _deactivate])
async def test_who_is_no_admin_any_more_changes_nothing_more(
    running: Running, chiara: Agent, way: Callable[[Agent], Awaitable[None]]
) -> None:
    before = now(running)

    await way(chiara)

    await chiara.wait_for_modal("Only an admin or owner of the workspace may change")
    assert now(running) == before


async def test_while_slack_does_not_say_who_is_admin_nothing_is_changed(
    running: Running, chiara: Agent
) -> None:
    await edit(chiara, "limits")
    await running.workspace.slack_fault(
        method="users.info", kind="error", times=9, error="internal_error"
    )

    await chiara.fill({"limit": "77"})

    await chiara.wait_for_modal("Slack did not say who is an admin. Nothing was changed. Try again")
    assert now(running).limit is None


async def test_a_person_whom_slack_does_not_describe_may_nothing(
    running: Running, chiara: Agent
) -> None:
    await running.workspace.slack_fault(
        method="users.info", kind="error", times=99, error="internal_error"
    )
    # What was read before counts for a minute, unless Slack says that it has changed.
    await running.workspace.post("person", user=chiara.user)

    view = await open_home(chiara, "Slack did not say who may use Makegood")
    assert "Configuration" not in words(view)


async def test_everything_at_its_largest_still_fits(
    running: Running, chiara: Agent, anna: Agent, tmp_path: Path
) -> None:
    preset = {"type": "fixed", "value": "999999.99", "days": 3650, "uses": 1_000_000}
    presets = [{**preset, "name": f"{number:02}{ODD}"[:75]} for number in range(20)]
    rule = {
        "who": MANY,
        "always_approve": True,
        "reasons": [f"{number:02}{ODD}"[:75] for number in range(20)],
    }
    for action in ACTIONS:
        configure(tmp_path, f"rules.{action}", rule)
    configure(tmp_path, "discount", {"presets": presets, "most_percent": "99.99"})
    configure(tmp_path, "approvers", MANY)
    for amount in ("limit", "day_limit", "hour_limit", "approval_above"):
        configure(tmp_path, amount, "999999999.99")

    page = await open_configuration(chiara)
    assert len(page["blocks"]) <= 100
    assert "<!channel>" not in words(page)
    for key in ("rules.refund_order", "approvals", "discount"):
        await press(chiara, f"configure:{key}")
        await chiara.wait_for_modal("Save")
        await chiara.close()
    await press(chiara, "presets")
    assert "Add a preset" not in words(await chiara.wait_for_modal("no more fit"))
    await open_home(anna, "What you may do now", "not for you")


async def test_a_connection_that_is_broken_is_told_with_what_to_do(
    running: Running, chiara: Agent
) -> None:
    await running.workspace.slack_fault(
        method="conversations.info", kind="error", times=9, error="channel_not_found"
    )
    await open_configuration(chiara)
    await home(chiara, "Slack does not show it to Makegood")

    await press(chiara, "connection")

    await chiara.wait_for_modal("1 to fix", "was not found", "/invite @makegood")


async def test_two_admins_at_the_same_preset_and_nothing_is_lost(
    running: Running, chiara: Agent, ben: Agent
) -> None:
    await running.workspace.post("person", user=ben.user, is_admin=True)
    for admin in (chiara, ben):
        await open_configuration(admin)
        await press(admin, "presets")
        view = await admin.wait_for_modal("Add a preset")
        await admin.pick(view, "Change", beside="10% for 7 days")
        await admin.wait_for_modal("How often it works")
    await ben.fill({"value": "12"})
    await home(ben, "Preset “10% for 7 days, single use”: 10%", "→ 12%")

    await chiara.fill({"value": "8"})
    await chiara.wait_for_modal("Somebody else was faster", "→ 12%")
    assert now(running).discount.presets[0].value == 12
    await chiara.fill()
    await chiara.wait_for_modal("8%, for 7 days", "Add a preset")
    assert now(running).discount.presets[0].value == 8
