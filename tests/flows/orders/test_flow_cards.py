"""What only one person sees of an order is drawn anew when the order has moved on."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.support.agent import Agent, button_labels, wait_for, words
from tests.support.approving import (
    BEN,
    CHIARA,
    ask_to_refund,
    asked_of,
    set_approvers,
    set_rule,
    shipped,
)
from tests.support.running import Running, configure

DEV = "U0DEVPATEL"
AS_OF = "as of <!date^"


async def card_of(agent: Agent, order_id: int) -> dict[str, Any]:
    await agent.command(f"/order {order_id}")
    return await agent.wait_for_message(f"Order {order_id} of")


async def the_same(agent: Agent, card: dict[str, Any]) -> dict[str, Any]:
    """Return a message as it stands now."""
    return next(each for each in await agent.messages() if each["ts"] == card["ts"])


async def wait_for_card(agent: Agent, card: dict[str, Any], *texts: str) -> dict[str, Any]:
    async def look() -> dict[str, Any] | None:
        now = await the_same(agent, card)
        shown = f"{now['text']}\n{words(now['blocks'])}"
        return now if all(text in shown for text in texts) else None

    async def seen() -> str:
        return words((await the_same(agent, card))["blocks"])

    return await wait_for(look, f"the card showing {texts}", seen)


async def refund_from(agent: Agent, card: dict[str, Any]) -> str:
    """Refund all that is left by the card's own button, and return the amount."""
    await agent.press_in_message(card, "Full refund")
    await agent.wait_for_modal("Reason")
    answer = await agent.fill({"reason": "Damaged"})
    assert answer["errors"] is None, answer
    view = await agent.wait_for_modal("Change something")
    await agent.fill()
    return str(view["submit"]["text"]).removeprefix("Refund ")


async def test_the_card_becomes_the_outcome_of_a_refund_made_from_it(
    running: Running, anna: Agent
) -> None:
    order_id = await shipped(running)
    card = await card_of(anna, order_id)
    assert AS_OF in words(card["blocks"])

    amount = await refund_from(anna, card)

    now = await wait_for_card(
        anna, card, f"Done: Refunded {amount}", f"*Left to refund*\n0.00 {amount[-3:]}"
    )
    assert "Refunded" in now["text"]
    assert not [label for label in button_labels(now) if "refund" in label.lower()]
    assert "Discount code …" in button_labels(now)
    assert AS_OF in words(now["blocks"])


