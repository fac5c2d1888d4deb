"""What the audit channel is told of a log that was behind the store. Pure, plain text."""

from __future__ import annotations

from collections.abc import Sequence

from bot.values.money import Money
from bot.values.outcome import Status
from storage.log.entries import Entry
from storage.recovery.periods import RESTORED, Period

SHOWN = 20


def restored_words(
    period: Period,
    written: Sequence[str],
    settled: Sequence[str],
    unlisted: Sequence[str],
    left_open: Sequence[str] = (),
) -> str:
    """Return what was looked up at a start on older data: the sum first, then line by line.

    `left_open` is what people may have ended since, which the store does not tell.
    """
    start = (
        "on a restored backup" if period.why == RESTORED else "on data that is older than the store"
    )
    paragraphs = [f"Makegood started {start}. {_sum(written, settled)}"]
    if written:
        paragraphs.append("Written into the log as found:\n" + _lines(written))
        paragraphs.append(
            "Who asked for these is not in the log, so each counts in everybody's limit of its day."
        )
    if settled:
        paragraphs.append("Were still open here, and are done:\n" + _lines(settled))
    if left_open:
        paragraphs.append(
            "Are open here, and may have been sent by hand, decided or ended since. Look at the"
            " order's thread before you act on them:\n" + _lines(left_open)
        )
    if unlisted:
        paragraphs.append(
            f"BigCommerce refused the list of {' and of '.join(unlisted)}: what the log has"
            " forgotten of these could not be looked up. Compare them by hand."
        )
    paragraphs.append(
        "Settings, limits and approvers are as they were then, too: an admin looks them through in"
        " the Home tab."
    )
    return "\n\n".join(paragraphs)


def open_line(entry: Entry) -> str:
    """Return "MG-7F3K-2Q9D (order 1042): 59.00 USD to be sent by hand"."""
    about = f" (order {entry.order_id})" if entry.order_id is not None else ""
    if entry.is_waiting:
        return f"{entry.reference}{about}: waits for approval"
    to_send = (entry.outcome or {}).get("to_send")
    if entry.status == Status.TO_DO and to_send is not None:
        return f"{entry.reference}{about}: {Money.model_validate(to_send)} to be sent by hand"
    return f"{entry.reference}{about}: needs checking"


def foreign_words(written: Sequence[str]) -> str:
    """Return what is said when somebody else writes with Makegood's marks."""
    return (
        "Another Makegood works on this store: BigCommerce has what this one never asked for. Two"
        " of them have separate logs and limits. Let only one run, with one data folder.\n\n"
        "Written into this log as found:\n" + _lines(written)
    )


def _sum(written: Sequence[str], settled: Sequence[str]) -> str:
    if not written and not settled:
        return "Nothing was found in BigCommerce that its log did not know."
    parts = []
    if written:
        parts.append(f"{_count(len(written), 'thing was', 'things were')} found in BigCommerce")
        parts[-1] += " that its log did not know"
    if settled:
        parts.append(
            f"{_count(len(settled), 'open request was', 'open requests were')} done already"
        )
    return f"{', and '.join(parts)}. Nothing was sent a second time."


def _count(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"


def _lines(lines: Sequence[str]) -> str:
    shown = [f"• {line}" for line in lines[:SHOWN]]
    more = len(lines) - SHOWN
    return "\n".join([*shown, *([f"… and {more} more: python -m bot log"] if more > 0 else [])])
