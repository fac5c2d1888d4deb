from __future__ import annotations

import base64
import json
import pickle
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from dbos import DBOS, _serialization
from hypothesis import given
from hypothesis import strategies as st

from bot.runner.queue_serializer import (
    FORMAT,
    NotOurs,
    QueueFailure,
    QueueValues,
    check_input,
    drop_foreign_rows,
    never_unpickle,
)
from storage.data_folder.folder import WORKFLOWS_FILE
from storage.database import open_database
from storage.log.action_log import ActionLog
from tests.bot.runner.world import World, running, until

values = QueueValues()


class Payload:
    """Unpickling it makes a file."""

    def __init__(self, made: Path) -> None:
        self.made = made

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.made,)


def pickled(value: Any) -> str:
    return base64.b64encode(pickle.dumps(value)).decode()


def ask_in_log(world: World, reference: str) -> None:
    with closing(open_database(world.data / "makegood.sqlite")) as db:
        ActionLog(db).ask(
            reference,
            action="pay",
            order_id=1042,
            team_id="T1",
            actor_id="U1",
            request={"order_id": 1042},
        )


def queue_of(world: World) -> sqlite3.Connection:
    return sqlite3.connect(world.data / WORKFLOWS_FILE, timeout=20)


def put_row(world: World, reference: str, inputs: str, serialization: str | None) -> None:
    """Put a workflow in the queue's file as somebody else would."""
    with closing(queue_of(world)) as db, db:
        db.execute(
            "INSERT INTO workflow_status (workflow_uuid, status, name, executor_id,"
            " application_version, queue_name, queue_partition_key, inputs, serialization)"
            " VALUES (?, 'ENQUEUED', 'carry_out', 'local', '1', 'orders', '1042', ?, ?)",
            [f"{reference}.1.aaaaaaaa", inputs, serialization],
        )


def change_inputs(db: sqlite3.Connection, inputs: str, serialization: str) -> None:
    """Change those of MG-2, which waits in the queue."""
    # DBOS keeps them in a table of their own, and looks there first.
    change = "UPDATE workflow_input SET inputs = ? WHERE workflow_uuid LIKE 'MG-2.%'"
    assert db.execute(change, [inputs]).rowcount == 1
    change = "UPDATE workflow_status SET serialization = ? WHERE workflow_uuid LIKE 'MG-2.%'"
    assert db.execute(change, [serialization]).rowcount == 1


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_the_payload_is_one_that_runs(tmp_path: Path) -> None:
    pickle.loads(base64.b64decode(pickled(Payload(tmp_path / "ran"))))  # noqa: S301 - our own

    assert (tmp_path / "ran").exists()


@pytest.mark.parametrize("serialization", ["py_pickle", None, FORMAT, "portable_json"])
async def test_a_pickled_payload_in_the_file_runs_nothing_and_its_request_is_taken_up(
    world: World, serialization: str | None
) -> None:
    async with running(world) as bot:
        await bot.ask("MG-1")
        await bot.outcome("MG-1")
    ask_in_log(world, "MG-2")
    ran = world.data / "ran"
    put_row(world, "MG-2", pickled({"args": (Payload(ran),), "kwargs": {}}), serialization)

    async with running(world) as bot:
        assert await bot.outcome("MG-2") == "succeeded"

    assert world.paid() == ["MG-1", "MG-2"]
    assert not ran.exists()


@pytest.mark.parametrize("serialization", ["py_pickle", FORMAT, "portable_json"])
async def test_a_row_that_is_changed_while_the_bot_runs_runs_nothing_either(
    world: World, serialization: str
) -> None:
    ran = world.data / "ran"
    async with running(world) as bot:
        await bot.ask("MG-1", "hold")
        await until(lambda: world.running == ["1042"])
        await bot.ask("MG-2")
        with closing(queue_of(world)) as db, db:
            change_inputs(db, pickled({"args": (Payload(ran),), "kwargs": {}}), serialization)
        world.switch("go")

        assert await bot.outcome("MG-2") == "succeeded"

    assert world.paid() == ["MG-1", "MG-2"]
    assert not ran.exists()


