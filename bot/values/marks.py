"""The mark: a request's reference where the bot itself wrote it in the store. Pure.

BigCommerce has no idempotency key, so the mark is the key. Each kind of write has one place for it:

- a refund: the end of its reason, in brackets: "Damaged [MG-7F3K-2Q9D]"
- a status: a line of its own in the staff note, as `note_line` writes it
- a coupon or promotion: its name, as `code_name` writes it

A reference anywhere else is somebody's text. What 0.1.0 wrote has the same shapes and is read for
ever: what was in flight during an upgrade must not be done a second time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

_REFERENCE = r"MG-[0-9A-Z]{4}-[0-9A-Z]{4}"
_AT_THE_END = re.compile(rf"\[({_REFERENCE})\]\s*\Z")
_IN_BRACKETS = re.compile(rf"\[({_REFERENCE})\]")
_NOTE = re.compile(
    rf"^([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}) (\w+(?: \w+)*) with Makegood ({_REFERENCE}):"
)
CANCELLED_WORD = "Cancelled"
_NAME = re.compile(rf"Makegood ({_REFERENCE}) ")


def marked_reason(reason: str, reference: str) -> str:
    """Return the reason as a refund carries it, the mark at its end."""
    return f"{reason} [{reference}]".lstrip()


def mark_of_reason(text: str) -> str | None:
    """Return the reference that a refund's reason ends with, None when it ends otherwise."""
    # Only the end is searched: the text is as long as whoever wrote it liked.
    found = _AT_THE_END.search(text.rstrip()[-40:])
    return None if found is None else found[1]


def mark_of_refund(reasons: Iterable[str]) -> str | None:
    """Return the reference that a refund's reasons end with: its own one, or its items'.

    Which of them comes back in the list of refunds is not documented, so one is enough; two that
    name different requests are nobody's mark.
    """
    marks = {mark for reason in reasons if (mark := mark_of_reason(reason)) is not None}
    return marks.pop() if len(marks) == 1 else None


def note_line(reference: str, reason: str, on: date, *, done: str = CANCELLED_WORD) -> str:
    """Return the line that is added to the staff note; `done` says in a word what was done."""
    return f"{on.isoformat()} {done} with Makegood {reference}: {' '.join(reason.split())}"


def marks_of_note(notes: str) -> frozenset[str]:
    """Return the references of the lines that the bot wrote in a staff note."""
    return frozenset(match[3] for match in _lines_of_note(notes))


def cancellations_of_note(notes: str) -> list[tuple[str, str]]:
    """Return the references of the cancellations in a staff note, each with its date (ISO 8601)."""
    return [(match[3], match[1]) for match in _lines_of_note(notes) if match[2] == CANCELLED_WORD]


def _lines_of_note(notes: str) -> list[re.Match[str]]:
    found = (_NOTE.match(line[:200]) for line in notes.splitlines())
    return [match for match in found if match is not None]


def code_name(reference: str, code: str) -> str:
    """Return the name of the coupon or promotion that holds a code; unique in the store."""
    return f"Makegood {reference} {code}"


def mark_of_name(name: str) -> str | None:
    """Return the reference in a coupon's or promotion's name, None for somebody else's name."""
    found = _NAME.match(name)
    return None if found is None else found[1]


def code_of_name(name: str) -> str:
    """Return the code in a name that `code_name` wrote, its spaces included; "" in another one."""
    found = _NAME.match(name)
    return "" if found is None else name[found.end() :]


def without_marks(text: str) -> str:
    """Return people's text with nothing in it that would pass for a mark."""
    return _IN_BRACKETS.sub(r"(\1)", text)
