"""The e-mail to the customer with mail servers as they are: slow, busy, gone, mute."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.mail_catcher import MESSAGE, MailFault
from tests.flows.customers.test_flow_email_restart import bot_process, confirm_with_mail
from tests.support.agent import Agent, button_labels, wait_for
from tests.support.catching import Letters, catching
from tests.support.mailing import PLAIN, TICKED, events, open_cancel, to_review
from tests.support.running import Running, configure, running_bot, running_sandbox
from tests.support.walking import Forger, Presser

SENT = "E-mailed the customer (c…@mail.example)."
AGAIN = "Send the e-mail again"


@pytest.fixture
async def letters() -> AsyncIterator[Letters]:
    async with catching() as started:
        yield started


@pytest.fixture
async def shop(
    request: pytest.FixtureRequest, tmp_path: Path, letters: Letters
) -> AsyncIterator[Running]:
    async with AsyncExitStack() as opened:
        sandbox, session = await opened.enter_async_context(running_sandbox(request.node.name))
        await opened.enter_async_context(running_bot(sandbox, tmp_path, **letters.settings()))
        running = Running(sandbox, session, tmp_path)
        opened.callback(running.close)
        yield running


async def refund(agent: Agent) -> None:
    await open_cancel(agent)
    await to_review(agent, TICKED)
    await agent.fill()


async def said_of(agent: Agent) -> list[dict[str, Any]]:
    """Return the replies that tell the outcome."""
    return [reply for reply in await agent.thread(PLAIN) if "(Done" in reply["text"]]


async def test_a_slow_mail_server_does_not_hold_up_the_thread(
    shop: Running, letters: Letters
) -> None:
    letters.catcher.faults.append(MailFault("RCPT", "250 OK", delay_s=2))
    anna = await shop.agent("Anna")
    await refund(anna)

    await anna.wait_for_modal("Done", "The customer is being e-mailed")
    await anna.wait_for_reply(PLAIN, "(Done", "The customer is being e-mailed")
    assert letters.caught == []

    await anna.wait_for_reply(PLAIN, "(Done", SENT)
    assert len(letters.caught) == 1
    assert len(await said_of(anna)) == 1


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (MailFault("CONNECT", "421 4.3.2 busy"), "the mail server refused (421)"),
        (MailFault("RCPT", "450 4.2.0 greylisted"), "refused the customer's address (450)"),
        (MailFault("RCPT"), "the mail server cannot be reached"),
        (MailFault("DATA", "451 4.3.0 trouble"), "refused the message (451)"),
        (MailFault("DATA"), "the mail server cannot be reached"),
        (MailFault(MESSAGE, "451 4.3.0 trouble"), "refused the message (451)"),
    ],
    ids=["busy", "greylisted", "dropped at RCPT", "trouble", "dropped at DATA", "refused after"],
)
async def test_what_was_certainly_not_sent_is_tried_again(
    shop: Running, letters: Letters, fault: MailFault, why: str
) -> None:
    letters.catcher.faults.append(fault)
    anna = await shop.agent("Anna")
    await refund(anna)

    await anna.wait_for_reply(PLAIN, "(Done", f"{why}. Makegood keeps trying for 24 hours.")
    await anna.wait_for_reply(PLAIN, "(Done", SENT)
    assert len(letters.caught) == 1
    assert len(await said_of(anna)) == 1


async def test_a_minute_without_bigcommerce_does_not_lose_the_letter(
    shop: Running, letters: Letters
) -> None:
    anna = await shop.agent("Anna")
    await open_cancel(anna)
    await to_review(anna, TICKED)
    await shop.workspace.store_fault(match="GET store", kind="status", status=503, times=4)
    await anna.fill()

    why = "BigCommerce could not be asked for the customer's address"
    await anna.wait_for_reply(PLAIN, "(Done", f"is not sent yet: {why}.")
    await anna.wait_for_reply(PLAIN, "(Done", SENT)
    assert len(letters.caught) == 1


async def test_after_a_lost_answer_nobody_can_have_it_sent(
    shop: Running, letters: Letters, tmp_path: Path
) -> None:
    letters.catcher.faults.append(MailFault(MESSAGE))
    anna = await shop.agent("Anna")
    await refund(anna)

    reply = await anna.wait_for_reply(PLAIN, "(Done", "(c…@mail.example) may have been sent")
    assert AGAIN not in button_labels(reply)
    reference = shop.entries(PLAIN)[0].reference
    assert "mail_lost" in events(tmp_path, reference)
    await press_forged(shop, anna, reference)
    await anna.wait_for_message(
        "Nothing was sent now. The e-mail to the customer (c…@mail.example) may have been sent",
        channel=anna.log_channel,
    )
    assert len(letters.caught) == 1


async def test_what_failed_for_good_is_sent_by_whoever_presses_first(
    shop: Running, letters: Letters, tmp_path: Path
) -> None:
    letters.catcher.faults.append(MailFault("RCPT", "550 5.1.1 no such mailbox"))
    anna, ben = await shop.agent("Anna"), await shop.agent("Ben")
    await refund(anna)
    reply = await anna.wait_for_reply(PLAIN, "(Done", "was not sent", "(550)")
    assert AGAIN in button_labels(reply)

    await asyncio.gather(*(each.press_in_message(reply, AGAIN) for each in (anna, ben)))

    done = await anna.wait_for_reply(PLAIN, "(Done", SENT)
    assert AGAIN not in button_labels(done)
    assert len(letters.caught) == 1
    happened = events(tmp_path, shop.entries(PLAIN)[0].reference)
    assert happened.count("mail_again") == 1
    assert len(await said_of(anna)) == 1


async def test_who_may_not_do_the_action_cannot_have_it_sent(
    shop: Running, letters: Letters, tmp_path: Path
) -> None:
    letters.catcher.faults.append(MailFault("RCPT", "550 5.1.1 no such mailbox"))
    anna, ben = await shop.agent("Anna"), await shop.agent("Ben")
    await refund(anna)
    reply = await anna.wait_for_reply(PLAIN, "(Done", "was not sent", "(550)")
    configure(tmp_path, "rules.cancel_and_refund", {"who": {"user_ids": [anna.user]}})

    await ben.press_in_message(reply, AGAIN)
    await ben.wait_for_message("you are not one of them", channel=ben.log_channel)

    assert letters.caught == []
    await anna.press_in_message(reply, AGAIN)
    await anna.wait_for_reply(PLAIN, "(Done", SENT)


async def press_forged(shop: Running, agent: Agent, reference: str) -> None:
    """Press a button that is not there any more, as an old screen may show it."""
    await Forger(shop, Presser(agent.user)).click("mail_again", reference)


async def test_killed_between_two_tries_it_goes_on_after_the_restart(
    request: pytest.FixtureRequest, letters: Letters, tmp_path: Path
) -> None:
    async with running_sandbox(request.node.name) as (sandbox, session):
        world = Running(sandbox, session, tmp_path)
        anna = await world.agent("Anna")
        settings = letters.settings()
        await letters.stop()  # nobody listens at its port
        environment = {**world.environment(), "DATA": str(tmp_path), **settings}
        async with bot_process(environment):
            await confirm_with_mail(anna)
            await anna.wait_for_reply(PLAIN, "(Done", "not sent yet", "cannot be reached")

        await letters.start_again()
        async with running_bot(sandbox, tmp_path, **settings):
            await anna.wait_for_reply(PLAIN, "(Done", SENT)
            assert len(letters.caught) == 1
            assert len(await said_of(anna)) == 1
            assert len((await world.workspace.book(PLAIN))["refunds"]) == 1
        world.close()


async def test_killed_after_the_press_it_is_sent_once_after_the_restart(
    request: pytest.FixtureRequest, letters: Letters, tmp_path: Path
) -> None:
    letters.catcher.faults.append(MailFault("RCPT", "550 5.1.1 no such mailbox"))
    letters.catcher.faults.append(MailFault("RCPT", "250 OK", delay_s=600))

    async with running_sandbox(request.node.name) as (sandbox, session):
        world = Running(sandbox, session, tmp_path)
        anna = await world.agent("Anna")
        environment = {**world.environment(), "DATA": str(tmp_path), **letters.settings()}
        async with bot_process(environment):
            await confirm_with_mail(anna)
            reply = await anna.wait_for_reply(PLAIN, "(Done", "was not sent", "(550)")
            await anna.press_in_message(reply, AGAIN)
            await wait_for(lambda: asked_again(world), "the press in the log")

        async with running_bot(sandbox, tmp_path, **letters.settings()):
            await anna.wait_for_reply(PLAIN, "(Done", SENT)
            assert len(letters.caught) == 1
        world.close()


async def asked_again(world: Running) -> bool | None:
    names = [event.event for event in world.log.events(world.entries(PLAIN)[0].reference)]
    return True if "mail_again" in names else None
