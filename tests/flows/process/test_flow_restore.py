"""Data that is older than the store: nothing is done twice, told twice or told falsely."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time

from bot.values.money import Money
from storage.data_folder.folder import DATABASE_FILE, WORKFLOWS_FILE
from storage.log.entries import Counted
from tests.support.agent import Agent, wait_for
from tests.support.approving import (
    BEN,
    ask_to_refund,
    asked_of,
    review_refund,
    set_approvers,
    set_rule,
    shipped,
)
from tests.support.configuring import open_home
from tests.support.restoring import (
    BOTH,
    back_up,
    bot_process,
    look_into,
    outcomes,
    put_back,
    queued,
    refund_totals,
    said_of_data,
    told_in,
)
from tests.support.running import Running, configure, running_bot, running_sandbox

LOG, QUEUE = (DATABASE_FILE,), (WORKFLOWS_FILE,)
ALL_REFUNDS = "GET orders/payment_actions/refunds"
COMPLETED = 10
REFUNDS_OF_ONE = "GET orders/*/payment_actions/refunds"


def _sum(rows: Sequence[Counted]) -> Decimal:
    return sum((row.worth for row in rows if row.worth is not None), Decimal(0))


async def record_refund(agent: Agent, order_id: int) -> str:
    """Have a refund recorded only, and return its amount."""
    await review_refund(agent, order_id)
    await agent.choose("method", "custom:offline")
    view = await agent.wait_for_modal("Record ")
    await agent.fill({"method": "custom:offline"})
    return str(view["submit"]["text"]).removeprefix("Record ")


class World:
    """A sandbox whose bot is started and stopped, and the people in it."""

    def __init__(self, running: Running, data: Path, anna: Agent, ben: Agent) -> None:
        self.running, self.data, self.anna, self.ben = running, data, anna, ben

    @asynccontextmanager
    async def bot(self, data: Path | None = None, **changes: str) -> AsyncIterator[None]:
        async with running_bot(self.running.sandbox, data or self.data, **changes):
            yield

    async def refund_queued(self, order_id: int) -> Path:
        """Ask for a refund that waits in the queue; return a backup from just then."""
        await review_refund(self.anna, order_id)
        await self.running.workspace.store_fault(
            match="GET orders/*/payment*", kind="delay", delay_s=1.5
        )
        await self.anna.fill()
        await queued(self.running, order_id)
        return back_up(self.data)

    async def ended(self, order_id: int, status: str = "succeeded") -> Any:
        async def look() -> Any:
            entries = self.running.entries(order_id)
            entry = entries[0] if entries else None
            return entry if entry and entry.status == status and entry.is_told else None

        return await wait_for(look, f"{status} for {order_id}")


@pytest.fixture
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    async with running_sandbox(request.node.name) as (sandbox, session):
        data = tmp_path / "data"
        data.mkdir()
        running = Running(sandbox, session, data)
        yield World(running, data, await running.agent("Anna"), await running.agent("Ben"))
        running.close()


@pytest.mark.parametrize("names", [BOTH, LOG, QUEUE])
async def test_what_was_queued_and_is_done_is_not_done_again(
    world: World, names: Sequence[str]
) -> None:
    running, anna = world.running, world.anna
    async with world.bot():
        order_id = await shipped(running)
        saved = await world.refund_queued(order_id)
        entry = await world.ended(order_id)
    totals = await refund_totals(running, order_id)
    told = await outcomes(anna, order_id, entry.reference)
    running.close()
    put_back(world.data, saved, names)
    running.reopen()

    async with world.bot():
        again = await world.ended(order_id)
        if names != QUEUE:
            said = await said_of_data(anna)
            assert said.startswith("Makegood started on data that is older than the store. 1 open")
            assert entry.reference in said

    assert again.reference == entry.reference
    assert await refund_totals(running, order_id) == totals
    assert len(totals) == 1
    assert len(told) == len(await outcomes(anna, order_id, entry.reference)) == 1


@pytest.mark.parametrize("names", [BOTH, LOG])
async def test_what_waits_here_and_is_done_is_taken_up_as_done(
    world: World, names: Sequence[str]
) -> None:
    running, anna, ben = world.running, world.anna, world.ben
    async with world.bot():
        set_approvers(world.data, BEN)
        set_rule(world.data, approval_above="0")
        order_id = await shipped(running)
        await ask_to_refund(anna, order_id)
        message = await asked_of(ben, order_id)
        saved = back_up(world.data)
        await ben.press_in_message(message, "Approve")
        entry = await world.ended(order_id)
    running.close()
    put_back(world.data, saved, names)
    running.reopen()

    # Long after the time to decide: it was done, and must not lapse.
    with freeze_time(datetime.now(UTC) + timedelta(days=3), tick=True, real_asyncio=True):
        async with world.bot():
            again = await world.ended(order_id)
            said = await said_of_data(anna)

    assert (again.decision, again.decided_by) == ("approved", None)
    assert len(await refund_totals(running, order_id)) == 1
    told = await outcomes(anna, order_id, entry.reference)
    assert len(told) == 1
    assert told[0].startswith("Refunded ")
    assert "1 open request was done already" in said
    thread = [message["text"] for message in await anna.thread(order_id)]
    assert not any("not carried out" in text or "not approved in time" in text for text in thread)


async def test_what_the_log_has_forgotten_is_written_into_it(world: World) -> None:
    running, anna = world.running, world.anna
    async with world.bot():
        order_id = await shipped(running)
        await review_refund(anna, order_id)
        await anna.fill()
        refunded = await world.ended(order_id)
        await anna.command("/cancel-order 1042")
        await anna.wait_for_modal("Everything that is left is refunded")
        await anna.fill({"reason": "Damaged"})
        await anna.wait_for_modal("Change something")
        await anna.fill()
        cancelled = await world.ended(1042)
    thread = await anna.thread(order_id)
    running.close()
    for path in world.data.iterdir():
        path.unlink()
    running.reopen()

    async with world.bot():
        said = await said_of_data(anna)

    assert "2 things were found in BigCommerce that its log did not know" in said
    for entry in (refunded, cancelled):
        found = running.log.get(entry.reference)
        amount = entry.outcome["amount"]
        assert (found.order_id, found.actor_id, found.status) == (entry.order_id, "", "succeeded")
        assert (found.outcome or {})["amount"] == amount
        assert (found.outcome or {})["refund_id"] == entry.outcome["refund_id"]
        assert found.counted == Decimal(amount["amount"])
        assert found.customer_mail
        assert (found.customer_id, found.customer_mail) == (entry.customer_id, entry.customer_mail)
        assert f"refund of {Money.model_validate(amount)} for order {entry.order_id}" in said
    assert "1042 (refund" in said
    assert "order cancelled" in said
    whole = sum(Decimal(entry.outcome["amount"]["amount"]) for entry in (refunded, cancelled))
    since = datetime.now(UTC) - timedelta(hours=1)
    assert _sum(running.log.let_run(since)) == whole
    # Nobody knows who it was, so it counts for each of them.
    assert _sum(running.log.asked_by(refunded.team_id, "U", since)) == whole
    assert await anna.thread(order_id) == thread


@pytest.mark.parametrize("lost", ["the data", "what was asked since a backup"])
async def test_a_root_that_lost_data_had_posted_is_drawn_anew(world: World, lost: str) -> None:
    running, anna = world.running, world.anna
    async with world.bot():
        saved = back_up(world.data)
        order_id = await shipped(running)
        await review_refund(anna, order_id)
        await anna.fill()
        await world.ended(order_id)
    await running.workspace.post("store/order", order_id=order_id, status_id=COMPLETED)
    running.close()
    if lost == "the data":
        for path in world.data.iterdir():
            path.unlink()
    else:
        put_back(world.data, saved)
    running.reopen()

    async with world.bot():

        async def drawn() -> Any:
            root = await anna.root(order_id)
            return root if root and ": Completed," in root["text"] else None

        root = await wait_for(drawn, "the root with what the order has become")

    tops = [message["text"] for message in await anna.messages(anna.log_channel)]
    assert [text for text in tops if text.startswith(f"Order {order_id} ")] == [root["text"]]


async def test_who_is_refused_after_a_restore_is_told_what_counts_and_until_when(
    world: World,
) -> None:
    running, anna, ben = world.running, world.anna, world.ben
    async with world.bot():
        order_id = await shipped(running)
        await review_refund(anna, order_id)
        await anna.fill()
        refunded = await world.ended(order_id)
    running.close()
    for path in world.data.iterdir():
        path.unlink()
    amount = Money.model_validate(refunded.outcome["amount"])
    running.reopen()

    async with world.bot():
        configure(world.data, "day_limit", str(amount.amount))
        await said_of_data(anna)
        until = running.log.get(refunded.reference).asked_at + timedelta(hours=24)
        await ben.command("/discount-code")
        await ben.wait_for_modal(
            f"your daily limit, {amount}, is used up. {amount} of what is used was found in "
            "BigCommerce, as after a restore, and counts for everybody until "
            f"{until.day} {until:%B %Y, %H:%M} UTC: who asked for it is not known."
        )
        await open_home(
            ben,
            f"Your daily limit: 0.00 USD left of {amount}",
            f"{amount} of what is used was found in BigCommerce, as after a restore, and counts "
            f"for everybody until <!date^{int(until.timestamp())}^",
        )


async def test_what_people_may_have_ended_since_is_named(world: World) -> None:
    running, anna, ben = world.running, world.anna, world.ben
    configure(world.data, "activated", True)
    configure(world.data, "recorded_only", {"everyone": True})
    set_approvers(world.data, BEN)
    set_rule(world.data, action="cancel_and_refund", approval_above="0")
    async with world.bot():
        order_id = await shipped(running)
        amount = await record_refund(anna, order_id)
        await anna.command("/cancel-order 1042")
        await anna.wait_for_modal("Everything that is left is refunded")
        await anna.fill({"reason": "Damaged"})
        await anna.wait_for_modal("Change something")
        await anna.fill()
        await asked_of(ben, 1042)
        task = await ben.wait_for_reply(order_id, "(To do")
        saved = back_up(world.data)
        await ben.press_in_message(task, "I have sent it")
        await ben.wait_for_modal("Reference of the payment")
        await ben.fill({"note": "SEPA 4711"})
        await ben.wait_for_reply(order_id, "(Done", "SEPA 4711")
    (recorded,), (waiting,) = running.entries(order_id), running.entries(1042)
    running.close()
    put_back(world.data, saved)
    running.reopen()

    async with world.bot():
        said = await said_of_data(anna)

    assert "Look at the order's thread before you act on them:" in said
    assert f"{recorded.reference} (order {order_id}): {amount} to be sent by hand" in said
    assert f"{waiting.reference} (order 1042): waits for approval" in said


async def test_what_cannot_be_looked_up_is_not_sent(world: World) -> None:
    running, anna = world.running, world.anna
    async with world.bot():
        order_id = await shipped(running)
        saved = await world.refund_queued(order_id)
        entry = await world.ended(order_id)
    other = await running.workspace.order_in_status(10, payment="captured")
    running.close()
    put_back(world.data, saved)
    running.reopen()
    await running.workspace.store_fault(match=ALL_REFUNDS, kind="status", status=500, times=60)

    async with world.bot():
        # Looking works, and so does what is new: its reference is in no older data.
        await review_refund(anna, other)
        await anna.fill()
        await world.ended(other)
        waiting = running.log.get(entry.reference)
        assert (waiting.status, waiting.sent_at) == (None, None)
        await running.workspace.store_fault(clear=True)
        await world.ended(order_id)

    assert len(await refund_totals(running, order_id)) == 1
    assert len(await outcomes(anna, order_id, entry.reference)) == 1


async def test_a_copy_does_not_do_what_the_first_has_done(world: World, tmp_path: Path) -> None:
    running, anna = world.running, world.anna
    copy = tmp_path / "copy"
    async with world.bot():
        order_id = await shipped(running)
        shutil.copytree(await world.refund_queued(order_id), copy)
        entry = await world.ended(order_id)
        async with bot_process(running, copy):
            said = await said_of_data(anna)
            assert look_into(copy, entry.reference).status is None  # the first one still runs
    assert "1 open request was done already" in said

    async with world.bot(copy):
        found = await told_in(copy, entry.reference)

    assert found.status == "succeeded"
    assert len(await refund_totals(running, order_id)) == 1
    assert len(await outcomes(anna, order_id, entry.reference)) == 1


async def test_a_second_bot_on_the_store_and_the_app_is_said_once(
    world: World, tmp_path: Path
) -> None:
    running, anna = world.running, world.anna
    async with bot_process(running, tmp_path / "other"), world.bot(OTHERS_AFTER="1"):
        said = await said_of_data(anna, "Another process ")
    assert said.startswith("Another process is connected to Makegood's Slack app: Slack counts 4")


async def test_what_another_makegood_did_is_said_once(world: World) -> None:
    running, anna = world.running, world.anna
    async with world.bot(LOOK_EVERY="0.2"):
        order_id = await shipped(running)
        await review_refund(anna, order_id)  # by now the store was looked at
        for reference in ("MG-ABCD-EFGH", "MG-JKMN-PQRT"):
            await running.workspace.post(
                "store/order",
                order_id=1042,
                refund_amount="10.00",
                refund_reason=f"Damaged [{reference}]",
            )

            async def found(reference: str = reference) -> Any:
                return running.log.find(reference)

            entry = await wait_for(found, reference)
            assert (entry.order_id, entry.actor_id, entry.counted) == (1042, "", Decimal("10.00"))
        said = await said_of_data(anna, "Another Makegood ")
    assert said.startswith("Another Makegood works on this store")
    assert "MG-ABCD-EFGH: refund of 10.00 USD for order 1042 (refund " in said


async def test_what_an_earlier_process_took_in_is_looked_for_before_it_is_declined(
    world: World,
) -> None:
    running, anna, ben = world.running, world.anna, world.ben
    async with world.bot():
        set_approvers(world.data, BEN)
        set_rule(world.data, approval_above="0")
        order_id = await shipped(running)
        await ask_to_refund(anna, order_id)
        message = await asked_of(ben, order_id)
    async with world.bot():
        fault = {"match": REFUNDS_OF_ONE, "kind": "status", "status": 400, "times": 99}
        await running.workspace.store_fault(**fault)
        await ben.press_in_message(message, "Decline")
        await ben.wait_for_modal("Why?")
        await ben.fill({"reason": "No"})
        await ben.wait_for_modal("It could not be looked up whether this was done already")
        assert running.entries(order_id)[0].is_waiting

        await running.workspace.store_fault(clear=True)
        await ben.press_in_message(message, "Decline")
        await ben.wait_for_modal("Why?")
        await ben.fill({"reason": "No"})
        await ben.wait_for_modal("Declined.")
        await anna.wait_for_reply(order_id, "(Not done")

    assert await refund_totals(running, order_id) == []


async def test_an_older_log_is_not_asked_what_counts_before_the_store_was(world: World) -> None:
    running, anna, first, second = world.running, world.anna, 1014, 1017  # of one customer
    async with world.bot():
        set_approvers(world.data, BEN)
        configure(world.data, "approval_above", "100.00")
        saved = back_up(world.data)
        await review_refund(anna, first)
        await anna.fill()
        await world.ended(first)
        await anna.close()
    running.close()
    put_back(world.data, saved)
    running.reopen()
    await running.workspace.store_fault(match=ALL_REFUNDS, kind="status", status=503, times=999)

    async with world.bot():
        # 82.81 USD of it went to the same customer; the log does not know of them yet.
        await review_refund(anna, second)
        await anna.fill()
        entry = await world.ended(second, "failed")
        await anna.close()
        assert "could not look in BigCommerce yet for what was done before" in str(entry.outcome)
        assert await refund_totals(running, second) == []
        await running.workspace.post("store/faults", clear=True)
        await said_of_data(anna)

        assert await ask_to_refund(anna, second) == "52.71 USD"
        await asked_of(anna, second)
    assert await refund_totals(running, second) == []
