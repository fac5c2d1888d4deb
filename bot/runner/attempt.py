"""One run of an action, from the log's entry to an outcome, whatever happens in between."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from bot.actions.action import Attempt, Runnable
from bot.actions.registry import is_refund
from bot.bigcommerce.client import BigCommerceClient
from bot.process.internal_errors import note_internal_error
from bot.runner.permission import Asking, Permission
from bot.values.outcome import Outcome, Status
from storage.data_folder.trouble import DataFolderGone
from storage.log.action_log import ActionLog
from storage.log.entries import APPROVED, NOT_MADE, RELEASE_ASKED, Entry, Event, LoggedFollowUp
from storage.log.references import new_reference

logger = logging.getLogger(__name__)

DONE = frozenset({Status.SUCCEEDED, Status.TO_DO})
UNSETTLED = frozenset({Status.PENDING, Status.UNKNOWN, Status.TO_DO})
STOCK_UNKNOWN = (
    "Whether the goods were put back to stock before the data was restored is not known: look at"
    " the stock in BigCommerce."
)


@dataclass(frozen=True, slots=True)
class Attempts:
    """What every run needs."""

    log: ActionLog
    store: BigCommerceClient
    actions: Mapping[str, Runnable[Any]]
    settle_waits: Sequence[float]
    permission: Permission

    async def run(self, entry: Entry) -> Outcome:
        """Run the entry's action; an error that nobody expected becomes an outcome, too."""
        try:
            action = self.actions[entry.action]
            request = action.request_type.model_validate(entry.request)
        except (KeyError, ValidationError):  # of another release, or damaged on the disk
            logger.error("request not read", extra={"reference": entry.reference})
            return self._broken(entry, "Makegood can't read the request any more.")
        asking = Asking(self.log, entry.reference, self.permission, self.settle_waits)
        try:
            outcome = asking.told(await action.run(request, self._attempt(entry, asking)))
        except DataFolderGone:
            raise  # the log takes nothing any more, and nothing was sent
        except Exception:  # broad on purpose: the agent must hear of it, and the order move on
            note_internal_error("action broke", reference=entry.reference, action=entry.action)
            return self._broken(self.log.get(entry.reference))
        if entry.is_found_done or self.log.is_older_than_restore(entry.sent_at):
            return outcome.model_copy(update={"was_there": True})
        return outcome

    def follow_up(self, entry: Entry, outcome: Outcome) -> LoggedFollowUp | None:
        """Return what follows from the request now that it is done, under a reference.

        The goods do not wait for a person to send the money of a refund that is merely recorded.
        """
        action, is_done = self.actions.get(entry.action), outcome.status in DONE
        if action is None or not is_done:
            return None
        if outcome.was_there:
            return None  # see `without_follow_up`
        asked = action.follow_up(action.request_type.model_validate(entry.request))
        if asked is None:
            return None
        return LoggedFollowUp(new_reference(), asked.action, asked.request.model_dump(mode="json"))

    def without_follow_up(self, entry: Entry, outcome: Outcome) -> Outcome:
        """Say in the outcome of what was found that it is not known what followed from it then.

        It may be done already, and could not be found, so it is not asked for.
        """
        known = outcome.model_copy(update={"was_there": False})
        if not outcome.was_there or self.follow_up(entry, known) is None:
            return outcome
        said = f"{outcome.next_step} {STOCK_UNKNOWN}".strip()
        return outcome.model_copy(update={"next_step": said})

    def _attempt(self, entry: Entry, asking: Asking) -> Attempt:
        return Attempt(
            reference=entry.reference,
            # A confirmed request waits for nobody's looks, also not for its place in the queue.
            # What is on its way was told to be, and leaves the quota to what people wait for.
            store=self.store.background if entry.status == Status.PENDING else self.store.money,
            claim=lambda: self.log.claim(entry.reference),
            claimed=entry.sent_at is not None or self._may_be_sent(entry),
            refusal=asking.refusal,
            settle_waits=self.settle_waits,
            accepted=self._has(entry.reference, _is_pending),
            sent_at=entry.sent_at,
            refund_id=entry.taken_refund_id or (entry.outcome or {}).get("refund_id"),
            is_taken=entry.taken_refund_id is not None,
            unsettled=self._unsettled(entry),
            approved=entry.decision == APPROVED,
            note_release=lambda: self.log.note_release(entry.reference),
            released=self._has(entry.reference, _is_release),
        )

    def _unsettled(self, entry: Entry) -> tuple[str, ...]:
        """Return the order's other refunds whose money is not known to have come to its end."""
        if entry.order_id is None:
            return ()
        return tuple(
            other.reference
            for other in self.log.open_of(entry.order_id)
            if other.status in UNSETTLED
            and is_refund(other.action)
            and other.reference != entry.reference
        )

    def _may_be_sent(self, entry: Entry) -> bool:
        """Whether it may have been sent before a restore, and nothing in the store could tell."""
        asked_at = entry.asked_again_at or entry.asked_at
        action = self.actions.get(entry.action)
        without_mark = action is not None and action.is_there is None
        return without_mark and self.log.is_older_than_restore(asked_at)

    def _has(self, reference: str, is_wanted: Callable[[Event], bool]) -> bool:
        """Whether that has happened; what was called not made and asked again begins anew."""
        for event in reversed(self.log.events(reference)):
            if event.event == NOT_MADE:
                return False
            if is_wanted(event):
                return True
        return False

    def _broken(self, entry: Entry, why: str = "") -> Outcome:
        if entry.outcome is not None:
            # A look that failed has changed nothing: what was known before still stands.
            return Outcome.model_validate(entry.outcome)
        action = self.actions.get(entry.action)
        what = action.title if action is not None else entry.action
        about = "" if entry.order_id is None else f" · order {entry.order_id}"
        if entry.sent_at is not None:
            why = why or "Makegood had an error after sending."
            return Outcome(
                status=Status.UNKNOWN,
                message=f"{what} needs checking{about}",
                next_step=f"{why} It may have gone through. Press Check again, and report"
                f" {entry.reference}.",
            )
        where = "BigCommerce" if entry.order_id is None else "the order in BigCommerce"
        return Outcome(
            status=Status.FAILED,
            message=f"{what} stopped by an error in Makegood{about}",
            next_step=f"{why or 'Nothing was sent.'} Check {where} before you try again, and report"
            f" {entry.reference}.",
        )


def _is_pending(event: Event) -> bool:
    return event.detail.get("status") == Status.PENDING  # BigCommerce accepted it


def _is_release(event: Event) -> bool:
    return event.event == RELEASE_ASKED


def overdue(entry: Entry, outcome: Outcome) -> Outcome:
    """Turn a pending outcome that was followed long enough over to a person."""
    about = "The payment" if entry.order_id is None else f"The refund of order {entry.order_id}"
    return outcome.model_copy(
        update={
            "status": Status.UNKNOWN,
            "message": f"{about} was accepted by BigCommerce, but its payment has not been"
            " confirmed for days.",
            "next_step": "Look at the payment provider, then press Check again.",
        }
    )
