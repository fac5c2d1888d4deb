"""The buttons below a discount code: whether it was used, read as it is now, and switching it off.

Switching off is a request of its own, logged and told like any other. Its reference follows from
the code's, so that the same click delivered twice is the same request.
"""

from __future__ import annotations

from datetime import UTC, datetime

from bot.actions.discounts.code_state import CodeState, describe_state, find_code
from bot.actions.discounts.create_discount_code import CREATE_DISCOUNT_CODE
from bot.actions.discounts.request import CreateDiscountCode
from bot.actions.discounts.switch_off_code import SWITCH_OFF_CODE, SwitchOffCode
from bot.bigcommerce.http.errors import BigCommerceError
from bot.runner.runner import NotNoted
from bot.values.outcome import Status
from handlers.block_kit.mrkdwn import inert, typed
from handlers.flow.click import Click
from handlers.flow.opening import NotYours
from handlers.windows.reply import say
from handlers.windows.views import trouble_text
from storage.log.entries import CODE_EXPIRED, CODE_GONE, CODE_OFF, CODE_USED_UP, Entry
from storage.log.references import derived_reference

GONE = "This code is not in Makegood's log. Nothing was changed."
NOT_NOTED = "This could not be noted on our side, so nothing was changed. Try again in a minute."
WHICH_ORDERS = "BigCommerce does not tell on which orders."


async def on_code_click(click: Click) -> None:
    """Answer a click below a code; whoever may create codes may look after them."""
    action = CREATE_DISCOUNT_CODE.name
    if (no := await click.desk.access.refusal(*click.person.ids, action)) is not None:
        raise NotYours(no)
    created = click.desk.log.find(click.value)
    if created is None or created.action != action or created.status != Status.SUCCEEDED:
        raise NotYours(GONE)
    answer = _switch_off if click.detail == "off" else _tell_use
    try:
        await answer(click, created)
    except BigCommerceError as error:
        await say(click.respond, inert(trouble_text(error)))


async def _tell_use(click: Click, created: Entry) -> None:
    state = await _state(click, created)
    _note_state(click, created, state)
    store = await click.desk.catalogue.store()
    text = describe_state(state, _code(created), store.timezone_name)
    if state is not None and state.uses:
        text = f"{text} {WHICH_ORDERS}"
    await say(click.respond, typed(text, limit=1000))


async def _switch_off(click: Click, created: Entry) -> None:
    reference, latest = _next_reference(click, created)
    if latest is not None and latest.is_under_way:
        await say(click.respond, "The code is being switched off. The thread says when it is done.")
        return
    if latest is not None and latest.status == Status.SUCCEEDED:
        state = await _state(click, created)
        if state is None or not state.is_on:
            _note_state(click, created, state)
            who = f"{latest.reference} switched it off. Nothing was changed now."
            await say(click.respond, inert(who))
            return
    request = SwitchOffCode(
        order_id=created.order_id,
        code=_code(created),
        name=_request(created).name(created.reference),
        creation=created.reference,
    )
    try:
        await click.desk.runner.ask(
            reference,
            SWITCH_OFF_CODE.name,
            request,
            team_id=click.person.team_id,
            actor_id=click.person.user_id,
        )
    except NotNoted:
        raise NotYours(NOT_NOTED) from None
    await say(
        click.respond, f"Switching off {typed(_code(created))}. The thread says when it is done."
    )


def _note_state(click: Click, created: Entry, state: CodeState | None) -> None:
    """Have the code's message say what was found, where that is news."""
    log, now = click.desk.log, datetime.now(UTC)
    over = _over(state, now)
    if over is None:
        log.code_works(created.reference, at=now)
    else:
        expired_at = state.expires_at if state is not None and over == CODE_EXPIRED else None
        log.end_code(created.reference, over, at=expired_at or now)


def _over(state: CodeState | None, now: datetime) -> str | None:
    """Return why a code works no more, None while it works."""
    if state is None:
        return CODE_GONE
    if not state.is_on:
        return CODE_OFF
    if state.expires_at is not None and state.expires_at <= now:
        return CODE_EXPIRED
    return CODE_USED_UP if state.max_uses and state.uses >= state.max_uses else None


def _next_reference(click: Click, created: Entry) -> tuple[str, Entry | None]:
    """Return the reference of the next attempt, and the attempt before it."""
    latest: Entry | None = None
    number = 1
    while True:
        reference = derived_reference(created.reference, f"off {number}")
        entry = click.desk.log.find(reference)
        if entry is None:
            return reference, latest
        latest, number = entry, number + 1


async def _state(click: Click, created: Entry) -> CodeState | None:
    name = _request(created).name(created.reference)
    return await find_code(click.desk.store, name, _code(created))


def _request(created: Entry) -> CreateDiscountCode:
    return CreateDiscountCode.model_validate(created.request)


def _code(created: Entry) -> str:
    return str(created.request["code"])
