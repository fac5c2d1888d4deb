"""A window goes on following what it is about for as long as it is open."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from freezegun import freeze_time

from tests.support.agent import Agent, button_labels, wait_for, words
from tests.support.approving import (
    BEN,
    CHIARA,
    ask_to_refund,
    asked_of,
    review_refund,
    set_approvers,
    set_rule,
    shipped,
)
from tests.support.configuring import home, open_home
from tests.support.opening import open_thread
from tests.support.running import Running, configure

DEV = "U0DEVPATEL"


async def test_the_window_follows_a_payment_to_its_end(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id = await shipped(running)
    await running.workspace.post("store/settings", settlement_s=600)
    view = await review_refund(anna, order_id)
    amount = str(view["submit"]["text"]).removeprefix("Refund ")
    await anna.fill()
    await anna.wait_for_modal("On its way · MG-")

    await running.workspace.post("store/settle")
    told = await ben.wait_for_reply(order_id, "On its way")
    await ben.press_in_message(told, "Check again")

    window = await anna.wait_for_modal(f"Refunded {amount}", "Done · MG-")
    assert "on its way" not in words(window).lower()
    assert button_labels(window) == ["Open the thread"]


async def test_the_window_tells_the_outcome_that_nothing_else_can(
    running: Running, anna: Agent
) -> None:
    order_id = await shipped(running)
    view = await review_refund(anna, order_id)
    amount = str(view["submit"]["text"]).removeprefix("Refund ")
    await running.workspace.slack_fault(
        method="chat.postMessage", kind="error", error="access_denied", times=999
    )
    await anna.fill()

    window = await anna.wait_for_modal(f"Refunded {amount}", "Done · MG-")

    assert button_labels(window) == []


async def test_the_window_follows_an_approval_to_the_outcome(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN)
    set_rule(tmp_path, approval_above="10.00")
    order_id = await shipped(running)
    await ask_to_refund(anna, order_id)
    await anna.wait_for_modal(f"Waits for approval by <@{BEN}>")

    await ben.press_in_message(await asked_of(ben, order_id), "Decline")
    await ben.wait_for_modal("Why?")
    await ben.fill({"reason": "Not this one"})

    window = await anna.wait_for_modal("Not done · MG-")
    assert "Waits for approval" not in words(window)


async def test_a_form_about_what_was_decided_makes_way(
    running: Running, anna: Agent, ben: Agent, chiara: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN, CHIARA)
    set_rule(tmp_path, approval_above="10.00")
    order_id = await shipped(running)
    await ask_to_refund(anna, order_id)
    request = await asked_of(ben, order_id)
    await ben.press_in_message(request, "Decline")
    await ben.wait_for_modal("Why?")
    assert (await ben.fill({"reason": " "}))["errors"]  # it stands as it was

    await chiara.press_in_message(await asked_of(chiara, order_id), "Approve")

    window = await ben.wait_for_modal("Somebody was faster", f"Approved by <@{CHIARA}>")
    assert not window.get("submit")


async def test_a_form_makes_way_for_what_was_decided_while_it_opened(
    running: Running, anna: Agent, ben: Agent, chiara: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN, CHIARA)
    set_rule(tmp_path, approval_above="10.00")
    order_id = await shipped(running)
    await ask_to_refund(anna, order_id)
    request = await asked_of(ben, order_id)
    await running.workspace.slack_fault(method="views.open", kind="delay", delay_s=1.5, after=True)

    await ben.press_in_message(request, "Decline")
    await ben.wait_for_modal("Why?")  # of which the bot has not heard yet
    await chiara.press_in_message(await asked_of(chiara, order_id), "Approve")
    await running.told(order_id)

    await ben.wait_for_modal("Somebody was faster", f"Approved by <@{CHIARA}>")


async def test_a_window_that_was_left_is_left_alone(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    """The card in it gave way to a form, which its own request must not take away."""
    await open_home(anna)
    await anna.command("/order")
    await anna.wait_for_modal("Order number, e-mail")
    await anna.fill({"wanted": "1042"})
    await anna.wait_for_modal("Left to refund", "Maya Lindqvist")
    await anna.press("Discount code")
    await anna.wait_for_modal("Applies to")

    await running.workspace.post("store/order", order_id=1042, status_id=2)
    configure(tmp_path, "rules.refund_order", {"enabled": False})
    await home(anna, "Full refund* · switched off")

    assert "Applies to" in words(await anna.modal())


async def test_a_card_in_a_window_shows_what_becomes_of_the_order(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id = await shipped(running)
    await anna.command("/order")
    await anna.wait_for_modal("Order number, e-mail")
    await anna.fill({"wanted": str(order_id)})
    card = await anna.wait_for_modal("Left to refund")
    assert "Full refund …" in button_labels(card)

    await review_refund(ben, order_id)
    await ben.fill()

    card = await anna.wait_for_modal("*Left to refund*\n0.00")
    assert "Full refund …" not in button_labels(card)


async def test_home_tabs_show_what_others_ask_and_decide(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN)
    set_rule(tmp_path, approval_above="10.00")
    await open_home(ben, "Nothing: every request has come to its end")
    order_id = await shipped(running)

    amount = await ask_to_refund(anna, order_id)
    await home(ben, "What waits for somebody", f"Waits for approval: Full refund of {amount}")
    await ben.press_in_message(await asked_of(ben, order_id), "Approve")

    await home(ben, "Nothing: every request has come to its end")


async def test_home_tabs_show_what_is_configured(
    running: Running, anna: Agent, chiara: Agent, tmp_path: Path
) -> None:
    await open_home(anna, "Full refund* · yes")
    await open_home(chiara)

    configure(tmp_path, "rules.refund_order", {"enabled": False})

    await home(anna, "Full refund* · switched off")
    await home(chiara, "Full refund* · switched off")


async def test_the_home_tab_stays_on_its_page(running: Running, anna: Agent, chiara: Agent) -> None:
    await open_home(chiara)
    view = await home(chiara)
    await chiara.press_in(view, "Configuration")
    await home(chiara, "Latest changes")

    await open_thread(chiara, 1042)

    await running.told(1042)
    view = await home(chiara)
    assert "Latest changes" in words(view)


async def leave(running: Running, agent: Agent) -> None:
    """Take somebody out of the audit channel, which is what lets them use the bot."""
    await running.workspace.post(
        "membership", channel=agent.log_channel, user=agent.user, member=False
    )


async def test_a_window_shows_nothing_more_to_who_may_not_look_any_more(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id = await shipped(running)
    await anna.command("/order")
    await anna.wait_for_modal("Order number, e-mail")
    await anna.fill({"wanted": str(order_id)})
    await anna.wait_for_modal("Left to refund")
    await leave(running, anna)

    await review_refund(ben, order_id)
    await ben.fill()

    window = await anna.wait_for_modal("You cannot use Makegood yet")
    assert "refund" not in words(window).lower()
    assert button_labels(window) == []


async def test_the_window_of_a_request_tells_who_left_nothing_of_its_end(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id = await shipped(running)
    await running.workspace.post("store/settings", settlement_s=600)
    await review_refund(anna, order_id)
    await anna.fill()
    await anna.wait_for_modal("On its way · MG-")
    await leave(running, anna)

    await running.workspace.post("store/settle")
    told = await ben.wait_for_reply(order_id, "On its way")
    await ben.press_in_message(told, "Check again")
    await ben.wait_for_reply(order_id, "Done")

    window = await anna.wait_for_modal("You cannot use Makegood yet")
    assert "Refunded" not in words(window)


async def test_a_form_about_a_request_shows_who_left_nothing_of_what_was_decided(
    running: Running, anna: Agent, ben: Agent, chiara: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN, CHIARA)
    set_rule(tmp_path, approval_above="10.00")
    order_id = await shipped(running)
    await ask_to_refund(anna, order_id)
    await ben.press_in_message(await asked_of(ben, order_id), "Decline")
    await ben.wait_for_modal("Why?")
    await leave(running, ben)

    await chiara.press_in_message(await asked_of(chiara, order_id), "Approve")

    window = await ben.wait_for_modal("You cannot use Makegood yet")
    assert "Approved" not in words(window)


async def test_a_window_waits_while_slack_does_not_say_who_may_look(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    order_id = await shipped(running)
    await anna.command("/order")
    await anna.wait_for_modal("Order number, e-mail")
    await anna.fill({"wanted": str(order_id)})
    before = await anna.wait_for_modal("Left to refund")
    await running.workspace.slack_fault(
        method="conversations.members", kind="error", error="internal_error", times=999
    )
    asked = await asked_who_is_in(running)
    # what is known of the channel is out of date
    await running.workspace.post("membership", channel=anna.log_channel, user=DEV, member=True)
    configure(tmp_path, "rules.refund_order", {"enabled": False})
    configure(tmp_path, "rules.refund_items", {"enabled": False})

    async def drawn_in_vain() -> bool | None:
        return await asked_who_is_in(running) >= asked + 3 or None

    await wait_for(drawn_in_vain, "a try to draw the window")
    assert await anna.modal() == before
    await running.workspace.slack_fault(clear=True)

    await asyncio.sleep(2)  # longer than a drawing takes that is on its way
    with freeze_time(datetime.now(UTC) + timedelta(minutes=1), tick=True, real_asyncio=True):
        window = await anna.wait_for_modal("Refunding is switched off")
    assert not [label for label in button_labels(window) if "refund" in label.lower()]


async def asked_who_is_in(running: Running) -> int:
    calls = await running.workspace.get("calls", method="conversations.members")
    return len(calls["calls"])


async def test_a_link_in_a_window_leaves_it_followed(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    order_id = await shipped(running)
    await anna.command("/order")
    await anna.wait_for_modal("Order number, e-mail")
    await anna.fill({"wanted": str(order_id)})
    await anna.wait_for_modal("Left to refund")

    await anna.press("Open in BigCommerce")
    configure(tmp_path, "rules.refund_order", {"enabled": False})
    configure(tmp_path, "rules.refund_items", {"enabled": False})

    window = await anna.wait_for_modal("Refunding is switched off")
    assert "Open in BigCommerce" in button_labels(window)
