"""The e-mail to the customer as the runner sends it: when, and how often."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time

from bot.bigcommerce.client import BigCommerceClient
from bot.mail.smtp import MailServer
from bot.runner.customer_email import CustomerMail
from bot.sandbox.server import Sandbox
from bot.slack.app_manifest import manifest
from bot.values.money import Money
from bot.values.outcome import Outcome, Status
from storage.database import open_database
from storage.log.action_log import ActionLog
from storage.outbox.outbox import Outbox
from storage.outbox.posts import outcome_key
from storage.recovery.periods import LogPeriods
from tests.support.mailbox import Mailbox, body

REFERENCE = "MG-7F3K-2Q9D"
MAILS = {
    *("mail_due", "mail_withdrawn", "mail_claimed", "mail_put_off", "mail_again"),
    *("mail_sent", "mail_failed", "mail_none", "mail_lost", "mail_unsure"),
}


class World:
    """A request that has come to an outcome, and all that sends the e-mail about it."""

    def __init__(self, log: ActionLog, outbox: Outbox, mail: CustomerMail) -> None:
        self.log = log
        self.outbox = outbox
        self.mail = mail

    def ask(self, action: str = "refund_order", **request: Any) -> None:
        self.log.ask(
            REFERENCE,
            action=action,
            order_id=1042,
            team_id="T1",
            actor_id="U1",
            request={"order_id": 1042, "reason": "Damaged", **request},
        )

    async def settle(self, status: Status = Status.SUCCEEDED, **changes: Any) -> None:
        outcome = self.finish(status, **changes)
        self.mail.settle(self.log.get(REFERENCE), outcome)
        await self.mail.send(REFERENCE)

    def finish(self, status: Status = Status.SUCCEEDED, **changes: Any) -> Outcome:
        fields: dict[str, Any] = {
            "status": status,
            "message": "Refunded.",
            "amount": Money(amount=Decimal("154.1"), currency="USD"),
            "paid_back": "as store credit",
        }
        outcome = Outcome(**(fields | changes))
        self.log.finish(REFERENCE, status=outcome.status, outcome=outcome.model_dump(mode="json"))
        return outcome

    def news(self) -> int:
        """Return how often what people read of it has changed."""
        post = self.outbox.find(outcome_key(REFERENCE))
        assert post is not None
        return post.version

    def events(self) -> list[str]:
        names = [event.event for event in self.log.events(REFERENCE)]
        return [name for name in names if name in MAILS]


@pytest.fixture
async def world(tmp_path: Path, mailbox: Mailbox) -> AsyncIterator[World]:
    db = open_database(tmp_path / "makegood.sqlite")
    log = ActionLog(db)
    async with Sandbox(manifest=manifest()) as sandbox:
        store = BigCommerceClient(
            store_hash=sandbox.store.store_hash,
            access_token=sandbox.store.access_token,
            api_url=sandbox.url,
            retry_waits_s=(),
        )
        server = MailServer("127.0.0.1", mailbox.port, security="none", timeout_s=5)
        try:
            yield World(log, Outbox(db), CustomerMail(log, store, server=server))
        finally:
            await store.close()
            db.close()


async def test_a_second_settling_sends_nothing(world: World, mailbox: Mailbox) -> None:
    world.ask(notify_customer=True)

    await world.settle()
    await world.settle()

    [message] = mailbox.messages
    assert "refunded 154.10 USD for your order 1042" in body(message, "plain")
    assert world.events() == ["mail_due", "mail_claimed", "mail_sent"]


async def test_one_that_was_claimed_and_then_lost_is_never_sent_again(
    world: World, mailbox: Mailbox
) -> None:
    world.ask(notify_customer=True)
    outcome = world.finish()
    world.mail.settle(world.log.get(REFERENCE), outcome)
    assert world.log.claim_mail(REFERENCE)
    assert not world.log.claim_mail(REFERENCE)

    await world.mail.send(REFERENCE)
    world.mail.end_lost()
    await world.mail.send(REFERENCE)

    assert mailbox.messages == []
    assert world.events() == ["mail_due", "mail_claimed", "mail_lost"]
    assert not world.log.mail_again(REFERENCE, actor_id="U1")


async def test_a_claim_is_given_for_nothing_that_is_not_due(world: World) -> None:
    world.ask()

    assert not world.log.claim_mail(REFERENCE)


@pytest.mark.parametrize("status", [Status.PENDING, Status.UNKNOWN])
async def test_an_open_end_decides_nothing(world: World, status: Status, mailbox: Mailbox) -> None:
    world.ask(notify_customer=True)

    await world.settle(status)
    assert world.events() == []
    assert mailbox.messages == []

    await world.settle()
    assert len(mailbox.messages) == 1


@pytest.mark.parametrize(
    ("status", "paid_back"),
    [(Status.FAILED, "so"), (Status.REJECTED, "so"), (Status.SUCCEEDED, "")],
)
async def test_nothing_is_sent_unless_the_money_is_known_to_have_moved(
    world: World, mailbox: Mailbox, status: Status, paid_back: str
) -> None:
    world.ask(notify_customer=True)

    await world.settle(status, paid_back=paid_back)

    assert mailbox.messages == []
    assert world.events() == ["mail_none"]


async def test_an_action_without_the_box_has_nothing_noted(world: World, mailbox: Mailbox) -> None:
    world.ask("refund_items")

    await world.settle()

    assert mailbox.messages == []
    assert world.events() == []


async def test_a_store_that_cannot_be_read_puts_the_mail_off(
    world: World, mailbox: Mailbox
) -> None:
    world.ask(notify_customer=True)
    nowhere = BigCommerceClient(
        store_hash="none", access_token="none", api_url="http://127.0.0.1:1", retry_waits_s=()
    )
    mail = CustomerMail(world.log, nowhere, server=world.mail.server)

    await World(world.log, world.outbox, mail).settle()
    await nowhere.close()

    entry = world.log.get(REFERENCE)
    assert entry.mail_result is None
    assert entry.mail_next_at is not None
    assert entry.mail_reason == "BigCommerce could not be asked for the customer's address"
    assert entry.mail_claimed_at is None


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
@pytest.mark.parametrize(
    "refusal", ["421 4.3.2 going down", "450 4.2.0 greylisted", "451 4.3.0 trouble"]
)
async def test_a_refusal_that_passes_is_tried_again_until_it_is_taken(
    world: World, mailbox: Mailbox, step: str, refusal: str
) -> None:
    world.ask(notify_customer=True)
    mailbox.answers[step] = refusal

    await world.settle()
    first, news = world.log.get(REFERENCE), world.news()
    assert (first.mail_result, first.mail_claimed_at, first.mail_tries) == (None, None, 1)
    assert first.mail_reason is not None
    assert refusal[:3] in first.mail_reason
    assert first.mail_to == "c…@mail.example"
    await world.mail.send(REFERENCE)
    again = world.log.get(REFERENCE)
    assert (again.mail_tries, world.news()) == (2, news)
    del mailbox.answers[step]
    await world.mail.send(REFERENCE)

    assert world.log.get(REFERENCE).mail_result == "sent"
    assert len(mailbox.messages) == 1


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
async def test_a_refusal_that_stays_ends_it_until_a_person_has_it_sent(
    world: World, mailbox: Mailbox, step: str
) -> None:
    world.ask(notify_customer=True)
    mailbox.answers[step] = "550 5.1.1 no such mailbox"
    await world.settle()
    entry = world.log.get(REFERENCE)
    assert (entry.mail_result, entry.mail_next_at, entry.mail_claimed_at) == ("failed", None, None)
    del mailbox.answers[step]

    assert world.log.mail_again(REFERENCE, actor_id="U1")
    assert not world.log.mail_again(REFERENCE, actor_id="U2")
    await world.mail.send(REFERENCE)

    assert world.log.get(REFERENCE).mail_result == "sent"
    assert not world.log.mail_again(REFERENCE, actor_id="U1")
    assert len(mailbox.messages) == 1


async def test_it_is_tried_for_a_day_and_then_ends(world: World, mailbox: Mailbox) -> None:
    world.ask(notify_customer=True)
    mailbox.answers["RCPT"] = "450 4.2.0 greylisted"
    with freeze_time("2026-11-23 09:30:00", real_asyncio=True) as clock:
        await world.settle()
        while (at := world.log.get(REFERENCE).mail_next_at) is not None:
            clock.move_to(at)
            await world.mail.send(REFERENCE)
        ended = world.log.get(REFERENCE)

    assert ended.mail_result == "failed"
    assert ended.mail_reason == (
        "the mail server refused the customer's address (450), and it was tried for 24 hours"
    )
    tries = [each.at for each in world.log.events(REFERENCE) if each.event == "mail_put_off"]
    assert [(at - tries[0]).total_seconds() for at in tries[:6]] == [0, 2, 17, 77, 377, 1277]
    end = world.log.events(REFERENCE)[-1].at
    assert timedelta(hours=23) < end - tries[0] <= timedelta(hours=24)


async def test_what_would_not_be_so_any_more_is_not_sent(world: World, mailbox: Mailbox) -> None:
    world.ask(notify_customer=True)
    mailbox.answers["RCPT"] = "450 4.2.0 greylisted"
    await world.settle()
    world.log.begin_round(REFERENCE)
    world.finish(status=Status.TO_DO)
    del mailbox.answers["RCPT"]

    await world.mail.send(REFERENCE)
    assert mailbox.messages == []
    assert world.events()[-1] == "mail_withdrawn"
    world.log.begin_round(REFERENCE)
    world.mail.settle(world.log.get(REFERENCE), world.finish())
    await world.mail.send(REFERENCE)

    assert len(mailbox.messages) == 1


async def test_what_a_restore_has_forgotten_is_not_sent(world: World, mailbox: Mailbox) -> None:
    world.ask(notify_customer=True)
    mailbox.answers["RCPT"] = "450 4.2.0 greylisted"
    await world.settle()
    LogPeriods(world.log._db).begin("older")
    del mailbox.answers["RCPT"]

    await world.mail.send(REFERENCE)

    assert mailbox.messages == []
    assert world.log.get(REFERENCE).mail_result == "unsure"


async def test_asked_again_after_it_was_not_made_it_is_mailed(
    world: World, mailbox: Mailbox
) -> None:
    world.ask(notify_customer=True)
    await world.settle(Status.FAILED)
    assert world.log.get(REFERENCE).mail_result == "none"
    world.log.begin_round(REFERENCE)

    world.mail.settle(world.log.get(REFERENCE), world.finish())
    await world.mail.send(REFERENCE)

    assert len(mailbox.messages) == 1


async def test_the_settings_sender_goes_before_the_stores(world: World, mailbox: Mailbox) -> None:
    world.ask("cancel_and_refund", notify_customer=True)
    mail = CustomerMail(
        world.log, world.mail.store, server=world.mail.server, sender="help@fern.example"
    )

    await World(world.log, world.outbox, mail).settle()

    [message] = mailbox.messages
    assert message["From"].addresses[0].addr_spec == "help@fern.example"
    assert "we have cancelled your order" in body(message, "plain")
