"""The workspace's parts in one hand, for the Web API's methods and for what people do."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field

from aiohttp import web

from bot.sandbox.control import Refusal
from bot.sandbox.slack.delivery.deliveries import Deliveries
from bot.sandbox.slack.delivery.response_urls import ResponseUrls
from bot.sandbox.slack.errors import Json, SlackError
from bot.sandbox.slack.events import Events
from bot.sandbox.slack.faults.faults import Fault, Faults
from bot.sandbox.slack.manifest import Manifest
from bot.sandbox.slack.rules import Rules
from bot.sandbox.slack.triggers import Triggers
from bot.sandbox.slack.views.modals import Modals
from bot.sandbox.slack.web_api.rates import Rates
from bot.sandbox.slack.world import Channel, Person, World

KEPT_CALLS = 20_000


@dataclass(slots=True)
class Workspace:
    """Everything that one running workspace consists of; `url` is set once it listens."""

    world: World
    manifest: Manifest
    bot_token: str
    app_token: str
    triggers: Triggers
    modals: Modals
    faults: Faults
    rates: Rates
    rules: Rules
    deliveries: Deliveries
    hooks: ResponseUrls
    events: Events
    url: str = ""
    calls: deque[Json] = field(default_factory=lambda: deque(maxlen=KEPT_CALLS))

    def record(
        self, method: str, arguments: Json, response: web.Response | None, fault: Fault | None
    ) -> None:
        """Keep one call of the app with its answer, None for none, without its token."""
        self.calls.append(
            {
                "method": method,
                "at": time.time(),
                "status": response.status if response is not None else None,
                "arguments": {k: v for k, v in arguments.items() if k != "token"},
                "response": response.text if response is not None else None,
                "fault": fault.to_json() if fault is not None else None,
            }
        )

    def person(self, user: str) -> Person:
        """Return the human with this id, or raise Refusal."""
        person = self.world.people.get(user)
        if person is None or person.is_bot:
            raise Refusal("user_not_found", 404)
        if person.deleted:
            raise Refusal("account_inactive", 403)
        return person

    def channel_for(self, user: str, channel_id: str) -> Channel:
        """Return a channel that this person can see, or raise Refusal."""
        channel = self.world.channels.get(channel_id)
        if channel is None or (channel.is_private and user not in channel.members):
            raise Refusal("channel_not_found", 404)
        return channel

    def channel_to_write(self, user: str, channel_id: str) -> Channel:
        """Return a channel that this person may write in, or raise Refusal."""
        channel = self.channel_for(user, channel_id)
        if user not in channel.members:
            raise Refusal("not_in_channel")
        if channel.is_archived:
            raise Refusal("is_archived")
        return channel

    def app_channel(self, channel_id: str) -> Channel:
        """Return a channel the app can see, or refuse its call."""
        channel = self.world.channels.get(channel_id)
        if channel is None or (channel.is_private and not self.is_app_in(channel)):
            raise SlackError("channel_not_found")
        return channel

    def channel_id(self, name: str) -> str:
        """Return the id of a channel given as `#name`, which few methods take, or what is given."""
        return next((c.id for c in self.world.channels.values() if f"#{c.name}" == name), name)

    def app_channel_to_read(self, channel_id: str) -> Channel:
        """Return a channel the app may read, or refuse its call."""
        channel = self.app_channel(channel_id)
        if not self.is_app_in(channel):
            raise SlackError("not_in_channel")
        return channel

    def app_channel_to_write(self, channel_id: str) -> Channel:
        """Return a channel the app may post in, or refuse its call."""
        channel = self.app_channel(channel_id)
        if channel.is_archived:
            raise SlackError("is_archived")
        anywhere = not channel.is_private and "chat:write.public" in self.manifest.scopes
        if not self.is_app_in(channel) and not anywhere:
            raise SlackError("not_in_channel")
        return channel

    def is_app_in(self, channel: Channel) -> bool:
        """Return whether the app is a member of the channel."""
        return self.world.bot_user_id in channel.members
