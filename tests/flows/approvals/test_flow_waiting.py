"""What waits for a second person while its order changes, and what is asked for besides."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.support.agent import Agent, button_labels, find_button, wait_for, words
from tests.support.approving import (
    ANNA,
    BEN,
    CHIARA,
    ask_to_refund,
    asked_of,
    open_refund,
    refunds,
    review_refund,
    set_approvers,
    set_rule,
    shipped,
)
from tests.support.hooking import Hooked, bot_of, hooked_sandbox
from tests.support.refund_form import PLAIN, REASON, fields, open_form, to_review
from tests.support.running import Running, activate, configure, running_bot, running_sandbox

CANCELLED = 5


@pytest.fixture
async def hooked(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Hooked]:
    async with hooked_sandbox(request.node.name, tmp_path) as sandbox:
        needs_approval(tmp_path)
        async with bot_of(sandbox):
            yield sandbox


def needs_approval(data: Path) -> None:
    """Full refunds wait for a second person, all else does not."""
    activate(data)
    set_approvers(data, BEN, CHIARA)
    set_rule(data, approval_above="0")


async def decided(agent: Agent, message: dict[str, Any], order_id: int) -> dict[str, Any]:
    """Return the message that asked for approval, once it does no more."""

    async def look() -> dict[str, Any] | None:
        found = [m for m in await agent.thread(order_id) if m["ts"] == message["ts"]]
        return found[0] if found and not button_labels(found[0]) else None

    return await wait_for(look, "a message without buttons")


def decisions(running: Running, reference: str) -> list[str]:
    """Return what was decided about a request, by the log's events."""
    kinds = {"approved", "declined", "lapsed", "overtaken"}
    return [each.event for each in running.log.events(reference) if each.event in kinds]


async def test_a_refund_made_elsewhere_closes_what_waits_for_it(
    hooked: Hooked,
) -> None:
    anna, ben = await hooked.agent("Anna"), await hooked.agent("Ben")
    order_id = await shipped(hooked)
    amount = await ask_to_refund(anna, order_id)
    request = await asked_of(ben, order_id)
    assert button_labels(request) == [f"Approve {amount}", "Decline …"]
    left = amount.removesuffix(" USD")

    await hooked.workspace.post("store/order", order_id=order_id, refund_amount=left)

    told = await anna.wait_for_reply(order_id, "(Not done")
    assert told["text"].startswith(
        f"Full refund of {amount} for order {order_id} no longer waits for approval. "
        f"Nothing is left to refund on order {order_id}. Nothing was changed by it."
    )
    assert f"<@{ANNA}>: closed" in words(told)
    closed = await decided(ben, request, order_id)
    assert f"Nothing is left to refund on order {order_id}." in words(closed)
    entry = next(each for each in hooked.entries(order_id) if each.action == "refund_order")
    assert (entry.status, entry.decision, entry.decided_by) == ("rejected", "overtaken", None)
    assert entry.sent_at is None
    assert len(await refunds(hooked, order_id)) == 1


async def test_a_status_set_elsewhere_closes_what_it_forbids(hooked: Hooked) -> None:
    anna, ben = await hooked.agent("Anna"), await hooked.agent("Ben")
    order_id = await shipped(hooked)
    await ask_to_refund(anna, order_id)
    request = await asked_of(ben, order_id)

    await hooked.workspace.post("store/order", order_id=order_id, status_id=CANCELLED)

    told = await anna.wait_for_reply(order_id, "(Not done")
    assert f"Order {order_id} is cancelled" in told["text"]
    await decided(ben, request, order_id)
    assert await refunds(hooked, order_id) == []


async def test_what_can_still_be_carried_out_waits_on(hooked: Hooked) -> None:
    anna, ben = await hooked.agent("Anna"), await hooked.agent("Ben")
    order_id = await shipped(hooked)
    amount = await ask_to_refund(anna, order_id)
    request = await asked_of(ben, order_id)

    await hooked.workspace.post("store/order", order_id=order_id, status_id=10)
    await anna.wait_for_reply(order_id, "Outside Makegood", "to Completed")
    await ben.press_in_message(request, "Approve")

    told = await anna.wait_for_reply(order_id, "(Done")
    assert told["text"].startswith(f"Refunded {amount} for order {order_id}")
    assert len(await refunds(hooked, order_id)) == 1


