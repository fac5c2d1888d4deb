"""What the thread says about the e-mail to the customer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.timeline.outcomes.email_line import mail_line
from storage.log.entries import Entry
from tests.handlers.timeline.outcomes.test_outcome_message import entry

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TICKED = {"reason": "Damaged", "notify_customer": True}
UNTICKED = {"reason": "Damaged", "notify_customer": False}


def mailed(status: str = "succeeded", request: Any = None, **changes: Any) -> Entry:
    return entry(status=status, request=request or TICKED, **changes)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (mailed(mail_result="sent", mail_claimed_at=AT), "E-mailed the customer."),
        (
            mailed(mail_result="failed", mail_reason="the mail server cannot be reached"),
            "The e-mail to the customer was not sent: the mail server cannot be reached. Send it "
            "again in the thread, or tell the customer yourself.",
        ),
        (
            mailed(mail_result="sent", mail_to="a…@mail.example"),
            "E-mailed the customer (a…@mail.example).",
        ),
        (
            mailed(mail_due_at=AT, mail_next_at=AT),
            "The customer is being e-mailed; the thread says when it is sent.",
        ),
        (
            mailed(mail_next_at=AT, mail_reason="the mail server cannot be reached"),
            "The e-mail to the customer is not sent yet: the mail server cannot be reached. "
            "Makegood keeps trying for 24 hours.",
        ),
        (mailed(mail_result="none"), "Makegood sent the customer no e-mail; BigCommerce may have."),
        (
            mailed(mail_claimed_at=AT, mail_to="a…@mail.example"),
            "The customer is being e-mailed (a…@mail.example); the thread says when it is sent.",
        ),
        (
            mailed(mail_claimed_at=AT, mail_result="lost"),
            "The e-mail to the customer may have been sent: the mail server's answer was lost. It "
            "is not sent again.",
        ),
        (mailed("pending"), "The customer is e-mailed once the money has moved."),
        (
            mailed("unknown"),
            "Makegood has sent the customer no e-mail so far; BigCommerce may have.",
        ),
        (mailed("pending", UNTICKED), ""),
        (mailed("succeeded", UNTICKED), ""),
        (mailed("failed", {"reason": "Damaged"}), ""),
    ],
)
def test_it_says_what_became_of_the_mail(asked: Entry, said: str) -> None:
    assert mail_line(asked) == said
