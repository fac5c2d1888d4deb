from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from storage.data_folder.folder import DATABASE_FILE
from storage.database import open_database
from storage.log.action_log import ActionLog
from storage.outbox.outbox import Outbox
from storage.outbox.posts import Doubt
from storage.recovery.periods import LogPeriods
from storage.recovery.witness import POSITION_FILE, LogWitness


@contextmanager
def opened(data: Path) -> Iterator[tuple[ActionLog, LogWitness]]:
    with closing(open_database(data / DATABASE_FILE)) as db:
        yield ActionLog(db), LogWitness(db, data / DATABASE_FILE)


def ask(log: ActionLog, reference: str) -> None:
    log.ask(
        reference,
        action="refund_order",
        order_id=1042,
        team_id="T1",
        actor_id="U1",
        request={"order_id": 1042},
    )


def used(data: Path, *references: str) -> None:
    """Use the log as a bot does between a start and a stop."""
    with opened(data) as (log, witness):
        witness.take()
        for reference in references:
            ask(log, reference)
        witness.note()


def doubt(data: Path) -> str:
    with opened(data) as (_, witness):
        return witness.doubt()


def test_a_log_that_goes_on_where_it_stopped_is_not_doubted(tmp_path: Path) -> None:
    assert doubt(tmp_path) == ""
    used(tmp_path, "MG-1")
    used(tmp_path, "MG-2")

    assert doubt(tmp_path) == ""
    assert (tmp_path / POSITION_FILE).stat().st_mode & 0o777 == 0o600


def test_a_log_that_was_put_back_is_older(tmp_path: Path) -> None:
    used(tmp_path, "MG-1")
    saved = tmp_path / "saved"
    shutil.copyfile(tmp_path / DATABASE_FILE, saved)
    used(tmp_path, "MG-2")
    shutil.copyfile(saved, tmp_path / DATABASE_FILE)

    assert doubt(tmp_path) == "older"


def test_a_log_that_was_deleted_is_older(tmp_path: Path) -> None:
    used(tmp_path, "MG-1")
    (tmp_path / DATABASE_FILE).unlink()

    assert doubt(tmp_path) == "older"


def test_a_copied_folder_is_a_copy(tmp_path: Path) -> None:
    used(tmp_path / "data", "MG-1")
    shutil.copytree(tmp_path / "data", tmp_path / "copy")

    assert doubt(tmp_path / "copy") == "copied"
    assert doubt(tmp_path / "data") == ""


def test_a_damaged_position_says_nothing(tmp_path: Path) -> None:
    used(tmp_path, "MG-1")
    for content in ("", "[]", '{"events": null}', "\0"):
        (tmp_path / POSITION_FILE).write_text(content)
        assert doubt(tmp_path) == ""


def test_what_was_asked_before_a_period_may_be_told_already(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / DATABASE_FILE)) as db:
        log = ActionLog(db)
        ask(log, "MG-1")
        LogPeriods(db).begin("older")
        ask(log, "MG-2")

        assert log.say_under_way("MG-1")
        assert log.say_under_way("MG-2")

        posts = {
            post.content["reference"]: post.doubts for post in Outbox(db).due(datetime.now(UTC))
        }
        assert posts == {"MG-1": (Doubt(log.get("MG-1").asked_at),), "MG-2": ()}