@pytest.mark.parametrize(
    "inputs",
    [
        '{"positionalArgs": ["MG-1"], "namedArgs": {}}',
        '{"positionalArgs": [{"a": 1}], "namedArgs": {}}',
        '{"positionalArgs": [], "namedArgs": {"reference": "MG-2"}}',
    ],
)
async def test_a_row_in_the_form_for_other_languages_carries_out_nobody_elses_request(
    world: World, inputs: str
) -> None:
    async with running(world) as bot:
        await bot.ask("MG-1", "hold")
        await until(lambda: world.running == ["1042"])
        await bot.ask("MG-2")
        with closing(queue_of(world)) as db, db:
            change_inputs(db, inputs, "portable_json")
        world.switch("go")

        assert await bot.outcome("MG-2") == "succeeded"

    assert world.paid() == ["MG-1", "MG-2"]


async def test_the_former_releases_file_is_emptied_and_its_requests_are_taken_up(
    world: World,
) -> None:
    async with running(world, drain_s=0) as bot:
        await bot.ask("MG-1", "hold")
        await until(lambda: world.running == ["1042"])
        await bot.ask("MG-2")
    with closing(queue_of(world)) as db, db:
        # As the former release wrote it.
        for workflow_id, reference in db.execute(
            "SELECT workflow_uuid, substr(workflow_uuid, 1, 4) FROM workflow_status"
        ).fetchall():
            inputs = pickled({"args": (reference,), "kwargs": {}})
            db.execute(
                "UPDATE workflow_input SET inputs = ? WHERE workflow_uuid = ?",
                [inputs, workflow_id],
            )
            db.execute(
                "UPDATE workflow_status SET serialization = 'py_pickle' WHERE workflow_uuid = ?",
                [workflow_id],
            )
    world.switch("go")

    async with running(world) as bot:
        assert await bot.outcome("MG-1") == "succeeded"
        assert await bot.outcome("MG-2") == "succeeded"
        with closing(queue_of(world)) as db:
            forms = db.execute("SELECT DISTINCT serialization FROM workflow_status").fetchall()

    assert sorted(world.paid()) == ["MG-1", "MG-2"]
    assert forms == [(FORMAT,)]


async def test_what_an_earlier_release_was_telling_holds_up_nothing(
    tmp_path: Path, world: World
) -> None:
    async with running(world) as bot:
        await bot.ask("MG-1")
        await bot.outcome("MG-1")
    with closing(sqlite3.connect(world.data / WORKFLOWS_FILE)) as db, db:
        db.execute(
            "INSERT INTO workflow_status (workflow_uuid, status, name, executor_id,"
            " application_version, queue_name, queue_partition_key, inputs, serialization)"
            " VALUES ('MG-1.1.old', ?, 'tell_again', 'local', '1', 'orders', '1042', ?, ?)",
            ["PENDING", values.serialize({"args": ("MG-1",), "kwargs": {}}), FORMAT],
        )

    async with running(world) as bot:
        await bot.ask("MG-2")

        assert await bot.outcome("MG-2") == "succeeded"
        assert world.told() == ["MG-1 succeeded", "MG-2 succeeded"]


async def test_what_the_queue_keeps_is_the_reference_alone(world: World) -> None:
    async with running(world) as bot:
        await bot.ask("MG-1")
        await bot.outcome("MG-1")
        with closing(queue_of(world)) as db:
            inputs = db.execute("SELECT DISTINCT inputs FROM workflow_input").fetchall()
            forms = db.execute("SELECT DISTINCT serialization FROM workflow_status").fetchall()

    assert forms == [(FORMAT,)]
    assert inputs == [('{"reference": "MG-1"}',)]


