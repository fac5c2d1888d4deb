"""Bolt's Socket Mode connections, made to come back one after the other."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from slack_bolt.adapter.socket_mode.async_base_handler import AsyncBaseSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

PING_INTERVAL_S = 10
# Slack announces the end of a connection some ten seconds before.
LONGEST_TURN_S = 8.0


class RefreshingClient(SocketModeClient):
    """A client that waits for its turn to reconnect.

    It closes its socket before it opens the next one. Connections that were opened together are
    refreshed together: in turns, one of them is open all the time.
    """

    turns: asyncio.Lock

    async def connect_to_new_endpoint(self, force: bool = False) -> None:
        """Reconnect when it is this client's turn, or when the other one takes too long."""
        try:
            await asyncio.wait_for(self.turns.acquire(), LONGEST_TURN_S)
        except TimeoutError:
            await super().connect_to_new_endpoint(force)
            return
        try:
            await super().connect_to_new_endpoint(force)
        finally:
            self.turns.release()


class SocketModeConnection(AsyncBaseSocketModeHandler):
    """One connection, with Bolt behind it; those that share `turns` reconnect one by one."""

    app: AsyncApp
    client: RefreshingClient

    def __init__(
        self,
        app: AsyncApp,
        app_token: str,
        web_client: AsyncWebClient,
        turns: asyncio.Lock,
        *,
        heard: Callable[[object], None],
    ) -> None:
        """Prepare the connection; `connect_async` opens it. Needs the running loop.

        `heard` gets the number of the app's connections, as Slack tells it when one is opened.
        """
        self.app = app
        self._heard = heard
        self.client = RefreshingClient(
            app_token=app_token,
            logger=app.logger,
            web_client=web_client,
            ping_interval=PING_INTERVAL_S,
        )
        self.client.turns = turns
        self.client.message_listeners.append(self._hear)
        self.client.socket_mode_request_listeners.append(self.handle)

    async def connect_async(self) -> None:
        """Open the connection."""
        await AsyncBaseSocketModeHandler.connect_async(self)

    async def close_async(self) -> None:
        """Close it for good."""
        await AsyncBaseSocketModeHandler.close_async(self)

    async def _hear(
        self, client: AsyncBaseSocketModeClient, message: dict[str, Any], raw: str | None
    ) -> None:
        if message.get("type") == "hello":
            self._heard(message.get("num_connections"))

    async def handle(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        """Have Bolt answer an envelope."""
        started = time.time()
        answer = await run_async_bolt_app(self.app, req)
        await send_async_response(client, req, answer, started)
