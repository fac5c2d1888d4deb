"""What people end by hand: money that they sent, and requests whose end nobody knew.

The log decides, in one transaction for each, so that a click counts once; a run that follows from
it is put in line afterwards, or taken up by the sweep after a crash. Who may is not asked here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from bot.actions.action import Evidence, Runnable, Sought
from bot.actions.endings.ended_by_hand import ended_unread, not_made, sent_by_hand, too_early
from bot.actions.requested import confirmed_of, describe_request
from bot.bigcommerce.client import BigCommerceClient
from bot.runner.posting import Posting
from bot.runner.request_queue import RequestQueue
from bot.values.outcome import Outcome, Status
from storage.log.action_log import ActionLog
from storage.log.entries import MADE, NOT_MADE, Entry


class Endings:
    """Ends by hand. Each is done once; who comes second is told False."""

    def __init__(
        self,
        log: ActionLog,
        line: RequestQueue,
        telling: Posting,
        store: BigCommerceClient,
        actions: Mapping[str, Runnable[Any]],
    ) -> None:
        """Keep the parts."""
        self._log = log
        self._line = line
        self._telling = telling
        self._store = store
        self._actions = actions

    def mark_sent(self, reference: str, *, actor_id: str, note: str) -> bool:
        """Note that the money of an open task was sent; `note` names the payment."""
        entry = self._log.find(reference)
        if entry is None or entry.status != Status.TO_DO:
            return False
        outcome = sent_by_hand(_outcome(entry), entry.order_id, confirmed_of(entry))
        with self._telling.of(reference):
            return self._log.mark_sent(
                reference,
                actor_id=actor_id,
                note=note,
                status=outcome.status,
                outcome=outcome.model_dump(mode="json"),
            )

    def take_back(self, reference: str, *, actor_id: str, reason: str) -> bool:
        """Open a task again that was said to be done."""
        before = self._last_task(reference)
        if before is None:
            return False
        with self._telling.of(reference):
            return self._log.take_back(
                reference, actor_id=actor_id, reason=reason, outcome=before.model_dump(mode="json")
            )

    async def read_evidence(self, entry: Entry) -> Evidence:
        """Return what the store shows of the request now; raises BigCommerceError.

        A request that this release cannot read is left to the person's word alone.
        """
        try:
            action = self._actions[entry.action]
            request = action.request_type.model_validate(entry.request)
        except (KeyError, ValidationError):
            return Evidence(made=ended_unread(_what(entry), entry.order_id))
        outcome = _outcome(entry)
        held = {} if entry.order_id is None else self._log.refunds_held(entry.order_id)
        sought = Sought(entry.reference, entry.asked_at, outcome.refund_id, held)
        return await action.evidence(request, self._store, sought)

    async def end_as_made(
        self, entry: Entry, *, actor_id: str, reason: str, refund_id: int | None
    ) -> bool:
        """End it as made, by a fresh reading; False when that shows nothing to end it with.

        `refund_id` is the refund that is taken for it: then the action goes on from there. Raises
        BigCommerceError when the store cannot be read.
        """
        evidence = await self.read_evidence(entry)
        reference = entry.reference
        if evidence.made is not None:
            with self._telling.of(reference):
                return self._log.end_unknown(
                    reference,
                    MADE,
                    actor_id=actor_id,
                    reason=reason,
                    status=evidence.made.status,
                    outcome=evidence.made.model_dump(mode="json"),
                )
        if not any(refund.id == refund_id for refund in evidence.refunds) or refund_id is None:
            return False
        number = self._log.take_refund(reference, refund_id, actor_id=actor_id, reason=reason)
        if number is None:
            return False
        await self._line.put_run(reference)
        return True

    async def end_as_not_made(
        self, entry: Entry, *, actor_id: str, reason: str, is_alone: bool
    ) -> str | None:
        """End it as not made; return why that is refused, None when it is done.

        `is_alone`: the one who asked does it, where there is no second person. Raises
        BigCommerceError when the store cannot be read.
        """
        evidence = await self.read_evidence(entry)
        if evidence.against:
            return evidence.against
        # Nothing is awaited from here to the end: the log is what was read.
        latest = self._log.get(entry.reference)
        if too_early(sent_last_at(latest), datetime.now(UTC), is_alone=is_alone) is not None:
            return "BigCommerce may still carry it out. Wait, then try again."
        outcome = not_made(_what(entry), entry.order_id)
        with self._telling.of(entry.reference):
            done = self._log.end_unknown(
                entry.reference,
                NOT_MADE,
                actor_id=actor_id,
                reason=reason,
                status=outcome.status,
                outcome=outcome.model_dump(mode="json"),
            )
        return None if done else "It is not unknown any more, or being looked at right now."

    def _last_task(self, reference: str) -> Outcome | None:
        """Return the outcome that made the request a task, as it was before it was done."""
        for event in reversed(self._log.events(reference)):
            if event.event == "outcome" and event.detail.get("status") == Status.TO_DO:
                return Outcome.model_validate(event.detail)
        return None


def sent_last_at(entry: Entry) -> datetime:
    """Return when something was sent for the request last, as far as the log can tell.

    A refund is sent once. Where twice does no harm, each look may have sent it again.
    """
    sent_at = entry.sent_at or entry.asked_at
    is_once = confirmed_of(entry) is not None
    return sent_at if is_once else max(sent_at, entry.finished_at or sent_at)


def _outcome(entry: Entry) -> Outcome:
    return Outcome.model_validate(entry.outcome)


def _what(entry: Entry) -> str:
    """Return what was asked for without its order: "Full refund of 54.10 USD"."""
    return describe_request(replace(entry, order_id=None))
