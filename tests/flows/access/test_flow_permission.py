"""What was asked for is sent only if it still may be at that moment, whatever led there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from bot.actions.cancellations.cancel_and_refund import CancelAndRefund
from bot.actions.cancellations.cancel_order import CancelOrder
from bot.actions.discounts.switch_off_code import SWITCH_OFF_CODE, SwitchOffCode
from bot.actions.refunds.refund_order import RefundOrder
from bot.actions.registry import ACTIONS
from bot.actions.restocking.item_condition import Condition, RefundedItems
from bot.actions.restocking.restock_items import RESTOCK_ITEMS, RestockItems
from bot.actions.restocking.stock import places_of, products_of
from bot.sandbox.server import Sandbox
from storage.log.entries import Entry, LoggedFollowUp
from storage.log.references import new_reference
from tests.support.agent import Agent, wait_for
from tests.support.approving import ANNA, BEN, CHIARA, set_approvers
from tests.support.running import Running, activate, configure, running_bot, running_sandbox
from tests.support.walking import (
    REASON,
    TEAM,
    Forger,
    Presser,
    Put,
    a_code,
    at_rest,
    one_line,
    plant_code,
    putting,
    typed,
    writes,
)

UNPAID, AUTHORISED, READY, SHIPPED, COMPLETED = 1019, 1026, 1001, 1014, 1013
QUICKLY = {"POST_EVERY": "0.01"}
AWAY = {"kind": "http_status", "status": 503}
# The first page of a list again and again.
ENDLESS = {"kind": "change", "set": {"response_metadata.next_cursor": "bmV4dDow"}}
NO_MORE = "may not do this any more"


class Desk:
    """A store with nothing done yet, the log of a bot, and the bot when it is started."""

    def __init__(self, name: str, sandbox: Sandbox, data: Path, put: Put, running: Running) -> None:
        self.name, self.sandbox, self.data = name, sandbox, data
        self.put, self.running = put, running

    def bot(self, **settings: str) -> Any:
        return running_bot(self.sandbox, self.data, **QUICKLY, **settings)

    @property
    def writes(self) -> list[str]:
        return writes(self.name)

    async def ask_for_all(self, actor: str) -> list[str]:
        """Put one request of each kind into the log, as confirmed by this person."""
        put = self.put
        code = await plant_code(put)
        line = await one_line(put.store, COMPLETED)
        off = SwitchOffCode(code=code.code, name=code.name(put.references["code"]), creation="x")
        references = [
            await put.ask("1", "cancel_order", _cancel(), actor=actor),
            await put.ask(
                "2",
                "cancel_and_refund",
                CancelAndRefund(order_id=READY, reason=REASON),
                actor=actor,
            ),
            await put.ask("3", "refund_order", _refund(), actor=actor),
            await put.ask("4", "refund_items", line, actor=actor),
            await put.ask("5", "create_discount_code", a_code("SORRY-NEW"), actor=actor),
            new_reference(),
        ]
        put.log.ask(
            references[-1],
            action=SWITCH_OFF_CODE.name,
            order_id=None,
            team_id=TEAM,
            actor_id=actor,
            request=off.model_dump(mode="json"),
        )
        return references

    async def ended(self, reference: str) -> Entry:
        """Wait until the request has come to an end that is told."""

        async def look() -> Entry | None:
            entry = self.running.log.find(reference)
            return entry if entry and entry.is_told and not entry.is_under_way else None

        return await wait_for(look, f"an end of {reference}")

    async def person(self, user: str, **changes: Any) -> None:
        await self.running.workspace.post("person", user=user, lost=True, **changes)

    async def leaves(self, user: str) -> None:
        channel = self.sandbox.workspace.audit_channel
        place = {"channel": channel, "user": user}
        await self.running.workspace.post("membership", **place, member=False, lost=True)

    async def shared(self) -> None:
        place = {"channel": self.sandbox.workspace.audit_channel, "lost": True}
        await self.running.workspace.post("channel", connected=["T0ELSEWHERE"], **place)

    def rules(self, **rule: Any) -> None:
        for action in ACTIONS:
            configure(self.data, f"rules.{action}", rule)


@pytest.fixture
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Desk]:
    async with AsyncExitStack() as opened:
        sandbox, session = await opened.enter_async_context(running_sandbox(request.node.name))
        data = tmp_path / "data"
        activate(data)
        set_approvers(data, CHIARA)
        put = await opened.enter_async_context(putting(sandbox, data))
        running = Running(sandbox, session, data)
        opened.callback(running.close)
        await running.workspace.post("store/settings", quota=1_000_000)
        yield Desk(request.node.name, sandbox, data, put, running)


def _cancel() -> CancelOrder:
    return CancelOrder(order_id=UNPAID, reason=REASON)


def _cancel_and_refund() -> CancelAndRefund:
    return CancelAndRefund(order_id=READY, reason=REASON)


def _refund() -> RefundOrder:
    return RefundOrder(order_id=SHIPPED, reason=REASON)


def said(entry: Entry) -> str:
    outcome = entry.outcome or {}
    return f"{outcome['message']} {outcome['next_step']}"


async def change(desk: Desk, how: str) -> None:
    match how:
        case "gone":
            await desk.leaves(BEN)
        case "shared":
            await desk.shared()
        case "narrowed":
            desk.rules(who={"user_ids": [ANNA]})
        case "actions off":
            desk.rules(enabled=False)
        case "bot off":
            configure(desk.data, "activated", False)
        case _:
            await desk.person(BEN, **{how: True})


REFUSED = {
    "gone": NO_MORE,
    "shared": "shared with another organisation",
    "deleted": NO_MORE,
    "is_bot": NO_MORE,
    "is_restricted": NO_MORE,
    "narrowed": NO_MORE,
    "actions off": "An admin has switched",
    "bot off": "not activated",
}


@pytest.mark.parametrize("how", REFUSED)
async def test_what_an_earlier_process_left_is_asked_about(desk: Desk, how: str) -> None:
    references = await desk.ask_for_all(BEN)
    before = desk.writes
    await change(desk, how)

    async with desk.bot():
        ends = [await desk.ended(reference) for reference in references]

    assert [entry.status for entry in ends] == ["rejected"] * 6
    assert all("Nothing was sent" in said(entry) for entry in ends)
    assert all(REFUSED[how] in said(entry) for entry in ends)
    assert desk.writes == before


@pytest.mark.parametrize("how", ["gone", "shared", "bot off"])
async def test_what_the_sweep_takes_up_is_asked_about(desk: Desk, how: str) -> None:
    async with desk.bot():
        await Forger(desk.running, Presser(BEN)).command("/makegood", "")  # known as who may
        await at_rest(desk.running)
        await change(desk, how)
        references = await desk.ask_for_all(BEN)
        before = desk.writes
        ends = [await desk.ended(reference) for reference in references]

    assert [entry.status for entry in ends] == ["rejected"] * 6
    assert desk.writes == before


async def test_the_same_requests_are_carried_out_where_they_may_be(desk: Desk) -> None:
    references = await desk.ask_for_all(BEN)

    async with desk.bot():
        ends = [await desk.ended(reference) for reference in references]

    assert [entry.status for entry in ends] == ["succeeded"] * 6


async def test_an_approval_counts_only_while_it_could_be_given(desk: Desk) -> None:
    references = [
        await desk.put.ask(str(number), "refund_order", request, actor=BEN, is_held=True)
        for number, request in enumerate([_refund(), RefundOrder(order_id=1033, reason=REASON)])
    ]
    at = desk.put.log.get(references[0]).asked_at
    for reference, approver in zip(references, [CHIARA, ANNA], strict=True):
        assert desk.put.log.approve(reference, actor_id=approver, at=at)

    async with desk.bot():
        by_approver, by_another = [await desk.ended(each) for each in references]

    assert by_approver.status == "succeeded"
    assert by_another.status == "rejected"
    assert "Whoever approved it may not approve any more" in said(by_another)


async def test_what_needs_approval_since_is_not_sent_without(desk: Desk) -> None:
    configure(desk.data, "approval_above", "1.00")
    reference = await desk.put.ask("1", "refund_order", _refund(), actor=BEN)

    async with desk.bot():
        entry = await desk.ended(reference)

    assert entry.status == "rejected"
    assert "This needs approval now, and it had none" in said(entry)
    assert desk.writes == []


async def test_slack_that_is_away_for_a_moment_is_waited_for(desk: Desk) -> None:
    reference = await desk.put.ask("1", "cancel_order", _cancel(), actor=BEN)
    fault = {"method": "conversations.members", "kind": "http_status", "status": 503}
    await desk.running.workspace.slack_fault(**fault, times=2)

    async with desk.bot():
        entry = await desk.ended(reference)

    assert entry.status == "succeeded"


@pytest.mark.parametrize("fault", [AWAY, ENDLESS], ids=["away", "endless"])
async def test_slack_that_stays_away_fails_what_was_asked_for(
    desk: Desk, fault: dict[str, Any]
) -> None:
    reference = await desk.put.ask("1", "cancel_order", _cancel(), actor=BEN)
    await desk.running.workspace.slack_fault(method="conversations.members", times=10_000, **fault)

    async with desk.bot():
        entry = await desk.ended(reference)

    assert entry.status == "failed"
    assert "Slack did not say whether the one who asked may still do this" in said(entry)
    assert "Nothing was sent" in said(entry)
    assert desk.writes == []


async def test_a_lost_cancellation_is_not_sent_again_while_the_bot_is_off(desk: Desk) -> None:
    reference = await desk.put.ask("1", "cancel_order", _cancel(), actor=BEN)
    await desk.running.workspace.store_fault(match="PUT orders/*", kind="drop_before", times=2)
    async with desk.bot():
        assert (await desk.ended(reference)).status == "unknown"
        configure(desk.data, "activated", False)
        forger = Forger(desk.running, Presser(CHIARA))
        await forger.click("check_again", reference)
        off = await _next_round(desk, reference, 2)
        assert desk.writes == []
        configure(desk.data, "activated", True)
        await forger.click("check_again", reference)
        on = await _next_round(desk, reference, 3)

    assert off.status == "unknown"
    assert "It was not sent again: Makegood's actions are not activated" in said(off)
    assert on.status == "succeeded"
    assert len(desk.writes) == 1


async def test_check_again_is_for_whom_the_action_is_for(desk: Desk) -> None:
    reference = await desk.put.ask("1", "cancel_order", _cancel(), actor=ANNA)
    await desk.running.workspace.store_fault(match="PUT orders/*", kind="drop_before", times=2)
    desk.rules(who={"user_ids": [ANNA]})
    async with desk.bot():
        assert (await desk.ended(reference)).status == "unknown"
        ben = await desk.running.agent("Ben")
        message = await ben.wait_for_reply(UNPAID, "not known whether")
        await ben.press_in_message(message, "Check again")
        await ben.wait_for_message("is only for some of the team", channel=ben.log_channel)
        await at_rest(desk.running)

        assert desk.running.log.get(reference).round == 1
        assert desk.writes == []


async def test_an_order_whose_money_is_back_is_cancelled_although_the_bot_is_off(
    desk: Desk,
) -> None:
    reference = await desk.put.ask("1", "cancel_and_refund", _cancel_and_refund(), actor=BEN)
    await desk.running.workspace.store_fault(match="PUT orders/*", kind="drop_before", times=2)
    async with desk.bot():
        assert (await desk.ended(reference)).status == "pending"
        configure(desk.data, "activated", False)
        await desk.leaves(BEN)

        async def look() -> Entry | None:
            entry = desk.running.log.get(reference)
            return entry if entry.status == "succeeded" else None

        await wait_for(look, "the order to be cancelled")

    assert (await desk.running.workspace.book(READY))["status_id"] == 5


async def test_an_order_whose_payment_was_released_is_cancelled_although_the_bot_is_off(
    desk: Desk,
) -> None:
    request = CancelOrder(order_id=AUTHORISED, reason=REASON)
    reference = await desk.put.ask("1", "cancel_order", request, actor=BEN)
    await desk.running.workspace.store_fault(match="PUT orders/*", kind="drop_before", times=2)
    async with desk.bot():
        assert (await desk.ended(reference)).status == "pending"
        configure(desk.data, "activated", False)
        await desk.leaves(BEN)

        async def look() -> Entry | None:
            entry = desk.running.log.get(reference)
            return entry if entry.status == "succeeded" else None

        await wait_for(look, "the order to be cancelled")

    book = await desk.running.workspace.book(AUTHORISED)
    assert (book["status_id"], book["payment_status"]) == (5, "void")


async def test_the_goods_of_a_refund_go_back_although_the_bot_is_off(desk: Desk) -> None:
    put = desk.put
    line = (await put.store.orders.lines(SHIPPED))[0]
    (item,) = await put.store.inventory.items(products_of([line]))
    goods = RefundedItems(
        order_product_id=line.id,
        quantity=1,
        condition=Condition.BACK_TO_STOCK,
        name=line.name,
        place_id=places_of(item)[0].location_id,
    )
    asked = RestockItems(order_id=SHIPPED, reason=REASON, goods=(goods,))
    reference = await put.ask("1", "refund_order", _refund())
    put.log.claim(reference)
    next_up = LoggedFollowUp(new_reference(), RESTOCK_ITEMS.name, asked.model_dump(mode="json"))
    done = {"status": "succeeded", "message": "Refunded."}
    put.log.finish(reference, status="succeeded", outcome=done, follow_up=next_up)
    configure(desk.data, "activated", False)

    async with desk.bot():
        entry = await desk.ended(next_up.reference)

    assert entry.status == "succeeded", said(entry)
    assert desk.writes == ["POST 3/inventory/adjustments/relative"]


async def test_what_a_person_says_was_made_is_not_completed_while_the_bot_is_off(
    desk: Desk,
) -> None:
    reference = await desk.put.ask("1", "cancel_and_refund", _cancel_and_refund(), actor=ANNA)
    fault = {"match": "POST refunds", "kind": "drop_before", "times": 1}
    await desk.running.workspace.store_fault(**fault)
    async with desk.bot():
        assert (await desk.ended(reference)).status == "unknown"
        total = desk.put.log.get(reference).request["confirmed"]["total"]["amount"]
        by_phone = {"refund_amount": str(total), "refund_reason": "By telephone"}
        await desk.running.workspace.post("store/order", order_id=READY, **by_phone)
        refund_id = (await desk.running.workspace.book(READY))["refunds"][-1]["id"]
        configure(desk.data, "activated", False)
        values = {"reason": typed("Seen"), "refund": typed(str(refund_id))}
        await Forger(desk.running, Presser(CHIARA)).submit("made", reference, values)
        entry = await _next_round(desk, reference, 2)
        assert desk.writes == []
        assert "is not cancelled yet: Makegood's actions are not activated" in said(entry)
        assert "finish it now with Check again" in said(entry)
        configure(desk.data, "activated", True)

        async def look() -> bool | None:
            is_cancelled = "The order is cancelled" in said(desk.running.log.get(reference))
            return True if is_cancelled else None

        await wait_for(look, "the order to be cancelled")

    assert (await desk.running.workspace.book(READY))["status_id"] == 5


async def _next_round(desk: Desk, reference: str, number: int) -> Entry:
    async def look() -> Entry | None:
        entry = desk.running.log.get(reference)
        return entry if entry.finished_round >= number else None

    return await wait_for(look, f"round {number} of {reference}")


async def test_who_may_do_a_part_is_not_shown_that_part_alone_while_slack_does_not_say(
    running: Running, anna: Agent, tmp_path: Path
) -> None:
    """Else a partial refund would open where the whole one was asked for, and cannot be read."""
    configure(tmp_path, "rules.refund_order", {"who": {"group_ids": ["S0AGENTS"]}})
    order_id = await running.workspace.order_in_status(2, payment="captured")
    fault = {"method": "usergroups.users.list", "kind": "error", "error": "internal_error"}
    await running.workspace.slack_fault(**fault, times=3)

    await anna.command(f"/refund-order {order_id}")
    await anna.wait_for_modal("Slack did not say who may use Makegood")

    await anna.close()
    await anna.command(f"/refund-order {order_id}")
    await anna.wait_for_modal("Full refund …", "Partial refund …")