def test_there_is_no_way_to_pickle_left_in_the_engine() -> None:
    never_unpickle()
    inputs = pickled({"args": ("MG-1",), "kwargs": {}})

    with pytest.raises(TypeError, match="py_pickle is not available"):
        _serialization.deserialize_args(inputs, "py_pickle", values)
    with pytest.raises(TypeError, match="py_pickle is not available"):
        _serialization.deserialize_value(inputs, "py_pickle", values)
    with pytest.raises(TypeError, match="py_pickle is not available"):
        _serialization.deserialize_exception(inputs, "py_pickle", values)
    with pytest.raises(NotOurs):
        _serialization.deserialize_args(inputs, None, values)


def test_inputs_nothing_and_errors_come_back_as_they_went_in() -> None:
    inputs = {"args": ("MG-7F3K-2Q9D",), "kwargs": {}}

    assert values.deserialize(values.serialize(inputs)) == inputs
    assert values.deserialize(values.serialize(None)) is None
    failure = values.deserialize(values.serialize(KeyError("maria@example.com")))
    assert isinstance(failure, QueueFailure)
    assert str(failure) == "KeyError"


@pytest.mark.parametrize(
    "value",
    [
        "MG-1",
        7,
        {"args": ("MG-1", "MG-2"), "kwargs": {}},
        {"args": (), "kwargs": {}},
        {"args": (7,), "kwargs": {}},
        {"args": ("MG-1",), "kwargs": {"reference": "MG-2"}},
        {"args": ("../etc",), "kwargs": {}},
        {"args": ("MG-1",)},
    ],
)
def test_another_shape_does_not_go_in(value: Any) -> None:
    with pytest.raises(NotOurs):
        values.serialize(value)


@given(
    st.text()
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ).map(json.dumps)
)
def test_another_shape_does_not_come_out(text: str) -> None:
    if text.strip() == "null":
        return
    with pytest.raises(NotOurs):
        values.deserialize(text)


def test_json_that_is_nested_for_a_megabyte_is_not_parsed() -> None:
    with pytest.raises(NotOurs):
        values.deserialize("[" * 1_000_000)


@pytest.mark.parametrize("reference", ["MG-2", "MG-1.1", None, ["MG-1"], "mg-1"])
def test_a_workflow_takes_only_the_reference_of_its_id(reference: Any) -> None:
    with pytest.raises(NotOurs):
        check_input(reference, "MG-1.1.abcd")


def test_a_workflow_takes_the_reference_of_its_id() -> None:
    check_input("MG-1", "MG-1.1.abcd")


def test_everything_that_is_not_the_bots_is_deleted(tmp_path: Path) -> None:
    path = tmp_path / "queue.sqlite"
    DBOS.migrate(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as db:
        insert = "INSERT INTO workflow_status (workflow_uuid, inputs, serialization) VALUES (?,?,?)"
        good = values.serialize({"args": ("MG-1",), "kwargs": {}})
        db.executemany(
            insert,
            [
                ("MG-1.1.a", good, FORMAT),
                ("MG-2.1.a", good, "py_pickle"),
                ("MG-3.1.a", good, None),
            ],
        )
        db.executemany(
            "INSERT INTO operation_outputs (workflow_uuid, function_id, serialization)"
            " VALUES (?, ?, ?)",
            [("MG-1.1.a", 1, FORMAT), ("MG-1.1.a", 2, "py_pickle"), ("MG-2.1.a", 1, FORMAT)],
        )
        db.execute(
            "INSERT INTO workflow_schedules (schedule_id, schedule_name, workflow_name, schedule,"
            " context) VALUES ('1', 's', 'carry_out', '* * * * *', ?)",
            [pickled("MG-1")],
        )

        told = "INSERT INTO workflow_status (workflow_uuid, name, inputs, serialization)"
        db.execute(f"{told} VALUES ('MG-4.1.a', 'tell_again', ?, ?)", [good, FORMAT])

        assert drop_foreign_rows(db) == 3

        kept = db.execute("SELECT workflow_uuid FROM workflow_status").fetchall()
        steps = db.execute("SELECT workflow_uuid, function_id FROM operation_outputs").fetchall()
        schedules = db.execute("SELECT count(*) FROM workflow_schedules").fetchone()
    assert (kept, steps, schedules) == ([("MG-1.1.a",)], [("MG-1.1.a", 1)], (0,))
