"""A person's own window on the workspace."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from playwright.async_api import Browser, ViewportSize

from tests.browser.watch import watched
from tests.browser.workspace_page import WorkspacePage

VIEWPORT: Final[ViewportSize] = {"width": 1280, "height": 800}
PATIENCE_MS = 20_000  # as the flow tests wait


@asynccontextmanager
async def profile(browser: Browser, url: str, user: str) -> AsyncIterator[WorkspacePage]:
    """Open the page as a person, in a browser profile of their own."""
    context = await browser.new_context(
        viewport=VIEWPORT,
        locale="en-US",
        timezone_id="America/Chicago",
        color_scheme="light",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    try:
        page = await context.new_page()
        async with watched(page, url):
            workspace_page = WorkspacePage(page)
            await page.goto(f"{url}/?user={user}")
            yield workspace_page
            await workspace_page.shot("end")
    finally:
        await context.close()
