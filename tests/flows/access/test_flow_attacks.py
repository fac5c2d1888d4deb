"""Submissions and clicks that are late, doubled, stale, forged, or somebody else's."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.support.agent import Agent, View, wait_for, words
from tests.support.running import Running

PLAIN = 1042
SHIPPED = 2


async def review_of_code(agent: Agent, value: str) -> View:
    """Fill in the form of a discount code up to its review, from scratch or after Back."""
    view = await agent.modal()
    if view is None:
        await agent.command("/discount-code")
        await agent.wait_for_modal("Applies to")
    values = {"code": "SORRY", "type": "percentage", "value": value, "reason": "Other"}
    answer = await agent.fill({**values, "reason_text": "A gift"})
    assert answer["errors"] is None, answer
    return await agent.wait_for_modal("Change something", f"{value}% off")


async def full_refund(agent: Agent, order_id: int) -> View:
    await agent.command(f"/refund-order {order_id}")
    await agent.wait_for_modal("Full refund …")
    await agent.press("Full refund")
    await agent.wait_for_modal("Reason")
    await agent.fill({"reason": "Damaged"})
    return await agent.wait_for_modal("Change something")


async def settled(running: Running, agent: Agent) -> None:
    """Let everything that was set off come to its end: a later command is answered."""
    await agent.command("/makegood help")
    await agent.wait_for_message("What Makegood does")


async def test_an_old_review_does_not_confirm_what_was_changed_since(
    running: Running, anna: Agent
) -> None:
    await review_of_code(anna, "10")
    await anna.press("Change something")
    await anna.wait_for_modal("Applies to")
    await review_of_code(anna, "90")
    late = await running.delivered("view_submission", callback_id="form")
    stale = copy.deepcopy(await running.delivered("block_actions"))
    view = await anna.modal()
    assert view is not None
    late["view"] = {**stale["view"], "id": view["id"]}
    late["view"]["state"] = {"values": {}}

    await running.deliver(late)

    await settled(running, anna)
    assert running.recent() == []
    assert (await running.workspace.books())["coupons"] == []


async def test_a_form_that_comes_again_late_does_not_open_a_sent_request(
    running: Running, anna: Agent
) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    await full_refund(anna, order_id)
    form = await running.delivered("view_submission", callback_id="form")
    await running.workspace.store_fault(match="POST refund_quotes", kind="delay", delay_s=1.5)
    # the second copy of the form is being reviewed while the first one's review is confirmed
    first = await running.delivered("view_submission", callback_id="form")
    assert form == first
    await running.deliver(form)
    late = await running.delivered("view_submission", callback_id="form")
    late["view"]["callback_id"] = "review"
    draft = running.drafts().find(late["view"]["private_metadata"].split()[0])
    assert draft is not None
    await anna.wait_for_modal("Change something")
    await anna.fill()
    await anna.wait_for_reply(order_id, "(Done")

    async def no_review() -> bool | None:
        again = running.drafts().find(draft.draft_id)
        return True if again is not None and again.step == "sent" else None

    await wait_for(no_review, "a draft that stays sent")
    view = await anna.modal()
    assert view is None or "Change something" not in words(view)


async def test_a_method_that_was_not_offered_pays_nothing(running: Running, anna: Agent) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    await full_refund(anna, order_id)
    await anna.wait_for_modal("Pay it back by")
    view = await anna.modal()
    assert view is not None
    forged = await running.delivered("view_submission", callback_id="form")
    option = {"text": {"type": "plain_text", "text": "x"}, "value": "cash"}
    entry = {"type": "radio_buttons", "selected_option": option}
    forged["view"] = {**view, "state": {"values": {"method": {"method": entry}}}}

    answer = await running.deliver(forged)

    assert "not offered" in words(answer)
    assert running.entries(order_id) == []


async def test_a_second_request_from_one_form_is_not_passed_off_as_sent(
    running: Running, anna: Agent
) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    view = await full_refund(anna, order_id)
    block = next(b for b in view["blocks"] if b.get("block_id") == "method")
    other = block["element"]["options"][-1]
    await anna.fill()
    await anna.wait_for_reply(order_id, "(Done")
    again = await running.delivered("view_submission", callback_id="review")
    again["view"]["state"]["values"]["method"]["method"]["selected_option"] = other

    answer = await running.deliver(again)

    assert "othing new was sent" in words(answer)
    assert len(running.entries(order_id)) == 1


async def test_a_review_of_somebody_else_is_refused(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    view = await full_refund(anna, order_id)
    forged = await running.delivered("view_submission", callback_id="form")
    forged["view"] = view
    forged["user"] = {**forged["user"], "id": ben.user}

    answer = await running.deliver(forged)

    assert "belongs to somebody else" in words(answer)
    assert running.entries(order_id) == []


@pytest.mark.parametrize("place", ["team", "user"])
async def test_another_workspace_may_do_nothing(running: Running, anna: Agent, place: str) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    view = await full_refund(anna, order_id)
    forged = await running.delivered("view_submission", callback_id="form")
    forged["view"] = view
    forged["user"] = {**forged["user"], "team_id": "T0OTHER"}
    if place == "team":
        del forged["user"]["team_id"]
        forged["team"] = {"id": "T0OTHER", "domain": "other"}

    await running.deliver(forged)

    await settled(running, anna)
    assert running.entries(order_id) == []


@pytest.mark.parametrize("value", ["", "abc", "0", "99999999999", "1042; 1043"])
async def test_a_forged_order_number_opens_nothing(
    running: Running, anna: Agent, value: str
) -> None:
    await anna.command(f"/order {PLAIN}")
    card = await anna.wait_for_message(f"Order {PLAIN} ")
    await anna.press_in_message(card, "Partial refund")
    await anna.wait_for_modal("Quantity")
    await anna.close()
    click: Any = await running.delivered("block_actions")
    click["actions"][0]["value"] = value

    await running.deliver(click)

    await settled(running, anna)
    assert await anna.modal() is None


async def test_an_unknown_action_in_a_click_does_nothing(running: Running, anna: Agent) -> None:
    await anna.command(f"/order {PLAIN}")
    card = await anna.wait_for_message(f"Order {PLAIN} ")
    await anna.press_in_message(card, "Refresh")
    click: Any = await running.delivered("block_actions")
    for action_id, value in (
        ("open:delete_everything", "1042"),
        ("check_again", "MG-AAAA-AAAA"),
        ("refresh", "-1"),
        ("nonsense", ""),
    ):
        click["actions"][0] |= {"action_id": action_id, "value": value}
        await running.deliver(click)

    await settled(running, anna)
    assert running.recent() == []


async def test_what_a_later_look_finds_is_told_although_it_is_still_unknown(
    running: Running, anna: Agent
) -> None:
    for said in ("Not on Mondays", "Not on Tuesdays"):
        await running.workspace.store_fault(
            match="PUT orders/*", kind="status", status=400, body=[{"status": 400, "message": said}]
        )
    await anna.command(f"/cancel-order {PLAIN}")
    await anna.wait_for_modal("Reason")
    await anna.fill({"reason": "Damaged"})
    await anna.wait_for_modal("Change something")
    await anna.fill()
    reply = await anna.wait_for_reply(PLAIN, "(Needs checking", "Not on Mondays")

    await anna.press_in_message(reply, "Check again")

    again = await anna.wait_for_reply(PLAIN, "(Needs checking", "Not on Tuesdays")
    assert again["ts"] == reply["ts"]
    # Where the money took its time there is a line besides that leads to it.
    records = [each for each in await anna.thread(PLAIN) if "(Needs checking, MG-" in each["text"]]
    assert len(records) == 1
    assert len((await running.workspace.book(PLAIN))["refunds"]) == 1


async def test_a_request_that_cannot_be_written_down_is_not_called_sent(
    running: Running, anna: Agent
) -> None:
    order_id = await running.workspace.order_in_status(SHIPPED, payment="captured")
    await full_refund(anna, order_id)

    with running.locked_database():
        answer = await anna.fill()

    assert answer["ok"]
    assert running.entries(order_id) == []
    assert "safely noted" not in words(await anna.modal())
    await full_refund(anna, order_id)
    await anna.fill()
    await anna.wait_for_reply(order_id, "(Done")
    assert len((await running.workspace.book(order_id))["refunds"]) == 1


async def test_forms_that_nobody_finished_do_not_pile_up(running: Running, anna: Agent) -> None:
    drafts = running.drafts()
    names = {"team_id": "T1", "actor_id": "U1", "action": "cancel_order"}
    old = drafts.create(reference="MG-OLDX-OLDX", order_id=PLAIN, **names)
    running.execute("UPDATE drafts SET updated_at = '2026-01-01' WHERE draft_id = ?", old.draft_id)

    await anna.command("/discount-code")
    await anna.wait_for_modal("Applies to")

    assert drafts.find(old.draft_id) is None
