"""Going from page to page in the Home tab, and drawing it anew."""

from __future__ import annotations

from handlers.clicks import Click
from handlers.home.page import Page, publish_home


async def show_desk(click: Click) -> None:
    """Show the agent's desk as it is now."""
    await publish_home(click.desk, click.person, Page.DESK)


async def show_configuration(click: Click) -> None:
    """Show the configuration as it is now."""
    await publish_home(click.desk, click.person, Page.CONFIGURATION)
