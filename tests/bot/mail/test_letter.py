"""The letter's words, and the message that is made of them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.mail.addresses import is_address, masked
from bot.mail.letter import RefundLetter
from bot.mail.message import build_message
from bot.mail.smtp import NotMailed
from bot.values.money import Money
from tests.support.mailbox import body

AMOUNT = Money(amount=Decimal("1054.1"), currency="USD")
SENDER, RECIPIENT = "orders@fern.example", "ana@mail.example"


def letter(**changes: object) -> RefundLetter:
    fields: dict[str, object] = {
        "store_name": "Fern & Fable",
        "order_id": 1042,
        "amount": AMOUNT,
        "paid_back": "the way you paid for the order",
    }
    return RefundLetter(**(fields | changes))  # type: ignore[arg-type]  # by name, as it stands


def test_order_amount_way_and_store_are_told() -> None:
    text = letter().text

    assert "we have refunded 1,054.10 USD for your order 1042." in text
    assert "You get the money back the way you paid for the order." in text
    assert text.rstrip().endswith("Fern & Fable")


def test_a_cancelled_order_is_said_to_be_cancelled() -> None:
    text = letter(is_cancelled=True).text

    assert "we have cancelled your order 1042 and refunded 1,054.10 USD." in text


def test_a_deduction_is_told_with_its_text() -> None:
    told = letter(deducted="4.00 USD (Restocking <fee>)")

    assert "This is after a deduction of 4.00 USD (Restocking <fee>)." in told.text
    assert "Restocking &lt;fee&gt;" in told.html
    assert "deduction" not in letter().text


def test_everything_in_the_page_is_escaped() -> None:
    page = letter(store_name="<img src=x> & Co", paid_back="by <b>card</b>").html

    assert "<img" not in page
    assert "<b>" not in page
    assert "&lt;img src=x&gt; &amp; Co" in page


def test_braces_in_a_stores_name_are_only_text() -> None:
    assert "{subject}" in letter(store_name="{subject} {0}").html


def test_the_message_has_both_parts_and_the_stores_name() -> None:
    message = build_message(letter(), sender=SENDER, recipient=RECIPIENT, reference="MG-7F3K-2Q9D")

    assert message["From"].addresses[0].display_name == "Fern & Fable"
    assert message["From"].addresses[0].addr_spec == SENDER
    assert message["To"] == RECIPIENT
    assert message["Message-ID"] == "<mg-7f3k-2q9d@fern.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "1,054.10 USD" in body(message, "plain")
    assert "1,054.10 USD" in body(message, "html")
    assert message.as_bytes().isascii()


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x00", "\u2028", "\x0b"])
def test_a_stores_name_cannot_add_a_header(end: str) -> None:
    named = letter(store_name=f"Fern{end}Bcc: eve@evil.example{end}{end}Hello")

    message = build_message(named, sender=SENDER, recipient=RECIPIENT, reference="MG-7F3K-2Q9D")

    assert message["Bcc"] is None
    head = message.as_bytes().split(b"\r\n\r\n")[0]
    assert not any(line.lower().startswith(b"bcc") for line in head.splitlines())


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ana",
        "ana@",
        "@mail.example",
        "ana@mail.example\r\nBcc: eve@evil.example",
        "ana@mail.example\n",
        "ana@mail.example, eve@evil.example",
        "ana@mail.example> SIZE=1",
        '"a b"@mail.example',
        "ana @mail.example",
        ".ana@mail.example",
        "a..na@mail.example",
        "ána@mail.example",
        f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}",
    ],
)
def test_what_is_no_plain_address_is_never_mailed(address: str) -> None:
    assert not is_address(address)
    assert masked(address) == ""
    with pytest.raises(NotMailed):
        build_message(letter(), sender=SENDER, recipient=address, reference="MG-7F3K-2Q9D")
    with pytest.raises(NotMailed):
        build_message(letter(), sender=address, recipient=RECIPIENT, reference="MG-7F3K-2Q9D")


def test_an_address_is_shown_by_its_first_letter_and_its_domain() -> None:
    assert masked("shopper+ana@mail.example") == "s…@mail.example"


def test_a_name_in_another_script_arrives() -> None:
    named = letter(store_name="Fougère 🌿")

    message = build_message(named, sender=SENDER, recipient=RECIPIENT, reference="MG-1")

    assert "Fougère 🌿" in str(message["From"])
    assert "Fougère 🌿" in body(message, "plain")
