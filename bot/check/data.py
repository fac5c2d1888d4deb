"""The data folder: whose it is, and what the running bot has noticed about itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

from bot.check.finding import Finding
from bot.config.settings import Settings
from storage.data_folder.folder import DATABASE_FILE
from storage.data_folder.owner import LogOwner
from storage.database import read_database
from storage.outbox.outbox import Outbox
from storage.outbox.posts import CONNECTIONS, FOREIGN

RECENT = timedelta(days=1)
ONLY_ONE = "Let only one Makegood run on a store and a Slack app, with one data folder."


def check_data(settings: Settings) -> Iterator[Finding]:
    """Yield what the log says; nothing before the first start, or of an older release's."""
    path = settings.data / DATABASE_FILE
    if not path.is_file():
        return
    try:
        with closing(read_database(path)) as db:
            owner, outbox = LogOwner(db).find(), Outbox(db)
            latest = [outbox.latest_of(kind) for kind in (FOREIGN, CONNECTIONS)]
    except sqlite3.Error:
        return
    if owner is not None and owner.store_hash != settings.bigcommerce_store_hash:
        yield Finding(
            f"The data folder {settings.data} belongs to the store {owner.store_hash}, and"
            f" BIGCOMMERCE_STORE_HASH names {settings.bigcommerce_store_hash}.",
            "Choose another folder with the setting DATA.",
        )
    for notice in latest:
        if notice is not None and datetime.now(UTC) - notice.made_at < RECENT:
            said = str(notice.content["text"]).partition("\n")[0]
            yield Finding(f"{notice.made_at:%Y-%m-%d %H:%M} UTC: {said}", ONLY_ONE)
