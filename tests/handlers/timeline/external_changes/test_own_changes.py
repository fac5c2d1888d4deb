"""Which of a store's reports are the bot's own doing: held against a real log."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from bot.bigcommerce.models import Order, Transaction
from bot.bigcommerce.refunds import Refund
from bot.values.marks import note_line
from handlers.timeline.external_changes.own_changes import OwnChanges, ShownInStore
from storage.database import open_database
from storage.log.action_log import ActionLog
from storage.log.entries import Hold
from storage.webhooks.external_changes import OURS, OutsideEvent, OutsideEvents

ORDER, REFERENCE = 1042, "MG-7F3K-2Q9D"
MARKED = f"Damaged [{REFERENCE}]"
CANCELLED, REFUNDED, SHIPPED, PARTIALLY = 5, 4, 2, 14
CONFIRMED: dict[str, Any] = {
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
        self.own = OwnChanges(self.log, self.events)
        self.count = 0

    def ask(self, action: str = "refund_order", *, held: bool = False, **request: Any) -> None:
        hold = Hold(until=datetime.now(UTC) + timedelta(hours=1), shown={})
        self.log.ask(
            REFERENCE,
            action=action,
            order_id=ORDER,
            team_id="T1",
            actor_id="U1",
            request=request,
            hold=hold if held else None,
        )

    def end(self, status: str, **outcome: Any) -> None:
        self.log.finish(REFERENCE, status=status, outcome={"message": "x", **outcome})

    def event(self, kind: str, *, late_s: float = 0, **detail: Any) -> OutsideEvent:
        self.count += 1
        at = datetime.now(UTC) + timedelta(seconds=late_s)
        key = f"{kind}:{self.count}"
        self.events.take(key, order_id=ORDER, kind=kind, detail=detail, happened_at=at)
        (event,) = self.events._all("key = ?", [key])
        return event

    def status(self, before: int, after: int, *, late_s: float = 0) -> OutsideEvent:
        return self.event("status", late_s=late_s, before=before, after=after)

    def cause(self, event: OutsideEvent, *refunds: Refund, **shown: Any) -> str | None:
        fields = {"order": order(), **shown}
        return self.own.find(event, ShownInStore(refunds=refunds, **fields))


@pytest.fixture
def world(db: Database) -> World:
    return World(db)


def order(*, noted: bool = False) -> Order:
    note = note_line(REFERENCE, "Damaged", datetime.now(UTC).date()) if noted else "Call back"
    row = {"id": ORDER, "status_id": 11, "total_inc_tax": "20", "payment_status": "captured"}
    always = {"customer_id": 1, "date_created": "", "is_deleted": False, "currency_code": "USD"}
    more = {"default_currency_code": "USD", "store_credit_amount": "0"}
    return Order.model_validate(
        {**row, **always, **more, "gift_certificate_amount": "0", "staff_notes": note}
    )


def refund(
    number: int, reason: str = MARKED, *reasons: str, total: str = "5", declined: bool = False
) -> Refund:
    items = [{"item_type": "SHIPPING", "item_id": 1, "reason": each} for each in reasons]
    payment = {
        "id": number,
        "provider_id": "braintree",
        "amount": total,
        "offline": False,
        "is_declined": declined,
        "transaction_id": str(number + 100),
    }
    row = {"id": number, "order_id": ORDER, "created": datetime.now(UTC), "total_amount": total}
    fields = {**row, "reason": reason, "items": items, "payments": [payment]}
    return Refund.model_validate(fields)


def step(number: int, event: str = "refund") -> Transaction:
    row = {"id": number, "gateway_transaction_id": f"gw-{number}", "event": event, "amount": "5"}
    return Transaction.model_validate(row)


@pytest.mark.parametrize(
    ("action", "noted", "after", "is_ours"),
    [
        ("cancel_order", True, CANCELLED, True),
        ("cancel_order", False, CANCELLED, False),
        ("cancel_order", True, REFUNDED, False),
        ("cancel_and_refund", True, CANCELLED, True),
        ("refund_order", True, CANCELLED, False),
        ("an_action_of_the_past", True, CANCELLED, False),
    ],
)
def test_a_status_that_was_set_is_proved_by_the_staff_note(
    world: World, action: str, noted: bool, after: int, is_ours: bool
) -> None:
    world.ask(action)
    world.end("succeeded")

    found = world.cause(world.status(11, after), order=order(noted=noted))

    assert found == (REFERENCE if is_ours else None)


@pytest.mark.parametrize(
    ("total", "after", "is_ours"),
    [
        ("5", PARTIALLY, True),
        ("5", REFUNDED, False),  # set by a person, some seconds later
        ("20", REFUNDED, True),
        ("20", PARTIALLY, False),
        ("5", SHIPPED, False),
    ],
)
def test_a_refund_brings_the_one_status_that_its_amount_does(
    world: World, total: str, after: int, is_ours: bool
) -> None:
    world.ask()
    world.end("succeeded", refund_id=7)

    found = world.cause(world.status(11, after), refund(7, total=total))

    assert found == (REFERENCE if is_ours else None)


def test_somebody_elses_refund_brings_its_own_status(world: World) -> None:
    world.ask()
    world.end("succeeded", refund_id=7)
    refunds = refund(7, total="5"), refund(8, "By hand", total="15")

    assert world.cause(world.status(11, PARTIALLY), *refunds) == REFERENCE
    assert world.cause(world.status(PARTIALLY, REFUNDED), *refunds) is None


def test_a_declined_refund_brings_no_status(world: World) -> None:
    world.ask()
    world.end("failed", refund_id=7)

    assert world.cause(world.status(11, PARTIALLY), refund(7, declined=True)) is None


def test_a_status_that_the_order_had_in_between_is_somebody_elses(world: World) -> None:
    # The order was Partially Refunded before the bot's refund, so that brought nothing.
    world.ask()
    world.end("succeeded", refund_id=7)
    made = refund(7)
    world.status(PARTIALLY, SHIPPED, late_s=5)

    assert world.cause(world.status(SHIPPED, PARTIALLY, late_s=10), made) is None


def test_only_what_was_partially_refunded_is_set_back(world: World) -> None:
    world.ask("refund_items", set_back_to=11)
    world.end("succeeded", refund_id=7)
    noted = order(noted=True)

    assert world.cause(world.status(SHIPPED, 11), order=noted) is None
    assert world.cause(world.status(PARTIALLY, 11), order=noted) == REFERENCE


def test_what_the_bot_took_away_it_sets_back(world: World) -> None:
    world.ask("refund_items", set_back_to=11)
    world.end("succeeded", refund_id=7)
    taken = world.status(11, PARTIALLY, late_s=1)
    assert world.cause(taken, refund(7)) == REFERENCE
    world.events.decide(taken.id, OURS, reference=REFERENCE)

    back = world.status(PARTIALLY, 11, late_s=2)
    assert world.cause(back, refund(7), order=order(noted=True)) == REFERENCE


@pytest.mark.parametrize("late_s", [-3600, 3600])
def test_what_happened_at_another_time_is_somebody_elses(world: World, late_s: float) -> None:
    world.ask("cancel_order")
    world.end("succeeded")

    event = world.status(11, CANCELLED, late_s=late_s)
    assert world.cause(event, order=order(noted=True)) is None


def test_a_request_explains_a_status_once(world: World) -> None:
    world.ask("cancel_order")
    world.end("succeeded")
    first = world.status(11, CANCELLED)
    assert world.cause(first, order=order(noted=True)) == REFERENCE
    world.events.decide(first.id, OURS, reference=REFERENCE)

    assert world.cause(world.status(11, CANCELLED), order=order(noted=True)) is None


def test_a_request_that_waits_for_a_second_person_has_done_nothing(world: World) -> None:
    world.ask("cancel_order", held=True)
    early = world.status(11, CANCELLED)

    assert world.cause(early, order=order(noted=True)) is None


def test_a_payment_step_is_proved_by_the_refund_that_it_belongs_to(world: World) -> None:
    world.ask()
    world.end("failed", refund_id=7)
    refunds = refund(7, declined=True), refund(8, "By hand", declined=True)
    steps = [step(107), step(108)]

    def cause(gateway_id: str) -> str | None:
        event = world.event("transaction", type="refund", status="declined", id=gateway_id)
        return world.cause(event, *refunds, transactions=steps)

    assert (cause("gw-107"), cause("gw-108"), cause("gw-9")) == (REFERENCE, None, None)


def test_without_the_payment_steps_declines_are_the_bots_when_nobody_elses_were(
    world: World,
) -> None:
    world.ask()
    world.end("failed", refund_id=7)
    own, other = refund(7, declined=True), refund(8, "By hand", declined=True)

    def event() -> OutsideEvent:
        return world.event("transaction", type="refund", status="declined", id="gw-107")

    assert world.cause(event(), own, other) is None
    first = event()
    assert world.cause(first, own) == REFERENCE
    world.events.decide(first.id, OURS, reference=REFERENCE)
    assert world.cause(event(), own) is None


def test_a_void_is_the_bots_once_where_it_asked_for_one(world: World) -> None:
    world.ask("cancel_order")

    def event() -> OutsideEvent:
        return world.event("transaction", type="void", status="declined", id="gw-9")

    steps = [step(9, "void")]
    assert world.cause(event(), transactions=steps) is None
    world.log.note_release(REFERENCE)
    first = event()
    assert world.cause(first, transactions=steps) == REFERENCE
    world.events.decide(first.id, OURS, reference=REFERENCE)
    assert world.cause(event(), transactions=steps) is None


def test_archiving_is_never_the_bots(world: World) -> None:
    world.ask("cancel_order")
    world.end("succeeded")

    assert world.cause(world.event("archived"), order=order(noted=True)) is None


def test_a_refund_made_by_hand_may_name_an_earlier_request(world: World) -> None:
    world.ask()
    world.end("succeeded", refund_id=7)
    by_hand = refund(8, f"Rest of it, see {REFERENCE}")

    assert world.cause(world.event("refund", refund_id=8), by_hand) is None
    assert world.cause(world.event("refund", refund_id=7), by_hand) == REFERENCE


def test_a_refund_is_known_by_its_number_or_by_its_mark(world: World) -> None:
    world.ask(**CONFIRMED)
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
    world.ask(**CONFIRMED)
    world.log.claim(REFERENCE)

    assert world.cause(world.event("refund", refund_id=8), refund(8, reason)) is None


def test_a_mark_on_another_amount_is_somebody_elses(world: World) -> None:
    world.ask(**CONFIRMED)
    world.log.claim(REFERENCE)
    made = refund(8, f"Damaged [{REFERENCE}]").model_copy(update={"total_amount": Decimal(4)})

    assert world.cause(world.event("refund", refund_id=8), made) is None


@pytest.mark.parametrize("held", [False, True])
def test_a_request_that_was_not_sent_yet_made_no_refund(world: World, held: bool) -> None:
    world.ask(held=held, **CONFIRMED)

    made = refund(8, f"Damaged [{REFERENCE}]")

    assert world.cause(world.event("refund", refund_id=8), made) is None
