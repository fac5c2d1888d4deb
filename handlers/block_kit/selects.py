"""Choices that Slack or a search fills: people, channels, what is found; and menus.

https://docs.slack.dev/reference/block-kit/block-elements/multi-select-menu-element
"""

from __future__ import annotations

from collections.abc import Sequence

from handlers.block_kit.builders import Block, Option, plain


def user_select(action_id: str, *, initial: Sequence[str] = ()) -> Block:
    """Return a choice of people."""
    block: Block = {"type": "multi_users_select", "action_id": action_id, "max_selected_items": 50}
    return block | ({"initial_users": [*initial]} if initial else {})


def channel_select(action_id: str, *, initial: str) -> Block:
    """Return a choice of one of this workspace's own channels."""
    return {
        "type": "conversations_select",
        "action_id": action_id,
        "initial_conversation": initial,
        "filter": {"include": ["public", "private"], "exclude_external_shared_channels": True},
    }


def search_select(action_id: str, *, initial: Sequence[Option] = (), placeholder: str) -> Block:
    """Return a choice of several that `handlers.listeners` finds while somebody types."""
    block: Block = {
        "type": "multi_external_select",
        "action_id": action_id,
        "min_query_length": 0,
        "max_selected_items": 20,
        "placeholder": plain(placeholder, 150),
    }
    return block | ({"initial_options": [*initial]} if initial else {})


def overflow(action_id: str, options: Sequence[Option]) -> Block:
    """Return a menu of at most five things to do."""
    return {"type": "overflow", "action_id": action_id, "options": [*options][:5]}
