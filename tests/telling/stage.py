"""A case on its stage: whose it is, which order it is about, and what people do in it."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from bot.sandbox.bigcommerce.books import Order
from storage.log.entries import Entry
from tests.hostile.shop import fresh_order
from tests.support.agent import Agent, View, words
from tests.telling.cases import FIRSTS, STATE, Case
from tests.telling.gate import Call, Strike, about
from tests.telling.states import ALL
from tests.telling.world import lead_of

if TYPE_CHECKING:
    from tests.telling.world import World

PATIENCE_S = 45.0
POLL_S, AGAIN_S = 0.1, 2.0


class Stuck(Exception):
    """A person cannot go on, by what they were shown; `str()` says where."""


class Stage:
    """One case, in a world where others go on meanwhile. Its order and its agent are its own."""

    def __init__(self, world: World, case: Case, template: int, floor: str) -> None:
        self.world = world
        self.case = case
        self.floor = floor
        self.strike = Strike(case)
        self.strikes = [*([Strike(FIRSTS[case.first])] if case.first else []), self.strike]
        self.agent: Agent = world.take_person()
        self.lead: Agent = world.agent(lead_of(self.agent.user))
        self.order: Order = fresh_order(world.books, template)
        self.order_id = self.order.id
        self.owned: set[tuple[str, str]] = set()
        self.began_ts = world.slack.new_ts()
        self.facts: dict[str, Any] = {"thread": ""}
        self.channel = world.channel
        self.state = ALL[case.code] if case.method == STATE else None
        self.is_lifted = not case.lasts
        # What had been told before the trouble began.
        self.former: set[str] = set()
        world.stages.append(self)

    async def begin_trouble(self) -> None:
        """From now on Slack answers otherwise."""
        self.facts["thread"] = self.thread_ts
        self.facts["order"] = self.order.model_copy(deep=True)
        if self.state is not None:
            await self.state.begin(self)
            return
        for strike in self.strikes:
            strike.begin(self.thread_ts)

    async def end_trouble(self) -> None:
        """From now on Slack answers as it should."""
        for strike in self.strikes:
            strike.lift()
        if self.state is not None and not self.is_lifted:
            await self.state.end(self)
        self.is_lifted = True

    def leave(self) -> None:
        """Make room."""
        for strike in self.strikes:
            strike.lift()
        self.world.stages.remove(self)
        # What the bot has read of somebody counts for a while.
        is_known_wrongly = self.case.method == "users.info"
        if not (is_known_wrongly or self.agent.user.startswith("U0NEW")):
            self.world.give_back(self.agent)

    def is_about(self, call: Call) -> bool:
        """Tell whether a call is about this case."""
        # What leads are told need not be about this case.
        is_of_lead = call.method == "users.info" and call.user == self.lead.user
        return is_of_lead or about(call, self.order_id, self.agent.user, self.owned)

    @property
    def is_unasked(self) -> bool:
        """Whether the log has nothing about the order."""
        return not self.entries()

    @property
    def thread_ts(self) -> str:
        """The order's thread as it is now: its newest root message; "" for none."""
        roots = self.roots()
        return str(roots[-1]["ts"]) if roots else ""

    def roots(self) -> list[dict[str, Any]]:
        """Return the order's root messages that are still there."""
        return [
            message
            for message in self.world.slack.messages[self.channel]
            if message["ts"] > self.began_ts
            and message["text"].startswith(f"Order {self.order_id} ")
            and message.get("thread_ts", message["ts"]) == message["ts"]
            and message.get("bot_id")
        ]

    def thread(self) -> list[dict[str, Any]]:
        """Return the replies in the order's thread."""
        root = self.thread_ts
        return [
            {**message, "channel": self.channel}
            for message in self.world.slack.messages[self.channel]
            if root and message.get("thread_ts") == root != message["ts"]
        ]

    def messages(self) -> list[dict[str, Any]]:
        """Return all that the bot has said about the case, wherever; each has its "channel"."""
        found = []
        for channel, messages in self.world.slack.messages.items():
            for message in reversed(messages):
                if message["ts"] <= self.began_ts:
                    break
                if message.get("bot_id") and self._is_mine(channel, message):
                    found.append({"blocks": [], **message, "channel": channel})
        return sorted(found, key=lambda message: str(message["ts"]))

    def _is_mine(self, channel: str, message: dict[str, Any]) -> bool:
        is_direct = channel == f"D{self.agent.user[1:]}"
        return is_direct or (channel, str(message["ts"])) in self.owned

    def references(self) -> list[str]:
        """Return the references of what was asked for the order."""
        return [entry.reference for entry in self.entries()]

    def entries(self) -> list[Entry]:
        """Return what the log has about the order, latest first."""
        return self.world.log.of_order(self.order_id)

    # What people do.

    async def to_review(self, command: str, button: str = "", **values: str) -> View:
        """Fill a form in and return its review; what a busy machine refuses is done again."""
        for again in (True, True, True, False):
            try:
                return await self._to_review(command, button, values)
            except Stuck as stuck:
                if not (again and "Try again" in str(stuck)):
                    raise
                await asyncio.sleep(AGAIN_S)
        raise AssertionError("the last try ends it")

    async def _to_review(self, command: str, button: str, values: dict[str, str]) -> View:
        view = await self.to_form(command, button)
        answer = await self.agent.submit(view, values)
        if not answer["ok"] or answer.get("errors"):
            raise Stuck(f"form: {answer}")
        return await self.view("review", unlike=view)

    async def to_form(self, command: str, button: str = "") -> View:
        """Open a form and return it."""
        await self.close_all()
        answer = await self.agent.command(f"{command} {self.order_id}")
        if not answer["ok"]:
            raise Stuck(f"command: {answer}")
        view = await self.view("form", "choice")
        if view["callback_id"] != "form":
            await self.agent.press_in(view, button)
            view = await self.view("form")
        return view

    async def confirm(self, review: View) -> None:
        """Press the button below the review."""
        answer = await self.agent.submit(review)
        if not answer["ok"] or answer.get("errors"):
            raise Stuck(f"confirmation: {answer}")

    async def close_all(self, agent: Agent | None = None) -> None:
        """Close every window that somebody has open."""
        user = (agent or self.agent).user
        if (view := self.world.modal_of(user)) is not None:
            await self.world.workspace.post("close", user=user, view_id=view["id"], all=True)

    async def view(self, *kinds: str, unlike: View | None = None) -> View:
        """Wait for a window of these kinds."""

        def look() -> View | None:
            view = self.world.modal_of(self.agent.user)
            if view is None or (unlike is not None and view["hash"] == unlike["hash"]):
                return None
            kind = kind_of(view)
            if kind == "notice" and kind not in kinds:
                raise Stuck(words(view["blocks"]))
            return view if kind in kinds else None

        found: View = await self.wait(look, f"a window: {kinds}")
        return found

    async def wait(self, look: Callable[[], Any], what: str, patience_s: float = PATIENCE_S) -> Any:
        """Return what `look` finds, as soon as it finds it."""
        found = await self.pause_until(look, patience_s)
        if not found:
            raise Stuck(f"waited in vain for {what}")
        return found

    async def pause_until(self, look: Callable[[], Any], patience_s: float) -> Any:
        """Return what `look` finds, or what it finds last after so long; it may be a coroutine."""
        until = time.monotonic() + patience_s
        while True:
            found = look()
            if inspect.isawaitable(found):
                found = await found
            if found or time.monotonic() > until:
                return found
            await asyncio.sleep(POLL_S)

    def said(self, *texts: str) -> dict[str, Any] | None:
        """Return the latest message about the case that shows all these texts."""
        for message in reversed(self.messages()):
            shown = f"{message['text']}\n{words(message.get('blocks', []))}"
            if all(text in shown for text in texts):
                return dict(message)
        return None

    async def wait_for(self, *texts: str) -> dict[str, Any]:
        """Wait for such a message."""
        found: dict[str, Any] = await self.wait(lambda: self.said(*texts), f"{texts}")
        return found


Act = Callable[[Stage], Awaitable[None]]


def kind_of(view: View) -> str:
    """Return what a window is: form, review, loading, choice, notice ..."""
    if view["callback_id"] != "notice":
        return str(view["callback_id"])
    shown = words(view["blocks"])
    if ":hourglass_flowing_sand:" in shown:
        return "loading"
    return "choice" if "What shall be done?" in shown else "notice"
