from __future__ import annotations

import json
from pathlib import Path

from bot.process.internal_errors import describe_internal_errors
from bot.recovery.recovery import Recovery
from storage.data_folder.folder import DATABASE_FILE
from storage.database import open_database
from storage.log.action_log import ActionLog
from storage.outbox.outbox import Outbox
from storage.recovery.periods import LogPeriods
from storage.recovery.store_looks import StoreLooks
from storage.recovery.witness import POSITION_FILE, LogWitness
from tests.bot.bigcommerce.scripted_store import connected
from tests.bot.runner.world import until

NOBODY_THERE = "http://127.0.0.1:1"


async def nothing_done(_reference: str) -> bool:
    return False


async def test_one_bad_look_at_the_log_does_not_end_the_noting_of_it(tmp_path: Path) -> None:
    path = tmp_path / DATABASE_FILE
    db = open_database(path)
    log = ActionLog(db)
    log.ask(
        "MG-7F3K-2Q9D",
        action="cancel_order",
        order_id=1042,
        team_id="T1",
        actor_id="U1",
        request={},
    )
    async with connected(NOBODY_THERE) as store:
        recovery = Recovery(
            store=store,
            log=log,
            periods=LogPeriods(db),
            looks=StoreLooks(db),
            witness=LogWitness(db, path),
            outbox=Outbox(db),
            found_done=nothing_done,
            team_id="T1",
            look_every_s=3600,
            note_every_s=0.01,
        )
        db.execute("ALTER TABLE action_events RENAME TO away")
        recovery.start()
        await until(lambda: "noting how far the log has come" in describe_internal_errors())

        db.execute("ALTER TABLE away RENAME TO action_events")

        await until((tmp_path / POSITION_FILE).exists)
        assert json.loads((tmp_path / POSITION_FILE).read_text()) == {"events": 1}
        await recovery.close()
    db.close()
