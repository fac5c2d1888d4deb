from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import DATABASE_FILE
from bot.commands import main
from storage import ActionLog, ConfigurationLog, OutsideEvents, open_database


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ActionLog]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA", "mine")
    db = open_database(tmp_path / "mine" / DATABASE_FILE)
    yield ActionLog(db)
    db.close()


def ask(log: ActionLog, reference: str, order_id: int | None = 1042, reason: str = "Late") -> None:
    log.ask(
        reference,
        action="refund_order",
        order_id=order_id,
        team_id="T1",
        actor_id="U1",
        request={"order_id": order_id, "reason": reason},
    )


def test_the_log_is_a_table_newest_first(
    log: ActionLog, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(log, "MG-1")
    log.finish("MG-1", status="succeeded", outcome={"message": "Refunded.", "next_step": ""})
    ask(log, "MG-2", order_id=None)

    assert main(["log"]) == 0

    head, second, first = capsys.readouterr().out.splitlines()
    assert head.split() == [
        "ASKED",
        "(UTC)",
        "REFERENCE",
        "ORDER",
        "ACTION",
        "STATUS",
        "ACTOR",
        "REASON",
    ]
    assert second.split()[2:] == ["MG-2", "-", "refund_order", "under", "way", "U1", "Late"]
    assert first.split()[2:] == ["MG-1", "1042", "refund_order", "succeeded", "U1", "Late"]


def test_the_log_of_one_order_is_cut_off_where_asked(
    log: ActionLog, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(3):
        ask(log, f"MG-{number}", order_id=7)
    ask(log, "MG-9", order_id=8)

    main(["log", "--order", "7", "--limit", "2"])

    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[2] for line in lines[1:]] == ["MG-2", "MG-1"]


def test_one_request_is_told_event_by_event(
    log: ActionLog, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(log, "MG-1")
    log.claim("MG-1")
    log.finish("MG-1", status="unknown", outcome={"message": "No answer.", "next_step": "Look."})

    assert main(["log", "mg-1"]) == 0

    out = capsys.readouterr().out
    assert "No answer. Look." in out
    assert [line.split()[2] for line in out.splitlines()[-3:]] == ["asked", "sent", "outcome"]


def test_a_terminal_obeys_nothing_that_was_typed(
    log: ActionLog, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(log, "MG-1", reason="\x1b[2Jgone\r\nMG-2 \u202eforged " + "x" * 60)

    main(["log"])

    out = capsys.readouterr().out
    assert "\\x1b[2Jgone\\r\\nMG-2 \\u202eforged" in out
    assert not set(out) & set("\x1b\r\u202e")
    assert len(out.splitlines()) == 2


def test_an_unknown_reference_is_said_to_be_so(
    log: ActionLog, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["log", "MG-0\x1b"]) == 1

    assert capsys.readouterr().err.startswith("There is no request MG-0\\x1b in this log.")


def test_an_empty_log_says_so(log: ActionLog, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["log"]) == 0

    assert capsys.readouterr().out == "Nothing was asked yet.\n"


def test_a_folder_without_a_log_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["log", "--data", str(tmp_path)]) == 1

    err = capsys.readouterr().err
    assert f"There is no action log in the folder {tmp_path}" in err
    assert "demo-data/bot" in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["", "no database, and long enough to be read " * 50])
def test_a_log_that_cannot_be_read_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    (tmp_path / DATABASE_FILE).write_text(content)

    assert main(["log", "--data", str(tmp_path)]) == 1

    assert f"{tmp_path / DATABASE_FILE} cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize("typed", ["1042", "#1042", " 1042 "])
def test_an_order_number_may_be_pasted_as_it_is(
    log: ActionLog, capsys: pytest.CaptureFixture[str], typed: str
) -> None:
    ask(log, "MG-1")

    assert main(["log", "--order", typed]) == 0

    assert "MG-1" in capsys.readouterr().out


def test_an_order_without_requests_is_named(
    log: ActionLog, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["log", "--order", "7"]) == 0

    assert capsys.readouterr().out == "Nothing was asked for order 7.\n"


@pytest.mark.parametrize("option", ["--order", "--limit"])
@pytest.mark.parametrize("number", ["0", "-1", "x", "²", "1" * 19])
def test_a_number_that_is_none_is_refused(
    option: str, number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(["log", f"{option}={number}"])

    assert end.value.code == 2
    assert "a whole number from 1 is needed here" in capsys.readouterr().err


def test_the_configurations_changes_are_told_field_by_field(
    log: ActionLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["log", "--configuration"]) == 0
    assert capsys.readouterr().out == "Nothing has been changed yet.\n"
    db = open_database(tmp_path / "mine" / DATABASE_FILE)
    changes = ConfigurationLog(db)
    changes.change("activated", False, True, team_id="T1", actor_id="U1")
    rule = {"enabled": True, "limit": None}
    changes.change(
        "rules.refund_order", rule, {**rule, "limit": "50.00"}, team_id="T1", actor_id="U2"
    )
    changes.change_all(
        [("day_limit", "9.00", None)], team_id="T1", actor_id="U1", confirmed_by="U2"
    )
    db.close()

    assert main(["log", "--configuration"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("U1  day_limit  confirmed by U2")
    assert lines[1] == '  "9.00" -> null'
    assert lines[2].endswith("U2  rules.refund_order")
    assert lines[3] == '  limit: null -> "50.00"'
    assert lines[4].endswith("U1  activated")
    assert lines[5] == "  false -> true"


def test_the_log_of_an_order_has_what_was_changed_elsewhere(
    log: ActionLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(log, "MG-1")
    db = open_database(tmp_path / "mine" / DATABASE_FILE)
    events = OutsideEvents(db)
    at = datetime(2026, 11, 23, 12, tzinfo=UTC)
    for key, verdict in (("status:2", "ours"), ("status:1", "outside")):
        events.take(key, order_id=1042, kind="status", detail={}, happened_at=at)
        events.decide(events.due(datetime.now(UTC))[0].id, verdict, said=f"{key} of order 1042.")
    db.close()

    assert main(["log", "--order", "1042"]) == 0

    shown = capsys.readouterr().out
    assert "Changed outside Makegood:\n2026-11-23 12:00:00  status:1 of order 1042." in shown
    assert "status:2" not in shown
