"""The bot's own e-mail to the customer, when something goes wrong, or nothing is to be sent."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.support.agent import Agent, shows, words
from tests.support.mailbox import Mailbox
from tests.support.mailing import PLAIN, TICKED, events, open_cancel, to_review
from tests.support.running import Running, configure, running_bot, running_sandbox


async def test_a_declined_refund_is_not_mailed(
    mailing: Running, agent: Agent, mailbox: Mailbox
) -> None:
    await mailing.workspace.store_fault(match="POST refunds", kind="decline", times=1)
    await open_cancel(agent)
    await to_review(agent, TICKED)
    await agent.fill()

    await agent.wait_for_reply(
        PLAIN, "(Failed", "Makegood sent the customer no e-mail; BigCommerce may have."
    )
    assert mailbox.messages == []


async def test_a_mail_server_that_is_down_changes_nothing_but_a_sentence(
    mailing: Running, agent: Agent, mailbox: Mailbox, tmp_path: Path
) -> None:
    mailbox.answers["RCPT"] = "550 5.1.1 mailbox customer1@mail.example unknown"
    await open_cancel(agent)
    await to_review(agent, TICKED)
    await agent.fill()

    reply = await agent.wait_for_reply(PLAIN, "(Done", "was not sent")
    assert shows(
        reply, ("refused the customer's address (550). Send it again in the thread, or tell",)
    )
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

    await agent.wait_for_reply(PLAIN, "(Done", "E-mailed the customer (c…@mail.example).")
    assert len(mailbox.messages) == 1


async def test_a_confirmation_delivered_twice_is_mailed_once(
    mailing: Running, agent: Agent, mailbox: Mailbox
) -> None:
    await open_cancel(agent)
    await to_review(agent, TICKED)
    await agent.fill()
    payload = await mailing.delivered("view_submission", callback_id="review")
    await asyncio.gather(mailing.deliver(payload), mailing.deliver(payload))

    await agent.wait_for_reply(PLAIN, "(Done", "E-mailed the customer (c…@mail.example).")
    assert len(mailbox.messages) == 1
    assert len(mailing.entries(PLAIN)) == 1


async def test_a_recorded_refund_is_mailed_once_the_money_was_sent(
    mailing: Running, agent: Agent, mailbox: Mailbox, tmp_path: Path
) -> None:
    configure(tmp_path, "recorded_only", {"everyone": True})
    order_id = await mailing.workspace.order_tagged("offline")
    await open_cancel(agent, order_id)
    review = await to_review(agent, TICKED)
    assert "The customer is e-mailed once somebody has sent the money by hand." in words(review)
    await agent.fill()

    task = await agent.wait_for_reply(order_id, "(To do", "e-mailed once the money was sent")
    assert mailbox.messages == []
    await agent.press_in_message(task, "I have sent it")
    await agent.wait_for_modal("Reference of the payment")
    await agent.fill({"note": "SEPA 4711"})

    await agent.wait_for_reply(
        order_id, "(Done", "E-mailed the customer (c…@mail.example).", "SEPA 4711"
    )
    assert len(mailbox.messages) == 1


async def test_nobodys_address_is_in_the_log(
    mailing: Running, agent: Agent, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    mailbox.answers["RCPT"] = "550 5.1.1 unknown"
    await open_cancel(agent)
    await to_review(agent, TICKED)
    await agent.fill()
    await agent.wait_for_reply(PLAIN, "(Done", "was not sent")

    entry = mailing.entries(PLAIN)[0]
    kept = json.dumps([entry.request, entry.outcome, entry.mail_reason])
    assert "@" not in kept
    assert "mail.example" not in caplog.text


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
