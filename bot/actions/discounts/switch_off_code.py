"""Switch off a discount code that Makegood created. Doing it twice does no harm."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from bot.actions.action import (
    ActionRequest,
    Aftercare,
    Attempt,
    Evidence,
    Moves,
    Sought,
    named_by_code,
    nothing_follows,
    sets_nothing,
)
from bot.actions.discounts.code_state import (
    CodeState,
    describe_use,
    find_code,
    is_on,
    switch_code_off,
)
from bot.actions.discounts.create_discount_code import CREATE_DISCOUNT_CODE
from bot.actions.endings.evidence import done
from bot.actions.failures import heard, nothing_changed
from bot.actions.writing import End, Write, write_once
from bot.bigcommerce.client import BigCommerceClient
from bot.values.outcome import Change, Outcome, Status


class SwitchOffCode(ActionRequest):
    """Switch off the code that the request of `creation` made; `name` is its label there."""

    code: str
    name: str
    creation: str


async def switch_off_code(request: SwitchOffCode, attempt: Attempt) -> Outcome:
    """Switch it off, unless it is off already: how the code stands is the evidence."""
    way = _SwitchOff(request, attempt)
    write = Write(
        look=way.look, send=way.send, differs=way.differs, is_repeatable=True, prepare=way.prepare
    )
    written = await write_once(write, attempt)
    if isinstance(written, Outcome):
        return written
    if written.end is End.DONE and written.value is not None:
        was = "switched off already" if written.was_there else "switched off"
        return _done(request, written.value, was=was)
    if written.end is End.NOTHING and written.error is not None:
        untouched = f"Discount code {request.code} was not changed"
        return nothing_changed(written.error, untouched=untouched)
    if way.is_gone and written.was_read:
        return _gone(request)
    if written.end is End.DIFFERENT:
        why = f"BigCommerce answered, and shows it as {written.difference}."
    else:
        why = heard(written.error)
    return Outcome(
        status=Status.UNKNOWN,
        message=f"It is not known whether the discount code {request.code} is switched off. {why}",
        next_step="Choose Check again: Makegood looks and switches the code off if it is on.",
    )


class _SwitchOff:
    """The write: what was last read of the code is what is switched off."""

    def __init__(self, request: SwitchOffCode, attempt: Attempt) -> None:
        self._request, self._store = request, attempt.store
        self._state: CodeState | None = None
        self._is_sent = attempt.claimed
        self.is_gone = False

    async def look(self) -> CodeState | None:
        self._state = await self._read()
        if self._state is not None and not self._state.is_on and not self._is_sent:
            # One answer may be damaged: off without having been switched off is read twice.
            self._state = await self._read()
        self.is_gone = self._state is None
        return None if self._state is None or self._state.is_on else self._state

    async def _read(self) -> CodeState | None:
        return await find_code(self._store, self._request.name, self._request.code)

    async def prepare(self) -> Outcome | None:
        return _gone(self._request) if self._state is None else None

    async def send(self) -> CodeState:
        if self._state is None:
            raise ValueError("nothing to switch off: prepare ends before")
        self._is_sent = True
        held_by = await switch_code_off(self._store, self._state.held_by)
        return dataclasses.replace(self._state, is_on=is_on(held_by), held_by=held_by)

    def differs(self, there: CodeState) -> str:
        if there.held_by.name != self._request.name:
            return f"“{there.held_by.name}” instead of “{self._request.name}”"
        return "on" if there.is_on else ""


def _done(request: SwitchOffCode, state: CodeState, *, was: str = "switched off") -> Outcome:
    changes = (Change(field="discount code", before="on", after="off"),)
    return Outcome(
        status=Status.SUCCEEDED,
        message=(
            f"Discount code {request.code} is {was}: nobody can use it any more. "
            f"It {describe_use(state, never='was never used')}."
        ),
        changes=changes if was == "switched off" else (),
    )


def _gone(request: SwitchOffCode) -> Outcome:
    return Outcome(
        status=Status.REJECTED,
        message=(
            f"Discount code {request.code} was not switched off: BigCommerce shows no such code "
            "under Makegood's name."
        ),
        changes=(Change(field="discount code", before="", after="gone"),),
        next_step=(
            "It was deleted or renamed there. If a code of these letters still exists, switch it "
            "off in the BigCommerce control panel."
        ),
    )


async def _evidence(request: SwitchOffCode, store: BigCommerceClient, _sought: Sought) -> Evidence:
    found = await find_code(store, request.name, request.code)
    if found is not None and found.is_on:
        return Evidence()
    state = "is not in BigCommerce any more" if found is None else "is off"
    shown = f"Discount code {request.code} {state}"
    return Evidence(made=done(shown), against=f"{shown}.")


async def _is_there(
    _store: BigCommerceClient, _reference: str, _request: Mapping[str, Any]
) -> bool:
    # Whoever switched it off, its run finds it so, and then changes nothing.
    return False


SWITCH_OFF_CODE = Aftercare(
    name="switch_off_code",
    title="Switch off a code",
    request_type=SwitchOffCode,
    run=switch_off_code,
    follow_up=nothing_follows,
    moves=Moves.NOTHING,
    sets=sets_nothing,
    subject=named_by_code,
    is_there=_is_there,
    evidence=_evidence,
    under=CREATE_DISCOUNT_CODE,
)
