"""Bolt's listeners: answer Slack at once, hand over, return. Nothing escapes after an ack.

One listener for each kind of payload: Bolt tries listeners one by one, and an exception that leaves
a listener just after its ack would take the ack back.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.process.internal_errors import note_internal_error
from handlers.access.pace import TOO_FAST
from handlers.block_actions import run_block_action
from handlers.block_kit.mrkdwn import inert
from handlers.commands import Command, Opens, UsageError, order_number, wants_help
from handlers.desk import Desk
from handlers.flow.click import slack_seconds
from handlers.flow.opening import NotYours, close_form, first_view, title_of
from handlers.flow.submitted import Submitted
from handlers.forms import COMMANDS, FORMS
from handlers.guide import command_help, guide
from handlers.home.page import publish_home
from handlers.orders.history import answer_history, asked_for
from handlers.orders.message_shortcut import run_shortcut
from handlers.orders.search import find_order
from handlers.settings.editing import find_groups
from handlers.settings.forms.fields import GROUPS
from handlers.submissions import submit
from handlers.windows.followed import window_key
from handlers.windows.modals import open_then
from handlers.windows.reply import Reply, say
from handlers.windows.views import BROKEN, UNCERTAIN, notice_view
from storage.data_folder.trouble import DataFolderGone

# What completes a type-ahead, by its action_id.
OPTIONS: Mapping[str, Callable[[Desk, str], Awaitable[list[Any]]]] = {
    **{name: find for form in FORMS.values() for name, find in form.options.items()},
    GROUPS: find_groups,
}
# These are for the admins; all others for members of the audit channel.
OPTIONS_FOR_ADMINS = frozenset({GROUPS})


async def on_command(
    desk: Desk, ack: AsyncAck, body: Mapping[str, Any], respond: AsyncRespond
) -> None:
    """Answer a slash command."""
    await ack()
    desk.tasks.spawn(run_command(desk, body, Reply.of(desk, body, respond)), name="command")


async def run_command(desk: Desk, body: Mapping[str, Any], respond: Reply) -> None:
    """Open what the command leads to, or say what is wrong with it; a failure is said, too."""
    try:
        await _run_command(desk, body, respond)
    except DataFolderGone as gone:
        await say(respond, inert(str(gone)))
    except Exception:  # the person must see that it failed, whatever it was
        note_internal_error("command failed")
        await say(respond, BROKEN)


async def _run_command(desk: Desk, body: Mapping[str, Any], respond: Reply) -> None:
    command, text = COMMANDS.get(str(body.get("command"))), str(body.get("text") or "")
    if command is None:
        await say(respond, "This command is not known here. Try /makegood help.")
    elif wants_help(text) and command.opens is not Opens.GUIDE:
        await say(respond, command_help(command))
    elif desk.pace.is_too_fast(desk.installation.person(body)):
        await say(respond, TOO_FAST)
    elif command.opens is Opens.ACTIONS:
        await _open_actions(desk, command, body, respond)
    elif (no := await desk.access.refusal(*desk.installation.person(body).ids)) is not None:
        await say(respond, inert(no))
    elif command.opens is Opens.GUIDE:
        await guide(desk, body, respond, command, text)
    elif (number := asked_for(text)) is not None:
        await answer_history(desk, respond, number)
    else:
        await find_order(desk, body, text, respond)


async def _open_actions(
    desk: Desk, command: Command, body: Mapping[str, Any], respond: Reply
) -> None:
    try:
        order_id = order_number(command, str(body.get("text") or ""))
    except UsageError as wrong:
        await say(respond, inert(str(wrong)))
        return
    title = title_of(command.actions, order_id)
    work = first_view(desk, desk.installation.person(body), command.actions, order_id)
    about = f"Reading order {order_id} …" if order_id else "One moment …"
    await open_then(respond, str(body["trigger_id"]), title, about, work)


async def on_submission(desk: Desk, ack: AsyncAck, body: Mapping[str, Any]) -> None:
    """Answer a modal's submission; a confirmed request is durable before it is answered."""
    try:
        done = await submit(desk, desk.installation.person(body), body["view"])
    except NotYours as refused:
        done = Submitted(_notice(refused.text))
    except DataFolderGone as gone:
        done = Submitted(_notice(str(gone)))
    except Exception:  # the agent must see it fail rather than Slack's time-out
        note_internal_error("submission failed")
        confirmed = body["view"].get("callback_id") == "review"
        done = Submitted(_notice(UNCERTAIN if confirmed else BROKEN))
    await ack(**done.answer)
    if done.follow_up is not None:
        desk.tasks.spawn(done.follow_up, name="submission")


async def on_view_closed(desk: Desk, ack: AsyncAck, body: Mapping[str, Any]) -> None:
    """Put a form away that somebody closed; there is nobody to tell when that fails."""
    await ack()
    desk.shown.forget(window_key(str(body["view"].get("id"))))
    try:
        close_form(desk, desk.installation.person(body), body["view"])
    except NotYours:
        pass
    except Exception:  # it is only shown as open for some minutes longer
        note_internal_error("form not put away")


async def on_block_action(
    desk: Desk, ack: AsyncAck, body: Mapping[str, Any], respond: AsyncRespond
) -> None:
    """Answer a click or a choice."""
    await ack()
    desk.tasks.spawn(
        run_block_action(desk, body, Reply.of(desk, body, respond)), name="block action"
    )


async def on_shortcut(
    desk: Desk, ack: AsyncAck, body: Mapping[str, Any], respond: AsyncRespond
) -> None:
    """Answer the shortcut on a message."""
    await ack()
    desk.tasks.spawn(run_shortcut(desk, body, Reply.of(desk, body, respond)), name="shortcut")


async def on_options(desk: Desk, ack: AsyncAck, body: Mapping[str, Any]) -> None:
    """Answer a type-ahead; an empty list rather than an error, since Slack shows no words here."""
    options: list[Any] = []
    try:
        name = str(body.get("action_id"))
        is_for_admins = name in OPTIONS_FOR_ADMINS
        refusal = desk.access.admin_refusal if is_for_admins else desk.access.refusal
        if await refusal(*desk.installation.person(body).ids) is None:
            find = OPTIONS[name]
            options = await find(desk, str(body.get("value") or ""))
    except Exception:  # whatever it was, the field stays usable
        note_internal_error("options not found")
    await ack(options=options)


async def on_home_opened(desk: Desk, event: Mapping[str, Any], body: Mapping[str, Any]) -> None:
    """Draw the Home tab when it is opened."""
    if event.get("tab") == "home":
        person = desk.installation.person(body)
        at = slack_seconds(event.get("event_ts"))
        desk.tasks.spawn(publish_home(desk, person, at=at), name="home")


def on_people_event(desk: Desk, event: Mapping[str, Any]) -> None:
    """Take what Slack says of people and channels; it only leads to looking there."""
    try:
        desk.people.hear(event)
    except Exception:  # the next look finds it all the same
        note_internal_error("event not taken")


def _notice(text: str) -> dict[str, Any]:
    view = notice_view("Makegood", text, level="error")
    return {"response_action": "update", "view": view}
