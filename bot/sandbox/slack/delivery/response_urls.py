"""Response URLs: five answers within thirty minutes to what a person did, without a token.

https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.blocks.facts import MAX_POST_TEXT
from bot.sandbox.slack.errors import Json, SlackError
from bot.sandbox.slack.messages.content import check_content, from_app
from bot.sandbox.slack.messages.keeping import put, put_ephemeral, tell
from bot.sandbox.slack.messages.removing import delete
from bot.sandbox.slack.messages.replying import root_for
from bot.sandbox.slack.rules import Rules
from bot.sandbox.slack.world import World

USES = 5
LIFE_S = 30 * 60


@dataclass(slots=True)
class _ResponseUrl:
    channel: str
    user: str
    original_ts: str | None
    thread_ts: str
    made_at: float
    uses: int = 0


class ResponseUrls:
    """Makes response URLs and carries out what is posted to them."""

    def __init__(self, world: World, rules: Rules) -> None:
        self._world = world
        self._rules = rules
        self._hooks: dict[str, _ResponseUrl] = {}

    def make(
        self, channel: str, user: str, original_ts: str | None = None, thread_ts: str = ""
    ) -> str:
        """Return the path of a new hook for this person in this channel."""
        name = secrets.token_hex(12)
        self._hooks[name] = _ResponseUrl(channel, user, original_ts, thread_ts, time.monotonic())
        return f"/hooks/{self._world.app_id}/{name}"

    def owner(self, name: str) -> str:
        """Return whose act the hook came from, empty when there is none of this name."""
        hook = self._hooks.get(name)
        return hook.user if hook is not None else ""

    def channel(self, name: str) -> str:
        """Return where the hook answers, empty when there is none of this name."""
        hook = self._hooks.get(name)
        return hook.channel if hook is not None else ""

    def use(self, name: str, body: Json) -> None:
        """Carry out one answer, or raise SlackError with Slack's word for the reason."""
        hook = self._hooks.get(name)
        if hook is None:
            raise SlackError("no_service")
        if time.monotonic() - hook.made_at > LIFE_S:
            raise SlackError("expired_url")
        if hook.uses >= USES:
            raise SlackError("used_url")
        hook.uses += 1
        if hook.channel not in self._world.channels:
            raise SlackError("channel_not_found")
        if body.get("delete_original") is True:
            self._delete(hook)
        elif body.get("replace_original") is True:
            self._replace(hook, _content(body))
        else:
            self.answer(hook.channel, hook.user, body)

    def answer(self, channel: str, user: str, body: Json) -> Json:
        """Show an answer: to the person only unless `response_type` says in_channel.

        What only the person sees stands in the channel itself: a thread takes in_channel.
        """
        message = from_app(self._world, _content(body))
        if body.get("response_type") == "in_channel":
            thread_ts = str(body.get("thread_ts") or "")
            root = root_for(self._world, self._rules.dead_root, channel, thread_ts)
            return put(self._world, channel, message, root)
        return put_ephemeral(self._world, channel, user, message)

    def _original(self, hook: _ResponseUrl) -> tuple[Json, bool]:
        ts = hook.original_ts or ""
        ephemeral = self._world.find_ephemeral(hook.channel, ts, hook.user)
        message = ephemeral or self._world.find_message(hook.channel, ts)
        if message is None:
            raise SlackError("message_not_found")
        return message, ephemeral is not None

    def _replace(self, hook: _ResponseUrl, content: Json) -> None:
        message, _ = self._original(hook)
        message.pop("blocks", None)
        message.update(content)
        tell(self._world, hook.channel, message)

    def _delete(self, hook: _ResponseUrl) -> None:
        message, ephemeral = self._original(hook)
        if ephemeral:
            kept = [e for e in self._world.ephemerals if e["message"] is not message]
            self._world.ephemerals = kept
            tell(self._world, hook.channel, message)
        else:
            delete(self._world, hook.channel, message, self._world.bot_user_id)


def _content(body: Json) -> Json:
    blocks: Any = body.get("blocks")
    return check_content(str(body.get("text") or ""), blocks, MAX_POST_TEXT)
