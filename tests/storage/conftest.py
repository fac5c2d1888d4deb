from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage.database import open_database
from storage.log.action_log import ActionLog


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    db = open_database(tmp_path / "makegood.sqlite")
    yield db
    db.close()


@pytest.fixture
def log(db: Database) -> ActionLog:
    return ActionLog(db)
