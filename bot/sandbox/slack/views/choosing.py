"""Whom and what a person can choose in the selects that Slack fills itself.

https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element and
https://docs.slack.dev/reference/block-kit/composition-objects/conversation-filter-object
"""

from __future__ import annotations

import copy

from bot.sandbox.slack.blocks.layout import elements_of
from bot.sandbox.slack.errors import Json
from bot.sandbox.slack.world import Channel, World


def choices_of(world: World, user: str, element: Json) -> list[str]:
    """Return the ids that such a select offers this person; empty for any other element.

    People are all that are not deactivated, bots among them: Slack has no filter for those.
    """
    kind = str(element["type"]).removeprefix("multi_")
    if kind == "users_select":
        return [one.id for one in world.people.values() if not one.deleted]
    if kind == "channels_select":
        return [c.id for c in world.channels.values() if not c.is_private and not c.is_archived]
    if kind != "conversations_select":
        return []
    wanted = element.get("filter") or {}
    return [
        channel.id
        for channel in world.channels.values()
        if user in channel.members or not channel.is_private
        if not channel.is_archived and _passes(channel, wanted)
    ]


def with_current(world: World, user: str, blocks: list[Json], conversation: str) -> list[Json]:
    """Return the blocks with `default_to_current_conversation` carried out.

    An initial choice of the app's own goes before it, and so does a filter that keeps it out.
    """
    chosen = copy.deepcopy(blocks)
    for element in (element for block in chosen for element in elements_of(block)):
        is_wanted = element.get("default_to_current_conversation") is True
        if is_wanted and conversation in choices_of(world, user, element):
            if element["type"] == "conversations_select":
                element.setdefault("initial_conversation", conversation)
            else:
                element.setdefault("initial_conversations", [conversation])
    return chosen


def _passes(channel: Channel, wanted: Json) -> bool:
    if channel.is_im:  # the only direct messages here are those with the app, a bot
        return "im" in wanted.get("include", ["im"]) and not wanted.get("exclude_bot_users")
    return ("private" if channel.is_private else "public") in wanted.get(
        "include", ["private", "public"]
    )
