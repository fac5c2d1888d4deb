"""Going from page to page in the Home tab, drawing it anew, and choosing something for oneself."""

from __future__ import annotations

from handlers.flow.click import Click
from handlers.flow.opening import NotYours
from handlers.home.page import HomePage, publish_home
from storage.people.person_choices import WAYS


async def show_desk(click: Click) -> None:
    """Show the agent's desk as it is now."""
    await publish_home(click.desk, click.person, HomePage.DESK, at=click.at)


async def show_configuration(click: Click) -> None:
    """Show the configuration as it is now."""
    await publish_home(click.desk, click.person, HomePage.CONFIGURATION, at=click.at)


async def choose_settled_by(click: Click) -> None:
    """Keep how this person is told that what was on its way has settled."""
    if click.value not in WAYS:
        raise NotYours
    click.desk.choices.choose_settled_by(*click.person.ids, click.value)
    await publish_home(click.desk, click.person, HomePage.DESK, at=click.at)
