"""Where a reply lands: in its thread, in the channel itself, or nowhere."""

from __future__ import annotations

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.messages.removing import is_tombstone, was_there
from bot.sandbox.slack.messages.threads import is_reply
from bot.sandbox.slack.rules import DeadRoot
from bot.sandbox.slack.world import World


def root_for(world: World, dead_root: DeadRoot, channel: str, thread_ts: str) -> str:
    """Return the root that a reply to `thread_ts` hangs on, empty for none, or refuse it.

    A reply to a root that is gone is reported to land in the channel itself, its answer without
    `thread_ts`; others expect thread_not_found; of a tombstone nothing is reported. `dead_root`
    says which of these it is. That a reply's ts is refused is the safe side of Slack's advice not
    to use one.
    """
    if not thread_ts:
        return ""
    message = world.find_message(channel, thread_ts)
    if message is None and not was_there(world, channel, thread_ts):
        raise SlackError("thread_not_found")
    if message is not None and is_reply(message):
        raise SlackError("cannot_reply_to_message")
    if message is not None and message.get("is_locked"):
        raise SlackError("restricted_action_thread_locked")
    if message is not None and not is_tombstone(message):
        return thread_ts
    if dead_root == "refused":
        raise SlackError("thread_not_found")
    return thread_ts if dead_root == "threaded" and message is not None else ""
