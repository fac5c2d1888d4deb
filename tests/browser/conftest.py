"""What the browser tests stand on: one Chromium for all of them, and a fresh bot for each.

Where no Chromium is installed these tests are left out and the summary says so, unless
MAKEGOOD_REQUIRE_BROWSER=1 asks for them: then each of them fails.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests.browser.profile import PATIENCE_MS, profile
from tests.browser.shots import Shots
from tests.browser.workspace_page import WorkspacePage
from tests.support.running import Running, configure, running_bot, running_sandbox

# All of them share the loop that the browser lives in.
LOOP: Final = "session"
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]
MISSING = "No Chromium was found (looked for " + ", ".join(NAMES) + ")"
LEFT_OUT = pytest.StashKey[int]()

OpenPage = Callable[[str], Awaitable[WorkspacePage]]


def find_chromium() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def is_required() -> bool:
    return os.environ.get("MAKEGOOD_REQUIRE_BROWSER", "") not in {"", "0"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the browser tests out where there is no browser and none is demanded."""
    if find_chromium() or is_required():
        return
    left_out = [item for item in items if item.get_closest_marker("browser")]
    config.stash[LEFT_OUT] = len(left_out)
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if count := config.stash.get(LEFT_OUT, 0):
        terminalreporter.section("no browser", yellow=True)
        terminalreporter.line(
            f"{MISSING}: {count} browser tests were left out, so the page is not tested. "
            "Install it, or set MAKEGOOD_REQUIRE_BROWSER=1 to make this a failure.",
            yellow=True,
        )


@pytest_asyncio.fixture(scope="session", loop_scope=LOOP)
async def browser() -> AsyncIterator[Browser]:
    executable = find_chromium()
    if executable is None:
        pytest.fail(f"{MISSING}, and MAKEGOOD_REQUIRE_BROWSER asks for it.")
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield started
        await started.close()


@pytest.fixture
def is_new_shop() -> bool:
    """Whether nobody has ever activated the actions; a test may say so."""
    return False


@pytest_asyncio.fixture(loop_scope=LOOP)
async def running(
    request: pytest.FixtureRequest, tmp_path: Path, is_new_shop: bool
) -> AsyncIterator[Running]:
    if is_new_shop:
        configure(tmp_path, "activated", False)
    async with AsyncExitStack() as started:
        sandbox, session = await started.enter_async_context(running_sandbox(request.node.name))
        await started.enter_async_context(running_bot(sandbox, tmp_path))
        the_bot = Running(sandbox, session, tmp_path)
        started.callback(the_bot.close)
        yield the_bot


@pytest_asyncio.fixture(loop_scope=LOOP)
async def open_page(
    request: pytest.FixtureRequest, browser: Browser, running: Running
) -> AsyncIterator[OpenPage]:
    """Open the page as a person, in a browser profile of their own."""
    shots = Shots(re.sub(r"[^a-z0-9]+", "-", request.node.name.removeprefix("test_")).strip("-"))
    async with AsyncExitStack() as opened:

        async def open_as(name: str) -> WorkspacePage:
            page = await opened.enter_async_context(
                profile(browser, running.workspace.url, await running.workspace.person(name))
            )
            page.shots = shots
            return page

        yield open_as


@pytest_asyncio.fixture(loop_scope=LOOP)
async def page(open_page: OpenPage) -> WorkspacePage:
    """The workspace as Anna sees it, in #support."""
    anna = await open_page("Anna")
    await anna.go_to("support")
    return anna
