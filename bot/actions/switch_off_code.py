"""Switch off a discount code that Makegood created. Doing it twice does no harm."""

from __future__ import annotations

from bot.actions.base import ActionRequest, Attempt, Runnable
from bot.actions.discount_state import CodeState, describe_use, find_code, switch_off
from bot.actions.failures import nothing_changed
from bot.actions.reading import read_until
from bot.bigcommerce import BigCommerceError, NoAnswer
from bot.outcome import Change, Outcome, Status


class SwitchOffCode(ActionRequest):
    """Switch off the code that the request of `creation` made; `name` is its label there."""

    code: str
    name: str
    creation: str


async def switch_off_code(request: SwitchOffCode, attempt: Attempt) -> Outcome:
    """Switch it off, unless it is off already."""
    try:
        state = await find_code(attempt.store, request.name, request.code)
        if state is None:
            return _gone(request)
        if not state.is_on:
            return _done(request, state, was="switched off already")
        await switch_off(attempt.store, state)
    except NoAnswer:
        return await _settle(request, attempt)
    except BigCommerceError as error:
        return nothing_changed(error, untouched=f"Discount code {request.code} was not changed")
    return _done(request, state)


async def _settle(request: SwitchOffCode, attempt: Attempt) -> Outcome:
    """Tell by reading what became of a write without an answer."""
    state = await read_until(
        attempt.settle_waits,
        lambda: find_code(attempt.store, request.name, request.code),
        lambda found: found is not None and not found.is_on,
    )
    if state is not None and not state.is_on:
        return _done(request, state)
    return Outcome(
        status=Status.UNKNOWN,
        message=(
            f"It is not known whether the discount code {request.code} is switched off: "
            "BigCommerce did not answer."
        ),
        next_step="Choose Check again: Makegood looks and switches the code off if it is on.",
    )


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
            f"Discount code {request.code} was not switched off: it is not in BigCommerce under "
            "Makegood's name any more."
        ),
        next_step=(
            "It was deleted or renamed there. If a code of these letters still exists, switch it "
            "off in the BigCommerce control panel."
        ),
    )


SWITCH_OFF_CODE = Runnable(
    name="switch_off_code",
    title="Switch off a code",
    request_type=SwitchOffCode,
    run=switch_off_code,
)
