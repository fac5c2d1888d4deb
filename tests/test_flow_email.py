"""The bot's own e-mail to the customer: asked for in the form, sent once the money has moved."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from storage import ActionLog, read_database
from tests.agent import Agent, shows, wait_for, words
from tests.mailbox import Mailbox, body, running_mailbox
from tests.running import Running, running_bot, running_sandbox

PLAIN = 1042  # paid, awaiting fulfillment
SHIPPED = 2
BOX = "notify_customer"
TICKED = {"reason": "Damaged", BOX: ["yes"]}
UNTICKED = {"reason": "Damaged"}


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    async with running_mailbox() as started:
        yield started


@pytest.fixture
async def mailing(
    request: pytest.FixtureRequest, tmp_path: Path, mailbox: Mailbox
) -> AsyncIterator[Running]:
    async with AsyncExitStack() as started:
        sandbox, session = await started.enter_async_context(running_sandbox(request.node.name))
        await started.enter_async_context(running_bot(sandbox, tmp_path, **mailbox.settings()))
        the_bot = Running(sandbox, session, tmp_path)
        started.callback(the_bot.close)
        yield the_bot


@pytest.fixture
async def agent(mailing: Running) -> Agent:
    return await mailing.agent("Anna")


async def open_cancel(agent: Agent, order_id: int = PLAIN) -> Any:
    await agent.command(f"/cancel-order {order_id}")
    return await agent.wait_for_modal("Everything that is left is refunded")


async def to_review(agent: Agent, values: dict[str, Any]) -> Any:
    answer = await agent.fill(values)
    assert answer["ok"], answer
    assert not answer.get("errors"), answer
    return await agent.wait_for_modal("Change something")


def events(data: Path, reference: str) -> list[str]:
    db = read_database(data / "makegood.sqlite")
    try:
        return [event.event for event in ActionLog(db).events(reference)]
    finally:
        db.close()


async def test_a_ticked_box_sends_what_the_review_has_shown(
    mailing: Running, agent: Agent, mailbox: Mailbox, tmp_path: Path
) -> None:
    form = words(await open_cancel(agent))
    assert "E-mail the customer" in form
    assert "…@mail.example" in form

    review = words(await to_review(agent, TICKED))
    await agent.fill()

    await agent.wait_for_reply(PLAIN, "(Done", "E-mailed the customer.")
    [message] = mailbox.messages
    text = body(message, "plain")
    assert "we have cancelled your order 1042 and refunded 154.10 USD." in text
    for line in filter(None, text.splitlines()):
        assert line.replace("&", "&amp;") in review
    assert message["From"].addresses[0].addr_spec.startswith("orders@")
    assert mailbox.recipients[0][0] in form
    reference = mailing.entries(PLAIN)[0].reference
    happened = events(tmp_path, reference)
    assert [name for name in happened if name.startswith("mail")] == ["mail_claimed", "mail_sent"]
    assert happened.index("outcome") < happened.index("mail_claimed") < happened.index("told")


async def test_the_open_modal_says_it_too(mailing: Running, agent: Agent) -> None:
    await open_cancel(agent)
    await to_review(agent, TICKED)
    await agent.fill()

    await agent.wait_for_modal("Done", "E-mailed the customer.")


async def test_nothing_is_sent_unless_ticked(
    mailing: Running, agent: Agent, mailbox: Mailbox
) -> None:
    form = await open_cancel(agent)
    box = next(b for b in form["blocks"] if b.get("block_id", "").startswith(BOX))
    assert "initial_options" not in box["element"]

    review = words(await to_review(agent, UNTICKED))
    assert "Makegood sends the customer no e-mail." in review
    await agent.fill()

    await agent.wait_for_reply(PLAIN, "(Done", "No e-mail was sent to the customer.")
    assert mailbox.messages == []


async def test_a_full_refund_has_the_box_and_going_back_keeps_it(
    mailing: Running, agent: Agent, mailbox: Mailbox
) -> None:
    order_id = await mailing.workspace.order_in_status(SHIPPED, payment="captured")
    await agent.command(f"/refund-order {order_id}")
    await agent.wait_for_modal("What shall be done?")
    await agent.press("Full refund")
    await agent.wait_for_modal("Notification")
    await to_review(agent, TICKED)
    await agent.press("Change something")
    form = await agent.wait_for_modal("Notification")
    box = next(b for b in form["blocks"] if b.get("block_id", "").startswith(BOX))
    assert [each["value"] for each in box["element"]["initial_options"]] == ["yes"]

    await to_review(agent, {})
    await agent.fill()

    await agent.wait_for_reply(order_id, "(Done", "E-mailed the customer.")
    [message] = mailbox.messages
    assert f"for your order {order_id}." in body(message, "plain")
    assert "cancelled" not in body(message, "plain")


async def test_a_declined_refund_is_not_mailed(
    mailing: Running, agent: Agent, mailbox: Mailbox
) -> None:
    await mailing.workspace.store_fault(match="POST refunds", kind="decline", times=1)
    await open_cancel(agent)
    await to_review(agent, TICKED)
    await agent.fill()

    await agent.wait_for_reply(PLAIN, "(Failed", "No e-mail was sent to the customer.")
    assert mailbox.messages == []


async def test_a_refund_on_its_way_is_mailed_when_it_has_arrived(
    mailing: Running, agent: Agent, mailbox: Mailbox
) -> None:
    await mailing.workspace.post("store/settings", settlement_s=2)
    await open_cancel(agent)
    await to_review(agent, TICKED)
    await agent.fill()
    await agent.wait_for_reply(PLAIN, "(On its way", "once the money has moved")
    assert mailbox.messages == []

    await agent.wait_for_reply(PLAIN, "(Done", "E-mailed the customer.")
    assert len(mailbox.messages) == 1


async def test_a_mail_server_that_is_down_changes_nothing_but_a_sentence(
    mailing: Running, agent: Agent, mailbox: Mailbox, tmp_path: Path
) -> None:
    mailbox.answers["RCPT"] = "550 5.1.1 mailbox customer1@mail.example unknown"
    await open_cancel(agent)
    await to_review(agent, TICKED)
    await agent.fill()

    reply = await agent.wait_for_reply(PLAIN, "(Done", "could not be sent")
    assert shows(reply, ("refused the customer's address (550). Tell the customer yourself.",))
    entry = mailing.entries(PLAIN)[0]
    assert entry.status == "succeeded"
    assert "mail_failed" in events(tmp_path, entry.reference)


async def test_a_lost_answer_is_said_and_never_repeated(
    mailing: Running, agent: Agent, mailbox: Mailbox
) -> None:
    mailbox.answers["DATA"] = ""
    await open_cancel(agent)
    await to_review(agent, TICKED)
    await agent.fill()

    await agent.wait_for_reply(PLAIN, "(Done", "may have been sent")
    assert len(mailbox.messages) == 1


async def test_slack_being_down_while_it_is_told_sends_no_second_mail(
    mailing: Running, agent: Agent, mailbox: Mailbox
) -> None:
    fault = {"method": "chat.postMessage", "kind": "http_status", "status": 503, "times": 4}
    await open_cancel(agent)
    await to_review(agent, TICKED)
    await mailing.workspace.slack_fault(**fault)
    await agent.fill()

    await agent.wait_for_reply(PLAIN, "(Done", "E-mailed the customer.")
    assert len(mailbox.messages) == 1


async def test_a_confirmation_delivered_twice_is_mailed_once(
    mailing: Running, agent: Agent, mailbox: Mailbox
) -> None:
    await open_cancel(agent)
    await to_review(agent, TICKED)
    await agent.fill()
    payload = await mailing.delivered("view_submission", callback_id="review")
    await asyncio.gather(mailing.deliver(payload), mailing.deliver(payload))

    await agent.wait_for_reply(PLAIN, "(Done", "E-mailed the customer.")
    assert len(mailbox.messages) == 1
    assert len(mailing.entries(PLAIN)) == 1


async def test_a_recorded_refund_is_not_mailed(
    mailing: Running, agent: Agent, mailbox: Mailbox
) -> None:
    order_id = await mailing.workspace.order_tagged("offline")
    await open_cancel(agent, order_id)
    review = await to_review(agent, TICKED)
    assert "No e-mail is sent" in words(review)
    await agent.fill()

    await agent.wait_for_reply(order_id, "(Done", "No e-mail was sent to the customer.")
    assert mailbox.messages == []


async def test_nobodys_address_is_in_the_log(
    mailing: Running, agent: Agent, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    mailbox.answers["RCPT"] = "550 5.1.1 unknown"
    await open_cancel(agent)
    await to_review(agent, TICKED)
    await agent.fill()
    await agent.wait_for_reply(PLAIN, "(Done", "could not be sent")

    entry = mailing.entries(PLAIN)[0]
    kept = json.dumps([entry.request, entry.outcome, entry.mail_reason])
    assert "@" not in kept
    assert "mail.example" not in caplog.text


async def test_without_the_setting_there_is_no_box(running: Running, anna: Agent) -> None:
    form = words(await open_cancel(anna))
    assert "Notification" not in form

    review = words(await to_review(anna, UNTICKED))
    assert "Makegood sends" not in review
    assert "BigCommerce e-mails the customer if" in review
    await anna.fill()

    reply = await anna.wait_for_reply(PLAIN, "(Done")
    assert "mail" not in words(reply)


async def test_a_mail_asked_for_before_it_was_switched_off_is_said_not_to_be_sent(
    request: pytest.FixtureRequest, tmp_path: Path, mailbox: Mailbox
) -> None:
    async with AsyncExitStack() as started:
        sandbox, session = await started.enter_async_context(running_sandbox(request.node.name))
        bot = await started.enter_async_context(AsyncExitStack())
        await bot.enter_async_context(running_bot(sandbox, tmp_path, **mailbox.settings()))
        mailing = Running(sandbox, session, tmp_path)
        started.callback(mailing.close)
        agent = await mailing.agent("Anna")
        await mailing.workspace.post("store/settings", settlement_s=2)
        await open_cancel(agent)
        await to_review(agent, TICKED)
        await agent.fill()
        await agent.wait_for_reply(PLAIN, "(On its way")
        await bot.aclose()

        await started.enter_async_context(running_bot(sandbox, tmp_path))

        await agent.wait_for_reply(PLAIN, "(Done", "switched off")
        assert mailbox.messages == []


async def test_the_address_is_read_when_the_mail_is_sent(
    mailing: Running, agent: Agent, mailbox: Mailbox
) -> None:
    async def arrived() -> bool | None:
        return bool(mailbox.recipients) or None

    await open_cancel(agent)
    await to_review(agent, TICKED)
    await agent.fill()

    await wait_for(arrived, "a mail")
    assert "…" not in mailbox.recipients[0]
