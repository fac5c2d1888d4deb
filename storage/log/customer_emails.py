"""The e-mails to customers about requests: due, claimed, put off, ended.

A claim is the right to hand the letter over, for one try. It is given back only when the mail
server has refused the letter; a claim without a result may have been sent.
"""

from __future__ import annotations

from datetime import datetime

from storage.log.entries import MAIL_FAILED, Entry
from storage.log.writing import LogWriting
from storage.values import now, time_text

SUCCEEDED = "succeeded"


class CustomerMails(LogWriting):
    """E-mails by the reference of the request; an unknown one raises KeyError.

    Each change that people should read makes the thread's message out of date.
    """

    def mails_due(self, at: datetime) -> list[Entry]:
        """Return the requests whose e-mail is to be tried by then, longest due first."""
        return self._all(
            "SELECT * FROM action_log WHERE mail_next_at <= ? ORDER BY mail_next_at",
            [time_text(at)],
        )

    def mails_claimed(self) -> list[Entry]:
        """Return the requests whose e-mail was begun to be handed over and has no end."""
        return self._all(
            "SELECT * FROM action_log WHERE mail_claimed_at IS NOT NULL AND mail_result IS NULL"
        )

    def expect_mail(self, reference: str) -> None:
        """Have the e-mail sent from now on."""
        with self._db.atomic():
            self._make_due(self.get(reference))
            self._note(reference, "mail_due")

    def withdraw_mail(self, reference: str) -> None:
        """Have the e-mail sent no more: what it would tell is not so now. It may be due again."""
        with self._db.atomic():
            self._set(reference, mail_due_at=None, mail_next_at=None)
            self._note(reference, "mail_withdrawn")
            self._say(reference)

    def address_mail(self, reference: str, to: str) -> None:
        """Write to whom it goes; `to` is masked."""
        with self._db.atomic():
            if self.get(reference).mail_to != to:
                self._set(reference, mail_to=to)
                self._note(reference, "mail_addressed", to=to)

    def claim_mail(self, reference: str) -> bool:
        """Take the right to hand the e-mail over. False: it is not due, or was taken before."""
        with self._db.atomic():
            entry = self.get(reference)
            is_due = entry.mail_next_at is not None and entry.status == SUCCEEDED
            if not is_due or entry.mail_claimed_at is not None:
                return False
            self._set(reference, mail_claimed_at=time_text(now()), mail_next_at=None)
            self._note(reference, "mail_claimed")
            return True

    def put_off_mail(self, reference: str, *, reason: str, next_at: datetime) -> None:
        """Note that it was certainly not sent, and is tried again then; gives the claim back."""
        with self._db.atomic():
            entry = self.get(reference)
            # The thread says it once, and again when there is another reason.
            is_news = entry.mail_reason != reason
            self._give_back(entry)
            self._set(
                reference,
                mail_reason=reason,
                mail_tries=entry.mail_tries + 1,
                mail_next_at=time_text(next_at),
            )
            if is_news:
                self._say(reference)
            self._note(reference, "mail_put_off", reason=reason, next_at=time_text(next_at))

    def finish_mail(self, reference: str, result: str, *, reason: str = "") -> None:
        """Write what became of the e-mail: one of the MAIL_ results of `entries`.

        `reason` is a plain one that names nobody.
        """
        with self._db.atomic():
            entry = self.get(reference)
            if result == MAIL_FAILED:
                self._give_back(entry)
            self._set(
                reference,
                mail_result=result,
                mail_reason=reason,
                mail_next_at=None,
            )
            self._say(reference)
            self._note(reference, f"mail_{result}", **({"reason": reason} if reason else {}))

    def mail_again(self, reference: str, *, actor_id: str) -> bool:
        """Have one sent that was certainly not sent. False: it is none, or may have been sent.

        After a restore, the log may have forgotten that it was sent meanwhile.
        """
        with self._db.atomic():
            entry = self.get(reference)
            is_open = entry.mail_result == MAIL_FAILED and entry.status == SUCCEEDED
            if not is_open or self.is_older_than_restore(entry.mail_due_at or entry.asked_at):
                return False
            self._make_due(entry)
            self._note(reference, "mail_again", actor_id=actor_id)
            return True

    def _make_due(self, entry: Entry) -> None:
        at = time_text(now())
        self._set(
            entry.reference,
            mail_due_at=at,
            mail_next_at=at,
            mail_tries=0,
            mail_result=None,
            mail_reason=None,
        )
        self._say(entry.reference)

    def _give_back(self, entry: Entry) -> None:
        if entry.mail_claimed_at is not None:
            self._set(entry.reference, mail_claimed_at=None)
