"""“It was made”, “It was not made”, “Ask again”: a person ends what BigCommerce left unknown.

The store is read anew with the click and again with the form: what a person says is held against
what is there then. Who says it is checked both times, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.actions.action import Evidence
from bot.actions.endings.ended_by_hand import too_early
from bot.actions.requested import amount_of, describe_request
from bot.actions.rules.given_back import read_given_back
from bot.actions.rules.limits import LimitCheck
from bot.bigcommerce.http.errors import BigCommerceError
from bot.bigcommerce.refunds import Refund
from bot.runner.endings import sent_last_at
from bot.values.outcome import Outcome, Status
from handlers.access.limit_sums import entry_check
from handlers.access.limits import LimitReached, admitted, is_exempt, note_hourly_limit, read_shop
from handlers.access.permission import NEEDS_APPROVAL, PermissionRefused, approver_of
from handlers.access.person import Person
from handlers.block_kit.builders import (
    Block,
    input_block,
    modal,
    option,
    radio,
    section,
    text_input,
)
from handlers.block_kit.mrkdwn import clean, typed
from handlers.desk import Desk
from handlers.endings.rules import ender_refusal
from handlers.flow.asked_already import AskedAlready, check_alone
from handlers.flow.click import Click
from handlers.flow.form import submitted_values
from handlers.flow.submitted import Submitted
from handlers.home.page import refresh_home
from handlers.timeline.outcomes.ending_words import ending_line
from handlers.windows.followed import close_when_over, state_view
from handlers.windows.modals import NOT_OPENED, Window, open_modal, show
from handlers.windows.stale_presses import draw_request_anew
from handlers.windows.views import NOTICE, View, loading_view, notice_view, trouble_text
from storage.log.entries import Entry

MADE_FORM, NOT_MADE_FORM = "made", "not_made"
TITLES = {MADE_FORM: "It was made", NOT_MADE_FORM: "It was not made"}
REASON_LENGTH = 300
MOST_REFUNDS = 10
LOOKING = "Reading BigCommerce…"
NO_SUCH = "This request is not unknown any more, or is being looked at. Nothing was changed."
NOTHING_THERE = (
    "BigCommerce shows nothing that this request could have made. If it was not made, press It was "
    "not made."
)
NO_REFUND = (
    "BigCommerce shows no refund of {total} on this order that could be this one: with the same "
    "total, and no other request's. If it was not made, press It was not made."
)
GONE = "BigCommerce does not show that any more, or another request holds it. Nothing was changed."
NOT_OPEN = "It was asked again already, or it never ended as not made. Nothing was sent."


async def ask_what_was_made(click: Click) -> None:
    """Open the form of “it was made”, by what BigCommerce shows now."""
    await _open(click, MADE_FORM)


async def ask_why_not_made(click: Click) -> None:
    """Open the form of “it was not made”, unless BigCommerce shows that it was."""
    await _open(click, NOT_MADE_FORM)


async def submit_made(desk: Desk, person: Person, view: Mapping[str, Any]) -> Submitted:
    """End the request as made."""
    return await _submit(desk, person, view, MADE_FORM)


async def submit_not_made(desk: Desk, person: Person, view: Mapping[str, Any]) -> Submitted:
    """End the request as not made."""
    return await _submit(desk, person, view, NOT_MADE_FORM)


async def ask_again(click: Click) -> None:
    """Carry out once more what was not made, within the limits as they are now."""
    desk, person = click.desk, click.person
    entry = desk.log.find(click.value)
    no = NOT_OPEN if entry is None else await _again(desk, person, entry)
    said = no or f"Asked again under {click.value}. The message changes when there is news."
    view = notice_view("Ask again", said, level="error" if no else "success")
    if no == NOT_OPEN and entry is not None:
        view = state_view(desk.log.get(entry.reference))
        draw_request_anew(click, entry)
    await open_modal(click.respond, click.trigger_id, view)
    await refresh_home(desk, person)


async def _again(desk: Desk, person: Person, entry: Entry) -> str | None:
    """Ask again; return why that is refused. It counts for the one who asked first."""
    order_id = entry.order_id
    try:
        await desk.permission.check(entry, person, approver_id=approver_of(entry))
        shop = await read_shop(desk)
        given = None if order_id is None else await read_given_back(desk.store, order_id)
    except BigCommerceError as error:
        return trouble_text(error)
    except PermissionRefused as no:
        return str(no)
    check = entry_check(
        entry,
        currency=shop.currency,
        given_back=given,
        is_approver=await is_exempt(desk, person),
    )
    check = replace(check, asked_at=None)  # it is asked for now
    try:
        with desk.log.atomic():
            if desk.log.ask_again(entry.reference, actor_id=person.user_id) is None:
                return NOT_OPEN
            check_alone(desk.log, entry.action, entry.order_id, but=entry.reference)
            _check_limits(desk, check, entry)
    except AskedAlready as already:
        return str(already)
    except LimitReached as reached:
        if reached.verdict.brake:
            note_hourly_limit(desk, check)
        return str(reached)
    except _NeedsApproval:
        return NEEDS_APPROVAL
    await desk.runner.begin(entry.reference)
    return None


class _NeedsApproval(Exception):
    """A second person would have to agree now, and none has."""


def _check_limits(desk: Desk, check: LimitCheck, entry: Entry) -> None:
    hold = admitted(desk, check, is_asking=False, shown={"facts": []})
    if hold is not None and entry.decision is None:
        raise _NeedsApproval


async def _open(click: Click, what: str) -> None:
    entry = click.desk.log.find(click.value)
    no = await _refusal(click.desk, click.person, entry)
    if entry is None or no is not None:
        await open_modal(click.respond, click.trigger_id, _instead(entry, no, what))
        if entry is not None:
            draw_request_anew(click, entry)
        return
    desk, waiting = click.desk, loading_view(TITLES[what], LOOKING)
    window = await open_modal(click.respond, click.trigger_id, waiting, otherwise=NOT_OPENED)
    if window is not None:
        close_when_over(window, entry.reference, _is_open)
        await show(window, TITLES[what], _first_view(desk, click.person, entry, what))


async def _first_view(desk: Desk, person: Person, entry: Entry, what: str) -> View:
    evidence = await desk.runner.ending.read_evidence(entry)
    if what == MADE_FORM:
        no = _nothing_made(evidence, entry)
    else:
        no = evidence.against or _still_early(entry, person)
    if no:
        return notice_view(TITLES[what], no)
    return _form(entry, what, evidence)


def _nothing_made(evidence: Evidence, entry: Entry) -> str:
    if evidence.made is not None or evidence.refunds:
        return ""
    return NO_REFUND.format(total=amount_of(entry)) if evidence.is_refund else NOTHING_THERE


def _still_early(entry: Entry, person: Person) -> str:
    is_alone = person.user_id == entry.actor_id
    free_at = too_early(sent_last_at(entry), datetime.now(UTC), is_alone=is_alone)
    if free_at is None:
        return ""
    at = free_at.strftime("%b %d, %H:%M UTC")
    if is_alone:
        return (
            "Nobody else can look at it here, so it can be ended as not made 24 hours after it was "
            f"sent: from {at}."
        )
    return f"It was sent a moment ago, and BigCommerce may still carry it out. Try again at {at}."


def _form(entry: Entry, what: str, evidence: Evidence) -> View:
    blocks: list[Block] = [
        section(f"*{typed(describe_request(entry))}*\n{_effect(what, evidence)}")
    ]
    if what == MADE_FORM and evidence.made is None:
        options = [_option(each, entry) for each in evidence.refunds[-MOST_REFUNDS:]]
        blocks.append(input_block("refund", "Which refund is it?", radio("refund", options)))
    element = text_input("reason", multiline=True, max_length=REASON_LENGTH)
    hint = "Where you looked, and what you saw. It stands in the thread."
    blocks.append(input_block("reason", "Reason", element, hint=hint))
    return modal(
        callback_id=what,
        title=TITLES[what],
        submit="End it",
        private_metadata=entry.reference,
        blocks=blocks,
    )


def _effect(what: str, evidence: Evidence) -> str:
    if what == NOT_MADE_FORM:
        return "BigCommerce shows nothing of it. It can be asked again afterwards."
    if evidence.made is None:
        return "Makegood goes on from there with the refund that you choose."
    return typed(f"It ends as: {evidence.made.message}. {evidence.made.next_step}", limit=600)


def _option(refund: Refund, entry: Entry) -> dict[str, Any]:
    made = f"{refund.created:%b %d, %H:%M} UTC"
    label = f"Refund {refund.id} · {amount_of(entry)} · {made}"
    return option(label, str(refund.id), clean(refund.reason, limit=70))


async def _submit(desk: Desk, person: Person, view: Mapping[str, Any], what: str) -> Submitted:
    entry = desk.log.find(str(view.get("private_metadata") or ""))
    no = await _refusal(desk, person, entry)
    if entry is None or no is not None:
        return Submitted({"response_action": "update", "view": _instead(entry, no, what)})
    values = submitted_values(view)
    reason = clean(str(values.get("reason") or ""), limit=REASON_LENGTH)
    if not reason:
        wrong = {"reason": "Say why, in a few words."}
        return Submitted({"response_action": "errors", "errors": wrong})
    work = _end(desk, person, entry, what, reason, str(values.get("refund") or ""))
    waiting = loading_view(TITLES[what], LOOKING)
    follow_up = show(Window.of(desk, person, view), TITLES[what], work)
    return Submitted({"response_action": "update", "view": waiting}, follow_up)


async def _end(
    desk: Desk, person: Person, entry: Entry, what: str, reason: str, refund: str
) -> View:
    """End it by a reading of this moment, and return what is to be shown."""
    ending = desk.runner.ending
    # The order may be cancelled or set back by what is said here: people are read anew.
    latest = desk.log.find(entry.reference)
    no = await _refusal(desk, person, latest, fresh=True)
    if no is not None:
        return _instead(latest, no, what)
    if what == MADE_FORM:
        refund_id = int(refund) if refund.isascii() and refund.isdigit() else None
        done = await ending.end_as_made(
            entry, actor_id=person.user_id, reason=reason, refund_id=refund_id
        )
        no = None if done else GONE
    else:
        no = await ending.end_as_not_made(
            entry,
            actor_id=person.user_id,
            reason=reason,
            is_alone=person.user_id == entry.actor_id,
        )
    await refresh_home(desk, person)
    if no is not None:
        return notice_view(TITLES[what], no, level="error")
    latest = desk.log.get(entry.reference)
    message = "Makegood goes on from there; the thread tells the end."
    if latest.outcome is not None and latest.status != Status.UNKNOWN:
        message = Outcome.model_validate(latest.outcome).message
    said = f"*{ending_line(latest)}*\n{typed(message)}"
    return modal(callback_id=NOTICE, title=TITLES[what], blocks=[section(said)])


def _instead(entry: Entry | None, no: str | None, what: str) -> View:
    if entry is not None and no == NO_SUCH:
        return state_view(entry)
    return notice_view(TITLES[what], no or NO_SUCH, level="error")


async def _refusal(
    desk: Desk, person: Person, entry: Entry | None, *, fresh: bool = False
) -> str | None:
    if entry is None:
        return NO_SUCH
    if (no := await ender_refusal(desk, person, entry, fresh=fresh)) is not None:
        return no
    return None if _is_open(entry) else NO_SUCH


def _is_open(entry: Entry) -> bool:
    return entry.status == Status.UNKNOWN and not entry.is_under_way
