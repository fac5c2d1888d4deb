"""The e-mail to the customer about a request: whether it is due, and one try to send it.

The log is the judge. The right to hand the letter over is claimed there, for each try, once the
mail server waits for the letter, and is given back by the server's refusal alone: a lost answer or
a crash after the claim leaves "may have been sent" and no second letter. Whatever goes wrong here
becomes a sentence in the thread; the refund's own outcome is not touched.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.actions.orders.order_status import CANCELLED
from bot.actions.refunds.words import describe_deducted
from bot.actions.registry import RUNNABLE
from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.http.errors import BigCommerceError, NotFound
from bot.mail.addresses import masked
from bot.mail.letter import RefundLetter
from bot.mail.message import build_message
from bot.mail.smtp import MailAnswerLost, MailServer, NotMailed
from bot.process.internal_errors import note_internal_error
from bot.process.loop import Loop
from bot.runner.schedule import Schedule
from bot.values.outcome import Outcome, Status
from storage.log.action_log import ActionLog
from storage.log.entries import MAIL_FAILED, MAIL_LOST, MAIL_NONE, MAIL_SENT, MAIL_UNSURE, Entry

logger = logging.getLogger(__name__)

SWITCHED_OFF = "e-mail is switched off in Makegood's settings"
NO_ORDER = "BigCommerce does not have the order any more"
BROKEN = "something unexpected went wrong in Makegood"
UNREAD = "BigCommerce could not be asked for the customer's address"
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
    schedule: Schedule = field(default_factory=Schedule)

    def settle(self, entry: Entry, outcome: Outcome) -> None:
        """Decide, once for a request, whether its outcome is e-mailed: from now on it is due.

        Nothing is sent here, so it holds nothing up. Raises what the log raises.
        """
        is_asked = entry.request.get("notify_customer")
        if is_asked is None or outcome.status in OPEN:
            return
        if entry.mail_due_at is not None or entry.mail_result not in {None, MAIL_NONE}:
            return
        if is_asked and outcome.was_there and outcome.status is Status.SUCCEEDED:
            # Whoever did it, in the time that the log has forgotten, may have written, too.
            self.log.finish_mail(entry.reference, MAIL_UNSURE)
        elif is_asked and _is_worth_a_letter(outcome):
            self.log.expect_mail(entry.reference)
        elif entry.mail_result is not None:
            return  # what was not made is not made again
        elif is_asked or (self._is_offered and outcome.status is Status.SUCCEEDED):
            self.log.finish_mail(entry.reference, MAIL_NONE)

    async def send(self, reference: str) -> None:
        """Try once to send an e-mail that is due, and write down what became of it.

        Raises what the log raises, and nothing else.
        """
        entry = self.log.get(reference)
        if entry.mail_next_at is None or entry.outcome is None:
            return
        outcome = Outcome.model_validate(entry.outcome)
        if not _is_worth_a_letter(outcome):
            self.log.withdraw_mail(reference)
        elif self.log.is_older_than_restore(entry.mail_due_at):
            # It may have been sent in the time that the log has forgotten.
            self.log.finish_mail(reference, MAIL_UNSURE)
        else:
            try:
                await self._try(entry, outcome)
            except Exception:  # broad on purpose: the letter must come to an end all the same
                note_internal_error("sending an e-mail broke", reference=reference)
                self._end_broken(reference)

    def end_lost(self) -> None:
        """End what an earlier process had begun to hand over: nobody can tell what became of it."""
        for entry in self.log.mails_claimed():
            logger.warning("no answer to an e-mail", extra={"reference": entry.reference})
            self.log.finish_mail(entry.reference, MAIL_LOST)

    @property
    def _is_offered(self) -> bool:
        return self.server is not None and self.is_on()

    async def _try(self, entry: Entry, outcome: Outcome) -> None:
        reference = entry.reference
        try:
            await self._write_and_send(entry, outcome)
        except NotMailed as exc:
            self._not_sent(entry, str(exc), is_passing=exc.is_passing)
        except MailAnswerLost:
            logger.warning("no answer to an e-mail", extra={"reference": reference})
            self.log.finish_mail(reference, MAIL_LOST)
        except NotFound:
            self._not_sent(entry, NO_ORDER, is_passing=False)
        except BigCommerceError:
            self._not_sent(entry, UNREAD, is_passing=True)
        else:
            self.log.finish_mail(reference, MAIL_SENT)

    def _not_sent(self, entry: Entry, reason: str, *, is_passing: bool) -> None:
        now = datetime.now(UTC)
        due_at = entry.mail_due_at or now
        at = self.schedule.next_mail_at(entry.mail_tries, due_at, now) if is_passing else None
        extra = {"reference": entry.reference, "reason": reason, "is_passing": is_passing}
        logger.warning("e-mail not sent", extra=extra)
        if at is not None:
            self.log.put_off_mail(entry.reference, reason=reason, next_at=at)
            return
        hours = round(self.schedule.mail_for_s / 3600)
        tried = f"{reason}, and it was tried for {hours} hours" if is_passing else reason
        self.log.finish_mail(entry.reference, MAIL_FAILED, reason=tried)

    def _end_broken(self, reference: str) -> None:
        entry = self.log.get(reference)
        if entry.mail_claimed_at is None:
            self._not_sent(entry, BROKEN, is_passing=True)
        elif entry.mail_result is None:
            self.log.finish_mail(reference, MAIL_LOST)

    async def _write_and_send(self, entry: Entry, outcome: Outcome) -> None:
        if (
            self.server is None
            or not self.is_on()
            or entry.order_id is None
            or outcome.amount is None
        ):
            raise NotMailed(SWITCHED_OFF)
        store = await self.store.info.get()
        order = await self.store.orders.get(entry.order_id)
        letter = RefundLetter(
            store_name=store.name,
            order_id=entry.order_id,
            amount=outcome.amount,
            paid_back=outcome.paid_back,
            is_cancelled=_sets(entry) == CANCELLED,
            deducted=describe_deducted(entry.request.get("deduction"), outcome.amount.currency),
        )
        sender, recipient = self.sender or store.sender, order.billing_address.email
        self.log.address_mail(entry.reference, masked(recipient))
        message = build_message(
            letter, sender=sender, recipient=recipient, reference=entry.reference
        )
        await self.server.send(
            message,
            sender=sender,
            recipient=recipient,
            claim=lambda: self.log.claim_mail(entry.reference),
        )


def _sets(entry: Entry) -> int | None:
    return RUNNABLE[entry.action].sets(entry.request) if entry.action in RUNNABLE else None


def _is_worth_a_letter(outcome: Outcome) -> bool:
    return outcome.status is Status.SUCCEEDED and bool(outcome.paid_back)


# Mail servers take few connections at once from one client.
AT_ONCE = 4


class Postman:
    """Looks for e-mails that are due, every `every_s` seconds and when it is called.

    `ready` returns when an entry of an earlier process may be taken up.
    """

    def __init__(
        self,
        mail: CustomerMail,
        log: ActionLog,
        *,
        every_s: float,
        ready: Callable[[Entry], Awaitable[None]],
        halted: Callable[[], str],
    ) -> None:
        """Keep the parts."""
        self._mail = mail
        self._log = log
        self._ready = ready
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._loop = Loop(
            self._look, every_s=every_s, broken="looking for e-mails broke", halted=halted
        )
        self._sending: dict[str, asyncio.Task[None]] = {}

    def start(self) -> None:
        """Begin. What an earlier process was handing over has nobody who waits for its answer."""
        self._mail.end_lost()
        self._loop.start()

    def call(self) -> None:
        """Have it look at once."""
        self._loop.call()

    async def close(self, drain_s: float) -> None:
        """Look no more, and wait at most `drain_s` seconds for what is being handed over."""
        await self._loop.close()
        tasks = list(self._sending.values())
        if tasks:
            await asyncio.wait(tasks, timeout=drain_s)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _look(self) -> None:
        for entry in self._log.mails_due(datetime.now(UTC)):
            if entry.reference not in self._sending:
                task = asyncio.create_task(self._send(entry), name="e-mail")
                self._sending[entry.reference] = task

    async def _send(self, entry: Entry) -> None:
        try:
            await self._ready(entry)
            async with self._gate:
                await self._mail.send(entry.reference)
        except Exception:  # broad on purpose: it is in the log, and tried again or ended there
            note_internal_error("sending an e-mail broke", reference=entry.reference)
        finally:
            del self._sending[entry.reference]
