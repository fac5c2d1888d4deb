"""A sandbox in the test's own loop, the settings that fit it, and its control API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from bot.config.settings import Settings, read_settings
from bot.sandbox.server import Sandbox
from bot.slack.app_manifest import manifest as app_manifest


class Control:
    """What a person can do in the sandbox's page."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession, data: Path) -> None:
        self.sandbox = sandbox
        self.session = session
        self.data = data

    def settings(self, **changes: str) -> Settings:
        return read_settings({**self.sandbox.environment(), "DATA": str(self.data), **changes})

    async def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        async with self.session.post(f"{self.sandbox.url}/control/{path}", json=body) as answer:
            said: dict[str, Any] = await answer.json()
        assert said.get("ok", True), said
        return said

    async def get(self, path: str) -> dict[str, Any]:
        async with self.session.get(f"{self.sandbox.url}/control/{path}") as answer:
            said: dict[str, Any] = await answer.json()
        return said

    async def person(self, name: str) -> str:
        people = (await self.get("people"))["people"]
        return str(next(person["id"] for person in people if person["name"] == name))

    async def team_id(self) -> str:
        return str((await self.get("people"))["team"]["id"])

    async def texts(self, channel: str) -> list[str]:
        anna = await self.person("anna")
        said = await self.get(f"messages?user={anna}&channel={channel}")
        return [message["text"] for message in said["messages"]]


async def until(condition: Callable[[], Awaitable[bool]], timeout_s: float = 30) -> None:
    async with asyncio.timeout(timeout_s):
        while not await condition():  # noqa: ASYNC110 - what is waited for is behind a socket
            await asyncio.sleep(0.02)


@asynccontextmanager
async def sandbox_world(data: Path, manifest: str = app_manifest()) -> AsyncIterator[Control]:
    """Start it; the app is installed as the manifest says."""
    async with (
        Sandbox(message_rate=None, manifest=manifest) as sandbox,
        aiohttp.ClientSession() as session,
    ):
        yield Control(sandbox, session, data)
