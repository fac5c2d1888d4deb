"""The people of a case: who asks and confirms, phase by phase, and stops where the bot says no."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from storage.log.action_log import ActionLog
from storage.log.entries import Entry
from tests.hostile.gate import Gate
from tests.hostile.scenarios import Scenario
from tests.support.agent import Agent, View, button_labels, words

PATIENCE_S = 25.0
POLL_S = 0.02


class Refused(Exception):
    """The bot did not let it happen, and nothing was asked; `str()` is what it said."""


class NoEnd(Exception):
    """Something that has to come did not; `str()` says what."""


@dataclass(slots=True)
class People:
    """Anna, who asks; Ben, who approves; and the log, in which they see how far it is."""

    anna: Agent
    ben: Agent
    gate: Gate
    log: ActionLog
    confirmed: str = ""

    async def do(self, scenario: Scenario, order_id: int) -> None:
        """Go through the whole of it; Refused when the bot says no, NoEnd when nothing comes."""
        self.confirmed = ""
        await self._close_all()
        is_off = scenario.is_switched_off
        self.gate.phase = "" if is_off else "form"
        await self._ask(scenario, order_id, is_quiet=is_off)
        if scenario.needs_approval:
            await self._approve(order_id)
        await self.end_of(order_id)
        if is_off:
            await self._switch_off(order_id)

    async def end_of(self, order_id: int) -> None:
        """Return when all that was asked for the order has an end that was told."""

        def is_over() -> bool:
            entries = self.log.of_order(order_id)
            return bool(entries) and all(_is_over(entry) for entry in entries)

        await self._until(is_over, "an end")

    async def settled(self, order_id: int, patience_s: float) -> None:
        """Return when no payment of the order is waited for any more; NoEnd after so long."""

        def is_settled() -> bool:
            entries = self.log.of_order(order_id)
            return all(_is_over(entry) and entry.status != "pending" for entry in entries)

        await self._until(is_settled, "payments to be settled", patience_s)

    async def check_again(self, entry: Entry) -> None:
        """Press the button below an unknown end, and return when it was looked at."""
        message = await self._message(entry)
        if message is None or "Check again" not in button_labels(message):
            return
        await self.anna.press_in_message(message, "Check again")
        before = entry.round

        def was_looked_at() -> bool:
            latest = self.log.get(entry.reference)
            return latest.round > before and _is_over(latest)

        await self._until(was_looked_at, "another look")

    async def thread(self, entry: Entry) -> list[dict[str, Any]]:
        """Return the messages of the thread that the request was told in."""
        if entry.thread_ts is None or entry.channel is None:
            return []
        query = {"user": self.anna.user, "channel": entry.channel, "ts": entry.thread_ts}
        found = await self.anna.workspace.get("thread", **query)
        return [{**each, "channel": entry.channel} for each in found["messages"]]

    async def _ask(self, scenario: Scenario, order_id: int, *, is_quiet: bool) -> None:
        await self.anna.command(f"{scenario.command} {order_id}")
        view = await self._view("form", "choice")
        if scenario.button and view["callback_id"] != "form":
            if scenario.button not in words(view["blocks"]):
                raise Refused(words(view["blocks"]))
            await self.anna.press_in(view, scenario.button)
            view = await self._view("form")
        elif view["callback_id"] != "form":
            raise Refused(words(view["blocks"]))
        self.gate.phase = "" if is_quiet else "review"
        answer = await self.anna.submit(view, _values(scenario, view))
        if not answer["ok"] or answer.get("errors"):
            raise Refused(str(answer))
        review = await self._view("review", "form", unlike=view)
        if review["callback_id"] == "form" or _asks_more(review):
            raise Refused(words(review["blocks"]))
        self.confirmed = str(review["submit"]["text"])
        is_held = scenario.needs_approval
        self.gate.phase = "" if is_quiet else "confirmation" if is_held else "run"
        answer = await self.anna.submit(review)
        if not answer["ok"] or answer.get("errors"):
            raise Refused(str(answer))
        if not self.log.of_order(order_id):
            raise Refused(words((await self.anna.modal() or {}).get("blocks", [])))

    async def _approve(self, order_id: int) -> None:
        """Have Ben press the button once it is there; a request that needs nobody has none."""

        async def find() -> dict[str, Any] | None:
            for message in await self.ben.thread(order_id):
                if "Decline …" in button_labels(message):
                    return message
            return None

        entry = self.log.of_order(order_id)[0]
        if not entry.is_waiting:
            return
        until = time.monotonic() + PATIENCE_S
        while (message := await find()) is None:
            if time.monotonic() > until:
                raise NoEnd("nobody was asked to approve")
            await asyncio.sleep(0.1)
        self.gate.phase = "run"
        await self.ben.press_in_message(message, "Approve")
        await self._until(
            lambda: not self.log.get(entry.reference).is_waiting, "the approval to be taken"
        )

    async def _switch_off(self, order_id: int) -> None:
        entry = self.log.of_order(order_id)[0]
        message = await self._message(entry)
        if message is None:
            raise NoEnd("the code was not told")
        self.gate.phase = "run"
        await self.anna.press_in_message(message, "Switch it off")
        until = time.monotonic() + 5.0
        while len(self.log.of_order(order_id)) < 2:
            if time.monotonic() > until:
                raise Refused("switching off was not noted")
            await asyncio.sleep(POLL_S)
        await self.end_of(order_id)

    async def _message(self, entry: Entry) -> dict[str, Any] | None:
        for message in await self.thread(entry):
            if message["ts"] == entry.message_ts:
                return message
        return None

    async def _close_all(self) -> None:
        view = await self.anna.modal()
        if view is not None:
            await self.anna.workspace.post(
                "close", user=self.anna.user, view_id=view["id"], all=True
            )

    async def _view(self, *kinds: str, unlike: View | None = None) -> View:
        """Wait for a modal of these kinds; any other that is not loading says no."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            view = await self.anna.modal()
            if view is not None and (unlike is None or view["hash"] != unlike["hash"]):
                kind = _kind(view)
                if kind in kinds:
                    return view
                if kind == "notice":
                    raise Refused(words(view["blocks"]))
            await asyncio.sleep(POLL_S)
        raise NoEnd(f"waited in vain for {kinds}")

    async def _until(
        self, is_done: Callable[[], bool], what: str, patience_s: float = PATIENCE_S
    ) -> None:
        until = time.monotonic() + patience_s
        while not is_done():
            if time.monotonic() > until:
                raise NoEnd(f"waited in vain for {what}")
            await asyncio.sleep(POLL_S)


