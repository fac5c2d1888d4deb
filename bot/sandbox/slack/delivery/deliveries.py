"""Delivering envelopes to the app and waiting for its acknowledgement, with a record of both."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.control import Refusal
from bot.sandbox.slack.delivery.sockets import Sockets
from bot.sandbox.slack.errors import Json
from bot.sandbox.slack.faults.faults import Faults

KEPT = 1000
COMMAND, INTERACTIVE, EVENT = "slash_commands", "interactive", "events_api"
EVENT_RETRIES_S = (0.0, 60.0, 300.0)


@dataclass(slots=True)
class Delivery:
    """One envelope: what was sent, when, to which connections, and every answer that came."""

    envelope_id: str
    type: str
    payload: Json
    sent_at: float
    retry_attempt: int = 0
    connections: list[int] = field(default_factory=list)
    answers: list[Json] = field(default_factory=list)
    error: str | None = None

    @property
    def payload_type(self) -> str:
        """What the payload says it is; a slash command's says nothing."""
        event = self.payload.get("event") or {}
        return str(event.get("type") or self.payload.get("type") or self.type)

    def to_json(self) -> Json:
        """Return the record as the control API shows it."""
        return {
            "envelope_id": self.envelope_id,
            "type": self.type,
            "payload_type": self.payload_type,
            "payload": self.payload,
            "sent_at": self.sent_at,
            "retry_attempt": self.retry_attempt,
            "connections": self.connections,
            "answers": self.answers,
            "acked": bool(self.answers),
            "error": self.error,
        }


class Deliveries:
    """Sends payloads as envelopes. An answer may come on any connection, in time or too late."""

    def __init__(self, app_id: str, faults: Faults, ack_timeout_s: float) -> None:
        self.sockets = Sockets(app_id, self._answered)
        self.log: deque[Delivery] = deque(maxlen=KEPT)
        self._faults = faults
        self._ack_timeout_s = ack_timeout_s
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._retries: set[asyncio.Task[None]] = set()

    async def deliver(self, kind: str, payload: Json, *, retry_attempt: int = 0) -> Json:
        """Deliver and return the payload of the answer, empty when there was none.

        Raises Refusal `dispatch_failed` when no connection is open and `operation_timeout` when
        the answer takes too long.
        """
        delivery = Delivery(str(uuid.uuid4()), kind, payload, time.time(), retry_attempt)
        self.log.append(delivery)
        answered: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[delivery.envelope_id] = answered
        try:
            for _ in range(2 if self._faults.take_duplicate(delivery.payload_type) else 1):
                await self._send(delivery)
            answer = await asyncio.wait_for(answered, self._ack_timeout_s)
        except TimeoutError:
            delivery.error = "operation_timeout"
            raise Refusal("operation_timeout") from None
        finally:
            del self._waiting[delivery.envelope_id]
        return answer if isinstance(answer, dict) else {}

    async def deliver_event(self, payload: Json) -> None:
        """Deliver an event; unanswered it comes again at once, after a minute and after five."""
        try:
            await self.deliver(EVENT, payload)
        except Refusal:
            task = asyncio.create_task(self._retry(payload))
            self._retries.add(task)
            task.add_done_callback(self._retries.discard)
            raise

    async def close(self) -> None:
        """Stop retrying and close every connection."""
        for task in list(self._retries):
            task.cancel()
        await asyncio.gather(*self._retries, return_exceptions=True)
        await self.sockets.close()

    async def _retry(self, payload: Json) -> None:
        for attempt, wait_s in enumerate(EVENT_RETRIES_S, start=1):
            await asyncio.sleep(wait_s)
            try:
                await self.deliver(EVENT, payload, retry_attempt=attempt)
            except Refusal:
                continue
            return

    async def _send(self, delivery: Delivery) -> None:
        envelope: Json = {
            "envelope_id": delivery.envelope_id,
            "type": delivery.type,
            "payload": delivery.payload,
            "accepts_response_payload": delivery.type != EVENT,
        }
        if delivery.type == EVENT:
            reason = "timeout" if delivery.retry_attempt else ""
            envelope |= {"retry_attempt": delivery.retry_attempt, "retry_reason": reason}
        number = await self.sockets.send(envelope)
        if number is None:
            delivery.error = "dispatch_failed"
            raise Refusal("dispatch_failed")
        delivery.connections.append(number)

    def _answered(self, connection: int, answer: Json) -> None:
        envelope_id = str(answer.get("envelope_id"))
        for delivery in self.log:
            if delivery.envelope_id == envelope_id:
                took_s = round(time.time() - delivery.sent_at, 4)
                answer = {"payload": answer.get("payload"), "connection": connection}
                delivery.answers.append(answer | {"took_s": took_s})
        waiting = self._waiting.get(envelope_id)
        if waiting is not None and not waiting.done():
            waiting.set_result(answer.get("payload"))
