"""A workspace on a real port, a person at its control API, and a real Bolt app connected to it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.server import WorkspaceSandbox

MANIFEST = Path(__file__).with_name("manifest.yml").read_text(encoding="utf-8")
ANNA, BEN, CHIARA, DEV = "U0ANNAKELLER", "U0BENOSEI", "U0CHIARAROSSI", "U0DEVPATEL"
BOT = "U0MAKEGOOD"
LOG, SUPPORT, GENERAL = "C0ORDERLOG", "C0SUPPORT", "C0GENERAL"


class Desk:
    """What a test needs: the person's side (`get`, `post`) and the app's side (`client`)."""

    def __init__(self, sandbox: WorkspaceSandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self.session = session
        self.client = AsyncWebClient(
            sandbox.bot_token, base_url=f"{sandbox.url}/api/", session=session, retry_handlers=[]
        )

    async def get(self, path: str, **query: str) -> Any:
        address = f"{self.sandbox.url}/control/{path}"
        async with self.session.get(address, params=query) as answer:
            return await answer.json()

    async def post(self, path: str, **body: Any) -> Any:
        address = f"{self.sandbox.url}/control/{path}"
        async with self.session.post(address, json=body) as answer:
            return await answer.json()

    async def command(self, text: str, user: str = ANNA, channel: str = SUPPORT) -> Any:
        return await self.post("command", user=user, channel=channel, text=text)

    async def top_modal(self, user: str = ANNA) -> Any:
        return (await self.get("modals", user=user))["views"][-1]

    async def texts(self, channel: str, user: str = ANNA) -> list[str]:
        messages = (await self.get("messages", user=user, channel=channel))["messages"]
        return [message["text"] for message in messages]

    def app(self) -> AsyncApp:
        return AsyncApp(client=self.client, process_before_response=True)

    @asynccontextmanager
    async def connected(self, app: AsyncApp, sockets: int = 1) -> AsyncIterator[None]:
        """Run the app with this many Socket Mode connections."""
        handlers = [AsyncSocketModeHandler(app, self.sandbox.app_token) for _ in range(sockets)]
        for handler in handlers:
            handler.client.web_client = self.client
            await handler.connect_async()
        await until(lambda: _has_connections(self, sockets))
        try:
            yield
        finally:
            for handler in handlers:
                await handler.close_async()


async def refused(call: Awaitable[Any]) -> str:
    """Return the error code with which Slack refuses the call."""
    with pytest.raises(SlackApiError) as error:
        await call
    return str(error.value.response["error"])


async def _has_connections(desk: Desk, wanted: int) -> bool:
    return int((await desk.get("connections"))["connections"]) >= wanted


async def until(condition: Callable[[], Any], patience_s: float = 10) -> None:
    """Poll the condition until it holds."""
    give_up_at = time.monotonic() + patience_s
    while not await condition():
        assert time.monotonic() < give_up_at, "it never happened"
        await asyncio.sleep(0.01)


@asynccontextmanager
async def open_desk(**options: Any) -> AsyncIterator[Desk]:
    """Serve a workspace on a free port of 127.0.0.1."""
    settings = {"manifest": MANIFEST, "message_rate": None, **options}
    sandbox = WorkspaceSandbox(**settings)
    app = web.Application()
    sandbox.add_routes(app)

    async def close(_: web.Application) -> None:
        await sandbox.close()

    app.on_shutdown.append(close)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await sandbox.start()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sandbox.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with aiohttp.ClientSession() as session:
        yield Desk(sandbox, session)
    await runner.cleanup()


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def text_input(block_id: str, action_id: str = "value", **element: Any) -> dict[str, Any]:
    """An optional input block with a text input."""
    return {
        "type": "input",
        "block_id": block_id,
        "optional": True,
        "label": plain("Label"),
        "element": {"type": "plain_text_input", "action_id": action_id, **element},
    }


def modal(*blocks: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Form"),
        "submit": plain("Send"),
        "blocks": list(blocks) or [section("Nothing here")],
        **fields,
    }


def section(text: str, **fields: Any) -> dict[str, Any]:
    return {"type": "section", "text": plain(text), **fields}
