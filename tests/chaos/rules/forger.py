"""Envelopes that no click has made: replayed, of two windows, on another's form, by who may not.

Slack vouches for who has clicked and in which workspace. All else in an envelope is forged here.
"""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Awaitable, Callable, Mapping
from random import Random
from typing import Any

from tests.chaos.dice import Dice
from tests.chaos.envelopes import Envelopes
from tests.chaos.rules.plan import APPROVERS, EVERYBODY
from tests.chaos.trace import Trace
from tests.support.agent import View

PAUSE_S = 0.4
RETAKEN = ("check_again", "ask_again", "made", "not_made", "sent_by_hand", "take_back")
PROPOSALS = 12
LOOK_EACH = 12  # of so many envelopes, a look for what there is to press
KINDS = {"replay": 3, "as somebody else": 4, "approve": 4, "retake": 3, "confirm change": 1}


class Forger:
    """Sends the bot what nobody has clicked."""

    def __init__(self, envelopes: Envelopes, dice: Dice, trace: Trace) -> None:
        self._envelopes = envelopes
        self.look: Callable[[], Awaitable[set[str]]] = _nothing
        self._dice = dice
        self._trace = trace
        self.users: dict[str, str] = {}
        self._references: list[str] = []

    async def go_on(self) -> None:
        """Forge one envelope after the other."""
        number = 0
        while True:
            await asyncio.sleep(PAUSE_S)
            number += 1
            if number % LOOK_EACH == 0:
                self._references = sorted(await self.look())
            luck = self._dice.about("forges", number)
            (kind,) = luck.choices(list(KINDS), list(KINDS.values()))
            await self._forge(kind, luck)

    async def confirm(self, user: str, view: View) -> None:
        """Confirm a review as this person: from their other window, or somebody else's."""
        payload = self._base(user) | {"type": "view_submission", "view": view}
        await self._send("confirm", payload)

    async def click(self, user: str, action_id: str, value: str) -> None:
        """Press a button that this person was never shown."""
        button = {"type": "button", "action_id": action_id, "block_id": "b", "value": value}
        payload = self._base(user, "response_url")
        if not payload:
            return  # nobody has pressed a button of a message yet
        payload |= {"type": "block_actions", "actions": [button]}
        await self._send(action_id, payload, value=value)

    async def _forge(self, kind: str, luck: Random) -> None:
        seen = list(self._envelopes.seen)
        user = self.users[luck.choice(EVERYBODY)]
        if not seen:
            return
        reference = luck.choice(self._references or ["MG-AAAA-AAAA"])
        if kind == "confirm change":
            no_lead = [name for name in EVERYBODY if name not in APPROVERS]
            user = self.users[luck.choice(no_lead)]
            await self.click(user, "confirm_change", str(luck.randint(1, PROPOSALS)))
        elif kind == "approve":
            no_approver = [name for name in EVERYBODY if name not in APPROVERS]
            await self.click(self.users[luck.choice(no_approver)], "approve", reference)
        elif kind == "retake":
            await self.click(user, luck.choice(RETAKEN), reference)
        else:
            payload = luck.choice(seen[-60:])
            if kind == "as somebody else":
                payload = _as(payload, user)
            await self._send(kind, copy.deepcopy(payload))

    def _base(self, user: str, field: str = "user") -> dict[str, Any]:
        """Return what Slack says of this person's clicks, as of one that had this field."""
        found = [each for each in self._envelopes.seen if each.get(field)]
        mine = [each for each in found if each["user"]["id"] == user]
        return copy.deepcopy(_as((mine or found)[-1], user)) if found else {}

    async def _send(self, kind: str, payload: dict[str, Any], **detail: Any) -> None:
        heard = await self._envelopes.forge(payload)
        self._trace.write("forged", kind=kind, by=payload["user"]["id"], heard=heard, **detail)


def _as(payload: Mapping[str, Any], user: str) -> dict[str, Any]:
    return {**payload, "user": {**payload["user"], "id": user}}


async def _nothing() -> set[str]:
    return set()
