from __future__ import annotations

import logging

import pytest

from bot.process.logs import LineFormatter, printable


def line(message: str = "action finished", **extra: object) -> str:
    record = logging.LogRecord("bot.runner", logging.INFO, "x.py", 1, message, None, None)
    record.created = 0
    record.__dict__.update(extra)
    return LineFormatter().format(record)


def test_a_line_says_when_who_and_what() -> None:
    assert line(reference="MG-1", round=2) == (
        "1970-01-01T00:00:00Z INFO bot.runner action finished reference=MG-1 round=2"
    )


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("a\n1970 INFO forged", '"a\\n1970 INFO forged"'),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("a\u2028b", "a\\u2028b"),
        ('x" status="paid', '"x\\" status=\\"paid"'),
        ("", '""'),
        ("Grüße", "Grüße"),
    ],
)
def test_nothing_typed_can_forge_a_line(typed: str, shown: str) -> None:
    assert line(reason=typed).endswith(f"reason={shown}")


def test_an_error_shows_its_place_but_not_its_text() -> None:
    try:
        raise ValueError("card 4111 1111 1111 1111")
    except ValueError as exc:
        record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "broke", None, None)
        record.exc_info = (type(exc), exc, exc.__traceback__)

    text = LineFormatter().format(record)

    assert "4111" not in text
    assert "test_logs.py" in text
    assert text.endswith("ValueError")


def test_what_is_printable_stays() -> None:
    assert printable("Ärger & <!channel> 🎁") == "Ärger & <!channel> 🎁"
    assert printable("\x9b2J\x07") == "\\x9b2J\\x07"
