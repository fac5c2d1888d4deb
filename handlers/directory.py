"""Who is who in Slack: members of a channel, members of a user group, admins.

Each answer is kept for a minute. What cannot be read raises, so that whoever decides can say no.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

KEPT_S = 60.0
PAGE = 999  # Slack refuses 1000 with invalid_limit
NOT_READ = (SlackApiError, aiohttp.ClientError, TimeoutError)
V = TypeVar("V")


class Kept(Generic[V]):
    """Values by an id, each read again when it is older than `kept_s`; one reading at a time."""

    def __init__(self, read: Callable[[str], Awaitable[V]], kept_s: float) -> None:
        self._read = read
        self._kept_s = kept_s
        self._values: dict[str, tuple[float, V]] = {}
        self._lock = asyncio.Lock()

    async def get(self, key: str, *, fresh: bool = False) -> V:
        """Return the value; `fresh`: as read after this was asked, shared with who asks as well."""
        oldest = time.monotonic() - (0 if fresh else self._kept_s)
        async with self._lock:
            kept = self._values.get(key)
            if kept is not None and kept[0] >= oldest:
                return kept[1]
            begun_at = time.monotonic()
            value = await self._read(key)
            self._values[key] = (begun_at, value)
            return value


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel. `is_conversation`: it is a direct message; `has_bot`: the bot is a member."""

    name: str
    is_conversation: bool
    is_private: bool
    is_archived: bool
    is_shared: bool
    has_bot: bool


class Directory:
    """Reads Slack's lists of people; every method raises one of NOT_READ."""

    def __init__(self, slack: AsyncWebClient, *, kept_s: float = KEPT_S) -> None:
        self._slack = slack
        self._members = Kept(self._read_members, kept_s)
        self._groups = Kept(self._read_group, kept_s)
        self._admins = Kept(self._read_admin, kept_s)
        self._names = Kept(self._read_groups, kept_s)

    async def members(self, channel_id: str, *, fresh: bool = False) -> frozenset[str]:
        """Return the user ids of a channel's members."""
        return await self._members.get(channel_id, fresh=fresh)

    async def group(self, group_id: str, *, fresh: bool = False) -> frozenset[str]:
        """Return the user ids of a user group's members."""
        return await self._groups.get(group_id, fresh=fresh)

    async def groups(self) -> Mapping[str, str]:
        """Return the workspace's user groups, by their id, with the handles that name them."""
        return await self._names.get("")

    async def channel(self, channel_id: str) -> Channel:
        """Return what a channel is; read anew each time, since somebody may be setting it right."""
        # https://docs.slack.dev/reference/methods/conversations.info
        found = (await self._slack.conversations_info(channel=channel_id))["channel"]
        return Channel(
            name=str(found.get("name") or channel_id),
            is_conversation=bool(found.get("is_im") or found.get("is_mpim")),
            is_private=bool(found.get("is_private")),
            is_archived=bool(found.get("is_archived")),
            is_shared=bool(found.get("is_ext_shared")),
            has_bot=bool(found.get("is_member")),
        )

    async def is_admin(self, user_id: str, *, fresh: bool = False) -> bool:
        """Tell whether the user is an admin or owner of the workspace."""
        return await self._admins.get(user_id, fresh=fresh)

    async def _read_members(self, channel_id: str) -> frozenset[str]:
        # https://docs.slack.dev/reference/methods/conversations.members
        members: set[str] = set()
        cursor = ""
        while True:
            answer = await self._slack.conversations_members(
                channel=channel_id, limit=PAGE, cursor=cursor
            )
            members.update(answer["members"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return frozenset(members)

    async def _read_group(self, group_id: str) -> frozenset[str]:
        # https://docs.slack.dev/reference/methods/usergroups.users.list
        answer = await self._slack.usergroups_users_list(usergroup=group_id)
        return frozenset(answer["users"])

    async def _read_groups(self, _: str) -> Mapping[str, str]:
        # https://docs.slack.dev/reference/methods/usergroups.list
        answer = await self._slack.usergroups_list()
        return {str(group["id"]): str(group["handle"]) for group in answer["usergroups"]}

    async def _read_admin(self, user_id: str) -> bool:
        # https://docs.slack.dev/reference/methods/users.info
        user = (await self._slack.users_info(user=user_id))["user"]
        if user.get("deleted"):
            return False
        return any(user.get(role) is True for role in ("is_admin", "is_owner"))
