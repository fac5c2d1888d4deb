"""Activating the actions: until an admin does, nobody can do anything."""

from __future__ import annotations

from handlers.flow.click import Click
from handlers.settings.admins import require_admin
from handlers.settings.after_changes import after_changes
from handlers.settings.editing import open_form


async def activate(click: Click) -> None:
    """Let the team act; the first time, after a look at what that lets everyone do."""
    if click.desk.configuration.is_new:
        await open_form(click, "activation")
    else:
        await _switch(click, is_on=True)


async def deactivate(click: Click) -> None:
    """Let nobody act any more."""
    await _switch(click, is_on=False)


async def _switch(click: Click, *, is_on: bool) -> None:
    await require_admin(click.desk, click.person)
    changed = click.desk.configuration.change_all(
        {"activated": is_on}, team_id=click.person.team_id, actor_id=click.person.user_id
    )
    await after_changes(click.desk, click.person, changed)
