"""Approve, and decline with a reason: the clicks of the second person, each one answered.

Who decides is checked at every step: a member of the channel, an approver, and never the one who
asked, whoever that is. They can only withdraw what they asked for, which is a decline of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.actions.requested import describe_request
from bot.bigcommerce.http.errors import BigCommerceError
from handlers.access.permission import PermissionRefused
from handlers.access.person import Person
from handlers.block_kit.builders import input_block, modal, section, text_input
from handlers.block_kit.mrkdwn import clean, inert, typed
from handlers.desk import Desk
from handlers.flow.click import Click
from handlers.flow.form import submitted_values
from handlers.flow.opening import NotYours
from handlers.flow.submitted import Submitted
from handlers.timeline.outcomes.decision_words import decision_line
from handlers.windows.followed import close_when_over
from handlers.windows.modals import Window, open_modal, show
from handlers.windows.reply import say
from handlers.windows.views import NOTICE, View, loading_view
from storage.log.entries import Entry

DECLINE = "decline"
REASON_LENGTH = 300
TITLE = "Decline"
WITHDRAWN = "*Withdrawn.*"
WITHDRAW = "Withdraw"
ONESELF = (
    "You asked for this yourself, so somebody else has to decide it. That goes for everybody, "
    "admins and approvers too. With “Decline …” you can withdraw it."
)
NOTHING = "Your click changed nothing."
NO_SUCH = "There is no such request. Nothing was decided."


async def approve(click: Click) -> None:
    """Let the request run, or say why not."""
    desk, reference = click.desk, click.value
    entry, no = await _may_decide(desk, click.person, reference)
    if entry is not None and no is None:
        no = await _done_before(desk, entry) or await _no_longer(desk, entry, click.person)
    if entry is None or no is not None:
        await _say_no(click, entry, no or NO_SUCH)
        return
    if not await desk.runner.approving.approve(reference, actor_id=click.person.user_id):
        await _say_no(click, entry, _too_late(desk.log.get(reference)))
        return
    _show(desk, reference)


async def ask_why(click: Click) -> None:
    """Open the form that asks for the reason of a decline, or say why not."""
    entry, no = await _may_decline(click.desk, click.person, click.value)
    if entry is None or no is not None:
        await _say_no(click, entry, no or NO_SUCH)
        return
    is_own = entry.actor_id == click.person.user_id
    view = _withdrawal_view(entry) if is_own else _reason_view(entry)
    window = await open_modal(click.respond, click.trigger_id, view)
    if window is not None:
        close_when_over(window, entry.reference, lambda now: now.is_waiting)


async def decline(desk: Desk, person: Person, view: Mapping[str, Any]) -> Submitted:
    """End the request with the reason, or say why not."""
    reference = str(view.get("private_metadata") or "")
    if (no := await desk.access.refusal(*person.ids)) is not None:
        raise NotYours(no)
    entry, no = await _may_decline(desk, person, reference)
    if entry is None:
        raise NotYours(NO_SUCH)
    if no is not None:
        return _answer(no)
    reason = clean(str(submitted_values(view).get("reason") or ""), limit=REASON_LENGTH)
    is_own = entry.actor_id == person.user_id
    if not reason and not is_own:
        wrong = {"reason": "Say why, in a few words."}
        return Submitted({"response_action": "errors", "errors": wrong})
    if not desk.runner.approving.is_inherited(entry):
        return _answer(await _decline(desk, person, entry, reason))
    # Slack waits three seconds for its answer, and the store is to be read before.
    waiting = loading_view(TITLE, "Looking in BigCommerce whether it was carried out meanwhile …")
    work = _decline_if_not_done(desk, person, entry, reason)
    answer = {"response_action": "update", "view": waiting}
    return Submitted(answer, show(Window.of(desk, person, view), TITLE, work))


async def _decline_if_not_done(desk: Desk, person: Person, entry: Entry, reason: str) -> View:
    return _said(await _done_before(desk, entry) or await _decline(desk, person, entry, reason))


async def _decline(desk: Desk, person: Person, entry: Entry, reason: str) -> str:
    """End the request and return what is said of it, as mrkdwn."""
    done = desk.runner.approving.decline(entry.reference, actor_id=person.user_id, reason=reason)
    if not done:
        return _too_late(desk.log.get(entry.reference))
    _show(desk, entry.reference)
    if entry.actor_id == person.user_id:
        return f"{WITHDRAWN} {typed(describe_request(entry))} is not carried out."
    return f"*Declined.* {typed(describe_request(entry))}: the one who asked is told why."


async def _may_decide(
    desk: Desk, person: Person, reference: str
) -> tuple[Entry | None, str | None]:
    """Return the request, and as mrkdwn why this person may not decide it, None when they may."""
    entry, no = _still_waiting(desk, reference)
    if entry is None or no is not None:
        return entry, no
    if entry.actor_id == person.user_id:
        return entry, ONESELF
    no = await desk.access.approver_refusal(*person.ids, asked_by=entry.actor_id)
    return entry, None if no is None else inert(no)


async def _may_decline(
    desk: Desk, person: Person, reference: str
) -> tuple[Entry | None, str | None]:
    """Return the same for ending it, which the one who asked may, too: then it is withdrawn."""
    entry, no = _still_waiting(desk, reference)
    if entry is None or no is not None or entry.actor_id != person.user_id:
        return await _may_decide(desk, person, reference)
    no = await desk.access.refusal(*person.ids)
    return entry, None if no is None else inert(no)


def _still_waiting(desk: Desk, reference: str) -> tuple[Entry | None, str | None]:
    """Return the request, and as mrkdwn what was decided, None while it waits."""
    entry = desk.log.find(reference)
    if entry is None or entry.held_until is None:
        return None, None
    if entry.is_waiting and entry.held_until <= datetime.now(UTC):
        return (
            entry,
            f"The time to decide this is over: {typed(describe_request(entry))}. {NOTHING}",
        )
    return entry, None if entry.is_waiting else _too_late(entry)


async def _done_before(desk: Desk, entry: Entry) -> str | None:
    """Return that the request was carried out already, as the data of before a restore can't tell.

    Only what an earlier process took in is looked for.
    """
    if not desk.runner.approving.is_inherited(entry):
        return None
    try:
        if not await desk.runner.approving.was_done(entry):
            return None
    except BigCommerceError as error:
        why = inert(error.reason)
        return f"It could not be looked up whether this was done already. {why} {NOTHING}"
    return _too_late(desk.log.get(entry.reference))


async def _no_longer(desk: Desk, entry: Entry, approver: Person) -> str | None:
    """Return why what was asked for may not be done any more, with this person's yes."""
    requester = Person(entry.team_id, entry.actor_id)
    try:
        await desk.permission.check(entry, requester, approver_id=approver.user_id)
    except BigCommerceError as error:
        return (
            f"It could not be looked up whether this may be done. {inert(error.reason)} {NOTHING}"
        )
    except PermissionRefused as no:
        who = (
            "the one who asked may not do this any more"
            if no.is_about_them
            else "this may not be done now"
        )
        told = "What they would be told: " if no.is_about_them else ""
        return f"Nothing was approved: {who}. Decline it, or ask an admin. {told}{inert(str(no))}"
    return None


