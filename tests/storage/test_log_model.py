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

from storage import ActionLog, Entry, Event, open_database
from storage.values import time_text, to_time

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
    telling_status: str | None = None
    tellings: int = 0
    next_telling_at: datetime | None = None
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
        telling_status=entry.telling_status,
        tellings=entry.tellings,
        next_telling_at=entry.next_telling_at,
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
            model.status, model.finished_round = detail["status"], detail.pop("round")
            model.next_check_at = to_time(detail.pop("next_check_at", None))
            if detail.pop("tell_anew", False):
                model.told_status = None
            model.outcome, model.next_telling_at = detail, None
        case "checked_again":
            model.round, model.next_check_at = detail["round"], None
        case "telling":
            model.telling_status = detail["status"]
        case "told":
            model.telling_status = model.told_status = detail["status"]
            model.place = (detail["channel"], detail["thread_ts"], detail["message_ts"])
            model.next_telling_at = None
        case "not_told":
            model.tellings = detail["times"]
            model.next_telling_at = to_time(detail["next_telling_at"])
        case _:
            raise AssertionError(name)


# What the log would clean is told in `tests/bot/test_clean_text.py`.
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
                self.log.start_telling(reference, "failed")
            with pytest.raises(KeyError):
                self.log.telling_failed(reference, next_telling_at=BASE)
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
        anew=st.booleans(),
    )
    def finish(
        self, reference: str, status: str, check: datetime | None, note: str, anew: bool
    ) -> None:
        model = self.model(reference)
        if model is None or not model.is_under_way:
            return
        outcome = {"status": status, "message": note}
        self.log.finish(
            reference, status=status, outcome=outcome, next_check_at=check, tell_anew=anew
        )
        if anew:
            model.told_status = None
        model.status, model.outcome, model.next_check_at = status, outcome, check
        model.finished_round, model.next_telling_at = model.round, None
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

    @rule(reference=references, status=statuses)
    def start_telling(self, reference: str, status: str) -> None:
        model = self.model(reference)
        if model is not None:
            is_new = model.telling_status != status
            is_open = model.telling_status != model.told_status
            assert self.log.start_telling(reference, status) is (is_new and not is_open)
            if is_new:
                model.telling_status = status
                model.events.append("telling")

    @rule(reference=references, status=statuses, ts=st.integers(1, 3).map(str))
    def mark_told(self, reference: str, status: str, ts: str) -> None:
        model = self.model(reference)
        if model is not None:
            place = ("C1", "1.0", ts)
            self.log.mark_told(
                reference, status=status, channel=place[0], thread_ts=place[1], message_ts=ts
            )
            model.telling_status = model.told_status = status
            model.place, model.next_telling_at = place, None
            model.events.append("told")

    @rule(reference=references, again_at=times)
    def telling_failed(self, reference: str, again_at: datetime) -> None:
        model = self.model(reference)
        if model is not None:
            model.tellings += 1
            assert self.log.telling_failed(reference, next_telling_at=again_at) == model.tellings
            model.next_telling_at = again_at
            model.events.append("not_told")

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
            self.log.mark_told(FIRST, status="x", channel="x", thread_ts="x", message_ts="x")
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
    def the_questions_are_answered_as_the_model_would(self) -> None:
        assert names(self.log.unfinished()) == self.those(lambda model: model.is_under_way)
        for order_id in (1042, 1043):
            assert names(self.log.under_way(order_id)) == self.those(
                lambda model, order_id=order_id: model.order_id == order_id and not model.status
            )
        for hours in range(5):
            self.questions_at(BASE + timedelta(hours=hours))

    def questions_at(self, now: datetime) -> None:
        assert names(self.log.untold(now)) == self.those(
            lambda model: (
                not model.is_under_way
                and model.told_status != model.status
                and (model.next_telling_at is None or model.next_telling_at <= now)
            )
        )
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
