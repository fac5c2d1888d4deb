"""Root messages of orders' threads, as the outbox holds them."""

from __future__ import annotations

from dataclasses import replace

from sqlite_utils import Database

from storage.outbox.outbox import Outbox
from storage.outbox.posts import IN_CHANNEL, ROOT, SAID, Post, root_key


def place_root(db: Database, order_id: int, channel: str, ts: str) -> Post:
    """Write down that this message is the root of the order's thread."""
    outbox, key = Outbox(db), root_key(order_id)
    outbox.put(key, ROOT, {}, order_id=order_id)
    post = outbox.find(key)
    assert post is not None
    placed = replace(post, channel=channel, message_ts=ts, place=IN_CHANNEL)
    outbox.save(placed)
    outbox.told(placed, SAID, next_try_at=None)
    return placed
