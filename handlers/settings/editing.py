"""Changing the configuration: a form is opened, read, checked, and what it changes is told.

Two admins may have the same form open. Whoever saves second is shown what the first one changed,
and what they had filled in stays in the fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.actions.registry import ACTIONS
from handlers.access.person import Person
from handlers.block_kit.builders import Block, alert, modal, option
from handlers.desk import Desk
from handlers.flow.click import Click
from handlers.flow.form import FieldErrors, submitted_values
from handlers.flow.opening import NotYours
from handlers.flow.submitted import Submitted
from handlers.settings.admins import require_admin
from handlers.settings.after_changes import after_changes
from handlers.settings.changes import change_line
from handlers.settings.forms.action_rule import rule_editor
from handlers.settings.forms.activation import ACTIVATION
from handlers.settings.forms.audit_channel import CHANNEL
from handlers.settings.forms.discounts import DISCOUNT
from handlers.settings.forms.editor import Editor, NeedsYes, Present
from handlers.settings.forms.fields import Reading
from handlers.settings.forms.simple import (
    APPROVALS,
    CANCELLING,
    GUESTS,
    LIMITS,
    NOTIFYING,
    RECORDED_ONLY,
    RESTOCKING,
    STORE_CREDIT,
)
from handlers.settings.names import Wording, read_wording
from handlers.windows.modals import open_then
from handlers.windows.views import View

CONFIGURE = "configure"
EDITORS: Mapping[str, Editor] = {
    "activation": ACTIVATION,
    "channel": CHANNEL,
    "approvals": APPROVALS,
    "limits": LIMITS,
    "notifications": NOTIFYING,
    "cancelling": CANCELLING,
    "recorded_only": RECORDED_ONLY,
    "store_credit": STORE_CREDIT,
    "guests": GUESTS,
    "restocking": RESTOCKING,
    "discount": DISCOUNT,
    **{f"rules.{action}": rule_editor(action) for action in ACTIONS},
}


async def read_present(desk: Desk) -> Present:
    """Return what the forms are drawn from."""
    wording = await read_wording(desk)
    # After all waiting: what is kept in one piece must not undo what another admin changes.
    return Present(desk, desk.configuration.current(), wording)


async def open_editor(click: Click) -> None:
    """Open a form over the Home tab."""
    await open_form(click, click.detail)


async def open_form(click: Click, key: str) -> None:
    """Open the form of this key."""
    editor = EDITORS.get(key)
    if editor is None:
        raise NotYours
    work = _first_view(click.desk, key, editor)
    await open_then(click.respond, click.trigger_id, editor.title, "One moment …", work)


async def _first_view(desk: Desk, key: str, editor: Editor) -> View:
    return await _view(await read_present(desk), key, editor)


async def _view(
    present: Present, key: str, editor: Editor, *, first: Block | None = None, confirmed: str = ""
) -> View:
    mark = present.desk.configuration.mark(editor.sections)
    blocks = await editor.build(present)
    return modal(
        callback_id=CONFIGURE,
        title=editor.title,
        submit=editor.submit,
        close="Cancel",
        private_metadata=f"{key} {mark} {confirmed}".strip(),
        blocks=[first, *blocks] if first else blocks,
    )


async def submit_editor(desk: Desk, person: Person, view: Mapping[str, Any]) -> Submitted:
    """Take a form; NotYours when it is none of this person's to change."""
    await require_admin(desk, person)
    key, mark, confirmed = (*str(view.get("private_metadata")).split(), "", "")[:3]
    editor = EDITORS.get(key)
    if editor is None:
        raise NotYours
    present = await read_present(desk)
    reading = Reading(submitted_values(view), present.wording.currency)
    try:
        values = await editor.parse(present, reading, confirmed)
        reading.check()
    except FieldErrors as wrong:
        return Submitted({"response_action": "errors", "errors": wrong.errors})
    except NeedsYes as ask:
        first = alert(ask.text)
        again = await _view(present, key, editor, first=first, confirmed=ask.value)
        return Submitted({"response_action": "update", "view": again})
    if mark != desk.configuration.mark(editor.sections):
        first = alert(overtaken(desk, editor.sections, present.wording))
        again = await _view(present, key, editor, first=first)
        return Submitted({"response_action": "update", "view": again})
    changed = desk.configuration.change_all(values, team_id=person.team_id, actor_id=person.user_id)
    return Submitted({}, after_changes(desk, person, changed))


def overtaken(desk: Desk, sections: tuple[str, ...], wording: Wording) -> str:
    """Return who changed these sections last, and what saving would do now, as mrkdwn."""
    latest = [each for each in desk.configuration.history(100) if each.section in sections]
    said = change_line(latest[0], wording) if latest else "This was changed"
    return (
        f"*Somebody else was faster; nothing of yours is saved yet.*\n{said}\nThe fields hold what "
        "you filled in. Save again to put it in place of theirs, or cancel to keep theirs."
    )


async def find_groups(desk: Desk, query: str) -> list[Block]:
    """Return the user groups whose handle holds what was typed, as options."""
    wanted = query.casefold().lstrip("@")
    groups = sorted((await desk.directory.groups()).items(), key=lambda pair: pair[1])
    found = [option(f"@{name}", each) for each, name in groups if wanted in name.casefold()]
    return found[:100]
