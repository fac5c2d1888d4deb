"""The sandbox as one server on one port: store, workspace, control API and page."""

from __future__ import annotations

import socket
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.sandbox.bigcommerce.server import StoreSandbox
from bot.sandbox.slack.server import WorkspaceSandbox

HOST = "127.0.0.1"
PAGE = Path(__file__).with_name("page")
MAX_BODY = 4 * 1024**2
SHUTDOWN_S = 2.0


class Sandbox:
    """Both platforms' stand-ins, to be started and closed, or used as an async context manager.

    `manifest` is the text of the manifest that the Slack app is installed with. `port` 0 takes a
    free one. `data` is the folder that keeps everything over restarts, None for
    memory only; `reset` starts over. `journal` is a file for every exchange with the store.
    `message_rate` is chat.postMessage per second and channel, None for no limit; `tiers`: every
    method has its limit per minute. The times are how long an app has for an ack and for using a
    trigger.
    """

    def __init__(
        self,
        *,
        manifest: str,
        port: int = 0,
        data: Path | None = None,
        seed: int = 1,
        journal: Path | None = None,
        reset: bool = False,
        message_rate: float | None = 1.0,
        tiers: bool = True,
        ack_timeout_s: float = 3.0,
        trigger_ttl_s: float = 3.0,
    ) -> None:
        self._port = port
        self._runner: web.AppRunner | None = None
        self.store = StoreSandbox(data=data, seed=seed, journal=journal, reset=reset)
        self.workspace = WorkspaceSandbox(
            manifest=manifest,
            data=data,
            reset=reset,
            message_rate=message_rate,
            tiers=tiers,
            ack_timeout_s=ack_timeout_s,
            trigger_ttl_s=trigger_ttl_s,
        )

    @property
    def url(self) -> str:
        """The address of everything, for example http://127.0.0.1:8700; empty before start."""
        return self.workspace.url

    def environment(self) -> dict[str, str]:
        """Return the settings that make a bot use this sandbox, as environment variables."""
        return {
            "SLACK_BOT_TOKEN": self.workspace.bot_token,
            "SLACK_APP_TOKEN": self.workspace.app_token,
            "SLACK_API_URL": f"{self.url}/api/",
            "SLACK_CHANNEL": self.workspace.audit_channel,
            "BIGCOMMERCE_STORE_HASH": self.store.store_hash,
            "BIGCOMMERCE_ACCESS_TOKEN": self.store.access_token,
            "BIGCOMMERCE_API_URL": self.url,
        }

    async def start(self) -> None:
        """Listen on 127.0.0.1; raises OSError, with nothing touched, when the port is taken."""
        # The port comes first: whoever holds it may be using the same data folder.
        listener = _bind(self._port)
        self._port = listener.getsockname()[1]
        self.workspace.url = f"http://{HOST}:{self._port}"
        await self.store.start()
        await self.workspace.start()
        self._runner = web.AppRunner(
            self._application(), access_log=None, shutdown_timeout=SHUTDOWN_S
        )
        await self._runner.setup()
        await web.SockSite(self._runner, listener).start()

    async def close(self) -> None:
        """Stop listening and save; closing twice does nothing."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()
            await self.store.close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    def _application(self) -> web.Application:
        app = web.Application(client_max_size=MAX_BODY)
        self.store.add_routes(app)
        self.workspace.add_routes(app)
        _add_page(app)
        # The server waits for open streams and sockets when it closes, so they are ended first.
        app.on_shutdown.append(self._close_workspace)
        return app

    async def _close_workspace(self, app: web.Application) -> None:
        await self.workspace.close()


def _bind(port: int) -> socket.socket:
    return socket.create_server((HOST, port))


def _add_page(app: web.Application) -> None:
    app.router.add_get("/", _index)
    app.on_response_prepare.append(_never_stale)
    if PAGE.is_dir():
        app.router.add_static("/", PAGE)


async def _index(request: web.Request) -> web.StreamResponse:
    index = PAGE / "index.html"
    if not index.is_file():
        return web.Response(text="The sandbox is running; its page is not installed.\n")
    return web.FileResponse(index)


async def _never_stale(request: web.Request, response: web.StreamResponse) -> None:
    # A browser would otherwise keep an old page over an update of the bot.
    if request.method == "GET":
        response.headers.setdefault("Cache-Control", "no-cache")
