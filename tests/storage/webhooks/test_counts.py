"""What could not be used of deliveries, and former secrets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from freezegun import freeze_time
from sqlite_utils import Database

from storage.webhooks.counts import WebhookCounts

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_each_kind_is_counted_with_its_last_time(db: Database) -> None:
    counts = WebhookCounts(db)
    with freeze_time(AT):
        counts.add("odd")
    with freeze_time(AT + timedelta(hours=1)):
        counts.add("odd")
        counts.add("rare")
        counts.use_secret("aa")

    odd, rare = counts.since(AT)
    assert (odd.name, odd.count) == ("odd", 2)
    assert odd.last_at == rare.last_at == AT + timedelta(hours=1)
    assert counts.since(AT + timedelta(hours=2)) == []


def test_a_secret_is_former_beside_another_one(db: Database) -> None:
    counts = WebhookCounts(db)
    counts.use_secret("aa")
    assert counts.former_secrets("aa") == frozenset()
    counts.use_secret("bb")
    assert counts.former_secrets("bb") == {"aa"}
