"""Whether a request may be sent, asked before every sending, whatever has led to it.

Who is asked knows Slack's people and the configuration; here it is a plain function.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from bot.actions.requested import describe_request
from bot.values.outcome import Outcome, Status
from storage.log.action_log import ActionLog
from storage.log.entries import Entry

logger = logging.getLogger(__name__)

NOTHING_SENT = "Nothing was sent."


class NotKnown(Exception):
    """Whether a request may be sent cannot be found out just now; `str()` says why, plainly."""


# Returns in sentences why the request may not be sent as of now, None when it may; NotKnown.
Permission = Callable[[Entry], Awaitable[str | None]]


@dataclass(slots=True)
class Asking:
    """The question of one run. `said` is why the last sending was refused, "" when none was.

    It is asked again after each of `waits_s` while the answer cannot be found out: Slack is away
    for seconds, and the request is safe in the log meanwhile.
    """

    log: ActionLog
    reference: str
    permission: Permission
    waits_s: Sequence[float]
    said: str = field(default="", init=False)

    async def refusal(self) -> Outcome | None:
        """Return how the request ends when nothing was sent for it and nothing may be."""
        status = Status.REJECTED
        try:
            no = await self._ask()
        except NotKnown as unknown:
            status, no = Status.FAILED, str(unknown)
        self.said = no or ""
        if no is None:
            return None
        entry = self.log.get(self.reference)
        logger.warning("not permitted", extra={"reference": self.reference, "why": status.value})
        return Outcome(
            status=status,
            message=f"{describe_request(entry)} was not carried out. {NOTHING_SENT}",
            next_step=no,
        )

    async def _ask(self) -> str | None:
        *earlier, last = self.waits_s
        for wait_s in earlier:
            await asyncio.sleep(wait_s)
            try:
                return await self.permission(self.log.get(self.reference))
            except NotKnown as unknown:
                logger.warning("not known whether it is permitted", extra={"error": str(unknown)})
        await asyncio.sleep(last)
        return await self.permission(self.log.get(self.reference))

    def told(self, outcome: Outcome) -> Outcome:
        """Say in an outcome that is not at its end that nothing was sent again, and why."""
        is_open = outcome.status in {Status.UNKNOWN, Status.PENDING}
        if not self.said or not is_open or self.said in outcome.message:
            return outcome
        said = f"{outcome.next_step} It was not sent again: {self.said}".strip()
        return outcome.model_copy(update={"next_step": said})
