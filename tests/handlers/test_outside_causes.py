"""Which of a store's reports are the bot's own doing: held against a real log."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from bot.bigcommerce import Refund
from handlers.outside_causes import Causes
from storage import ActionLog, OutsideEvents, open_database
from storage.entries import Hold
from storage.outside_events import OURS, OutsideEvent

ORDER, REFERENCE = 1042, "MG-7F3K-2Q9D"
CANCELLED, REFUNDED, SHIPPED = 5, 4, 2
CONFIRMED = {
    "order_id": ORDER,
    "reason": "Damaged",
    "confirmed": {"total": {"amount": "5", "currency": "USD"}, "method": "any", "payments": []},
}


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    db = open_database(tmp_path / "makegood.sqlite")
    yield db
    db.close()


class World:
    def __init__(self, db: Database) -> None:
        self.log, self.events = ActionLog(db), OutsideEvents(db)
        self.causes = Causes(self.log, self.events)
        self.count = 0

    def ask(self, action: str = "refund_order", *, held: bool = False, **fields: Any) -> None:
        hold = Hold(until=datetime.now(UTC) + timedelta(hours=1), shown={})
        self.log.ask(
            REFERENCE,
            action=action,
            order_id=ORDER,
            team_id="T1",
            actor_id="U1",
            request=fields.get("request", {}),
            admit=(lambda: hold) if held else None,
        )

    def end(self, status: str, **outcome: Any) -> None:
        self.log.finish(REFERENCE, status=status, outcome={"message": "x", **outcome})

    def event(self, kind: str, *, late_s: float = 0, **detail: Any) -> OutsideEvent:
        self.count += 1
        at = datetime.now(UTC) + timedelta(seconds=late_s)
        key = f"{kind}:{self.count}"
        self.events.take(key, order_id=ORDER, kind=kind, detail=detail, happened_at=at)
        return self.events.due(datetime.now(UTC))[-1]

    def cause(self, event: OutsideEvent, refund: Refund | None = None) -> str | None:
        return self.causes.find(event, refund)


@pytest.fixture
def world(db: Database) -> World:
    return World(db)


def refund(number: int, reason: str, *reasons: str) -> Refund:
    items = [{"item_type": "SHIPPING", "item_id": 1, "reason": each} for each in reasons]
    row = {"id": number, "order_id": ORDER, "created": datetime.now(UTC), "total_amount": "5"}
    return Refund.model_validate({**row, "reason": reason, "items": items, "payments": []})


@pytest.mark.parametrize(
    ("action", "after", "is_ours"),
    [
        ("refund_order", REFUNDED, True),
        ("refund_items", 14, True),
        ("refund_order", CANCELLED, False),
        ("cancel_order", CANCELLED, True),
        ("cancel_order", REFUNDED, False),
        ("cancel_and_refund", CANCELLED, True),
        ("cancel_and_refund", SHIPPED, False),
        ("create_discount_code", CANCELLED, False),
        ("an_action_of_the_past", CANCELLED, False),
    ],
)
def test_an_action_explains_the_statuses_it_brings(
    world: World, action: str, after: int, is_ours: bool
) -> None:
    world.ask(action)
    world.end("succeeded")

    found = world.cause(world.event("status", before=11, after=after))

    assert found == (REFERENCE if is_ours else None)


@pytest.mark.parametrize(("status", "is_ours"), [("rejected", False), ("unknown", True)])
def test_what_changed_nothing_explains_nothing(world: World, status: str, is_ours: bool) -> None:
    world.ask("cancel_order")
    world.end(status)

    found = world.cause(world.event("status", before=11, after=CANCELLED))

    assert found == (REFERENCE if is_ours else None)


def test_a_refund_that_was_declined_after_it_was_sent_explains_its_steps(world: World) -> None:
    world.ask()
    world.log.claim(REFERENCE)
    world.end("failed")

    assert world.cause(world.event("transaction", type="refund", status="declined")) == REFERENCE
    assert world.cause(world.event("transaction", type="capture", status="declined")) is None


@pytest.mark.parametrize("late_s", [-3600, 3600])
def test_what_happened_at_another_time_is_somebody_elses(world: World, late_s: float) -> None:
    world.ask("cancel_order")
    world.end("succeeded")

    assert world.cause(world.event("status", late_s=late_s, before=11, after=CANCELLED)) is None


def test_a_request_explains_a_status_once(world: World) -> None:
    world.ask("cancel_order")
    world.end("succeeded")
    first = world.event("status", before=11, after=CANCELLED)
    assert world.cause(first) == REFERENCE
    world.events.decide(first.id, OURS, reference=REFERENCE)

    assert world.cause(world.event("status", before=11, after=CANCELLED)) is None


def test_a_refund_made_by_hand_may_name_an_earlier_request(world: World) -> None:
    world.ask()
    world.end("succeeded", refund_id=7)
    by_hand = refund(8, f"Rest of it, see {REFERENCE}")

    assert world.cause(world.event("refund", refund_id=8), by_hand) is None
    assert world.cause(world.event("refund", refund_id=7), by_hand) == REFERENCE


def test_a_request_that_waits_for_a_second_person_has_done_nothing(world: World) -> None:
    world.ask("cancel_order", held=True)
    early = world.event("status", before=11, after=CANCELLED)

    assert world.cause(early) is None
    world.log.approve(REFERENCE, actor_id="U2", at=datetime.now(UTC))
    world.end("succeeded")
    assert world.cause(early) == REFERENCE  # within the minute that clocks may differ


def test_a_refund_is_known_by_its_number_or_by_its_mark(world: World) -> None:
    world.ask(request=CONFIRMED)
    world.log.claim(REFERENCE)
    other = world.event("refund", refund_id=8)
    assert world.cause(other) is None
    assert world.cause(other, refund(8, "Damaged")) is None
    assert world.cause(other, refund(8, f"Damaged [{REFERENCE}]")) == REFERENCE
    assert world.cause(other, refund(8, "", f"Damaged [{REFERENCE}]")) == REFERENCE
    assert world.cause(other, refund(8, "Damaged [MG-AAAA-AAAA]")) is None
    world.end("pending", refund_id=8)
    assert world.cause(other) == REFERENCE


@pytest.mark.parametrize(
    "reason", [f"see {REFERENCE}", f"see [{REFERENCE}] please", f"({REFERENCE})"]
)
def test_a_reference_that_is_no_mark_makes_nothing_the_bots_own(world: World, reason: str) -> None:
    world.ask(request=CONFIRMED)
    world.log.claim(REFERENCE)

    assert world.cause(world.event("refund", refund_id=8), refund(8, reason)) is None


def test_a_mark_on_another_amount_is_somebody_elses(world: World) -> None:
    world.ask(request=CONFIRMED)
    world.log.claim(REFERENCE)
    made = refund(8, f"Damaged [{REFERENCE}]").model_copy(update={"total_amount": Decimal(4)})

    assert world.cause(world.event("refund", refund_id=8), made) is None


@pytest.mark.parametrize("held", [False, True])
def test_a_request_that_was_not_sent_yet_made_no_refund(world: World, held: bool) -> None:
    world.ask(request=CONFIRMED, held=held)

    made = refund(8, f"Damaged [{REFERENCE}]")

    assert world.cause(world.event("refund", refund_id=8), made) is None
