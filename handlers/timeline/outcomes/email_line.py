"""What is said about the bot's own e-mail to the customer, and the button to send it. Pure."""

from __future__ import annotations

from bot.values.outcome import Status
from handlers.block_kit.builders import Block, button
from storage.log.entries import MAIL_FAILED, MAIL_LOST, MAIL_NONE, MAIL_SENT, MAIL_UNSURE, Entry

MAIL_AGAIN = "mail_again"


def mail_line(entry: Entry) -> str:
    """Return the sentence about the e-mail to the customer, "" when there is none to say."""
    to = f" ({entry.mail_to})" if entry.mail_to else ""
    if entry.mail_result is not None:
        return _ended(entry.mail_result, to, entry.mail_reason or "")
    if entry.mail_claimed_at is not None:
        return f"The customer is being e-mailed{to}; the thread says when it is sent."
    if entry.mail_next_at is not None and entry.mail_reason:
        return (
            f"The e-mail to the customer{to} is not sent yet: {entry.mail_reason}. Makegood keeps "
            "trying for 24 hours."
        )
    if entry.mail_next_at is not None:
        return f"The customer is being e-mailed{to}; the thread says when it is sent."
    if not entry.request.get("notify_customer"):
        return ""
    if entry.status == Status.PENDING:
        return "The customer is e-mailed once the money has moved."
    if entry.status == Status.TO_DO:
        return "The customer is e-mailed once the money was sent."
    return (
        "Makegood has sent the customer no e-mail so far; BigCommerce may have."
        if entry.status == Status.UNKNOWN
        else ""
    )


def mail_buttons(entry: Entry) -> list[Block]:
    """Return the button that sends an e-mail which certainly was not sent."""
    if entry.mail_result != MAIL_FAILED or entry.status != Status.SUCCEEDED:
        return []
    label = f"Send the e-mail about order {entry.order_id} again"
    return [button("Send the e-mail again", MAIL_AGAIN, entry.reference, label=label)]


def _ended(result: str, to: str, reason: str) -> str:
    if result == MAIL_SENT:
        return f"E-mailed the customer{to}."
    if result == MAIL_FAILED:
        return (
            f"The e-mail to the customer{to} was not sent: {reason}. Send it again in the thread, "
            "or tell the customer yourself."
        )
    if result == MAIL_LOST:
        return (
            f"The e-mail to the customer{to} may have been sent: the mail server's answer was lost."
            " It is not sent again."
        )
    if result == MAIL_UNSURE:
        return (
            f"The e-mail to the customer{to} may have been sent before Makegood's data was "
            "restored. It is not sent again."
        )
    if result == MAIL_NONE:
        return "Makegood sent the customer no e-mail; BigCommerce may have."
    return ""
