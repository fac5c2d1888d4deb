"""A press on something old answers with the state as it is now, and changes nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.support.agent import Agent, button_labels, wait_for, words
from tests.support.approving import (
    BEN,
    CHIARA,
    ask_to_refund,
    asked_of,
    refunds,
    review_refund,
    set_approvers,
    set_rule,
    shipped,
)
from tests.support.configuring import home, open_configuration, open_home
from tests.support.opening import open_thread
from tests.support.running import Running, configure
from tests.support.walking import Forger, Presser


async def refund(running: Running, agent: Agent) -> tuple[int, str, str]:
    """Refund an order; return it, the amount and the reference."""
    order_id = await shipped(running)
    view = await review_refund(agent, order_id)
    await agent.fill()
    await agent.wait_for_reply(order_id, "(Done")
    amount = str(view["submit"]["text"]).removeprefix("Refund ")
    return order_id, amount, running.entries(order_id)[0].reference


@pytest.mark.parametrize(
    ("button", "in_window"),
    [
        ("check_again", False),
        ("sent_by_hand", True),
        ("take_back", True),
        ("made", True),
        ("not_made", True),
        ("ask_again", True),
    ],
)
async def test_what_is_settled_says_how(
    running: Running, anna: Agent, tmp_path: Path, button: str, in_window: bool
) -> None:
    set_approvers(tmp_path, CHIARA)
    order_id, amount, reference = await refund(running, anna)

    await Forger(running, Presser(CHIARA)).click(button, reference)

    said = ("Nothing was changed. This is how it stands:", f"Done: Refunded {amount}", reference)
    if in_window:
        await anna.wait_for_modal(*said)  # Slack's addresses are Anna's, whoever presses
    else:
        await anna.wait_for_message(*said, channel=anna.log_channel)
    assert len(await refunds(running, order_id)) == 1


async def test_a_review_that_was_sent_shows_how_its_request_stands(
    running: Running, anna: Agent
) -> None:
    """“Change something” on a window that another click has overtaken."""
    order_id = await shipped(running)
    view = await review_refund(anna, order_id)
    amount = str(view["submit"]["text"]).removeprefix("Refund ")
    await anna.press("Change something")
    await anna.wait_for_modal("Reason")
    pressed = await running.delivered("block_actions")
    await anna.fill({"reason": "Damaged"})
    await anna.wait_for_modal("Change something")
    await anna.fill()
    await anna.wait_for_modal("Done · MG-")
    form = await running.delivered("view_submission", callback_id="form")

    answer = await running.deliver(form)
    assert f"Refunded {amount}" in words(answer["view"])
    assert "under way" not in words(answer["view"])
    await running.deliver(pressed)

    window = await anna.wait_for_modal(f"Refunded {amount}", "Done · MG-")
    assert not window.get("submit")
    assert len(await refunds(running, order_id)) == 1


async def test_a_root_loses_the_buttons_of_what_was_switched_off(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    order_id = await shipped(running)
    await open_thread(anna, order_id)
    root = await root_with(anna, order_id, "Full refund …")

    for action in ("refund_order", "refund_items"):
        configure(tmp_path, f"rules.{action}", {"enabled": False})

    await root_without(anna, order_id, "Full refund …")
    assert "Refunding is switched off" in words((await anna.root(order_id) or root)["blocks"])
    configure(tmp_path, "activated", False)
    await root_without(anna, order_id, "Discount code …")
    configure(tmp_path, "activated", True)
    await root_with(anna, order_id, "Discount code …")


async def test_a_root_has_cancel_only_while_money_may_be_given_back_first(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    order_id = await running.workspace.order_tagged("captured_early")
    await open_thread(anna, order_id)
    await root_without(anna, order_id, "Cancel order …")

    configure(tmp_path, "refund_before_cancel", True)

    await root_with(anna, order_id, "Cancel order …")
    configure(tmp_path, "refund_before_cancel", False)
    await root_without(anna, order_id, "Cancel order …")


async def test_a_root_loses_its_buttons_although_the_database_was_held_when_they_were_switched_off(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    order_id = await shipped(running)
    await open_thread(anna, order_id)
    await root_with(anna, order_id, "Full refund …")

    for action in ("refund_order", "refund_items"):
        configure(tmp_path, f"rules.{action}", {"enabled": False})
    with running.locked_database():
        await asyncio.sleep(1.5)  # longer than it takes to be seen

    await root_without(anna, order_id, "Full refund …")


async def test_a_request_for_approval_names_who_can_approve_now(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN)
    set_rule(tmp_path, approval_above="10.00")
    order_id = await shipped(running)
    await ask_to_refund(anna, order_id)
    request = await asked_of(ben, order_id)
    assert f"<@{BEN}>: please decide" in words(request)

    set_approvers(tmp_path, CHIARA)

    now = await ben.wait_for_reply(order_id, f"<@{CHIARA}>: please decide")
    assert now["ts"] == request["ts"]
    assert f"<@{BEN}>: please" not in words(now)


async def test_a_root_that_offered_too_much_is_drawn_anew(running: Running, anna: Agent) -> None:
    """The store was changed without the bot being told."""
    order_id = await shipped(running)
    await open_thread(anna, order_id)
    root = await root_with(anna, order_id, "Full refund …")
    await running.workspace.post("store/order", order_id=order_id, status_id=5)

    await anna.press_in_message({**root, "channel": anna.log_channel}, "Full refund")

    window = await anna.wait_for_modal("Full refund", "cancelled")
    assert "Discount code …" in button_labels(window)
    await root_without(anna, order_id, "Full refund …")


async def test_a_lead_who_is_none_any_more_sees_that_on_the_home_tab(
    running: Running, anna: Agent, chiara: Agent
) -> None:
    await open_configuration(chiara)
    view = await home(chiara, "Latest changes")
    await running.workspace.post("person", user=chiara.user, is_admin=False)

    await chiara.press_in(view, "Check the connections")

    await chiara.wait_for_modal("admin")
    now = await home(chiara, "What you may do now")
    assert "Configuration" not in button_labels(now)


async def test_a_late_approver_has_the_old_message_drawn_anew(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN, CHIARA)
    set_rule(tmp_path, approval_above="10.00")
    order_id = await shipped(running)
    await ask_to_refund(anna, order_id)
    request = await asked_of(ben, order_id)
    await ben.press_in_message(request, "Approve")
    await anna.wait_for_reply(order_id, "(Done")
    reference = running.entries(order_id)[0].reference
    before = running.rows(f"SELECT version FROM outbox WHERE key = '{reference}'")  # noqa: S608 - ours

    await Forger(running, Presser(CHIARA)).click("approve", reference)

    async def look() -> Any:
        after = running.rows(f"SELECT version FROM outbox WHERE key = '{reference}'")  # noqa: S608 - ours
        return True if after[0]["version"] > before[0]["version"] else None

    await wait_for(look, "the message drawn anew")
    assert len(await refunds(running, order_id)) == 1
    await open_home(ben, "What you may do now")


async def root_with(agent: Agent, order_id: int, label: str, *, is_there: bool = True) -> Any:
    async def look() -> Any:
        root = await agent.root(order_id)
        return root if root and (label in button_labels(root)) == is_there else None

    return await wait_for(look, f"a root {'with' if is_there else 'without'} {label}")


async def root_without(agent: Agent, order_id: int, label: str) -> Any:
    return await root_with(agent, order_id, label, is_there=False)


async def test_refreshing_a_root_that_was_replaced_shows_the_card(
    running: Running, anna: Agent
) -> None:
    order_id = await shipped(running)
    await open_thread(anna, order_id)
    root = await root_with(anna, order_id, "Refresh")
    await anna.press_in_message({**root, "channel": anna.log_channel}, "Refresh")
    pressed = await running.delivered("block_actions")
    pressed["container"]["message_ts"] = "1700000000.000100"  # an older root of the order

    await running.deliver(pressed)

    async def look() -> Any:
        found = [
            each
            for each in await anna.messages(anna.log_channel)
            if each.get("is_ephemeral") and "Left to refund" in words(each["blocks"])
        ]
        return found or None

    await wait_for(look, "the order's card for the one who pressed")


async def test_a_refresh_that_cannot_be_drawn_says_so(running: Running, anna: Agent) -> None:
    order_id = await shipped(running)
    await open_thread(anna, order_id)
    root = await root_with(anna, order_id, "Refresh")
    await running.workspace.store_fault(
        match=f"GET orders/{order_id}", kind="status", status=503, times=99
    )

    await anna.press_in_message({**root, "channel": anna.log_channel}, "Refresh")

    await anna.wait_for_message("could not be drawn anew just now", channel=anna.log_channel)


async def test_who_was_second_sees_when_the_way_is_free_again(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    order_id = await shipped(running)
    await review_refund(ben, order_id)
    set_approvers(tmp_path, CHIARA)
    set_rule(tmp_path, approval_above="10.00")
    await ask_to_refund(anna, order_id)
    await asked_of(anna, order_id)
    await ben.fill()
    await ben.wait_for_modal("asked for already and waits")

    request = await asked_of(anna, order_id)
    await anna.press_in_message(request, "Decline")
    await anna.wait_for_modal("Withdraw")
    await anna.fill({"reason": "Not needed"})

    await ben.wait_for_modal("What stood in the way is over", f"Withdrawn by <@{anna.user}>")
    assert await refunds(running, order_id) == []


async def test_a_list_in_a_window_shows_what_becomes_of_its_orders(
    running: Running, anna: Agent, ben: Agent
) -> None:
    await anna.command("/order")
    await anna.wait_for_modal("Order number, e-mail")
    await anna.fill({"wanted": "Lindqvist"})
    await anna.wait_for_modal("Order 1042* · Awaiting Fulfillment")

    await ben.command("/cancel-order 1042")
    await ben.wait_for_modal("Reason")
    await ben.fill({"reason": "Customer request"})
    await ben.wait_for_modal("Change something")
    await ben.fill()

    await anna.wait_for_modal("Order 1042* · Cancelled")
