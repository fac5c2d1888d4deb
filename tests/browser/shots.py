"""Screenshots of a test, numbered in their order."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Page

FOLDER = Path(__file__).parents[2] / "build" / "screenshots"


class Shots:
    """Keeps a test's screenshots as build/screenshots/<test>-<number>-<what>.png."""

    def __init__(self, test: str) -> None:
        self._test = test[:80]
        self._count = 0
        FOLDER.mkdir(parents=True, exist_ok=True)
        for old in FOLDER.glob(f"{self._test}-[0-9][0-9]-*.png"):
            old.unlink()

    async def take(self, page: Page, what: str) -> Path:
        self._count += 1
        path = FOLDER / f"{self._test}-{self._count:02}-{what}.png"
        await page.screenshot(path=path, animations="disabled", caret="hide")
        return path
