"""Who is who in Slack: members of a channel, members of a user group, and what a person is.

Each answer is kept for a minute. What cannot be read, after some tries, raises, so that whoever
decides can say no.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.process.cache import Cache
from bot.slack.errors import SLACK_ERRORS, error_code
from bot.slack.paging import pages
from bot.slack.retries import call_again
from handlers.access.person import Installation
from handlers.access.profile import Profile, nobody

TTL_S = 60.0
PAGE = 999  # Slack refuses 1000 with invalid_limit
NOT_READ = SLACK_ERRORS
NOT_THERE = frozenset({"user_not_found", "user_not_visible"})


@dataclass(frozen=True, slots=True)
class SlackChannel:
    """A channel.

    `is_conversation`: it is a direct message; `has_bot`: the bot is a member; `is_shared`: with
    other organisations, or they are invited; the workspaces of one organisation may share it.
    """

    name: str
    is_conversation: bool
    is_private: bool
    is_archived: bool
    is_shared: bool
    has_bot: bool


class Directory:
    """Reads Slack's lists of people; every method raises one of NOT_READ."""

    def __init__(self, slack: AsyncWebClient, installation: Installation) -> None:
        self._slack = slack
        self._installation = installation
        self._members = Cache(self._read_members, ttl_s=TTL_S)
        self._groups = Cache(self._read_group, ttl_s=TTL_S)
        self._profiles = Cache(self._read_profile, ttl_s=TTL_S)
        self._channels = Cache(self._read_channel, ttl_s=TTL_S)
        self._names = Cache(self._read_groups, ttl_s=TTL_S)

    async def members(self, channel_id: str, *, fresh: bool = False) -> frozenset[str]:
        """Return the user ids of a channel's members."""
        return await self._members.get(channel_id, fresh=fresh)

    async def group(self, group_id: str, *, fresh: bool = False) -> frozenset[str]:
        """Return the user ids of a user group's members."""
        return await self._groups.get(group_id, fresh=fresh)

    async def groups(self) -> Mapping[str, str]:
        """Return the workspace's user groups, by their id, with the handles that name them."""
        return await self._names.get("")

    async def channel(self, channel_id: str, *, fresh: bool = False) -> SlackChannel:
        """Return what a channel is."""
        return await self._channels.get(channel_id, fresh=fresh)

    async def profile(self, user_id: str, *, fresh: bool = False) -> Profile:
        """Return what somebody is."""
        return await self._profiles.get(user_id, fresh=fresh)

    def forget_channel(self, channel_id: str) -> None:
        """Have what the channel is, and who is in it, read again."""
        self._channels.forget(channel_id)
        self._members.forget(channel_id)

    def forget_group(self, group_id: str) -> None:
        """Have the members of the user group read again."""
        self._groups.forget(group_id)
        self._names.forget("")

    def forget_person(self, user_id: str) -> None:
        """Have what somebody is read again."""
        self._profiles.forget(user_id)

    async def _read_channel(self, channel_id: str) -> SlackChannel:
        # https://docs.slack.dev/reference/methods/conversations.info
        answer = await call_again(
            "conversations.info", lambda: self._slack.conversations_info(channel=channel_id)
        )
        found = answer["channel"]
        return SlackChannel(
            name=str(found.get("name") or channel_id),
            is_conversation=bool(found.get("is_im") or found.get("is_mpim")),
            is_private=bool(found.get("is_private")),
            is_archived=bool(found.get("is_archived")),
            is_shared=bool(found.get("is_ext_shared") or found.get("is_pending_ext_shared")),
            has_bot=bool(found.get("is_member")),
        )

    async def _read_members(self, channel_id: str) -> frozenset[str]:
        # https://docs.slack.dev/reference/methods/conversations.members
        def read(cursor: str) -> Awaitable[AsyncSlackResponse]:
            return self._slack.conversations_members(channel=channel_id, limit=PAGE, cursor=cursor)

        return await self._ids("conversations.members", read, "members")

    async def _read_group(self, group_id: str) -> frozenset[str]:
        # https://docs.slack.dev/reference/methods/usergroups.users.list
        # No paging is documented for it, but an error for a wrong cursor is.
        def read(cursor: str) -> Awaitable[AsyncSlackResponse]:
            return self._slack.usergroups_users_list(usergroup=group_id, cursor=cursor or None)

        try:
            return await self._ids("usergroups.users.list", read, "users")
        except SlackApiError as error:
            if error_code(error) != "no_such_subteam":
                raise
            return frozenset()  # disabled, or gone: nobody is in it

    async def _ids(
        self, method: str, read: Callable[[str], Awaitable[AsyncSlackResponse]], name: str
    ) -> frozenset[str]:
        """Return all ids of a list over several pages."""
        ids: set[str] = set()
        async for answer in pages(method, read):
            ids.update(answer[name])
        return frozenset(ids)

    async def _read_groups(self, _: str) -> Mapping[str, str]:
        # https://docs.slack.dev/reference/methods/usergroups.list
        def read(cursor: str) -> Awaitable[AsyncSlackResponse]:
            return self._slack.usergroups_list(cursor=cursor or None)

        return {
            str(group["id"]): str(group["handle"])
            async for answer in pages("usergroups.list", read)
            for group in answer["usergroups"]
        }

    async def _read_profile(self, user_id: str) -> Profile:
        # https://docs.slack.dev/reference/methods/users.info
        try:
            answer = await call_again("users.info", lambda: self._slack.users_info(user=user_id))
        except SlackApiError as error:
            if error_code(error) not in NOT_THERE:
                raise
            return nobody(user_id)
        return Profile.of(answer["user"], self._installation)
