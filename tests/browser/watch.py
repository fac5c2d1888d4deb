"""Nothing strange may happen in a page: no dialog, no failing script, no word to the outside."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import ConsoleMessage, Dialog, Page, Request


@asynccontextmanager
async def watched(page: Page, url: str) -> AsyncIterator[None]:
    """Fail at the end when a dialog opened, a script failed or was refused, or another host was
    asked for something."""
    seen: list[str] = []

    async def on_dialog(dialog: Dialog) -> None:
        seen.append(f"dialog: {dialog.message}")
        await dialog.dismiss()

    def on_console(message: ConsoleMessage) -> None:
        # What the page's content security policy refuses arrives here too. The browser also
        # notes each refusal of the control API, which the page puts into words.
        is_answer = message.location.get("url", "").startswith(f"{url}/control/")
        if message.type in {"error", "warning"} and not is_answer:
            seen.append(f"console: {message.text}")

    def on_request(request: Request) -> None:
        if not request.url.startswith((f"{url}/", "data:", "blob:")):
            seen.append(f"request: {request.url}")

    page.on("dialog", on_dialog)
    page.on("console", on_console)
    page.on("pageerror", lambda error: seen.append(f"script: {error}"))
    page.on("request", on_request)
    yield
    assert seen == []
