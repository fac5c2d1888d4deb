"""What is said about the bot's own e-mail to the customer. Pure."""

from __future__ import annotations

from bot.outcome import Status
from storage.entries import MAIL_FAILED, MAIL_NONE, MAIL_SENT, MAIL_UNSURE, Entry


def mail_line(entry: Entry) -> str:
    """Return the sentence about the e-mail to the customer, "" when there is none to say."""
    match entry.mail_result:
        case str(result) if result == MAIL_SENT:
            return "E-mailed the customer."
        case str(result) if result == MAIL_FAILED:
            return (
                f"The e-mail to the customer could not be sent: {entry.mail_reason}. Tell the "
                "customer yourself."
            )
        case str(result) if result == MAIL_UNSURE:
            return (
                "The e-mail to the customer may have been sent before Makegood's data was "
                "restored. It is not sent again."
            )
        case str(result) if result == MAIL_NONE:
            return "Makegood sent the customer no e-mail; BigCommerce may have."
    if entry.mail_claimed_at is not None:
        return (
            "The e-mail to the customer may have been sent: the mail server's answer was lost. It "
            "is not sent again."
        )
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
