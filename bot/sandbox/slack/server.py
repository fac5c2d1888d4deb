"""A stand-in Slack workspace: Web API, Socket Mode, response URLs, and a control API for people.

`WorkspaceSandbox` is all that a server needs; the modules beside it hold one idea each.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path

from aiohttp import web

from bot.sandbox.saved import SavedFile
from bot.sandbox.slack.control import routes as control
from bot.sandbox.slack.delivery.deliveries import Deliveries
from bot.sandbox.slack.delivery.response_url_answers import answer_response_url
from bot.sandbox.slack.delivery.response_urls import ResponseUrls
from bot.sandbox.slack.errors import Json
from bot.sandbox.slack.events import Events
from bot.sandbox.slack.faults.faults import Faults
from bot.sandbox.slack.manifest import read_manifest
from bot.sandbox.slack.rules import Rules
from bot.sandbox.slack.seed import APP_ID, AUDIT_CHANNEL, BOT_ID, BOT_USER_ID, TEAM, plant
from bot.sandbox.slack.triggers import Triggers
from bot.sandbox.slack.views.modals import Modals
from bot.sandbox.slack.web_api.calls import answer_call
from bot.sandbox.slack.web_api.rates import Rates
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.slack.world import FILE_VERSION, World

logger = logging.getLogger(__name__)

FILE_NAME = "workspace.json"


class WorkspaceSandbox:
    """One workspace with one app installed, the one that `manifest`, its text, describes.

    `data` is the folder that keeps its content over restarts, None for memory only; `reset` starts
    over. `message_rate` is chat.postMessage per second and channel, None for no limit; `tiers`:
    every method has its limit per minute. Set `url` to the server's address before the first
    request.
    """

    def __init__(
        self,
        *,
        manifest: str,
        data: Path | None = None,
        reset: bool = False,
        message_rate: float | None = 1.0,
        tiers: bool = True,
        ack_timeout_s: float = 3.0,
        trigger_ttl_s: float = 3.0,
    ) -> None:
        world = World(TEAM, APP_ID, BOT_ID, BOT_USER_ID)
        faults, rules = Faults(), Rules()
        self._workspace = Workspace(
            world=world,
            manifest=read_manifest(manifest),
            bot_token=f"xoxb-{TEAM.id}-{BOT_ID}-sandbox",
            app_token=f"xapp-1-{APP_ID}-sandbox",
            triggers=Triggers(trigger_ttl_s),
            modals=Modals(world),
            faults=faults,
            rates=Rates(message_rate, tiers=tiers),
            deliveries=Deliveries(APP_ID, faults, ack_timeout_s),
            rules=rules,
            hooks=ResponseUrls(world, rules),
            events=Events(),
        )
        self._saved = SavedFile(data, FILE_NAME, lambda: json.dumps(world.to_json()))
        self._reset = reset
        self._started = False

    @property
    def bot_token(self) -> str:
        """The app's xoxb token."""
        return self._workspace.bot_token

    @property
    def app_token(self) -> str:
        """The app's xapp token, for Socket Mode."""
        return self._workspace.app_token

    @property
    def audit_channel(self) -> str:
        """The id of the channel in which the app tells what it did."""
        return AUDIT_CHANNEL

    @property
    def url(self) -> str:
        """The address under which the workspace is served, without a slash at the end."""
        return self._workspace.url

    @url.setter
    def url(self, url: str) -> None:
        self._workspace.url = url

    def add_routes(self, app: web.Application) -> None:
        """Add /api, /socket, /hooks, /archives and /control."""
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_get("/socket", self._workspace.deliveries.sockets.accept)
        app.router.add_post("/hooks/{app}/{name}", self._hook)
        app.router.add_get("/archives/{channel}/{message}", _show_message)
        control.add_routes(app, self._workspace)

    async def start(self) -> None:
        """Load what was saved, or make the workspace anew."""
        world = self._workspace.world
        if self._reset:
            self._saved.forget()
        plant(world, self._workspace.manifest.name)
        saved = self._kept()
        if saved.get("version") == FILE_VERSION:
            world.load_json(saved)
        world.changed = self._changed
        self._started = True
        self._saved.touch()

    def _kept(self) -> Json:
        """Return what was saved; what cannot be read is set aside, not deleted."""
        try:
            saved = json.loads(self._saved.read() or "{}")
        except ValueError:
            logger.warning("saved workspace is unreadable and was set aside")
            self._saved.set_aside()
            return {}
        return saved if isinstance(saved, dict) else {}

    async def close(self) -> None:
        """Save, end every stream and close every connection."""
        self._workspace.events.close()
        await self._workspace.deliveries.close()
        if self._started:  # else what is on disk is another's, or newer than this
            self._saved.save()

    async def deliver(self, kind: str, payload: Json) -> Json:
        """Send any envelope to the app, a recorded one again or a forged one; return its answer.

        Raises Refusal when no connection is open or no answer comes in time.
        """
        return await self._workspace.deliveries.deliver(kind, payload)

    def _changed(self, note: Json) -> None:
        self._workspace.events.publish(note)
        self._saved.touch()

    async def _api(self, request: web.Request) -> web.Response:
        return await answer_call(self._workspace, request)

    async def _hook(self, request: web.Request) -> web.Response:
        return await answer_response_url(self._workspace, request)


async def _show_message(request: web.Request) -> web.Response:
    """Lead a message's address to the page, which opens it: /?channel=&ts=&thread_ts=."""
    digits = request.match_info["message"].lstrip("p")
    place = f"/?channel={request.match_info['channel']}&ts={digits[:-6]}.{digits[-6:]}"
    if "thread_ts" in request.query:
        place += f"&thread_ts={request.query['thread_ts']}"
    raise web.HTTPFound(place)
