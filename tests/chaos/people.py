"""People at work in a workspace where things go wrong: they try again, and give up in the end."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import Any

import aiohttp

from tests.chaos.plan import CANCEL_AND_REFUND, ITEMS, REFUND, Job
from tests.chaos.trace import Trace
from tests.support.agent import Agent, View, words

TRIES = 4
PATIENCE_S = 4.0
BACK_S = 60.0  # a killed bot needs some seconds, many on a busy machine
POLL_S = 0.05
COMMANDS = {
    "cancel_order": "/cancel-order",
    CANCEL_AND_REFUND: "/cancel-order",
    REFUND: "/refund-order",
    ITEMS: "/refund-order",
    "create_discount_code": "/discount-code",
}
MAIL_FIELD = "notify_customer"
BUTTONS = {CANCEL_AND_REFUND: "Cancel & refund", REFUND: "Full refund", ITEMS: "Partial refund"}


class GaveUp(Exception):
    """The person could not get to the end."""


class Refused(GaveUp):
    """The bot said no; trying again is no use."""


class Worker:
    """One person, doing one job after another."""

    patience_s = PATIENCE_S

    def __init__(self, agent: Agent, trace: Trace, is_ready: Callable[[], bool]) -> None:
        self.agent = agent
        self._trace = trace
        self._is_ready = is_ready
        # The jobs that were begun, and when each was first confirmed, in seconds since the epoch.
        self.jobs: dict[int, Job] = {}
        self.asked_at: dict[int, float] = {}

    async def do(self, job: Job) -> bool:
        """Ask for what the job says; tell whether it was confirmed."""
        for attempt in range(TRIES):
            try:
                await self._ask(job)
            except GaveUp as why:
                self._trace.write("gave up", job=job.number, attempt=attempt, why=str(why))
                if isinstance(why, Refused):
                    return False
            else:
                return True
            await self._a_while()
        return False

    async def check_again(self, message: dict[str, Any]) -> None:
        """Press Check again, as often as it takes to be heard."""
        for _ in range(TRIES):
            answer = await self.agent.press_in_message(message, "Check again")
            if answer["ok"]:
                self._trace.write("checked again", ts=message["ts"])
                return
            await self._a_while()

    async def approve(self, message: dict[str, Any]) -> None:
        """Press the button that lets a request run."""
        await self.agent.press_in_message(message, "Approve")

    async def decline(self, message: dict[str, Any]) -> None:
        """Decline a request with a reason; whoever is not heard sees it and comes back."""
        await self._close_all()
        answer = await self.agent.press_in_message(message, "Decline")
        if answer["ok"]:
            with contextlib.suppress(GaveUp):
                view = await self._wait_for("decline")
                await self.agent.submit(view, {"reason": "It was too much"})

    async def _a_while(self) -> None:
        """Wait as people do before they try again: until the bot seems to be back."""
        await asyncio.sleep(0.3)
        for _ in range(round(BACK_S / POLL_S)):
            if self._is_ready():
                return
            await asyncio.sleep(POLL_S)

    async def _ask(self, job: Job) -> None:
        await self._close_all()
        review = await self._to_review(job)
        await self._happenings(job)
        await self._confirm(job, review)

    async def _to_review(self, job: Job) -> View:
        """Fill in the form, and return what is to be confirmed."""
        self.jobs[job.number] = job
        about = "" if job.order_id is None else f" {job.order_id}"
        answer = await self.agent.command(f"{COMMANDS[job.action]}{about}")
        if not answer["ok"]:
            raise GaveUp(f"command: {answer.get('error')}")
        await self._choose(job)
        await self._fill(job)
        return await self._wait_for("review")

    async def _close_all(self) -> None:
        view = await self.agent.modal()
        if view is not None:
            await self.agent.workspace.post(
                "close", user=self.agent.user, view_id=view["id"], all=True
            )

    async def _choose(self, job: Job) -> None:
        view = await self._wait_for("form", "choice")
        wanted = BUTTONS.get(job.action)
        if view["callback_id"] == "form":
            return  # the order allows nothing else
        if str(wanted) not in words(view["blocks"]):
            raise Refused(f"not offered: {wanted}")
        answer = await self.agent.press(str(wanted))
        if not answer["ok"]:
            raise GaveUp(f"choice: {answer.get('error')}")

    async def _fill(self, job: Job) -> None:
        view = await self._wait_for("form")
        answer = await self.agent.submit(view, self._values(job, view))
        if not answer["ok"]:
            raise GaveUp(f"form: {answer.get('error')}")
        if answer.get("errors"):
            raise Refused(f"form: {answer['errors']}")

    def _values(self, job: Job, view: View) -> dict[str, Any]:
        fields = {str(b.get("block_id")).split("~")[0] for b in view["blocks"]}
        lines = sorted(f.removeprefix("quantity_") for f in fields if f.startswith("quantity_"))
        if not lines and job.action == ITEMS:
            raise Refused("not the form of some lines")
        mail = {MAIL_FIELD: ["yes"]} if MAIL_FIELD in fields and job.is_mailed else {}
        if not lines:
            return job.values | ({"stock": "back_1"} if "stock" in fields else {}) | mail
        values = {"reason_text": job.values["reason_text"], **mail}
        for line in lines[: job.lines]:
            values |= {f"quantity_{line}": "1", f"reason_{line}": job.values["reason"]}
            if f"stock_{line}" in fields:
                values[f"stock_{line}"] = "back_1"
        return values

    async def _happenings(self, job: Job) -> None:
        workspace = self.agent.workspace
        if job.gateway is not None:
            await workspace.store_fault(**job.gateway)
            self._trace.write("gateway", job=job.number, **job.gateway)
        if job.elsewhere is not None:
            await workspace.post("store/order", **job.elsewhere)
            self._trace.write("another app", job=job.number, **job.elsewhere)

    async def _confirm(self, job: Job, review: View) -> None:
        draft_id = review["private_metadata"]
        self._trace.write(
            "confirms",
            job=job.number,
            by=job.person,
            action=job.action,
            order=job.order_id,
            draft=draft_id,
        )
        self.asked_at.setdefault(job.number, time.time())
        clicks = [self.agent.submit(review) for _ in range(2 if job.double else 1)]
        answers = await asyncio.gather(*clicks)
        for _ in range(TRIES):
            if any(answer["ok"] for answer in answers):
                return
            # Slack says that it had trouble: the person presses the same button again.
            await self._a_while()
            answers = [await self.agent.submit(review)]
        raise GaveUp(f"confirmation: {answers[0].get('error')}")

    async def _wait_for(self, *kinds: str) -> View:
        until = time.monotonic() + self.patience_s
        while time.monotonic() < until:
            try:
                view = await self.agent.modal()
            except aiohttp.ClientError:
                view = None
            if view is not None:
                kind = _kind(view)
                if kind in kinds:
                    return view
                if kind == "notice":
                    raise _why(view)
            await asyncio.sleep(POLL_S)
        raise GaveUp("waited in vain")


def _kind(view: View) -> str:
    if view["callback_id"] != "notice":
        return str(view["callback_id"])
    shown = words(view["blocks"])
    if ":hourglass_flowing_sand:" in shown:
        return "loading"
    return "choice" if "What shall be done?" in shown else "notice"


def _why(view: View) -> GaveUp:
    shown = words(view["blocks"])
    trouble = ("Try again", "no longer open", "expired", "could not be noted")
    return (GaveUp if any(each in shown for each in trouble) else Refused)(shown[:200])