async def test_what_merely_waits_does_not_use_up_the_hour_of_the_team(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    activate(tmp_path)
    set_approvers(tmp_path, CHIARA)
    set_rule(tmp_path, approval_above="0")
    order_id = await shipped(running)
    await ask_to_refund(anna, order_id)
    await asked_of(ben, order_id)
    configure(tmp_path, "hour_limit", "25.00")

    view = await open_form(ben, PLAIN)
    await to_review(ben, {fields(view, "shipping")[0]: "12.35", **REASON})
    await ben.fill()

    await ben.wait_for_reply(PLAIN, "(Done", "Refunded")


async def test_a_partial_refund_closes_the_full_one_that_waits(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    needs_approval(tmp_path)
    order_id = await shipped(running)
    amount = await ask_to_refund(anna, order_id)
    request = await asked_of(ben, order_id)

    view = await open_form(ben, order_id)
    first = fields(view, "quantity_")[0]
    review = await to_review(ben, {first: "1", "reason_all": "Damaged"})
    assert "waits for approval already" in words(review)
    await ben.fill()

    told = await anna.wait_for_reply(order_id, f"Full refund of {amount}", "(Not done")
    assert "left to refund" in told["text"]
    assert f"<@{ANNA}>: closed" in words(told)
    await decided(ben, request, order_id)
    assert len(await refunds(running, order_id)) == 1


async def test_a_second_request_for_the_whole_order_leads_to_the_first(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    needs_approval(tmp_path)
    order_id, chiara = await shipped(running), await running.agent("Chiara")
    await chiara.command(f"/refund-order {order_id}")
    await chiara.wait_for_modal("Full refund …")
    await review_refund(ben, order_id)
    amount = await ask_to_refund(anna, order_id)
    request = await asked_of(ben, order_id)
    number = request["ts"].replace(".", "")
    said = f"waits for a second person: Full refund of {amount} for order {order_id}"

    await ben.fill()

    refused = await ben.wait_for_modal("Nothing was sent", said, "Open the request")
    _, button = find_button(refused["blocks"], "Open the request")
    assert number in button["url"]
    await ben.close()
    await chiara.press("Full refund")
    refused = await chiara.wait_for_modal("Nothing was sent", said, "Open the request")
    _, button = find_button(refused["blocks"], "Open the request")
    assert number in button["url"]
    assert len(running.entries(order_id)) == 1


async def test_while_the_whole_order_is_asked_for_that_is_said_and_not_offered(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    needs_approval(tmp_path)
    order_id = await shipped(running)
    amount = await ask_to_refund(anna, order_id)
    request = await asked_of(ben, order_id)
    said = (
        f"Full refund of {amount} for order {order_id} waits for approval. Until that is decided, "
        "the rest can't be asked for."
    )

    await ben.command(f"/order {order_id}")
    card = await ben.wait_for_message(f"Order {order_id} ", said)
    await ben.command(f"/refund-order {order_id}")
    choice = await ben.wait_for_modal("What shall be done?", said)
    for shown in (card, choice):
        assert "Partial refund …" in words(shown)
        assert "Full refund …" not in words(shown)
        assert request["ts"].replace(".", "") in words(shown).partition(f"{said} <")[2]
    root = await ben.root(order_id)
    assert root is not None
    assert said in words(root)
    assert "Partial refund …" in words(root)
    assert "Full refund …" not in words(root)

    await anna.press_in_message(request, "Decline")
    await anna.wait_for_modal("is not carried out")
    await anna.fill({})
    await anna.wait_for_reply(order_id, "(Not done")
    await ben.close()
    await ben.command(f"/refund-order {order_id}")
    await ben.wait_for_modal("What shall be done?", "Full refund …", "Partial refund …")


async def test_a_form_that_was_open_is_refused_at_its_review(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    needs_approval(tmp_path)
    order_id = await shipped(running)
    await open_refund(ben, order_id)
    await ask_to_refund(anna, order_id)
    await asked_of(ben, order_id)

    await ben.fill({"reason": "Damaged"})

    await ben.wait_for_modal("Nothing was sent", "waits for a second person", "Open the request")
    assert len(running.entries(order_id)) == 1


async def test_once_it_is_withdrawn_it_can_be_asked_for_again(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    needs_approval(tmp_path)
    order_id = await shipped(running)
    await ask_to_refund(anna, order_id)
    request = await asked_of(ben, order_id)
    await anna.press_in_message(request, "Decline")
    await anna.wait_for_modal("is not carried out")
    await anna.fill({})
    await anna.wait_for_reply(order_id, "(Not done")

    await ask_to_refund(ben, order_id)

    await anna.wait_for_reply(order_id, f"<@{BEN}> asks for approval")


@pytest.mark.parametrize("first", ["approve", "close"])
async def test_an_approval_and_a_closing_at_the_same_moment_decide_once(
    hooked: Hooked, first: str
) -> None:
    anna, ben = await hooked.agent("Anna"), await hooked.agent("Ben")
    order_id = await shipped(hooked)
    amount = await ask_to_refund(anna, order_id)
    request = await asked_of(ben, order_id)
    change = {"order_id": order_id, "refund_amount": amount.removesuffix(" USD")}
    slow = {"kind": "delay", "delay_s": 0.3, "times": 3}
    await hooked.workspace.store_fault(match=f"GET orders/{order_id}*", **slow)

    if first == "approve":
        await ben.press_in_message(request, "Approve")
        await hooked.workspace.post("store/order", **change)
    else:
        await hooked.workspace.post("store/order", **change)
        await ben.press_in_message(request, "Approve")

    await anna.wait_for_reply(order_id, "(Not done")
    await decided(ben, request, order_id)
    (entry,) = hooked.entries(order_id)
    assert len(decisions(hooked, entry.reference)) == 1
    assert entry.status == "rejected"
    assert len(await refunds(hooked, order_id)) == 1


async def test_what_was_overtaken_while_the_bot_was_away_closes_at_its_start(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    needs_approval(tmp_path)
    async with AsyncExitStack() as started:
        sandbox, session = await started.enter_async_context(running_sandbox(request.node.name))
        async with running_bot(sandbox, tmp_path):
            running = Running(sandbox, session, tmp_path)
            started.callback(running.close)
            anna, ben = await running.agent("Anna"), await running.agent("Ben")
            order_id = await shipped(running)
            amount = await ask_to_refund(anna, order_id)
            asked = await asked_of(ben, order_id)
        left = amount.removesuffix(" USD")
        await running.workspace.post("store/order", order_id=order_id, refund_amount=left)

        async with running_bot(sandbox, tmp_path):
            told = await anna.wait_for_reply(order_id, "(Not done")
            assert f"Nothing is left to refund on order {order_id}." in told["text"]
            await decided(ben, asked, order_id)


async def test_while_the_store_cannot_be_read_it_waits(
    hooked: Hooked, caplog: pytest.LogCaptureFixture
) -> None:
    anna, ben = await hooked.agent("Anna"), await hooked.agent("Ben")
    order_id = await shipped(hooked)
    await ask_to_refund(anna, order_id)
    request = await asked_of(ben, order_id)
    fault = {"kind": "status", "status": 503, "times": 500}
    await hooked.workspace.store_fault(match=f"GET orders/{order_id}*", **fault)
    await hooked.workspace.post("store/order", order_id=order_id, status_id=CANCELLED)

    async def not_read() -> bool | None:
        said = [record.message for record in caplog.records]
        return True if "waiting request not looked at" in said else None

    await wait_for(not_read, "a look in vain")
    assert next(iter(hooked.entries(order_id))).is_waiting
    latest = next(m for m in await ben.thread(order_id) if m["ts"] == request["ts"])
    assert button_labels(latest) == button_labels(request)


async def test_a_code_that_somebody_else_has_made_is_asked_for_no_longer(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    activate(tmp_path)
    set_approvers(tmp_path, BEN)
    set_rule(tmp_path, "create_discount_code", approval_above="0")
    async with AsyncExitStack() as started:
        sandbox, session = await started.enter_async_context(running_sandbox(request.node.name))
        async with running_bot(sandbox, tmp_path):
            running = Running(sandbox, session, tmp_path)
            started.callback(running.close)
            anna = await running.agent("Anna")
            await anna.command("/discount-code")
            await anna.wait_for_modal("Applies to")
            terms = {"code": "SORRY-25", "type": "fixed", "value": "25", "max_uses": "1"}
            await anna.fill({**terms, "reason": "Damaged"})
            await anna.wait_for_modal("It needs approval by")
            await anna.fill()
            await anna.wait_for_message("asks for approval", channel=anna.log_channel)
        settings = running.environment()
        store = f"{settings['BIGCOMMERCE_API_URL']}/stores/{settings['BIGCOMMERCE_STORE_HASH']}"
        coupon = {
            "name": "By hand",
            "code": "SORRY-25",
            "type": "per_total_discount",
            "amount": "25",
            "applies_to": {"entity": "categories", "ids": [0]},
        }
        headers = {
            "X-Auth-Token": settings["BIGCOMMERCE_ACCESS_TOKEN"],
            "Accept": "application/json",
        }
        async with session.post(f"{store}/v2/coupons", json=coupon, headers=headers) as answer:
            assert answer.status < 300, await answer.text()

        async with running_bot(sandbox, tmp_path):
            told = await anna.wait_for_message("(Not done", channel=anna.log_channel)
            assert (
                "no longer waits for approval. The store has a code SORRY-25 by now."
                in (told["text"])
            )
