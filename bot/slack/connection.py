"""The connections to Slack: two Web API clients, and two sockets over which requests come in."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.config.setting_types import LOOPBACK
from bot.config.settings import Settings
from bot.slack.app_manifest import missing
from bot.slack.client import WebClient, scopes_of
from bot.slack.other_connections import OtherConnections
from bot.slack.retries import call_again
from bot.slack.socket_mode import SocketModeConnection
from storage.outbox.outbox import Outbox
from storage.outbox.posts import CONNECTIONS as CONNECTIONS_TOLD

logger = logging.getLogger(__name__)

# slack_sdk closes a socket before it opens its successor: with two, one is always open.
CONNECTIONS = 2
SAID_AGAIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is in its workspace."""

    team_id: str
    enterprise_id: str | None
    bot_id: str
    bot_user_id: str


def web_client(settings: Settings, session: aiohttp.ClientSession, *, timeout_s: int) -> WebClient:
    """Return a client of Slack's Web API that never repeats a call by itself."""
    client = WebClient(
        token=settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url,
        timeout=timeout_s,
        session=session,
        # The default one posts a message again when only its answer was lost.
        retry_handlers=[],
    )
    if _is_local(settings):
        client.proxy = None  # slack_sdk knows HTTP_PROXY, but not NO_PROXY
    return client


async def identify(settings: Settings, slack: AsyncWebClient) -> Identity:
    """Find out who the bot is and that both tokens work; raises what slack_sdk raises."""
    # https://docs.slack.dev/reference/methods/auth.test
    answer = await call_again("auth.test", slack.auth_test)
    for scope in missing(scopes_of(answer)):
        extra = {"scope": scope.name, "without": scope.without}
        logger.warning("a Slack scope is missing: install the app anew", extra=extra)
    # The socket client would try a wrong app token for ever.
    # https://docs.slack.dev/reference/methods/apps.connections.open
    app_token = settings.slack_app_token.get_secret_value()
    await call_again(
        "apps.connections.open", lambda: slack.apps_connections_open(app_token=app_token)
    )
    return Identity(
        team_id=str(answer["team_id"]),
        enterprise_id=answer.get("enterprise_id"),
        bot_id=str(answer["bot_id"]),
        bot_user_id=str(answer["user_id"]),
    )


class Sockets:
    """Socket Mode, twice, with the listeners behind it."""

    def __init__(
        self,
        settings: Settings,
        identity: Identity,
        slack: AsyncWebClient,
        *,
        listen: Callable[[AsyncApp], None],
        outbox: Outbox,
        posting: AsyncWebClient,
    ) -> None:
        """Put Bolt together; `listen` connects the listeners, `posting` also opens the sockets."""
        self._app = AsyncApp(
            client=_without_token(slack),
            logger=logging.getLogger("slack_bolt"),
            # Otherwise every ack waits 10 ms for nothing, and a late error takes it back.
            process_before_response=True,
            authorize=_authorize(settings, identity),
        )
        listen(self._app)
        self._settings = settings
        self._posting = posting
        self._sockets: list[SocketModeConnection] = []
        self._outbox = outbox
        self.others = OtherConnections(
            CONNECTIONS, after_s=settings.others_after, refresh=self._refresh, say=self._say
        )

    async def connect(self) -> None:
        """Open the sockets and return when they are."""
        turns = asyncio.Lock()
        token = self._settings.slack_app_token.get_secret_value()
        for _ in range(CONNECTIONS):
            socket = SocketModeConnection(
                self._app, token, self._posting, turns, heard=self.others.heard
            )
            if _is_local(self._settings):
                socket.client.proxy = None
            self._sockets.append(socket)
        await asyncio.gather(*(socket.connect_async() for socket in self._sockets))
        self.others.start()

    async def count_open(self) -> int:
        """Return how many of the sockets are really connected."""
        answers = await asyncio.gather(*(socket.client.is_connected() for socket in self._sockets))
        return sum(answers)

    async def close(self) -> None:
        """Take nothing more."""
        await self.others.close()
        await asyncio.gather(*(socket.close_async() for socket in self._sockets))
        # The clients' own tasks were cancelled, and need a turn to end.
        await asyncio.sleep(0)

    async def _refresh(self) -> None:
        # The one that was opened last stays: what it was sent may not be answered yet.
        self._sockets.append(self._sockets.pop(0))
        await self._sockets[-1].client.connect_to_new_endpoint(force=True)

    def _say(self, text: str) -> None:
        since = datetime.now(UTC) - SAID_AGAIN
        self._outbox.add_unless_since(CONNECTIONS_TOLD, {"text": text}, since=since)


def _without_token(slack: AsyncWebClient) -> AsyncWebClient:
    """Return the client as Bolt wants it beside `authorize`, which gives it the token."""
    client = AsyncWebClient(
        base_url=slack.base_url, timeout=slack.timeout, session=slack.session, retry_handlers=[]
    )
    client.proxy = slack.proxy
    return client


def _authorize(settings: Settings, identity: Identity) -> Callable[[], Awaitable[AuthorizeResult]]:
    result = AuthorizeResult(
        enterprise_id=identity.enterprise_id,
        team_id=identity.team_id,
        bot_id=identity.bot_id,
        bot_user_id=identity.bot_user_id,
        bot_token=settings.slack_bot_token.get_secret_value(),
    )

    # Bolt's own would ask Slack on the first request, out of that request's three seconds.
    async def authorize() -> AuthorizeResult:
        return result

    return authorize


def _is_local(settings: Settings) -> bool:
    return urlsplit(settings.slack_api_url).hostname in LOOPBACK
