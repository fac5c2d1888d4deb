"""Socket Mode through the gate: envelopes to the bot, its acks back, and who was promised what."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import web

from storage.log.entries import APPROVED, DECLINED
from tests.chaos.trace import Trace
from tests.chaos.weather import Weather

DECIDES = "decision"
KEPT = 300
# The buttons by which somebody has a request taken up again, by the part before the colon.
PRESSED = frozenset({"check_again", "ask_again", "made", "not_made", "sent_by_hand", "take_back"})
INTERACTIVE = frozenset({"view_submission", "block_actions"})
PROMISE = "safely noted"  # what a modal says once a request was taken


@dataclass(slots=True)
class Confirmation:
    """A review that somebody confirmed, by its draft, and whether the bot promised to do it."""

    draft_id: str
    user: str
    deliveries: int = 0
    is_acked: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """A click by which somebody means to approve or to decline a request, on its way to the bot.

    `is_calm`: the faults were over. `at` in seconds since the epoch.
    """

    reference: str
    user: str
    decision: str
    is_calm: bool
    at: float


@dataclass(frozen=True, slots=True)
class Press:
    """A click that has a request taken up again, on its way to the bot."""

    reference: str
    user: str
    at: float


class Envelopes:
    """Relays sockets; counts confirmations by what went over the wire."""

    def __init__(self, weather: Weather, trace: Trace, kill: Callable[[str], bool]) -> None:
        self._weather = weather
        self._trace = trace
        self._kill = kill
        self._waiting: dict[str, Confirmation] = {}
        self._numbers = 0
        self.open = 0
        self.confirmations: dict[str, Confirmation] = {}
        self.decisions: list[Decision] = []
        self.presses: list[Press] = []
        self.seen: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._sockets: list[web.WebSocketResponse] = []

    async def forge(self, payload: dict[str, Any]) -> bool:
        """Send the bot an envelope that the workspace never sent; False: it hears nobody now."""
        self._numbers += 1
        self._take_down({"envelope_id": f"forged-{self._numbers}", "payload": payload})
        envelope = {
            "envelope_id": f"forged-{self._numbers}",
            "type": "interactive",
            "payload": payload,
            "accepts_response_payload": True,
        }
        for inside in reversed(self._sockets):
            with contextlib.suppress(ConnectionError):
                await inside.send_json(envelope)
                return True
        return False

    async def relay(
        self, request: web.Request, client: aiohttp.ClientSession, address: str
    ) -> web.StreamResponse:
        """Serve one socket until either side closes it."""
        inside = web.WebSocketResponse()
        await inside.prepare(request)
        async with client.ws_connect(address) as outside:
            tasks = [
                asyncio.create_task(self._deliver(outside, inside)),
                asyncio.create_task(self._answer(inside, outside)),
            ]
            self.open += 1
            self._sockets.append(inside)
            try:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                self.open -= 1
                self._sockets.remove(inside)
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
        with contextlib.suppress(ConnectionError):
            await inside.close()
        return inside

    async def _deliver(
        self, outside: aiohttp.ClientWebSocketResponse, inside: web.WebSocketResponse
    ) -> None:
        async for message in outside:
            if message.type is not aiohttp.WSMsgType.TEXT:
                continue
            envelope = json.loads(message.data)
            kind = self._take_down(envelope)
            if kind in INTERACTIVE or kind == DECIDES:
                self.seen.append(envelope["payload"])
            self._numbers += 1
            twice = bool(kind) and self._weather.strikes(6, "twice", self._numbers)
            for _ in range(2 if twice else 1):
                await inside.send_str(message.data)
            if twice:
                self._trace.write("delivered twice", type=kind)
            if kind and self._weather.strikes(1, "kill delivered", self._numbers):
                self._kill(f"delivered {kind}")
            if kind == DECIDES and self._weather.strikes(20, "kill decided", self._numbers):
                await asyncio.sleep(self._weather.moment_s(self._numbers))
                self._kill("amid a decision")

    async def _answer(
        self, inside: web.WebSocketResponse, outside: aiohttp.ClientWebSocketResponse
    ) -> None:
        async for message in inside:
            if message.type is not aiohttp.WSMsgType.TEXT:
                continue
            ack = json.loads(message.data)
            confirmation = self._waiting.get(str(ack.get("envelope_id")))
            if str(ack.get("envelope_id")).startswith("forged-"):
                continue  # Slack never sent it
            if confirmation is None:
                await outside.send_str(message.data)
                continue
            number = (confirmation.draft_id, confirmation.deliveries)
            if self._weather.strikes(3, "kill before ack", number) and self._kill("before ack"):
                return  # the ack never left
            await outside.send_str(message.data)
            if PROMISE in message.data:
                confirmation.is_acked = True
                self._trace.write("acked", draft=confirmation.draft_id)
            if self._weather.strikes(6, "kill after ack", number):
                self._kill("after ack")

    def _take_down(self, envelope: dict[str, Any]) -> str:
        """Note a confirmation that is on its way in; return the kind of payload, "" for none."""
        payload = envelope.get("payload") or {}
        view = payload.get("view") or {}
        if payload.get("type") == "view_submission" and view.get("callback_id") == "review":
            draft_id = str(view.get("private_metadata")).split()[0]
            user = str(payload["user"]["id"])
            confirmation = self.confirmations.setdefault(draft_id, Confirmation(draft_id, user))
            confirmation.deliveries += 1
            self._waiting[str(envelope["envelope_id"])] = confirmation
        if decision := self._decision(payload):
            self.decisions.append(decision)
            return DECIDES
        return str(payload.get("type") or envelope.get("type")) if payload else ""

    def _decision(self, payload: dict[str, Any]) -> Decision | None:
        user, at = str((payload.get("user") or {}).get("id")), time.time()
        view, is_calm = payload.get("view") or {}, self._weather.is_clear
        for action in payload.get("actions") or []:
            name, value = str(action.get("action_id")), str(action.get("value"))
            if name == "approve":
                return Decision(value, user, APPROVED, is_calm, at)
            if name.partition(":")[0] in PRESSED:
                self.presses.append(Press(value, user, at))
        if payload.get("type") == "view_submission" and view.get("callback_id") == "decline":
            return Decision(str(view["private_metadata"]), user, DECLINED, is_calm, at)
        return None
