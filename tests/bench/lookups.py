"""Line 5: look-ups in a log of a thousand and of a million rows, against bare SQLite."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from storage.database import open_database
from storage.log.action_log import ActionLog
from storage.values import time_text
from tests.bench.table import Line, Part

SIZES = (1_000, 1_000_000)
PER_ORDER = 25
ACTORS = 50
REQUEST = '{"order_id": 1042, "reason": "Damaged", "confirmed": {"total": "154.10 USD"}}'
OUTCOME = '{"status": "succeeded", "message": "Refunded 154.10 USD to the card.", "changes": []}'
BY_KEY = "SELECT * FROM action_log WHERE reference = ?"
LAST_20 = "SELECT * FROM action_log WHERE order_id = ? ORDER BY asked_at DESC LIMIT 20"
NOTES = [
    f"each order has {PER_ORDER} requests, spread over the whole log; the ratio is ours to bare"
    " sqlite3 on the same file, the growth is the larger log's time to the smaller one's",
]


async def measure_lookups(
    repeats: int, *, sizes: tuple[int, int] = SIZES, looks: int = 2000
) -> Part:
    """Measure look-ups of random requests and orders, which no cache of ours helps."""
    found: dict[tuple[str, int], tuple[list[float], list[float]]] = {}
    with TemporaryDirectory() as folder:
        for size in sizes:
            path = Path(folder) / f"{size}.sqlite"
            db = open_database(path)
            _fill(db.conn, size)
            with closing(sqlite3.connect(path)) as bare:
                for what, ours, theirs in _kinds(ActionLog(db), bare, size):
                    pairs = [(_time(ours, looks), _time(theirs, looks)) for _ in range(repeats)]
                    found[what, size] = ([p[0] for p in pairs], [p[1] for p in pairs])
            db.close()
    small, large = sizes
    lines = [
        Line(f"{what}, {size:,} rows", *found[what, size], unit="us")
        for what in ("by key", "last 20 of an order")
        for size in sizes
    ]
    for what in ("by key", "last 20 of an order"):
        (log, plain), (less_log, less_plain) = found[what, large], found[what, small]
        growth, bare_growth = _ratios(log, less_log), _ratios(plain, less_plain)
        lines.append(Line(f"{what}, growth", growth, bare_growth, "x", "<= 2.5 x"))
    return Part("look-up", lines, NOTES)


def _kinds(
    log: ActionLog, bare: sqlite3.Connection, size: int
) -> list[tuple[str, Callable[[], Any], Callable[[], Any]]]:
    chance = random.Random(1)  # noqa: S311 - the same look-ups in each run, guards nothing

    def reference() -> str:
        return _reference(chance.randrange(size))

    def order() -> int:
        return chance.randrange(size // PER_ORDER)

    return [
        (
            "by key",
            lambda: log.find(reference()),
            lambda: bare.execute(BY_KEY, [reference()]).fetchall(),
        ),
        (
            "last 20 of an order",
            lambda: log.of_order(order()),
            lambda: bare.execute(LAST_20, [order()]).fetchall(),
        ),
    ]


def _ratios(more: list[float], less: list[float]) -> list[float]:
    return [big / little for big, little in zip(more, less, strict=True)]


def _time(look: Callable[[], Any], looks: int) -> float:
    """Return the microseconds of one look, after some that warm up."""
    for _ in range(looks // 10):
        look()
    began = time.perf_counter()
    for _ in range(looks):
        look()
    return (time.perf_counter() - began) / looks * 1e6


def _fill(db: sqlite3.Connection, size: int) -> None:
    began = datetime.now(UTC) - timedelta(seconds=size)
    orders = size // PER_ORDER

    def row(number: int) -> tuple[Any, ...]:
        at = time_text(began + timedelta(seconds=number))
        actor = f"U{number % ACTORS}"
        place = ("C0", "1.1", f"{number}.1")
        return (
            *(_reference(number), "refund_order", number % orders, "T0", actor, REQUEST),
            *("succeeded", OUTCOME, at, at, at, 1, 1, *place, "succeeded", at),
        )

    names = (
        "reference, action, order_id, team_id, actor_id, request, status, outcome, asked_at,"
        " sent_at, finished_at, round, finished_round, channel, thread_ts, message_ts,"
        " told_status, told_at"
    )
    marks = ", ".join("?" * (names.count(",") + 1))
    with db:
        db.executemany(
            f"INSERT INTO action_log ({names}) VALUES ({marks})",  # noqa: S608 - our names
            (row(number) for number in range(size)),
        )


def _reference(number: int) -> str:
    # Spread like the real ones, which are random.
    return f"MG-{number * 2_654_435_761 % 2**32:08X}"
