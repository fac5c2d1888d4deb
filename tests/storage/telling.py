"""Telling outcomes as the delivery does, without Slack."""

from __future__ import annotations

from datetime import UTC, datetime

from storage.log.action_log import ActionLog
from storage.outbox.posts import IN_THREAD, OUTCOME, Post, outcome_key


def told(
    log: ActionLog,
    reference: str = "MG-1",
    status: str | None = "succeeded",
    *,
    place: str = IN_THREAD,
    why: str | None = None,
    channel: str | None = "C1",
    thread_ts: str | None = "1.1",
    message_ts: str | None = "1.2",
) -> None:
    """Note in the log that the message of a request stands there, and says that."""
    post = Post(
        key=outcome_key(reference),
        kind=OUTCOME,
        order_id=None,
        recipient=None,
        actor_id=None,
        content={"reference": reference},
        made_at=datetime.now(UTC),
        wanted=status or "",
        shown=status,
        place=place,
        why=why,
        channel=channel,
        thread_ts=thread_ts,
        message_ts=message_ts,
    )
    log.note_told(post)
