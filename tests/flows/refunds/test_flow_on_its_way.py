"""What BigCommerce has accepted is told at once, and corrected when the money has moved."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.agent import Agent
from tests.support.approving import review_refund
from tests.support.refund_form import fields, open_form, to_review
from tests.support.running import Running, running_bot, running_sandbox

PLAIN, SHIPPED = 1042, 1010
REFUNDED, CANCELLED = 4, 5
# Who waits for more than what shows at once waits for ever.
WAITS = "0,0.05,0.1,300,300,300,300"


@pytest.fixture
async def running(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Running]:
    async with (
        running_sandbox(request.node.name) as (sandbox, session),
        running_bot(sandbox, tmp_path, SETTLE_WAITS=WAITS),
    ):
        the_bot = Running(sandbox, session, tmp_path)
        await the_bot.workspace.store_fault(
            match="POST refunds", kind="slow_settlement", delay_s=600
        )
        yield the_bot
        the_bot.close()


async def settle(running: Running) -> None:
    await running.workspace.post("store/settle")


async def test_a_full_refund(running: Running, anna: Agent) -> None:
    await review_refund(anna, SHIPPED)
    await anna.fill()

    on_its_way = await anna.wait_for_reply(SHIPPED, "(On its way")
    await settle(running)
    done = await anna.wait_for_reply(SHIPPED, "(Done")

    assert on_its_way["text"].startswith(
        "BigCommerce accepted a refund of 88.02 USD for order 1010; the payment provider has not "
        "confirmed it yet."
    )
    assert done["text"].startswith("Refunded 88.02 USD for order 1010")
    assert done["ts"] == on_its_way["ts"]


async def test_what_settles_while_it_is_said_to_be_on_its_way_ends_with_the_last_word_once(
    running: Running, anna: Agent
) -> None:
    await review_refund(anna, SHIPPED)
    await running.workspace.slack_fault(
        kind="delay", method="chat.postMessage", contains="(On its way", delay_s=2, after=True
    )
    await anna.fill()

    await anna.wait_for_reply(SHIPPED, "(On its way")  # it stands, and the bot does not know yet
    await settle(running)
    await anna.wait_for_reply(SHIPPED, "(Done")
    entry = await running.told(SHIPPED)

    said = [m for m in await anna.thread(SHIPPED) if entry.reference in m["text"]]
    records = [m["text"] for m in said if m["text"].endswith(f", {entry.reference})")]
    assert [text.startswith("Refunded 88.02 USD") for text in records] == [True]
    assert entry.status == "succeeded"


async def test_a_refund_of_a_line(running: Running, anna: Agent) -> None:
    view = await open_form(anna)
    await to_review(anna, {fields(view, "quantity_")[0]: "1", "reason_all": "Late or lost"})
    await anna.fill()

    await anna.wait_for_reply(PLAIN, "(On its way")
    await settle(running)

    done = await anna.wait_for_reply(PLAIN, "(Done")
    assert done["text"].startswith("Refunded 25.98 USD for order 1042")


async def test_cancelling_follows_when_the_money_has_moved(running: Running, anna: Agent) -> None:
    await anna.command(f"/cancel-order {PLAIN}")
    await anna.wait_for_modal("Everything that is left is refunded")
    await to_review(anna, {"reason": "Out of stock"})
    await anna.fill()

    on_its_way = await anna.wait_for_reply(PLAIN, "(On its way")
    between = (await running.workspace.book(PLAIN))["status_id"]
    await settle(running)
    await anna.wait_for_reply(PLAIN, "(Done")

    assert "Order 1042 is not cancelled yet." in on_its_way["text"]
    assert between == 11
    assert (await running.workspace.book(PLAIN))["status_id"] == CANCELLED


async def test_a_status_that_lags_holds_up_no_word_of_the_money(
    running: Running, anna: Agent
) -> None:
    await running.workspace.post("store/faults", clear=True)
    await running.workspace.post("store/settings", status_lag_s=600)
    await anna.command(f"/cancel-order {PLAIN}")
    await anna.wait_for_modal("Everything that is left is refunded")
    await to_review(anna, {"reason": "Out of stock"})
    await anna.fill()

    refunded = await anna.wait_for_reply(PLAIN, "(On its way")
    await settle(running)
    await anna.wait_for_reply(PLAIN, "(Done")

    assert refunded["text"].startswith("Refunded 154.10 USD for order 1042")
    assert (
        "It is not cancelled yet: BigCommerce has not made it Refunded so far."
        in (refunded["text"])
    )
    assert (await running.workspace.book(PLAIN))["status_id"] == CANCELLED


async def test_a_decline_is_told_once_nothing_may_contradict_it(
    running: Running, anna: Agent
) -> None:
    await running.workspace.post("store/faults", clear=True)
    await running.workspace.store_fault(match="POST refunds", kind="decline")
    await review_refund(anna, SHIPPED)
    await anna.fill()

    reply = await anna.wait_for_reply(SHIPPED, "(On its way")

    assert reply["text"].startswith("BigCommerce accepted a refund of 88.02 USD for order 1010")
