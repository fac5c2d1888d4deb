"""The action log against a model of a few dictionaries: any order of changes, any interruption."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)

from storage.database import open_database
from storage.log.action_log import ActionLog
from storage.log.entries import Entry, Event
from storage.outbox.outbox import Outbox
from storage.outbox.posts import HOME, UNDER_WAY, outcome_key
from storage.values import time_text, to_time
from tests.storage.telling import told

FILE = "makegood.sqlite"
BASE = datetime(2026, 1, 1, tzinfo=UTC)
FIRST, SECOND = "MG-A", "MG-B"
ORDERS = (1042, 1043, None)
references = st.sampled_from([FIRST, FIRST, SECOND])
statuses = st.sampled_from(["succeeded", "rejected", "failed", "pending", "unknown"])
times = st.integers(0, 4).map(lambda hours: BASE + timedelta(hours=hours))
actors = st.sampled_from(["U1", "U2"])


@dataclass
class Model:
    """What a request must look like, and how many changes it has seen."""

    order_id: int | None
    actor_id: str
    claimed: bool = False
    status: str | None = None
    outcome: dict[str, Any] | None = None
    next_check_at: datetime | None = None
    round: int = 1
    finished_round: int = 0
    told_status: str | None = None
    place: tuple[str | None, str | None, str | None] = (None, None, None)
    events: list[str] = field(default_factory=lambda: ["asked"])

    @property
    def is_under_way(self) -> bool:
        return self.finished_round < self.round


def seen(entry: Entry) -> Model:
    """Return the entry as a model, without its events."""
    return Model(
        order_id=entry.order_id,
        actor_id=entry.actor_id,
        claimed=entry.sent_at is not None,
        status=entry.status,
        outcome=entry.outcome,
        next_check_at=entry.next_check_at,
        round=entry.round,
        finished_round=entry.finished_round,
        told_status=entry.told_status,
        place=(entry.channel, entry.thread_ts, entry.message_ts),
        events=[],
    )


def rebuilt(events: list[Event]) -> Model:
    """Return what the events alone tell of a request."""
    first = events[0].detail
    model = Model(order_id=first["order_id"], actor_id=first["actor_id"], events=[])
    for event in events[1:]:
        replay(model, event.event, dict(event.detail))
    return model


def replay(model: Model, name: str, detail: dict[str, Any]) -> None:
    match name:
        case "sent":
            model.claimed = True
        case "outcome":
            before = model.status, model.outcome
            model.status, model.finished_round = detail["status"], detail.pop("round")
            model.next_check_at = to_time(detail.pop("next_check_at", None))
            if before != (model.status, detail):
                model.told_status = None
            model.outcome = detail
        case "checked_again":
            model.round, model.next_check_at = detail["round"], None
        case "told":
            model.told_status = detail["status"]
            model.place = (detail["channel"], detail["thread_ts"], detail["message_ts"])
        case "not_told":
            pass
        case _:
            raise AssertionError(name)


# What the log would clean is told in `tests/bot/values/test_clean_text.py`.
NOTES = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8)


class LogMachine(RuleBasedStateMachine):
    """Every change of the log, in any order, on a real file."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="log-model-"))
        self.copies = 0
        self.models: dict[str, Model] = {}
        self.asked: list[str] = []
        self.past: dict[str, list[Event]] = {}

    @initialize(order_id=st.sampled_from(ORDERS))
    def begin(self, order_id: int | None) -> None:
        self.open(self.folder / "0")
        self.ask(FIRST, order_id, "U1")

    def open(self, folder: Path) -> None:
        self.here = folder
        self.db = open_database(folder / FILE)
        self.log = ActionLog(self.db)

    def teardown(self) -> None:
        self.db.close()
        shutil.rmtree(self.folder)

    def model(self, reference: str) -> Model | None:
        """Return the model; for an unknown reference, see the log refuse every change."""
        model = self.models.get(reference)
        if model is None:
            assert self.log.find(reference) is None
            with pytest.raises(KeyError):
                self.log.claim(reference)
            with pytest.raises(KeyError):
                self.log.begin_round(reference)
            with pytest.raises(KeyError):
                self.log.say_under_way(reference)
            with pytest.raises(KeyError):
                told(self.log, reference)
        return model

    # Changes.

    @rule(reference=references, order_id=st.sampled_from(ORDERS), actor_id=actors)
    def ask(self, reference: str, order_id: int | None, actor_id: str) -> None:
        is_new = reference not in self.models
        assert is_new is self.log.ask(
            reference,
            action="cancel_order",
            order_id=order_id,
            team_id="T1",
            actor_id=actor_id,
            request={"order_id": order_id, "reason": actor_id},
        )
        if is_new:
            self.models[reference] = Model(order_id, actor_id)
            self.asked.append(reference)

    @rule(reference=references)
    def claim(self, reference: str) -> None:
        model = self.model(reference)
        if model is not None:
            assert self.log.claim(reference) is not model.claimed
            if not model.claimed:
                model.claimed = True
                model.events.append("sent")

    @rule(
        reference=references,
        status=statuses,
        check=st.none() | times,
        note=NOTES,
    )
    def finish(self, reference: str, status: str, check: datetime | None, note: str) -> None:
        model = self.model(reference)
        if model is None or not model.is_under_way:
            return
        outcome = {"status": status, "message": note}
        is_news = (model.status, model.outcome) != (status, outcome)
        before = self.version(reference)
        self.log.finish(reference, status=status, outcome=outcome, next_check_at=check)
        assert self.version(reference) - before == is_news
        if is_news:
            model.told_status = None
        model.status, model.outcome, model.next_check_at = status, outcome, check
        model.finished_round = model.round
        model.events.append("outcome")

    @rule(reference=references, actor_id=st.none() | actors)
    def begin_round(self, reference: str, actor_id: str | None) -> None:
        model = self.model(reference)
        if model is None:
            return
        number = None if model.is_under_way else model.round + 1
        assert self.log.begin_round(reference, actor_id=actor_id) == number
        if number is not None:
            model.round, model.next_check_at = number, None
            model.events.append("checked_again")

    @rule(reference=references)
    def say_under_way(self, reference: str) -> None:
        model = self.model(reference)
        if model is not None:
            assert self.log.say_under_way(reference) is (model.status is None)

    @rule(reference=references, status=statuses, ts=st.integers(1, 3).map(str))
    def tell(self, reference: str, status: str, ts: str) -> None:
        model = self.model(reference)
        if model is not None:
            told(self.log, reference, status, thread_ts="1.0", message_ts=ts)
            model.told_status, model.place = status, ("C1", "1.0", ts)
            model.events.append("told")

    @rule(reference=references, status=statuses)
    def tell_nobody(self, reference: str, status: str) -> None:
        if (model := self.model(reference)) is not None:
            told(self.log, reference, status, place=HOME, channel=None, message_ts=None)
            model.events.append("not_told")

    def version(self, reference: str) -> int:
        """Return how often the message of the request was to be drawn."""
        post = Outbox(self.db).find(outcome_key(reference))
        return 0 if post is None else post.version

    # Interruptions, as one rule: the changes must stay the more frequent ones.

    @rule(how=st.sampled_from(["reopen", "crash", "break_off", "tamper"]), reference=references)
    def interrupt(self, how: str, reference: str) -> None:
        if how == "reopen":
            self.db.close()
            self.open(self.here)
        elif how == "crash":
            self.crash()
        elif reference in self.models and how == "break_off":
            with pytest.raises(TypeError):
                self.log.finish(reference, status="failed", outcome={"at": object()})
        elif reference in self.models:
            self.tamper(reference)

    def crash(self) -> None:
        """Go on from the files as a dead process leaves them: nothing closed, half a change."""
        self.copies += 1
        copy = self.folder / str(self.copies)
        with suppress(InterruptedError), self.db.atomic():
            told(self.log, FIRST, "x", channel="x", thread_ts="x", message_ts="x")
            shutil.copytree(self.here, copy)
            raise InterruptedError
        self.db.close()
        self.open(copy)

    def tamper(self, reference: str) -> None:
        """What was asked, and that it was sent, cannot be unwritten."""
        with pytest.raises(sqlite3.IntegrityError, match="stays as it was asked"):
            self.db.execute("UPDATE action_log SET order_id = 7 WHERE reference = ?", [reference])
        if self.models[reference].claimed:
            with pytest.raises(sqlite3.IntegrityError, match="sent once"):
                self.db.execute("UPDATE action_log SET sent_at = NULL")

    # What must hold after each.

    @invariant()
    def no_entry_is_lost_or_differs(self) -> None:
        recent = self.log.recent(limit=100)
        assert [entry.reference for entry in recent] == self.asked[::-1]
        for entry in recent:
            model = self.models[entry.reference]
            assert vars(seen(entry)) == vars(model) | {"events": []}
            assert entry.is_under_way is model.is_under_way

    @invariant()
    def the_past_stays_and_tells_it_all(self) -> None:
        for reference, model in self.models.items():
            events = self.log.events(reference)
            past = self.past.get(reference, [])
            assert events[: len(past)] == past
            assert [event.event for event in events] == model.events
            assert vars(rebuilt(events)) == vars(model) | {"events": []}
            self.past[reference] = events

    @invariant()
    def the_message_wants_to_say_what_the_log_says(self) -> None:
        for reference, model in self.models.items():
            post = Outbox(self.db).find(outcome_key(reference))
            if post is not None or model.status is not None:
                assert post is not None
                assert post.wanted == (model.status or UNDER_WAY)

    @invariant()
    def the_questions_are_answered_as_the_model_would(self) -> None:
        assert names(self.log.unfinished()) == self.those(lambda model: model.is_under_way)
        for order_id in (1042, 1043):
            assert names(self.log.under_way(order_id)) == self.those(
                lambda model, order_id=order_id: model.order_id == order_id and not model.status
            )
        assert names(self.log.untold()) == self.those(
            lambda model: model.status is not None and model.told_status != model.status
        )
        for hours in range(5):
            self.questions_at(BASE + timedelta(hours=hours))

    def questions_at(self, now: datetime) -> None:
        due = self.log.due(now)
        assert sorted(names(due)) == sorted(
            self.those(
                lambda model: (
                    not model.is_under_way
                    and model.next_check_at is not None
                    and model.next_check_at <= now
                )
            )
        )
        assert [time_text(entry.next_check_at) for entry in due] == sorted(
            str(time_text(entry.next_check_at)) for entry in due
        )

    def those(self, wanted: Any) -> list[str]:
        return [reference for reference in self.asked if wanted(self.models[reference])]


def names(entries: list[Entry]) -> list[str]:
    return [entry.reference for entry in entries]


TestLogModel = LogMachine.TestCase
TestLogModel.settings = settings(max_examples=20, stateful_step_count=40, deadline=None)
