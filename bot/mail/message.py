"""A letter as a message that a mail server takes."""

from __future__ import annotations

from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from bot.mail.addresses import is_address
from bot.mail.letter import RefundLetter
from bot.mail.smtp import NotMailed
from bot.values.clean_text import clean_text

# Only ASCII in the lines, so that every server on the way takes it.
_POLICY = SMTP.clone(cte_type="7bit")


def build_message(
    letter: RefundLetter, *, sender: str, recipient: str, reference: str
) -> EmailMessage:
    """Return the message; raises NotMailed when an address is none.

    Header injection is impossible: an address is matched as a whole, the store's name is made one
    line, and a header with a line end is refused by EmailMessage besides.
    """
    if not is_address(sender):
        raise NotMailed("the store has no sender's address; set MAIL_FROM")
    if not is_address(recipient):
        raise NotMailed("the order has no e-mail address that can be mailed")
    message = EmailMessage(policy=_POLICY)
    domain = sender.rpartition("@")[2]
    message["From"] = Address(_one_line(letter.store_name), addr_spec=sender)
    message["To"] = Address(addr_spec=recipient)
    message["Subject"] = _one_line(letter.subject)
    message["Date"] = format_datetime(datetime.now(UTC))
    # Of the reference, so that a mailbox can tell one letter from two.
    message["Message-ID"] = f"<{_one_line(reference).lower()}@{domain}>"
    # RFC 3834: nobody's absence note is to answer it.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(clean_text(letter.text))
    message.add_alternative(clean_text(letter.html), subtype="html")
    return message


def _one_line(text: str) -> str:
    """Return the text without line ends and other control characters."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