async def test_the_card_shows_that_a_request_waits_and_what_was_decided(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    set_approvers(tmp_path, BEN)
    set_rule(tmp_path, approval_above="10.00")
    order_id = await shipped(running)
    card = await card_of(anna, order_id)
    await anna.press_in_message(card, "History")

    amount = await ask_to_refund(anna, order_id)
    await wait_for_card(anna, card, f"Waits for approval: Full refund of {amount}")
    request = await asked_of(ben, order_id)
    await ben.press_in_message(request, "Approve")

    await wait_for_card(anna, card, f"Done: Refunded {amount}", f"Approved by <@{BEN}>")


async def test_what_another_one_did_is_seen_once_an_old_card_is_pressed(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id = await shipped(running)
    card = await card_of(anna, order_id)
    await refund_from(ben, await card_of(ben, order_id))
    await running.told(order_id)
    assert "Full refund …" in button_labels(await the_same(anna, card))  # nobody can change it

    await anna.press_in_message(card, "Full refund")

    await anna.wait_for_modal("has been refunded, so it cannot be refunded again")
    now = await wait_for_card(anna, card, "*Left to refund*\n0.00")
    assert not [label for label in button_labels(now) if "refund" in label.lower()]


async def test_any_press_brings_an_old_card_up_to_date(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id = await shipped(running)
    card = await card_of(anna, order_id)
    await refund_from(ben, await card_of(ben, order_id))
    await running.told(order_id)

    await anna.press_in_message(card, "History")

    await anna.wait_for_message(f"The history of order {order_id}")
    now = await wait_for_card(anna, card, "*Left to refund*\n0.00")
    assert "Full refund …" not in button_labels(now)


async def test_a_card_keeps_its_last_change_for_the_outcome(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    order_id = await shipped(running)
    await running.workspace.post("store/settings", settlement_s=600)
    card = await card_of(anna, order_id)
    amount = await refund_from(anna, card)
    await wait_for_card(anna, card, "On its way: Full refund")
    for is_on in (False, True, False, True, False):
        configure(tmp_path, "rules.create_discount_code", {"enabled": is_on})
        await asyncio.sleep(0.6)  # longer than it takes to be seen

    await running.workspace.post("store/settle")
    told = await ben.wait_for_reply(order_id, "On its way")
    await ben.press_in_message(told, "Check again")

    now = await wait_for_card(anna, card, f"Done: Refunded {amount}")
    assert "Discount code …" not in button_labels(now)
    configure(tmp_path, "rules.create_discount_code", {"enabled": True})
    await asyncio.sleep(0.6)
    assert await the_same(anna, card) == now  # that was the last


async def test_what_a_card_does_not_show_uses_up_none_of_its_changes(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    order_id = await shipped(running)
    card = await card_of(anna, order_id)
    await anna.press_in_message(card, "History")
    for approver in (BEN, CHIARA, BEN, CHIARA, BEN, CHIARA):
        set_approvers(tmp_path, approver)
        await asyncio.sleep(0.6)  # longer than it takes to be seen

    configure(tmp_path, "rules.create_discount_code", {"enabled": False})

    async def changed() -> bool | None:
        labels = button_labels(await the_same(anna, card))
        return None if "Discount code …" in labels else True

    await wait_for(changed, "a card without the button")


async def test_a_card_loses_what_is_switched_off(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    order_id = await shipped(running)
    card = await card_of(anna, order_id)
    await anna.press_in_message(card, "History")
    assert "Full refund …" in button_labels(card)

    configure(tmp_path, "rules.refund_order", {"enabled": False})
    configure(tmp_path, "rules.refund_items", {"enabled": False})

    now = await wait_for_card(anna, card, "Refunding is switched off")
    assert not [label for label in button_labels(now) if "refund" in label.lower()]


async def test_a_list_shows_what_has_become_of_its_orders(running: Running, anna: Agent) -> None:
    await anna.command("/order Lindqvist")
    found = await anna.wait_for_message("newest first")
    assert "Order 1042* · Awaiting Fulfillment" in words(found["blocks"])
    assert "As of <!date^" in words(found["blocks"])
    row = next(b for b in found["blocks"] if "Order 1042*" in words(b))
    await anna.press_in_message({**found, "blocks": [row]}, "Open")
    card = await anna.wait_for_message("Order 1042 of")

    await anna.press_in_message(card, "Cancel")
    await anna.wait_for_modal("Reason")
    await anna.fill({"reason": "Customer request"})
    await anna.wait_for_modal("Change something")
    await anna.fill()

    await wait_for_card(anna, found, "Order 1042* · Cancelled")
    now = await wait_for_card(anna, card, "*Status*\nCancelled")
    assert "Cancel" not in " ".join(button_labels(now))


async def leave(running: Running, agent: Agent) -> None:
    """Take somebody out of the audit channel, which is what lets them use the bot."""
    await running.workspace.post(
        "membership", channel=agent.log_channel, user=agent.user, member=False
    )


async def test_a_card_shows_nothing_more_to_who_may_not_look_any_more(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id = await shipped(running)
    card = await card_of(anna, order_id)
    await anna.press_in_message(card, "History")
    await anna.wait_for_message(f"The history of order {order_id}")
    await leave(running, anna)

    await refund_from(ben, await card_of(ben, order_id))
    await running.told(order_id)

    now = await wait_for_card(anna, card, "You cannot use Makegood yet")
    assert words(now["blocks"]) == now["text"]
    assert "refund" not in now["text"].lower()
    assert button_labels(now) == []


async def test_a_card_waits_while_slack_does_not_say_who_may_look(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    order_id = await shipped(running)
    card = await card_of(anna, order_id)
    await anna.press_in_message(card, "History")
    await anna.wait_for_message(f"The history of order {order_id}")
    before = await asked_who_is_in(running)
    await running.workspace.slack_fault(
        method="conversations.members", kind="error", error="internal_error", times=999
    )
    # what is known of the channel is out of date
    await running.workspace.post("membership", channel=anna.log_channel, user=DEV, member=True)
    configure(tmp_path, "rules.refund_order", {"enabled": False})
    configure(tmp_path, "rules.refund_items", {"enabled": False})

    async def drawn_in_vain() -> bool | None:
        return await asked_who_is_in(running) >= before + 6 or None

    await wait_for(drawn_in_vain, "tries to draw the card")
    assert await the_same(anna, card) == card
    await running.workspace.slack_fault(clear=True)

    now = await wait_for_card(anna, card, "Refunding is switched off")
    assert not [label for label in button_labels(now) if "refund" in label.lower()]


async def asked_who_is_in(running: Running) -> int:
    calls = await running.workspace.get("calls", method="conversations.members")
    return len(calls["calls"])


async def test_an_old_card_that_is_pressed_loses_what_was_switched_off_since(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    order_id = await shipped(running)
    card = await card_of(anna, order_id)
    configure(tmp_path, "rules.refund_order", {"enabled": False})
    configure(tmp_path, "rules.refund_items", {"enabled": False})
    await asyncio.sleep(0.6)  # longer than it takes to be seen

    await anna.press_in_message(card, "History")

    now = await wait_for_card(anna, card, "Refunding is switched off")
    assert not [label for label in button_labels(now) if "refund" in label.lower()]


async def test_an_old_card_that_is_pressed_shows_what_was_changed_elsewhere_since(
    running: Running, anna: Agent
) -> None:
    order_id = await shipped(running)
    card = await card_of(anna, order_id)
    await running.workspace.post("store/order", order_id=order_id, status_id=10)
    at = datetime.now(UTC).isoformat(timespec="microseconds")
    running.execute(
        "INSERT INTO outside_events (key, order_id, kind, detail, happened_at, received_at,"
        " verdict) VALUES ('1', ?, 'status', '{}', ?, ?, 'outside')",
        *(str(order_id), at, at),
    )

    await anna.press_in_message(card, "History")

    await wait_for_card(anna, card, "*Status*\nCompleted")
