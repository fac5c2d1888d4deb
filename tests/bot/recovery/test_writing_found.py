from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from bot.bigcommerce.coupons import CouponType
from bot.bigcommerce.marked_since import ListedCode
from bot.recovery.store_marks import Marked
from bot.recovery.writing_found import write_found
from bot.values.marks import code_name
from storage.database import open_database
from storage.log.action_log import ActionLog
from tests.bot.bigcommerce.scripted_store import connected

REFERENCE = "MG-7F3K-2Q9D"
NOBODY_THERE = "http://127.0.0.1:1"


async def test_a_code_of_several_words_is_found_whole(tmp_path: Path) -> None:
    code = ListedCode(
        id=7,
        name=code_name(REFERENCE, "SORRY ANNA 10"),
        type=CouponType.FIXED_AMOUNT,
        amount=Decimal(10),
        max_uses=2,
    )
    marked = Marked(REFERENCE, datetime.now(UTC), code=code)
    db = open_database(tmp_path / "makegood.sqlite")
    log = ActionLog(db)

    async with connected(NOBODY_THERE) as store:
        line = await write_found(marked, store, log, team_id="T1", currency="USD")

    entry = log.get(REFERENCE)
    db.close()
    assert line == f"{REFERENCE}: code SORRY ANNA 10 created"
    assert entry.request["code"] == "SORRY ANNA 10"
    assert (entry.counted, entry.counted_in) == (Decimal(20), "USD")
