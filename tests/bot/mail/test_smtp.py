"""Handing a message over, with a real server on the other side."""

from __future__ import annotations

import socket
from decimal import Decimal
from email.message import EmailMessage

import pytest

from bot.mail.letter import RefundLetter
from bot.mail.message import build_message
from bot.mail.smtp import MailAnswerLost, MailServer, NotMailed
from bot.sandbox.mail_catcher import MailCatcher, MailFault
from bot.values.money import Money
from tests.support.mailbox import Mailbox, body

SENDER, RECIPIENT = "orders@fern.example", "ana@mail.example"


def server(mailbox: Mailbox, **changes: str) -> MailServer:
    fields = {"user": "", "password": "", **changes}
    return MailServer(
        "127.0.0.1",
        mailbox.port,
        user=fields["user"],
        password=fields["password"],
        security="starttls" if fields.get("security") == "starttls" else "none",
        timeout_s=5,
    )


def message() -> EmailMessage:
    letter = RefundLetter(
        "Fern & Fable", 1042, Money(amount=Decimal(10), currency="USD"), "as store credit"
    )
    return build_message(letter, sender=SENDER, recipient=RECIPIENT, reference="MG-1")


async def send(to: MailServer) -> None:
    await to.send(message(), sender=SENDER, recipient=RECIPIENT, claim=lambda: True)


async def test_a_message_arrives_whole(mailbox: Mailbox) -> None:
    await send(server(mailbox))

    [arrived] = mailbox.messages
    assert mailbox.recipients == [RECIPIENT]
    assert "10.00 USD" in body(arrived, "plain")
    assert arrived["Subject"] == "Your refund for order 1042"


async def test_the_user_signs_in(mailbox: Mailbox) -> None:
    await send(server(mailbox, user="store", password="right"))

    assert mailbox.users == [b"store"]
    assert len(mailbox.messages) == 1


async def test_a_wrong_password_is_said(mailbox: Mailbox) -> None:
    with pytest.raises(NotMailed, match="refused the user or the password"):
        await server(mailbox, user="store", password="wrong").try_out()


async def test_an_open_line_is_never_fallen_back_to(mailbox: Mailbox) -> None:
    with pytest.raises(NotMailed, match="SMTP_SECURITY"):
        await send(server(mailbox, security="starttls"))

    assert mailbox.messages == []


@pytest.mark.parametrize(
    ("command", "words"), [("RCPT", "the customer's address"), ("DATA", "the message")]
)
async def test_a_refusal_is_told_without_the_servers_words(
    mailbox: Mailbox, command: str, words: str
) -> None:
    mailbox.answers[command] = f"550 no such person {RECIPIENT}"

    with pytest.raises(NotMailed, match=rf"{words} \(550\)") as caught:
        await send(server(mailbox))

    assert RECIPIENT not in str(caught.value)
    assert caught.value.__suppress_context__


async def test_a_line_that_breaks_after_the_message_is_a_lost_answer(mailbox: Mailbox) -> None:
    mailbox.answers["DATA"] = ""

    with pytest.raises(MailAnswerLost):
        await send(server(mailbox))

    assert len(mailbox.messages) == 1


async def test_what_was_claimed_before_is_not_handed_over(mailbox: Mailbox) -> None:
    with pytest.raises(MailAnswerLost):
        await server(mailbox).send(
            message(), sender=SENDER, recipient=RECIPIENT, claim=lambda: False
        )

    assert mailbox.messages == []


@pytest.mark.parametrize(
    ("step", "reply", "is_passing"),
    [
        ("CONNECT", "421 4.3.2 going down", True),
        ("CONNECT", "554 5.7.1 not you", False),
        ("MAIL", "451 4.3.0 trouble", True),
        ("RCPT", "450 4.2.0 greylisted", True),
        ("RCPT", "", True),
        ("RCPT", "550 5.1.1 no such mailbox", False),
        ("DATA", "421 4.3.2 going down", True),
        ("DATA", "", True),
        ("DATA", "554 5.6.0 no", False),
        ("MESSAGE", "451 4.3.0 trouble", True),
        ("MESSAGE", "421 4.3.2 going down", True),
        ("MESSAGE", "550 5.7.1 spam", False),
    ],
)
async def test_what_was_certainly_not_taken_is_told_by_whether_it_passes(
    step: str, reply: str, is_passing: bool
) -> None:
    caught: list[EmailMessage] = []
    catcher = MailCatcher(caught.append)
    catcher.faults.append(MailFault(step, reply))
    await catcher.start()
    to = MailServer("127.0.0.1", catcher.port, security="none", timeout_s=5)

    with pytest.raises(NotMailed) as raised:
        await send(to)

    assert raised.value.is_passing is is_passing
    assert caught == []
    await send(to)
    assert len(caught) == 1
    await catcher.close()


@pytest.mark.parametrize(
    "fault", [MailFault("MESSAGE", ""), MailFault("MESSAGE", "250 OK", delay_s=30)]
)
async def test_a_message_without_an_answer_may_have_been_taken(fault: MailFault) -> None:
    caught: list[EmailMessage] = []
    catcher = MailCatcher(caught.append)
    catcher.faults.append(fault)
    await catcher.start()

    with pytest.raises(MailAnswerLost):
        await send(MailServer("127.0.0.1", catcher.port, security="none", taking_s=0.3))

    await catcher.close()


async def test_a_refused_address_is_known_before_the_claim(mailbox: Mailbox) -> None:
    mailbox.answers["RCPT"] = "550 unknown"
    claims: list[str] = []

    def claim() -> bool:
        claims.append("claimed")
        return True

    with pytest.raises(NotMailed):
        await server(mailbox).send(
            message(),
            sender=SENDER,
            recipient=RECIPIENT,
            claim=claim,
        )

    assert claims == []


async def test_a_server_that_is_not_there_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    with pytest.raises(NotMailed, match="cannot be reached"):
        await send(MailServer("127.0.0.1", port, security="none", timeout_s=5))


def test_no_password_shows_when_printed() -> None:
    assert "hidden" not in repr(MailServer("mail.example", 587, user="u", password="hidden"))
