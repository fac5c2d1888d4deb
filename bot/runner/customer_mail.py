"""The e-mail to the customer about a request: after its outcome is logged, before it is told.

The log is the judge. The right to send is claimed there, once everything but the letter itself is
said to the mail server, and never given twice: a lost answer or a crash after that leaves "may have
been sent" and no second letter. Whatever goes wrong here becomes
a sentence in the thread; the refund's own outcome is not touched.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from bot.actions.cancel_and_refund import CANCEL_AND_REFUND
from bot.actions.refund_words import describe_deducted
from bot.bigcommerce import BigCommerceClient, BigCommerceError
from bot.mail import AnswerLost, MailServer, NotMailed, RefundLetter, build_message
from bot.outcome import Outcome, Status
from storage import ActionLog, Entry
from storage.entries import MAIL_FAILED, MAIL_NONE, MAIL_SENT, MAIL_UNSURE

logger = logging.getLogger(__name__)

SWITCHED_OFF = "e-mail is switched off in Makegood's settings"
NOTHING_TO_SAY = "there is no refund to write about"
OPEN = frozenset({Status.PENDING, Status.UNKNOWN, Status.TO_DO})


@dataclass(frozen=True, slots=True)
class CustomerMail:
    """Sends what agents ask for.

    `server` None: there is none to send it with. `is_on` tells whether the bot may e-mail now.
    `sender` "": the store's own address.
    """

    log: ActionLog
    store: BigCommerceClient
    server: MailServer | None = None
    sender: str = ""
    is_on: Callable[[], bool] = lambda: True

    async def settle(self, entry: Entry, outcome: Outcome) -> None:
        """Send the e-mail if it is due, at most once, and write down what became of it.

        Raises what the log raises, and nothing else.
        """
        is_asked = entry.request.get("notify_customer")
        if is_asked is None or outcome.status in OPEN:
            return
        if entry.mail_claimed_at is not None or entry.mail_result is not None:
            return
        if is_asked and outcome.was_there and outcome.status is Status.SUCCEEDED:
            # Whoever did it, in the time that the log has forgotten, may have written, too.
            self.log.finish_mail(entry.reference, MAIL_UNSURE)
        elif is_asked and outcome.status is Status.SUCCEEDED and outcome.paid_back:
            await self._send(entry, outcome)
        elif is_asked or (self._is_offered and outcome.status is Status.SUCCEEDED):
            self.log.finish_mail(entry.reference, MAIL_NONE)

    @property
    def _is_offered(self) -> bool:
        return self.server is not None and self.is_on()

    async def _send(self, entry: Entry, outcome: Outcome) -> None:
        reference = entry.reference
        try:
            await self._write_and_send(entry, outcome)
        except NotMailed as exc:
            logger.warning("e-mail not sent", extra={"reference": reference, "reason": str(exc)})
            self.log.finish_mail(reference, MAIL_FAILED, reason=str(exc))
        except AnswerLost:
            logger.warning("no answer to an e-mail", extra={"reference": reference})
        except BigCommerceError:
            reason = "BigCommerce could not be asked for the customer's address"
            logger.warning("e-mail not sent", extra={"reference": reference, "reason": reason})
            self.log.finish_mail(reference, MAIL_FAILED, reason=reason)
        else:
            self.log.finish_mail(reference, MAIL_SENT)

    async def _write_and_send(self, entry: Entry, outcome: Outcome) -> None:
        if (
            self.server is None
            or not self.is_on()
            or entry.order_id is None
            or outcome.amount is None
        ):
            raise NotMailed(SWITCHED_OFF)
        store = await self.store.get_store()
        order = await self.store.get_order(entry.order_id)
        letter = RefundLetter(
            store_name=store.name,
            order_id=entry.order_id,
            amount=outcome.amount,
            paid_back=outcome.paid_back,
            is_cancelled=entry.action == CANCEL_AND_REFUND.name,
            deducted=describe_deducted(entry.request.get("deduction"), outcome.amount.currency),
        )
        sender, recipient = self.sender or store.sender, order.billing_address.email
        message = build_message(
            letter, sender=sender, recipient=recipient, reference=entry.reference
        )
        await self.server.send(
            message,
            sender=sender,
            recipient=recipient,
            claim=lambda: self.log.claim_mail(entry.reference),
        )
