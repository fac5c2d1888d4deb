"""One run of an action, from the log's entry to an outcome, whatever happens in between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.actions.base import Attempt, Runnable
from bot.bigcommerce import BigCommerceClient
from bot.internal_errors import note_internal_error
from bot.outcome import Outcome, Status
from storage import ActionLog, DataFolderGone, Entry, FollowUp, new_reference
from storage.entries import APPROVED

UNSETTLED = frozenset({Status.PENDING, Status.UNKNOWN, Status.TO_DO})


@dataclass(frozen=True, slots=True)
class Attempts:
    """What every run needs."""

    log: ActionLog
    store: BigCommerceClient
    actions: Mapping[str, Runnable[Any]]
    settle_waits: Sequence[float]

    async def run(self, entry: Entry) -> Outcome:
        """Run the entry's action; an error that nobody expected becomes an outcome, too."""
        try:
            action = self.actions[entry.action]
            request = action.request_type.model_validate(entry.request)
            return await action.run(request, self._attempt(entry))
        except DataFolderGone:
            raise  # the log takes nothing any more, and nothing was sent
        except Exception:  # broad on purpose: the agent must hear of it, and the order move on
            note_internal_error("action broke", reference=entry.reference, action=entry.action)
            return self._broken(self.log.get(entry.reference))

    def follow_up(self, entry: Entry, outcome: Outcome) -> FollowUp | None:
        """Return what follows from the request now that it has succeeded, under a reference."""
        action = self.actions.get(entry.action)
        if action is None or action.follow_up is None or outcome.status is not Status.SUCCEEDED:
            return None
        asked = action.follow_up(action.request_type.model_validate(entry.request))
        if asked is None:
            return None
        return FollowUp(new_reference(), asked.action, asked.request.model_dump(mode="json"))

    def _attempt(self, entry: Entry) -> Attempt:
        return Attempt(
            reference=entry.reference,
            # It is safe by now and told later: whoever looks at a form or a card goes first.
            store=self.store.background,
            claim=lambda: self.log.claim(entry.reference),
            claimed=entry.sent_at is not None,
            settle_waits=self.settle_waits,
            accepted=self._was_pending(entry.reference),
            refund_id=(entry.outcome or {}).get("refund_id"),
            unsettled=self._unsettled(entry),
            approved=entry.decision == APPROVED,
        )

    def _unsettled(self, entry: Entry) -> tuple[str, ...]:
        """Return the order's other requests whose money is not known to have come to its end."""
        if entry.order_id is None:
            return ()
        return tuple(
            other.reference
            for other in self.log.of_order(entry.order_id)
            if other.status in UNSETTLED and other.reference != entry.reference
        )

    def _was_pending(self, reference: str) -> bool:
        statuses = (event.detail.get("status") for event in self.log.events(reference))
        return Status.PENDING.value in statuses

    def _broken(self, entry: Entry) -> Outcome:
        if entry.outcome is not None:
            # A look that failed has changed nothing: what was known before still stands.
            return Outcome.model_validate(entry.outcome)
        action = self.actions.get(entry.action)
        what = action.title if action is not None else entry.action
        about = "" if entry.order_id is None else f" for order {entry.order_id}"
        tell_us = f"give {entry.reference} to whoever runs Makegood"
        if entry.sent_at is not None:
            return Outcome(
                status=Status.UNKNOWN,
                message=f"{what}{about} was sent to BigCommerce, but an error in Makegood broke it"
                " off: it is not known whether it went through.",
                next_step=f"Press Check again, or look in BigCommerce; and {tell_us}.",
            )
        return Outcome(
            status=Status.FAILED,
            message=f"{what}{about} was not carried out because of an error in Makegood."
            " No money was moved.",
            next_step=f"Look at it in BigCommerce before you try again; and {tell_us}.",
        )


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
