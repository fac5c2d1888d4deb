"""The page of a workspace with a small app of its own, for what the bot itself does not draw."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp
from playwright.async_api import Browser
from slack_bolt.async_app import AsyncApp

from bot.sandbox.server import Sandbox
from bot.slack.app_manifest import manifest
from tests.bot.sandbox.slack.desk import ANNA, Desk
from tests.browser.profile import PATIENCE_MS, profile
from tests.browser.shots import Shots
from tests.browser.workspace_page import WorkspacePage


class BoltPage(WorkspacePage):
    """Anna's tab, with the app behind it."""

    desk: Desk
    app: AsyncApp
    heard: asyncio.Queue[dict[str, Any]]

    async def next_heard(self) -> dict[str, Any]:
        """Return what the app heard next, as soon as it has."""
        return await asyncio.wait_for(self.heard.get(), PATIENCE_MS / 1000)

    def hears(self, listen: Callable[..., Any], *names: str) -> None:
        """Keep the payloads of these actions, shortcuts or views in `heard`, in their order."""

        async def take(ack: Any, body: Any) -> None:
            self.heard.put_nowait(body)
            await ack()

        for name in names:
            listen(name)(take)


@asynccontextmanager
async def bolt_page(browser: Browser, name: str) -> AsyncIterator[BoltPage]:
    """Serve a workspace without the bot, and open it as Anna with an app connected."""
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(Sandbox(manifest=manifest(), message_rate=None))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        desk = Desk(sandbox.workspace, session)
        app = desk.app()
        await stack.enter_async_context(desk.connected(app))
        opened = await stack.enter_async_context(profile(browser, sandbox.url, ANNA))
        page = BoltPage(opened.page)
        page.desk, page.app, page.heard = desk, app, asyncio.Queue()
        page.shots = opened.shots = Shots(re.sub(r"[^a-z0-9]+", "-", name.removeprefix("test_")))
        yield page
