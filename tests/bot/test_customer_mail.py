"""The e-mail to the customer as the runner sends it: when, and how often."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.bigcommerce import BigCommerceClient
from bot.mail import MailServer
from bot.money import Money
from bot.outcome import Outcome, Status
from bot.runner import CustomerMail
from bot.sandbox.server import Sandbox
from storage import ActionLog, Entry, open_database
from tests.mailbox import Mailbox, body

REFERENCE = "MG-7F3K-2Q9D"
MAILS = {"mail_claimed", "mail_sent", "mail_failed", "mail_none"}


class World:
    """A request that has come to an outcome, and all that sends the e-mail about it."""

    def __init__(self, log: ActionLog, mail: CustomerMail) -> None:
        self.log = log
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

    async def settle(
        self, status: Status = Status.SUCCEEDED, *, entry: Entry | None = None, **changes: Any
    ) -> None:
        fields: dict[str, Any] = {
            "status": status,
            "message": "Refunded.",
            "amount": Money(amount=Decimal("154.1"), currency="USD"),
            "paid_back": "as store credit",
        }
        await self.mail.settle(entry or self.log.get(REFERENCE), Outcome(**(fields | changes)))

    def events(self) -> list[str]:
        names = [event.event for event in self.log.events(REFERENCE)]
        return [name for name in names if name in MAILS]


@pytest.fixture
async def world(tmp_path: Path, mailbox: Mailbox) -> AsyncIterator[World]:
    db = open_database(tmp_path / "makegood.sqlite")
    log = ActionLog(db)
    async with Sandbox() as sandbox:
        store = BigCommerceClient(
            store_hash=sandbox.store.store_hash,
            access_token=sandbox.store.access_token,
            api_url=sandbox.url,
            retry_waits_s=(),
        )
        server = MailServer("127.0.0.1", mailbox.port, security="none", timeout_s=5)
        try:
            yield World(log, CustomerMail(log, store, server=server))
        finally:
            await store.close()
            db.close()


async def test_a_second_settling_sends_nothing(world: World, mailbox: Mailbox) -> None:
    world.ask(notify_customer=True)

    await world.settle()
    await world.settle()

    [message] = mailbox.messages
    assert "refunded 154.10 USD for your order 1042" in body(message, "plain")
    assert world.events() == ["mail_claimed", "mail_sent"]


async def test_one_that_was_claimed_and_then_lost_is_never_sent_again(
    world: World, mailbox: Mailbox
) -> None:
    world.ask(notify_customer=True)
    before = world.log.get(REFERENCE)
    assert world.log.claim_mail(REFERENCE)

    await world.settle()
    # nor by a run that has read the entry before the claim
    await world.settle(entry=before)

    assert mailbox.messages == []
    assert world.events() == ["mail_claimed"]


async def test_the_claim_is_given_once_for_good(world: World) -> None:
    world.ask()

    assert world.log.claim_mail(REFERENCE)
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


async def test_a_store_that_cannot_be_read_is_a_failed_mail_and_no_error(
    world: World, mailbox: Mailbox
) -> None:
    world.ask(notify_customer=True)
    nowhere = BigCommerceClient(
        store_hash="none", access_token="none", api_url="http://127.0.0.1:1", retry_waits_s=()
    )
    mail = CustomerMail(world.log, nowhere, server=world.mail.server)

    await World(world.log, mail).settle()
    await nowhere.close()

    entry = world.log.get(REFERENCE)
    assert entry.mail_result == "failed"
    assert entry.mail_reason == "BigCommerce could not be asked for the customer's address"
    assert entry.mail_claimed_at is None


async def test_a_server_that_breaks_off_is_a_failed_mail_and_no_error(
    world: World, mailbox: Mailbox
) -> None:
    world.ask(notify_customer=True)
    mailbox.answers["RCPT"] = "421 going down"

    await world.settle()

    entry = world.log.get(REFERENCE)
    assert (entry.mail_result, entry.mail_claimed_at) == ("failed", None)


async def test_the_settings_sender_goes_before_the_stores(world: World, mailbox: Mailbox) -> None:
    world.ask("cancel_and_refund", notify_customer=True)
    mail = CustomerMail(
        world.log, world.mail.store, server=world.mail.server, sender="help@fern.example"
    )

    await World(world.log, mail).settle()

    [message] = mailbox.messages
    assert message["From"].addresses[0].addr_spec == "help@fern.example"
    assert "we have cancelled your order" in body(message, "plain")
