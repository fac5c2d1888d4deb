"""The configuration of each action: on or off, for whom, how much, with which reasons."""

from __future__ import annotations

from pathlib import Path

from tests.support.agent import Agent, words
from tests.support.configuring import edit, now, open_configuration, saved
from tests.support.looking import button_labels
from tests.support.refund_form import label
from tests.support.running import Running, configure


async def test_an_action_is_switched_off_and_the_team_is_told(
    running: Running, chiara: Agent, anna: Agent
) -> None:
    await edit(
        chiara, "rules.refund_order", "Who may use it", "Above the amount set under Approvals"
    )
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


async def test_amounts_are_checked_next_to_their_fields(running: Running, chiara: Agent) -> None:
    await edit(chiara, "limits")
    answer = await chiara.fill({"limit": "1,000.50", "day_limit": "-3"})
    assert "thousands separator" in answer["errors"]["limit"]
    assert "above 0" in answer["errors"]["day_limit"]
    await chiara.fill({"limit": "100", "day_limit": ""})
    await saved(chiara, "Limit per request: 100.00 USD", "Daily limit per person: no limit")

    await edit(chiara, "approvals")
    answer = await chiara.fill({"approval_above": "100"})
    assert answer["errors"] == {
        "approval_above": "Enter less than the limit per request, 100.00 USD."
    }
    await chiara.fill({"approval_above": "60"})
    await saved(chiara, "Approval needed above: 60.00 USD", "Nobody can approve yet")

    await edit(chiara, "limits")
    answer = await chiara.fill({"limit": "60"})
    assert answer["errors"] == {
        "limit": "Enter more than 60.00 USD: above that approval is needed."
    }


async def test_each_amount_has_the_same_name_wherever_it_is_set(
    running: Running, chiara: Agent
) -> None:
    first = {"approval_above": "Approval needed above (USD)"}
    limits = {
        "limit": "Limit per request (USD)",
        "day_limit": "Daily limit per person (USD)",
        "hour_limit": "Hourly limit for the team (USD)",
    }
    worth = {"most_worth": "Highest worth of a code (USD)"}

    for key, labels in (("approvals", first), ("limits", limits), ("discount", worth)):
        await edit(chiara, key)
        view = await chiara.modal()
        assert view is not None
        assert {name: label(view, name) for name in labels} == labels
        await chiara.close()

    page = words(await open_configuration(chiara))
    for name in (first | limits | worth).values():
        assert f"{name.removesuffix(' (USD)')}:" in page


async def test_home_says_what_no_daily_limit_means_for_codes_without_an_order(
    running: Running, chiara: Agent, tmp_path: Path
) -> None:
    said = "without a daily limit per person, nothing bounds how much one person gives with them"
    assert said in words(await open_configuration(chiara))

    configure(tmp_path, "day_limit", "200.00")
    assert said not in words(await open_configuration(chiara))


async def test_an_action_can_always_need_approval(running: Running, chiara: Agent) -> None:
    await edit(chiara, "rules.cancel_order")
    await chiara.fill({"approval": "always"})
    await saved(chiara, "A second person always has to agree", "Nobody can approve yet")
    assert now(running).rule("cancel_order").always_approve


async def test_a_brake_that_stops_nobody_is_pointed_out(
    running: Running, chiara: Agent, tmp_path: Path
) -> None:
    configure(tmp_path, "hour_limit", "500.00")
    configure(tmp_path, "approvers", {"everyone": True})

    view = await open_configuration(chiara)

    assert "so the hourly limit for the team stops nobody" in words(view)


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
