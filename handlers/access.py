"""Who may act: the members of the audit channel, in the bot's own workspace. Fails closed.

Being a member is the grant: the team lead invites and removes agents where they read the outcomes.
"""

from __future__ import annotations

import asyncio
import logging
import time

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.views import NOT_ALLOWED

logger = logging.getLogger(__name__)

KEPT_S = 60.0
# Asked before some answers that Slack awaits for three seconds.
ANSWER_S = 1.5
NOT_READ = (
    "Slack did not say who may use Makegood: the members of its channel cannot be read just now. "
    "Nothing was sent. Try again in a minute."
)


class Access:
    """Answers whether a Slack user may act, from a list of members at most a minute old."""

    def __init__(
        self,
        slack: AsyncWebClient,
        *,
        team_id: str,
        channel_id: str,
        kept_s: float = KEPT_S,
    ) -> None:
        self._slack = slack
        self._team_id = team_id
        self._channel_id = channel_id
        self._kept_s = kept_s
        self._members: frozenset[str] = frozenset()
        self._read_at = float("-inf")
        self._lock = asyncio.Lock()

    async def is_allowed(self, team_id: str, user_id: str) -> bool:
        """Tell whether this user may act now; False whenever that cannot be found out."""
        return await self.refusal(team_id, user_id) is None

    async def refusal(self, team_id: str, user_id: str) -> str | None:
        """Return why this user may not act now, None when they may; it takes `ANSWER_S` at most."""
        if not user_id or team_id != self._team_id:
            return NOT_ALLOWED
        try:
            async with asyncio.timeout(ANSWER_S):
                return None if user_id in await self._current_members() else NOT_ALLOWED
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            logger.warning("members of the audit channel not read", extra={"error": _code(error)})
            return NOT_READ

    async def _current_members(self) -> frozenset[str]:
        async with self._lock:
            if time.monotonic() - self._read_at > self._kept_s:
                self._members = await self._read_members()
                self._read_at = time.monotonic()
            return self._members

    async def _read_members(self) -> frozenset[str]:
        # https://docs.slack.dev/reference/methods/conversations.members
        members: set[str] = set()
        cursor = ""
        while True:
            answer = await self._slack.conversations_members(
                channel=self._channel_id, limit=1000, cursor=cursor
            )
            members.update(answer["members"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return frozenset(members)


def _code(error: Exception) -> str:
    return (
        str(error.response["error"]) if isinstance(error, SlackApiError) else type(error).__name__
    )
