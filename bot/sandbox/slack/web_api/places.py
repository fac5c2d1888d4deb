"""Where the app may post: channels, direct messages, and what administrators allow there."""

from __future__ import annotations

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.slack.world import Channel


def place_to_post(workspace: Workspace, name: str) -> Channel:
    """Return where a message goes: a channel by id or `#name`, or a person by their id."""
    if name.startswith(("U", "W")):
        person = workspace.world.people.get(name)
        if person is None:
            raise SlackError("channel_not_found")
        if person.is_bot:
            raise SlackError("cannot_dm_bot")
        channel = workspace.world.direct_channel(person.id)
    else:
        channel = workspace.app_channel_to_write(workspace.channel_id(name))
    check_direct(workspace, channel)
    return channel


def check_direct(workspace: Workspace, channel: Channel) -> None:
    """Refuse direct messages that nobody can get: to somebody deactivated, or who takes none."""
    if channel.user is None:
        return
    person = workspace.world.people[channel.user]
    if person.deleted:
        raise SlackError("channel_not_found")
    if not workspace.manifest.messages_tab:
        raise SlackError("messages_tab_disabled")
    if person.refuses_direct:
        raise SlackError(person.refuses_direct)


def check_posting(channel: Channel, *, is_reply: bool) -> None:
    """Refuse what administrators do not allow in this channel."""
    forbidden = {
        "read_only": True,
        "non_threadable": is_reply,
        "thread_only": not is_reply,
    }
    if forbidden.get(channel.posting):
        raise SlackError(f"restricted_action_{channel.posting}_channel")
