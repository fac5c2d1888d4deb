"""The step of the migrations that makes outcomes messages of the outbox; never edited again."""

from __future__ import annotations

from sqlite_utils import Database

from storage.values import now, time_text

_GONE = ("telling_status", "tellings", "next_telling_at", "mail_news", "mail_shown")


def carry_outcomes_over(db: Database) -> None:
    """A row for each outcome that was told, was begun to be told, or is still to be told.

    One whose telling was begun may stand where nobody knows of it, and so may one that was to be
    told when the data was restored. What was told to a person alone was so for want of a channel.
    """
    db.execute(
        """
        INSERT INTO outbox (
            key, kind, order_id, actor_id, content, made_at, wanted, shown, told_at,
            place, why, channel, thread_ts, message_ts, doubts, next_try_at
        )
        SELECT
            'outcome-' || reference, 'outcome', order_id, nullif(actor_id, ''),
            json_object('reference', reference), coalesce(finished_at, asked_at),
            coalesce(status, 'under way'), told_status, told_at,
            CASE
                WHEN coalesce(message_ts, '') = '' THEN NULL
                WHEN channel LIKE 'D%' THEN 'direct'
                WHEN thread_ts = message_ts THEN 'channel'
                ELSE 'thread'
            END,
            iif(channel LIKE 'D%', 'channel_not_found', NULL),
            nullif(channel, ''), nullif(thread_ts, message_ts), nullif(message_ts, ''),
            iif(
                telling_status IS NOT told_status
                OR (
                    told_status IS NOT status
                    AND EXISTS (SELECT 1 FROM log_periods WHERE began_at >= asked_at)
                ),
                json_array(json_object('since', asked_at, 'channel', NULL, 'thread_ts', NULL)),
                '[]'
            ),
            iif(told_status IS NOT status OR mail_shown <> mail_news, ?, NULL)
        FROM action_log
        WHERE (status IS NOT NULL OR message_ts IS NOT NULL)
        AND NOT (told_status IS status AND message_ts IS NULL)
        """,
        [time_text(now())],
    )
    db.execute("DROP INDEX log_mail_news")
    for column in _GONE:
        db.execute(f"ALTER TABLE action_log DROP COLUMN {column}")
