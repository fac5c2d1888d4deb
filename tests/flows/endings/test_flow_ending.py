"""A person ends what BigCommerce left unknown: it was made, it was not made, ask again."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time

from storage.database import open_database
from storage.log.action_log import ActionLog
from storage.log.entries import Entry
from tests.support.agent import Agent, button_labels, wait_for, words
from tests.support.approving import (
    ANNA,
    BEN,
    CHIARA,
    refunds,
    review_refund,
    set_approvers,
    set_rule,
)
from tests.support.approving import shipped as shipped_order
from tests.support.configuring import open_home
from tests.support.running import Running, configure, running_bot, running_sandbox

UNPAID = 7  # Awaiting Payment
BUTTONS = ["Check again", "It was made…", "It was not made…"]
WHY = "Looked in BigCommerce and at Braintree"


@contextmanager
def later(**ahead: float) -> Iterator[None]:
    at = datetime.now(UTC) + timedelta(**ahead)
    with freeze_time(at, tick=True, real_asyncio=True):
        yield


async def lose_a_refund(
    running: Running, agent: Agent, *, is_made: bool = False
) -> tuple[int, str, dict[str, Any]]:
    """Ask for a refund whose answer is lost; return order, amount and message.

    It never reaches the store, or is made there without its mark.
    """
    order_id = await shipped_order(running)
    view = await review_refund(agent, order_id)
    kind = "drop_after" if is_made else "drop_before"
    if is_made:
        unmarked = {"reason": "By telephone", "items.*.reason": "By telephone"}
        await running.workspace.store_fault(match="POST refunds", kind="misread", set=unmarked)
    await running.workspace.store_fault(match="POST refunds", kind=kind, times=1)
    await agent.fill()
    message = await agent.wait_for_reply(order_id, "(Needs checking")
    return order_id, str(view["submit"]["text"]).removeprefix("Refund "), message


async def refund_elsewhere(
    running: Running, order_id: int, amount: str, reason: str = "By telephone"
) -> int:
    """Give back an amount in the control panel, and return the refund's number."""
    await running.workspace.post(
        "store/order",
        order_id=order_id,
        refund_amount=amount.removesuffix(" USD"),
        refund_reason=reason,
    )
    return int((await refunds(running, order_id))[-1]["id"])


async def press(agent: Agent, message: dict[str, Any], label: str, *texts: str) -> Any:
    """Press a button of the message as it stands: every press that is refused draws it anew."""

    async def pressed() -> bool | None:
        standing = await now(agent, message)
        answer = await agent.press_in_message(standing, label)
        return None if "error" in answer else True

    await wait_for(pressed, f"a button {label!r} to press")
    return await agent.wait_for_modal(*texts)


async def now(agent: Agent, message: dict[str, Any]) -> dict[str, Any]:
    """Return a message as it stands now."""
    root_ts = message.get("thread_ts", message["ts"])
    place = {"user": agent.user, "channel": message["channel"], "ts": root_ts}
    standing = (await agent.workspace.get("thread", **place))["messages"]
    found = next(each for each in standing if each["ts"] == message["ts"])
    return {**found, "channel": message["channel"]}


async def end(agent: Agent, message: dict[str, Any], label: str, **values: Any) -> None:
    await press(agent, message, label, "Reason")
    answer = await agent.fill({"reason": WHY, **values})
    assert not answer["errors"], answer


def entry_of(running: Running, order_id: int) -> Entry:
    return running.entries(order_id)[0]


def events(running: Running, reference: str, *names: str) -> list[tuple[str, dict[str, Any]]]:
    found = running.log.events(reference)
    return [(each.event, each.detail) for each in found if each.event in names]


async def quiet(agent: Agent) -> None:
    """Let everything that was set off come to its end: a later command is answered."""
    await agent.command("/makegood help")
    await agent.wait_for_message("What Makegood does")


