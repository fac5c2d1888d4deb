"""The configuration page: what admins change there, what is refused, and who hears of it."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from bot.actions import ACTIONS
from bot.configuration import Configuration
from tests.agent import Agent, wait_for, words
from tests.configuring import home, open_configuration, open_home, press
from tests.looking import button_labels
from tests.running import Running, configure

DISCOUNT = "configure:discount"


@pytest.fixture
async def chiara(running: Running) -> Agent:
    return await running.agent("Chiara")


def now(running: Running) -> Configuration:
    return running.configuration().current()


async def edit(admin: Agent, key: str, *texts: str) -> None:
    await open_configuration(admin)
    await press(admin, f"configure:{key}")
    await admin.wait_for_modal("Save", *texts)


async def saved(admin: Agent, *texts: str) -> None:
    await home(admin, *texts)
    assert await admin.modal() is None


async def test_an_action_is_switched_off_and_the_team_is_told(
    running: Running, chiara: Agent, anna: Agent
) -> None:
    await edit(chiara, "rules.refund_order", "Who may use it", "Most for one request (USD)")
    await chiara.fill({"enabled": "off"})

    await saved(chiara, "*Full refund · off*", "switched *Full refund* off")
    told = await chiara.wait_for_message("switched *Full refund* off", channel=chiara.log_channel)
    assert f"<@{chiara.user}>" in told["text"]
    shipped = await running.workspace.order_in_status(2)
    await anna.command(f"/order {shipped}")
    card = await anna.wait_for_message(f"Order {shipped} ")
    assert "Full refund …" not in button_labels(card)
    assert "Partial refund …" in button_labels(card)


async def test_an_action_is_narrowed_down_to_a_group_and_persons(
    running: Running, chiara: Agent, anna: Agent, ben: Agent
) -> None:
    await edit(chiara, "rules.cancel_order")
    view = await chiara.modal()
    assert view is not None
    found = await running.workspace.post(
        "options",
        user=chiara.user,
        view_id=view["id"],
        block_id="groups",
        action_id="configured_groups",
        query="lead",
    )
    assert [option["text"] for option in found["options"]] == ["@support-leads"]
    await chiara.fill({"who": "some", "groups": ["S0LEADS"]})

    await saved(chiara, "Members of @support-leads.")
    order_id = await running.workspace.order_in_status(7)
    await anna.command(f"/cancel-order {order_id}")
    await anna.wait_for_modal("only for some of the team")
    await ben.command(f"/cancel-order {order_id}")
    await ben.wait_for_modal("Reason")

    await edit(chiara, "rules.cancel_order")
    await chiara.fill({"users": [anna.user], "groups": []})
    await saved(chiara, f"<@{anna.user}>.")
    await ben.fill({"reason": "Customer request"})
    await ben.wait_for_modal("only for some of the team")


async def test_nobody_chosen_is_never_everybody(running: Running, chiara: Agent) -> None:
    await edit(chiara, "rules.cancel_order")
    answer = await chiara.fill({"who": "some"})

    assert "at least one person" in answer["errors"]["users"]
    answer = await chiara.fill({"who": "everyone", "users": [chiara.user]})
    assert "Choose “Only …”" in answer["errors"]["who"]
    assert now(running).rule("cancel_order").who.everyone


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


async def test_amounts_are_checked_next_to_their_fields(running: Running, chiara: Agent) -> None:
    await edit(chiara, "rules.refund_order")
    answer = await chiara.fill({"limit": "1,000.50", "approval_above": "-3"})
    assert "thousands separator" in answer["errors"]["limit"]
    assert "above 0" in answer["errors"]["approval_above"]

    answer = await chiara.fill({"limit": "100", "approval_above": "100"})
    assert "gets that far" in answer["errors"]["approval_above"]

    await chiara.fill({"limit": "100", "approval_above": "0"})
    await saved(chiara, "Up to 100.00 USD, approval always")
    await home(chiara, "Nobody can approve yet")


async def test_reasons_are_kept_in_their_order_and_old_ones_stay_as_they_were(
    running: Running, chiara: Agent, anna: Agent
) -> None:
    first, second = 1042, await running.workspace.order_in_status(7)
    await anna.command(f"/cancel-order {second}")
    await anna.wait_for_modal("Reason")

    await edit(chiara, "rules.cancel_order")
    answer = await chiara.fill({"reasons": "Fraud\nTest order\nfraud"})
    assert "there twice" in answer["errors"]["reasons"]
    answer = await chiara.fill({"reasons": "\n".join(map(str, range(21)))})
    assert "21" in answer["errors"]["reasons"]
    answer = await chiara.fill({"reasons": "x" * 76})
    assert "75 characters" in answer["errors"]["reasons"]
    await chiara.fill({"reasons": "  Test order \n\n Fraud "})
    await saved(chiara, "Reasons: Test order, Fraud")

    # Anna's form was open before: it is hers until she sends it.
    await anna.fill({"reason": "Customer request"})
    await anna.wait_for_modal("Change something")
    await anna.fill()
    await anna.wait_for_modal("Done")
    await running.told(second)
    assert running.entries(second)[0].request["reason"] == "Customer request"
    third = await running.workspace.order_in_status(1)
    await anna.command(f"/cancel-order {third}")
    form = await anna.wait_for_modal("Test order")
    assert "Customer request" not in words(form)
    assert words(form).index("Test order") < words(form).index("Fraud")
    assert first


async def test_two_admins_at_once_and_nothing_of_the_second_is_lost(
    running: Running, chiara: Agent, ben: Agent
) -> None:
    await running.workspace.post("person", user=ben.user, is_admin=True)
    await edit(chiara, "limits")
    await edit(ben, "limits")
    await ben.fill({"day_limit": "500"})
    await saved(ben, "Per agent and day: 500.00 USD")

    await chiara.fill({"day_limit": "200", "hour_limit": "1000"})
    view = await chiara.wait_for_modal("Somebody else was faster", "500.00 USD", ben.user)
    assert now(running).hour_limit is None
    assert "200" in str(view["state"])

    await chiara.fill()
    await saved(chiara, "Per agent and day: 200.00 USD", "Whole team per hour: 1,000.00 USD")


async def test_the_audit_channel_is_looked_at_before_it_counts(
    running: Running, chiara: Agent, anna: Agent
) -> None:
    general = await running.workspace.channel("general", chiara.user)
    await edit(chiara, "channel")
    answer = await chiara.fill({"audit_channel": general})
    assert "/invite @Makegood" in answer["errors"]["audit_channel"]

    await chiara.fill({"audit_channel": anna.channel})
    await chiara.wait_for_modal("#support is public")
    assert now(running).audit_channel == chiara.log_channel

    await chiara.fill()
    await saved(chiara, "It is public")
    assert now(running).audit_channel == anna.channel
    for channel in (anna.channel, chiara.log_channel):
        await chiara.wait_for_message("changed *Audit channel*", channel=channel)


async def test_approvers_are_people_and_groups(running: Running, chiara: Agent) -> None:
    await edit(chiara, "approvals", "Nobody approves what they asked for themselves")
    await chiara.fill({"who": "some", "users": [chiara.user], "approval_hours": "2"})

    await saved(chiara, f"Who approves: <@{chiara.user}>", "Expire after: 2 hours")


async def test_email_is_not_offered_without_a_mail_server(running: Running, chiara: Agent) -> None:
    await edit(chiara, "notifications", "no mail server is set")
    await chiara.fill()
    await home(chiara, "BigCommerce, as the store is set up")
    view = await chiara.modal()
    assert view is None


async def test_email_is_switched_on_and_off(mailing: Running, agent: Agent) -> None:
    admin = await mailing.agent("Chiara")
    await edit(admin, "notifications")
    await admin.fill({"notifications": "bigcommerce"})
    await saved(admin, "Sent by: BigCommerce")

    await edit(admin, "notifications", "switch the store's own status e-mails off")
    await admin.fill({"notifications": "email"})
    await saved(admin, "Sent by: Makegood")


async def test_restocking_is_switched_on(running: Running, chiara: Agent) -> None:
    await edit(chiara, "restocking")
    await chiara.fill({"restocking": "on"})

    await saved(chiara, "Offered to agents: on")


async def test_what_agents_may_give_away_is_capped(running: Running, chiara: Agent) -> None:
    await edit(chiara, "discount")
    wrong = {"prefix": "SO RRY", "most_percent": "120", "most_days": "0"}
    answer = await chiara.fill(wrong)
    assert answer["errors"].keys() == wrong.keys()

    await chiara.fill(
        {"prefix": "FERN", "most_percent": "25", "most_amount": "50", "most_days": "90"}
    )
    await saved(chiara, "Codes begin with: FERN", "Most percent: 25 %", "90 days")


async def test_presets_are_added_changed_moved_and_removed(running: Running, chiara: Agent) -> None:
    await open_configuration(chiara)
    await press(chiara, "presets")
    await chiara.wait_for_modal("10 % for 7 days, single use")

    await chiara.press("Add a preset")
    await chiara.wait_for_modal("How often it works")
    answer = await chiara.fill({"name": "10 % for 7 days, single use", "value": "x"})
    assert answer["errors"].keys() == {"name", "value"}
    await chiara.fill({"name": "A fiver", "type": "fixed", "value": "5", "days": "", "uses": "1"})
    view = await chiara.wait_for_modal("A fiver", "5.00 USD, without an end, single use")

    await chiara.pick(view, "Move up", beside="A fiver")
    await home(chiara, "A fiver, 15 %")
    view = await chiara.wait_for_modal("A fiver")
    await chiara.pick(view, "Change", beside="A fiver")
    await chiara.wait_for_modal("How often it works")
    await chiara.fill({"value": "7.50"})
    view = await chiara.wait_for_modal("7.50 USD")
    await chiara.pick(view, "Remove", beside="10 % for 7 days")
    await home(chiara, "7.50 USD")

    presets = now(running).discount.presets
    assert [each.name for each in presets] == ["A fiver", "15 % for 30 days, single use"]


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


async def test_a_person_whose_role_cannot_be_read_is_no_admin(
    running: Running, chiara: Agent
) -> None:
    await running.workspace.slack_fault(
        method="users.info", kind="error", times=9, error="internal_error"
    )

    view = await open_home(chiara, "What you may do now")
    assert "Configuration" not in words(view)


def _by(agent: Agent, payload: Any) -> Any:
    forged = copy.deepcopy(payload)
    forged["user"]["id"] = agent.user
    return forged


ODD = "<!channel> *&* " + "W" * 60
MANY = {
    "user_ids": [f"U{number:08}" for number in range(50)],
    "group_ids": [f"S{number:08}" for number in range(20)],
}


async def test_everything_at_its_largest_still_fits(
    running: Running, chiara: Agent, anna: Agent, tmp_path: Path
) -> None:
    preset = {"type": "fixed", "value": "999999.99", "days": 3650, "uses": 1_000_000}
    presets = [{**preset, "name": f"{number:02}{ODD}"[:75]} for number in range(20)]
    rule = {
        "who": MANY,
        "limit": "999999999.99",
        "approval_above": "0.01",
        "reasons": [f"{number:02}{ODD}"[:75] for number in range(20)],
    }
    for action in ACTIONS:
        configure(tmp_path, f"rules.{action}", rule)
    configure(tmp_path, "discount", {"presets": presets, "most_percent": "99.99"})
    configure(tmp_path, "approvers", MANY)

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