def _too_late(entry: Entry) -> str:
    return f"{decision_line(entry)}: {typed(describe_request(entry))}. {NOTHING}"


def _show(desk: Desk, reference: str) -> None:
    desk.tasks.spawn(desk.delivery.deliver(reference), name="approval")


async def _say_no(click: Click, entry: Entry | None, mrkdwn: str) -> None:
    """Say why nothing was decided, and have the message that was pressed drawn anew."""
    if entry is not None and not entry.is_waiting:
        click.desk.outbox.want(entry.reference)
        click.desk.delivery.call()
    await _say(click, mrkdwn)


async def _say(click: Click, mrkdwn: str) -> None:
    if click.body.get("view"):
        await open_modal(click.respond, click.trigger_id, _said(mrkdwn))
    else:
        await say(click.respond, mrkdwn)


def _answer(mrkdwn: str) -> Submitted:
    return Submitted({"response_action": "update", "view": _said(mrkdwn)})


def _said(mrkdwn: str) -> View:
    title = WITHDRAW if mrkdwn.startswith(WITHDRAWN) else TITLE
    return modal(callback_id=NOTICE, title=title, blocks=[section(mrkdwn)])


def _reason_view(entry: Entry) -> View:
    element = text_input("reason", multiline=True, max_length=REASON_LENGTH, focus=True)
    hint = "The one who asked is told, in the thread."
    return modal(
        callback_id=DECLINE,
        title=TITLE,
        submit="Decline",
        private_metadata=entry.reference,
        blocks=[
            section(f"*{typed(describe_request(entry))}* will not be carried out."),
            input_block("reason", "Why?", element, hint=hint),
        ],
    )


def _withdrawal_view(entry: Entry) -> View:
    element = text_input("reason", multiline=True, max_length=REASON_LENGTH, focus=True)
    hint = "The thread says that you have withdrawn it."
    return modal(
        callback_id=DECLINE,
        title=WITHDRAW,
        submit=WITHDRAW,
        private_metadata=entry.reference,
        blocks=[
            section(
                f"*{typed(describe_request(entry))}*, which you asked for, is not carried out."
            ),
            input_block("reason", "Why?", element, hint=hint, optional=True),
        ],
    )