@pytest.fixture
def approver(running: Running, tmp_path: Path) -> None:
    set_approvers(tmp_path, BEN)


@pytest.mark.usefixtures("approver")
async def test_it_can_be_ended_from_the_thread_and_from_home(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id, _, message = await lose_a_refund(running, anna)

    assert button_labels(message) == BUTTONS
    home = await open_home(ben, "Needs checking", entry_of(running, order_id).reference)
    assert [label for label in button_labels(home) if label in BUTTONS] == BUTTONS


@pytest.mark.usefixtures("approver")
async def test_it_was_made_takes_the_refund_that_was_chosen(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id, amount, message = await lose_a_refund(running, anna, is_made=True)
    refund_id = (await refunds(running, order_id))[0]["id"]

    view = await press(ben, message, "It was made", "Which refund is it?")
    assert f"Refund {refund_id} · {amount}" in words(view)
    await ben.fill({"refund": str(refund_id), "reason": WHY})

    done = await anna.wait_for_reply(order_id, "(Done")
    assert done["ts"] == message["ts"]
    assert f"Refunded {amount}" in done["text"]
    shown = words(done)
    assert f"Ended as made by <@{BEN}>" in shown
    assert f"BigCommerce refund {refund_id}" in shown
    entry = entry_of(running, order_id)
    assert entry.outcome is not None
    assert (entry.status, entry.outcome["refund_id"]) == ("succeeded", refund_id)
    (made,) = events(running, entry.reference, "made")
    assert made[1]["refund_id"] == refund_id
    assert (made[1]["actor_id"], made[1]["reason"]) == (BEN, WHY)
    assert len(await refunds(running, order_id)) == 1


@pytest.mark.usefixtures("approver")
async def test_it_was_made_offers_no_refund_of_another_total(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id, amount, message = await lose_a_refund(running, anna)
    await refund_elsewhere(running, order_id, "1.00 USD")

    await press(ben, message, "It was made", f"no refund of {amount} on this order")
    assert entry_of(running, order_id).status == "unknown"


@pytest.mark.usefixtures("approver")
async def test_it_was_made_offers_no_refund_of_another_request(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id, amount, message = await lose_a_refund(running, anna)
    await refund_elsewhere(running, order_id, amount, "Damaged [MG-ZZZZ-ZZZZ]")
    (refund,) = await refunds(running, order_id)
    assert f"{refund['total']} USD" == amount

    await press(ben, message, "It was made", f"no refund of {amount} on this order")
    assert entry_of(running, order_id).status == "unknown"


@pytest.mark.usefixtures("approver")
async def test_a_refund_that_was_not_offered_is_not_taken_by_a_forged_form(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id, _, message = await lose_a_refund(running, anna, is_made=True)
    refund_id = (await refunds(running, order_id))[0]["id"]
    small = await refund_elsewhere(running, order_id, "1.00 USD")
    await press(ben, message, "It was made", "Which refund is it?")
    await ben.fill({"refund": str(refund_id), "reason": WHY})
    forged = copy.deepcopy(await running.delivered("view_submission", callback_id="made"))
    await anna.wait_for_reply(order_id, "(Done")
    second, _, again = await lose_a_refund(running, anna)
    forged["view"]["private_metadata"] = entry_of(running, second).reference
    for number in (refund_id, small):
        forged["view"]["state"]["values"] = copy.deepcopy(forged["view"]["state"]["values"])
        _choose(forged, str(number))
        await running.deliver(copy.deepcopy(forged))

    await quiet(ben)
    assert entry_of(running, second).status == "unknown"
    assert button_labels(again) == BUTTONS


def _choose(forged: dict[str, Any], value: str) -> None:
    for block in forged["view"]["state"]["values"].values():
        for element in block.values():
            if element.get("selected_option"):
                element["selected_option"]["value"] = value


@pytest.mark.usefixtures("approver")
async def test_it_was_not_made_is_refused_while_it_may_still_be(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id, amount, message = await lose_a_refund(running, anna)
    await press(ben, message, "It was not made", "BigCommerce may still carry it out")
    await ben.close()

    with later(minutes=14):
        await press(ben, message, "It was not made", "BigCommerce may still carry it out")
        await ben.close()
    with later(minutes=16):
        await press(ben, message, "It was not made", "Reason")
        await refund_elsewhere(running, order_id, amount)
        await ben.fill({"reason": WHY})
        await ben.wait_for_modal(f"of {amount} on this order, which no other request holds")
        await ben.close()
        await press(ben, message, "It was not made", "which no other request holds")
    assert entry_of(running, order_id).status == "unknown"


@pytest.mark.usefixtures("approver")
async def test_it_was_not_made_is_refused_while_the_mark_shows(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id, _, message = await lose_a_refund(running, anna)
    reference = entry_of(running, order_id).reference
    await refund_elsewhere(running, order_id, "1.00 USD", f"Damaged [{reference}]")

    with later(minutes=16):
        await press(ben, message, "It was not made", f"its reason ends with [{reference}]")


@pytest.mark.usefixtures("approver")
async def test_what_was_not_made_is_asked_again_under_the_same_reference(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id, amount, message = await lose_a_refund(running, anna)
    reference = entry_of(running, order_id).reference
    with later(minutes=16):
        await end(ben, message, "It was not made")
        ended = await anna.wait_for_reply(order_id, "(Failed", f"Ended as not made by <@{BEN}>")
        assert ended["ts"] == message["ts"]
        assert f"*Not made: full refund of {amount} · order {order_id}*" in words(ended)
        assert WHY in words(ended)
        assert button_labels(ended) == ["Ask again"]
        entry = entry_of(running, order_id)
        assert (entry.status, entry.ended_as, entry.sent_at) == ("failed", "not_made", None)
        assert await refunds(running, order_id) == []

        await press(anna, ended, "Ask again", f"Asked again under {reference}")
        twice = await running.delivered("block_actions")
        done = await anna.wait_for_reply(order_id, "(Done")

        assert done["ts"] == message["ts"]
        assert f"Refunded {amount}" in done["text"]
        (refund,) = await refunds(running, order_id)
        assert reference in refund["reason"]
        assert len(running.entries(order_id)) == 1
        names = [name for name, _ in events(running, reference, "sent", "not_made", "asked_again")]
        assert names == ["sent", "not_made", "asked_again", "sent"]
        await running.deliver(twice)
        await quiet(anna)
        assert len(await refunds(running, order_id)) == 1
        assert len(events(running, reference, "asked_again")) == 1


@pytest.mark.usefixtures("approver")
async def test_what_shows_late_after_all_is_found_and_not_sent_a_second_time(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id = await shipped_order(running)
    await review_refund(anna, order_id)
    await running.workspace.store_fault(match="POST refunds", kind="drop_after", times=1)
    nothing = {"match": "GET refunds", "kind": "change", "set": {"data": []}, "times": 999}
    await running.workspace.store_fault(**nothing)
    await anna.fill()
    message = await anna.wait_for_reply(order_id, "(Needs checking")
    with later(minutes=16):
        await end(ben, message, "It was not made")
        ended = await anna.wait_for_reply(order_id, "(Failed")
        await running.workspace.post("store/faults", clear=True)
        (refund,) = await refunds(running, order_id)

        await press(anna, ended, "Ask again", "Asked again")
        await anna.wait_for_reply(order_id, "(Done", f"BigCommerce refund {refund['id']}")

    assert len(await refunds(running, order_id)) == 1
    names = [name for name, _ in events(running, entry_of(running, order_id).reference, "sent")]
    assert names == ["sent"]


@pytest.mark.usefixtures("approver")
async def test_who_asked_and_who_may_not_approve_cannot_end_it(
    running: Running, anna: Agent, ben: Agent, chiara: Agent
) -> None:
    order_id, amount, message = await lose_a_refund(running, anna)
    refund_id = await refund_elsewhere(running, order_id, amount)
    for label in ("It was made", "It was not made"):
        await press(anna, message, label, "You asked for this yourself")
        await anna.close()
        await press(chiara, message, label, "You are not set as an approver")
        await chiara.close()
    await press(ben, message, "It was made", "Which refund is it?")
    # Ben's own form, but submitted by others, and by somebody who is in no channel.
    view = await ben.modal()
    assert view is not None
    await ben.fill({"refund": str(refund_id), "reason": " "})
    forged = await running.delivered("view_submission", callback_id="made")
    for user in (ANNA, CHIARA, "U0DEVPATEL"):
        for callback_id in ("made", "not_made"):
            late = copy.deepcopy(forged)
            late["user"]["id"] = user
            late["view"]["callback_id"] = callback_id
            _type(late, WHY)
            await running.deliver(late)

    await quiet(anna)
    entry = entry_of(running, order_id)
    assert (entry.status, entry.ended_as) == ("unknown", None)


def _type(forged: dict[str, Any], text: str) -> None:
    for block in forged["view"]["state"]["values"].values():
        for element in block.values():
            if element["type"] == "plain_text_input":
                element["value"] = text


async def test_without_a_second_person_the_one_who_asked_ends_it(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id, _, message = await lose_a_refund(running, anna)
    await press(ben, message, "It was made", "You are not set as an approver")
    await ben.close()
    await press(anna, message, "It was not made", "24 hours after it was sent")
    await anna.close()
    with later(hours=23):
        await press(anna, message, "It was not made", "24 hours after it was sent")
        await anna.close()
    with later(hours=25):
        await end(anna, message, "It was not made")
        await anna.wait_for_reply(order_id, "(Failed", f"Ended as not made by <@{ANNA}>")

    second, _, message = await lose_a_refund(running, anna, is_made=True)
    refund_id = (await refunds(running, second))[0]["id"]
    await end(anna, message, "It was made", refund=str(refund_id))
    await anna.wait_for_reply(second, "(Done", f"Ended as made by <@{ANNA}>")


async def test_without_an_approver_an_admin_ends_what_others_asked(
    running: Running, anna: Agent, chiara: Agent
) -> None:
    order_id, _, message = await lose_a_refund(running, anna)
    with later(minutes=16):
        await end(chiara, message, "It was not made")
        await anna.wait_for_reply(order_id, "(Failed", f"Ended as not made by <@{CHIARA}>")


@pytest.mark.usefixtures("approver")
async def test_asking_again_keeps_to_the_limits_of_now(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    order_id, _, message = await lose_a_refund(running, anna)
    with later(minutes=16):
        await end(ben, message, "It was not made")
        ended = await anna.wait_for_reply(order_id, "(Failed")

        set_rule(tmp_path, enabled=False)
        await press(anna, ended, "Ask again", "switched “Full refund” off")
        await anna.close()
        set_rule(tmp_path, who={"user_ids": [BEN]})
        await press(anna, ended, "Ask again", "only for some of the team")
        await anna.close()

    assert await refunds(running, order_id) == []
    assert entry_of(running, order_id).status == "failed"


@pytest.mark.usefixtures("approver")
async def test_an_unknown_cancellation_is_ended_by_what_the_order_shows(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id = await running.workspace.order_in_status(UNPAID)
    await anna.command(f"/cancel-order {order_id}")
    await anna.wait_for_modal("Reason")
    await anna.fill({"reason": "Customer request"})
    await anna.wait_for_modal("Change something")
    await running.workspace.store_fault(match="PUT orders/*", kind="drop_before", times=9)
    await anna.fill()
    message = await anna.wait_for_reply(order_id, "(Needs checking")
    await press(ben, message, "It was made", "BigCommerce shows nothing")
    await ben.close()
    await running.workspace.post("store/order", order_id=order_id, status_id=5)

    await press(ben, message, "It was made", f"It ends as: Cancelled · order {order_id}")
    await ben.fill({"reason": WHY})

    done = await anna.wait_for_reply(order_id, "(Done", f"Ended as made by <@{BEN}>")
    assert done["text"].startswith(f"Cancelled · order {order_id}")


@pytest.mark.usefixtures("approver")
async def test_an_unknown_code_is_ended_by_what_the_store_shows(
    running: Running, anna: Agent, ben: Agent
) -> None:
    await anna.command("/discount-code")
    await anna.wait_for_modal("Applies to")
    values = {"code": "SORRY-AAA", "type": "percentage", "value": "10", "reason": "Other"}
    answer = await anna.fill({**values, "reason_text": "A gift"})
    assert not answer["errors"], answer
    await anna.wait_for_modal("Change something")
    for path in ("POST coupons", "POST promotions"):
        await running.workspace.store_fault(match=path, kind="drop_before", times=9)
    await anna.fill()
    message = await anna.wait_for_message("(Needs checking", channel=anna.log_channel)

    await press(ben, message, "It was made", "BigCommerce shows nothing")
    await ben.close()
    with later(minutes=16):
        await end(ben, message, "It was not made")
        await anna.wait_for_message("(Failed", "Ended as not made", channel=anna.log_channel)
    (entry,) = running.recent()
    assert (entry.status, entry.ended_as) == ("failed", "not_made")


async def test_what_was_ended_while_the_bot_stops_goes_on_after_the_start(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    configure(tmp_path, "activated", True)
    set_approvers(tmp_path, BEN)
    async with AsyncExitStack() as started:
        sandbox, session = await started.enter_async_context(running_sandbox(request.node.name))
        async with running_bot(sandbox, tmp_path):
            running = Running(sandbox, session, tmp_path)
            started.callback(running.close)
            anna = await running.agent("Anna")
            taken, _, _ = await lose_a_refund(running, anna, is_made=True)
            refund_id = (await refunds(running, taken))[0]["id"]
            again, amount, _ = await lose_a_refund(running, anna)
        db = open_database(tmp_path / "makegood.sqlite")
        log = ActionLog(db)
        first, second = log.of_order(taken)[0].reference, log.of_order(again)[0].reference
        # What the clicks write, as a bot does that is killed right after them.
        assert log.take_refund(first, refund_id, actor_id=BEN, reason=WHY) == 2
        failed = {"status": "failed", "message": "Not made", "next_step": ""}
        assert log.end_unknown(
            second, "not_made", actor_id=BEN, reason=WHY, status="failed", outcome=failed
        )
        assert log.ask_again(second, actor_id=ANNA) == 2
        db.close()

        async with running_bot(sandbox, tmp_path):
            await anna.wait_for_reply(taken, "(Done", f"BigCommerce refund {refund_id}")
            await anna.wait_for_reply(again, "(Done", f"Refunded {amount}")

        for order_id in (taken, again):
            assert len(await refunds(running, order_id)) == 1
            assert len(await anna.thread(order_id)) == 1


@pytest.mark.usefixtures("approver")
async def test_the_message_shows_that_it_was_asked_again(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id, _, message = await lose_a_refund(running, anna)
    with later(minutes=16):
        await end(ben, message, "It was not made")
        ended = await anna.wait_for_reply(order_id, "(Failed")
        await running.workspace.store_fault(match="POST refund_quotes", kind="delay", delay_s=2.0)
        await press(anna, ended, "Ask again", "Asked again")

        async def under_way() -> bool | None:
            (shown,) = await anna.thread(order_id)
            return True if "Under way" in words(shown) and not button_labels(shown) else None

        await wait_for(under_way, "a message without its button")
        await anna.wait_for_reply(order_id, "(Done")
