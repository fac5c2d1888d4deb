"""The form of the audit channel: it decides who may act, so it is looked at before it counts."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.slack.errors import error_code
from handlers.access.directory import NOT_READ, SlackChannel
from handlers.block_kit.builders import Block, input_block, section
from handlers.block_kit.mrkdwn import typed
from handlers.block_kit.selects import channel_select
from handlers.settings.forms.editor import Editor, NeedsYes, Present
from handlers.settings.forms.fields import Reading

FIELD = "audit_channel"
ANSWER_S = 1.2  # Slack waits three seconds for an answer, who asks was looked up before
ABOUT = (
    "Every outcome is told in the audit channel, and its members are the people who may use "
    "Makegood. Threads that were begun stay where they are."
)
UNREAD = "Slack did not say what this channel is. Try again in a minute."
IS_DIRECT = "That is a direct message. Choose a channel."
IS_ARCHIVED = "This channel is archived. Unarchive it, or choose another one."
NO_BOT = "Makegood is not in this channel. Write /invite @Makegood in it, then save again."
IS_SHARED = "This channel is shared with another company, whose people could act. Choose another."
IS_PUBLIC = (
    "#{name} is public: whoever joins it may refund and cancel orders. Save again to choose it all "
    "the same, or choose a private channel."
)


async def _build(present: Present) -> list[Block]:
    element = channel_select(FIELD, initial=present.configuration.audit_channel)
    return [section(ABOUT), input_block(FIELD, "Audit channel", element)]


async def _parse(present: Present, reading: Reading, confirmed: str) -> dict[str, Any]:
    channel_id = reading.text(FIELD)
    if channel_id == present.configuration.audit_channel:
        return {FIELD: channel_id}
    try:
        async with asyncio.timeout(ANSWER_S):
            channel = await present.desk.directory.channel(channel_id, fresh=True)
    except NOT_READ as error:
        reading.errors[FIELD] = _unread(error)
        return {}
    if wrong := _wrong(channel):
        reading.errors[FIELD] = wrong
    elif not channel.is_private and confirmed != channel_id:
        raise NeedsYes(IS_PUBLIC.format(name=typed(channel.name)), channel_id)
    return {FIELD: channel_id}


def _unread(error: Exception) -> str:
    # A private channel that the bot is not in is not there at all for it.
    is_hidden = error_code(error) == "channel_not_found"
    return NO_BOT if is_hidden else UNREAD


def _wrong(channel: SlackChannel) -> str:
    if channel.is_conversation:
        return IS_DIRECT
    if channel.is_archived:
        return IS_ARCHIVED
    if channel.is_shared:
        return IS_SHARED
    return "" if channel.has_bot else NO_BOT


CHANNEL = Editor("Audit channel", (FIELD,), _build, _parse)