def _is_over(entry: Entry) -> bool:
    return entry.is_told and not entry.is_under_way and not entry.is_waiting


def _kind(view: View) -> str:
    if view["callback_id"] != "notice":
        return str(view["callback_id"])
    shown = words(view["blocks"])
    if ":hourglass_flowing_sand:" in shown:
        return "loading"
    return "choice" if "What shall be done?" in shown else "notice"


def _asks_more(review: View) -> bool:
    """Whether the review wants something confirmed on its own, which nobody does here."""
    return any(
        block["type"] == "input"
        and block["element"]["type"] == "checkboxes"
        and not block.get("optional")
        for block in review["blocks"]
    )


def _values(scenario: Scenario, view: View) -> dict[str, Any]:
    """Return the values for a form; "line" and "stock" are for its first line."""
    fields = [str(b.get("block_id")).split("~")[0] for b in view["blocks"]]
    values = {k: v for k, v in scenario.values.items() if k not in {"line", "stock"}}
    if "line" in scenario.values:
        lines = [f.removeprefix("quantity_") for f in fields if f.startswith("quantity_")]
        if not lines:
            raise Refused("the form has no line")
        values |= {f"quantity_{lines[0]}": "1", f"reason_{lines[0]}": "Damaged"}
        if "stock" in scenario.values:
            if f"stock_{lines[0]}" not in fields:
                raise Refused("the form does not ask what becomes of the goods")
            values[f"stock_{lines[0]}"] = scenario.values["stock"]
    missing = values.keys() - set(fields)
    if missing:
        raise Refused(f"the form has no {missing}")
    return values
