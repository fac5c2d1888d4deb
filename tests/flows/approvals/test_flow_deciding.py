"""Who may decide what waits for a second person, and what everybody else is told."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.sandbox.slack.seed import LEADS_GROUP
from tests.support.agent import Agent, words
from tests.support.approving import (
    ANNA,
    BEN,
    CHIARA,
    ask_to_refund,
    asked_of,
    refunds,
    set_approvers,
    set_rule,
    shipped,
)
from tests.support.running import Running


@pytest.fixture(autouse=True)
def _above_ten(running: Running, tmp_path: Path) -> None:
    set_approvers(tmp_path, BEN, CHIARA)
    set_rule(tmp_path, approval_above="10.00")


async def test_nobody_decides_for_oneself(running: Running, anna: Agent, chiara: Agent) -> None:
    order_id = await shipped(running)
    await ask_to_refund(chiara, order_id)  # an admin and an approver
    request = await asked_of(chiara, order_id)

    await chiara.press_in_message(request, "Approve")
    await chiara.wait_for_message("You asked for this yourself", channel=chiara.log_channel)

    assert running.entries(order_id)[0].is_waiting
    assert await refunds(running, order_id) == []


async def test_who_is_no_approver_is_told_so(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, CHIARA)
    order_id = await shipped(running)
    await ask_to_refund(anna, order_id)
    request = await asked_of(ben, order_id)

    for button in ("Approve", "Decline"):
        await ben.press_in_message(request, button)
        await ben.wait_for_message("You are not set as an approver", channel=ben.log_channel)

    assert running.entries(order_id)[0].is_waiting


async def test_who_was_taken_off_the_approvers_cannot_decline_any_more(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    order_id = await shipped(running)
    await ask_to_refund(anna, order_id)
    await ben.press_in_message(await asked_of(ben, order_id), "Decline")
    await ben.wait_for_modal("Why?")
    set_approvers(tmp_path, CHIARA)

    answer = await ben.fill({"reason": "No"})

    assert "not set as an approver" in words(answer.get("view") or await ben.modal())
    assert running.entries(order_id)[0].is_waiting


async def test_a_forged_decline_is_refused(running: Running, anna: Agent, ben: Agent) -> None:
    order_id = await shipped(running)
    await ask_to_refund(anna, order_id)
    await ben.press_in_message(await asked_of(ben, order_id), "Decline")
    await ben.wait_for_modal("Why?")
    await ben.fill({"reason": "No"})
    forged = await running.delivered("view_submission", callback_id="decline")
    other = await running.workspace.order_in_status(2)
    await ask_to_refund(ben, other)
    reference = running.entries(other)[0].reference
    forged["user"]["id"] = ANNA
    forged["view"]["private_metadata"] = reference

    answer = await running.deliver(forged)

    assert "You are not set as an approver" in words(answer)
    forged["user"]["id"] = "U0DEVPATEL"
    assert "You cannot use Makegood yet" in words(await running.deliver(forged))
    forged["view"]["private_metadata"] = "MG-NOPE-NOPE"
    forged["user"]["id"] = BEN
    assert "There is no such request" in words(await running.deliver(forged))
    assert next(e for e in running.entries(other) if e.reference == reference).is_waiting


async def test_of_two_approvers_one_decides_and_the_other_hears_of_it(
    running: Running, anna: Agent, ben: Agent, chiara: Agent
) -> None:
    order_id = await shipped(running)
    await ask_to_refund(anna, order_id)
    request = await asked_of(ben, order_id)

    await asyncio.gather(
        ben.press_in_message(request, "Approve"), chiara.press_in_message(request, "Approve")
    )

    await anna.wait_for_reply(order_id, "(Done")
    entry = running.entries(order_id)[0]
    late = chiara if entry.decided_by == BEN else ben
    heard = await late.wait_for_message("Your click changed nothing", channel=late.log_channel)
    assert f"Approved by <@{entry.decided_by}>" in heard["text"]
    assert len(await refunds(running, order_id)) == 1


async def test_a_late_decline_is_told_who_decided(
    running: Running, anna: Agent, ben: Agent, chiara: Agent
) -> None:
    order_id = await shipped(running)
    await ask_to_refund(anna, order_id)
    request = await asked_of(ben, order_id)
    await chiara.press_in_message(request, "Decline")
    await chiara.wait_for_modal("Why?")
    await chiara.fill({"reason": " "})
    form = await running.delivered("view_submission")
    await ben.press_in_message(request, "Approve")
    await anna.wait_for_reply(order_id, "(Done")
    heard = await chiara.wait_for_modal("Somebody was faster")
    assert f"Approved by <@{BEN}>" in words(heard)

    (values,) = form["view"]["state"]["values"].values()
    values["reason"]["value"] = "Too late"  # sent just before the form made way
    answer = await running.deliver(form)

    said = words(answer["view"])
    assert "Your click changed nothing" in said
    assert f"Approved by <@{BEN}>" in said
    assert running.entries(order_id)[0].status == "succeeded"


async def test_a_click_that_comes_twice_runs_once(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id = await shipped(running)
    await ask_to_refund(anna, order_id)
    request = await asked_of(ben, order_id)
    await ben.press_in_message(request, "Approve")
    again = await running.delivered("block_actions")
    await running.deliver(again)

    await anna.wait_for_reply(order_id, "(Done")
    assert len(await refunds(running, order_id)) == 1


async def test_what_was_switched_off_meanwhile_cannot_be_approved(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    order_id = await shipped(running)
    await ask_to_refund(anna, order_id)
    request = await asked_of(ben, order_id)
    set_rule(tmp_path, enabled=False)

    await ben.press_in_message(request, "Approve")

    await ben.wait_for_message("Nothing was approved", channel=ben.log_channel)
    assert running.entries(order_id)[0].is_waiting


async def test_a_limit_that_was_lowered_meanwhile_is_not_approved_away(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    order_id = await shipped(running)
    await ask_to_refund(anna, order_id)
    request = await asked_of(ben, order_id)
    set_rule(tmp_path, approval_above="1.00", limit="5.00")

    await ben.press_in_message(request, "Approve")

    await ben.wait_for_message("above the limit per request, 5.00 USD", channel=ben.log_channel)
    assert running.entries(order_id)[0].is_waiting


async def test_a_group_of_approvers_is_called_by_its_name(
    running: Running, anna: Agent, ben: Agent, chiara: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, group_ids=[LEADS_GROUP])
    await running.workspace.post("group", group=LEADS_GROUP, user=BEN, member=False)
    order_id = await shipped(running)
    await ask_to_refund(anna, order_id)

    request = await asked_of(ben, order_id)
    assert f"<!subteam^{LEADS_GROUP}>: please decide" in words(request)
    await ben.press_in_message(request, "Approve")
    await ben.wait_for_message("You are not set as an approver", channel=ben.log_channel)
    await chiara.press_in_message(request, "Approve")
    await anna.wait_for_reply(order_id, "(Done")
