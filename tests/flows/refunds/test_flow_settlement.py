"""What counts as settled, whatever the gateway calls it and whatever the token may read."""

from __future__ import annotations

from typing import Any

import pytest

from storage.log.entries import Entry
from tests.support.agent import Agent, wait_for
from tests.support.refund_form import fields, open_form, to_review
from tests.support.running import Running

PLAIN = 1042  # paid 154.10 USD, awaiting fulfillment
REFUNDED, CANCELLED = 4, 5
FERN = "25.98 USD"  # one piece of order 1042's first line, with its tax


async def settings(running: Running, **values: Any) -> None:
    await running.workspace.post("store/settings", **values)


async def cancel_and_refund(agent: Agent) -> None:
    await agent.command(f"/cancel-order {PLAIN}")
    await agent.wait_for_modal("Everything that is left is refunded")
    await to_review(agent, {"reason": "Out of stock"})
    await agent.fill()


async def refund_a_fern(agent: Agent) -> None:
    view = await open_form(agent)
    await to_review(agent, {fields(view, "quantity_")[0]: "1", "reason_all": "Late or lost"})
    await agent.fill()


def evidence(entry: Entry) -> str:
    assert entry.outcome is not None
    return str(entry.outcome["evidence"])


async def test_a_gateway_that_voids_an_unsettled_sale_is_understood(
    running: Running, anna: Agent
) -> None:
    await settings(running, refund_transactions="void")

    await cancel_and_refund(anna)

    reply = await anna.wait_for_reply(PLAIN, "(Done")
    assert reply["text"].startswith("Refunded 154.10 USD for order 1042")
    assert (await running.workspace.book(PLAIN))["status_id"] == CANCELLED
    assert "transaction_by_id (certain)" in evidence(running.entries(PLAIN)[0])


async def test_a_gateway_without_a_transaction_is_settled_by_the_payment_status(
    running: Running, anna: Agent
) -> None:
    await settings(running, refund_transactions="none")

    await cancel_and_refund(anna)

    reply = await anna.wait_for_reply(PLAIN, "(Done")
    assert reply["text"].startswith("Refunded 154.10 USD for order 1042")
    assert (await running.workspace.book(PLAIN))["status_id"] == CANCELLED
    assert evidence(running.entries(PLAIN)[0]).startswith("payment_status (likely)")


async def test_a_token_without_order_transactions_cancels_after_the_refund(
    running: Running, anna: Agent
) -> None:
    await running.workspace.store_fault(match="GET transactions", kind="no_scope", times=999)

    await cancel_and_refund(anna)

    reply = await anna.wait_for_reply(PLAIN, "(Done")
    assert reply["text"].startswith("Refunded 154.10 USD for order 1042")
    assert (await running.workspace.book(PLAIN))["status_id"] == CANCELLED


async def test_a_partial_refund_is_settled_without_transactions_too(
    running: Running, anna: Agent
) -> None:
    await settings(running, refund_transactions="none")

    await refund_a_fern(anna)

    reply = await anna.wait_for_reply(PLAIN, "(Done")
    assert reply["text"].startswith(f"Refunded {FERN} for order 1042")
    assert evidence(running.entries(PLAIN)[0]) == (
        "payment_status (likely), order_status (supporting)"
    )


@pytest.mark.parametrize("lag", ["payment_status_lag_s", "status_lag_s"])
async def test_what_follows_late_is_waited_for(running: Running, anna: Agent, lag: str) -> None:
    await settings(running, refund_transactions="none", **{lag: 2})

    await cancel_and_refund(anna)

    await anna.wait_for_reply(PLAIN, "(Done")
    book = await running.workspace.book(PLAIN)
    assert book["status_id"] == CANCELLED
    assert (book["payment_status"], len(book["refunds"])) == ("refunded", 1)


async def looked_at_again(running: Running, looks: int = 2) -> Entry:
    """Return the order's entry after so many more looks of the sweep."""
    since = running.entries(PLAIN)[0].finished_round

    async def look() -> Entry | None:
        entry = running.entries(PLAIN)[0]
        return entry if entry.finished_round >= since + looks else None

    return await wait_for(look, "more looks of the sweep")


async def test_the_status_that_somebody_sets_settles_nothing(running: Running, anna: Agent) -> None:
    await running.workspace.store_fault(match="POST refunds", kind="slow_settlement", delay_s=600)
    await cancel_and_refund(anna)
    await anna.wait_for_reply(PLAIN, "(On its way")

    await running.workspace.post("store/order", order_id=PLAIN, status_id=REFUNDED)

    entry = await looked_at_again(running)
    assert entry.status == "pending"
    assert (await running.workspace.book(PLAIN))["status_id"] == REFUNDED
    await running.workspace.post("store/settle")
    await anna.wait_for_reply(PLAIN, "(Done")
    assert (await running.workspace.book(PLAIN))["status_id"] == CANCELLED


async def test_a_later_refunds_transaction_does_not_settle_an_earlier_one(
    running: Running, anna: Agent
) -> None:
    await running.workspace.store_fault(
        match="GET refunds",
        kind="change",
        set={"data.*.payments.*.transaction_id": ""},
        times=9999,
    )
    await running.workspace.store_fault(match="POST refunds", kind="slow_settlement", delay_s=600)
    await refund_a_fern(anna)
    await anna.wait_for_reply(PLAIN, "(On its way")

    await running.workspace.post(
        "store/order", order_id=PLAIN, refund_amount="25.98", refund_reason="Elsewhere"
    )
    await wait_for(lambda: other_paid(running), "the other refund's payment")

    entry = await looked_at_again(running)
    assert entry.status == "pending"
    await running.workspace.post("store/settle")
    reply = await anna.wait_for_reply(PLAIN, "(Done")
    assert reply["text"].startswith(f"Refunded {FERN} for order 1042")
    assert evidence(running.entries(PLAIN)[0]).startswith("transaction_by_event (strong)")


async def other_paid(running: Running) -> bool | None:
    made = (await running.workspace.book(PLAIN))["refunds"]
    return [refund["settled"] for refund in made] == [False, True] or None


async def test_a_second_refund_is_kept_back_while_transactions_cannot_be_read(
    running: Running, anna: Agent
) -> None:
    await refund_a_fern(anna)
    await anna.wait_for_reply(PLAIN, "(Done")
    await running.workspace.store_fault(
        match="GET transactions", kind="status", status=503, times=999
    )
    view = await open_form(anna)

    await anna.fill({fields(view, "quantity_")[1]: "1", "reason_all": "Late or lost"})

    await anna.wait_for_modal(
        "The order's transactions could not be read. BigCommerce answered: The service is not "
        "available. Nothing was changed. Try again in a minute."
    )
    assert len((await running.workspace.book(PLAIN))["refunds"]) == 1
