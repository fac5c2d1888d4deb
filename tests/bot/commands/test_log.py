from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time

from bot.commands.command_line import main
from storage.configuration.history import ConfigurationLog
from storage.configuration.proposals import (
    CONFIRMED,
    IN_FORCE,
    LAPSED,
    OVERTAKEN,
    REFUSED,
    REPLACED,
    WITHDRAWN,
)
from storage.data_folder.folder import DATABASE_FILE
from storage.database import open_database
from storage.log.action_log import ActionLog
from storage.webhooks.external_changes import OutsideEvents

BY_ANNA = {"team_id": "T1", "actor_id": "U1"}
PEOPLE = {"everyone": False, "user_ids": ["U2"], "group_ids": []}
EVERYONE = {"everyone": True, "user_ids": [], "group_ids": []}


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
    people = {"everyone": False, "user_ids": ["U2", "U3"], "group_ids": ["S1"]}
    changes.change("approvers", {**people, "user_ids": [], "group_ids": []}, people, **BY_ANNA)
    changes.change_all([("day_limit", "9.00", None)], **BY_ANNA, confirmed_by="U2")
    changes.change("notifications", "bigcommerce", "by pigeon", team_id="", actor_id="")
    db.close()

    assert main(["log", "--configuration"]) == 0

    first, *lines = capsys.readouterr().out.splitlines()
    assert first == "Times are UTC; people, groups and channels are named by their Slack ids."
    assert [line.partition("  ")[2] for line in lines] == [
        "Makegood's new version changed E-mail to customers",
        "(cannot be read by this version)",
        "U1 changed Limits, confirmed by U2",
        "Daily limit per person: 9.00 in the store's currency → no limit",
        "U1 changed Approvals",
        "Who approves: nobody → members of group S1, U2, U3",
        "U2 changed Full refund",
        "Limit per request, for this action: – → 50.00 in the store's currency",
        "U1 changed Actions",
        "Actions: not activated → activated",
    ]


def test_what_was_asked_for_is_told_whatever_became_of_it(
    log: ActionLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    db = open_database(tmp_path / "mine" / DATABASE_FILE)
    proposals = ConfigurationLog(db).proposals
    at = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    ends: dict[str, dict[str, Any]] = {
        CONFIRMED: {"by": "U2"},
        REFUSED: {"by": "U2"},
        WITHDRAWN: {"by": "U1"},
        REPLACED: {"by": "U1"},
        OVERTAKEN: {"by": None},
        LAPSED: {"by": None},
        IN_FORCE: {"by": None, "held_until": at + timedelta(hours=24)},
    }
    with freeze_time(at) as clock:
        for minute, (state, end) in enumerate(ends.items()):
            clock.move_to(at + timedelta(minutes=minute))
            asked = proposals.add([("day_limit", "9.00", "12.50")], **BY_ANNA)
            proposals.end(asked.id, state, **end)
        clock.move_to(at + timedelta(hours=1))
        proposals.add([("rules.cancel_order.who", PEOPLE, EVERYONE)], **BY_ANNA)
        alone = proposals.add([("discount.most_worth", "60", None)], **BY_ANNA)
        proposals.set_alone_since(alone.id, at)
    db.close()

    assert main(["log", "--configuration"]) == 0

    lines = capsys.readouterr().out.splitlines()[1:]
    what = "  Limits · Daily limit per person: 9.00 in the store's currency → 12.50 in the store's"
    assert lines == [
        "2026-11-24 10:30:00  U1 asked for change 9, which loosens the rules",
        "  Discount codes · Highest worth of a code: 60.00 in the store's currency → no limit",
        "  Waits: no one else could confirm it since 2026-11-24 09:30:00.",
        "2026-11-24 10:30:00  U1 asked for change 8, which loosens the rules",
        "  Cancel order · Who: U2 → everyone in the audit channel",
        "  Waits for a second person.",
        "2026-11-24 09:36:00  U1 asked for change 7, which loosens the rules",
        f"{what} currency",
        "  In effect 2026-11-24 09:36:00: no one else could confirm it.",
        "  For U1 in effect from 2026-11-25 09:30:00.",
        "2026-11-24 09:35:00  U1 asked for change 6, which loosens the rules",
        f"{what} currency",
        "  Expired 2026-11-24 09:35:00: not confirmed within 7 days. Nothing was changed.",
        "2026-11-24 09:34:00  U1 asked for change 5, which loosens the rules",
        f"{what} currency",
        "  No longer possible 2026-11-24 09:34:00: one of these settings was changed meanwhile.",
        "2026-11-24 09:33:00  U1 asked for change 4, which loosens the rules",
        f"{what} currency",
        "  Replaced by a later one 2026-11-24 09:33:00.",
        "2026-11-24 09:32:00  U1 asked for change 3, which loosens the rules",
        f"{what} currency",
        "  Withdrawn 2026-11-24 09:32:00: nothing was changed.",
        "2026-11-24 09:31:00  U1 asked for change 2, which loosens the rules",
        f"{what} currency",
        "  Refused by U2 2026-11-24 09:31:00: nothing was changed.",
        "2026-11-24 09:30:00  U1 asked for change 1, which loosens the rules",
        f"{what} currency",
        "  Confirmed by U2 2026-11-24 09:30:00.",
    ]


def test_only_so_many_changes_are_told_as_are_asked_for(
    log: ActionLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    db = open_database(tmp_path / "mine" / DATABASE_FILE)
    changes = ConfigurationLog(db)
    changes.change("limit", None, "9.00", **BY_ANNA)
    changes.proposals.add([("limit", "9.00", None)], **BY_ANNA)
    changes.change("guests", True, False, **BY_ANNA)
    db.close()

    assert main(["log", "--configuration", "--limit", "2"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line.partition("  ")[2] for line in lines if not line.startswith(" ")][1:] == [
        "U1 changed Guests",
        "U1 asked for change 1, which loosens the rules",
    ]


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
