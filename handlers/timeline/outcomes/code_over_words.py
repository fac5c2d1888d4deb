"""Since when a discount code no longer works, and by whom. Pure."""

from __future__ import annotations

from handlers.block_kit.mrkdwn import date, mention, typed
from storage.log.entries import CODE_EXPIRED, CODE_GONE, CODE_OFF, CODE_USED_UP, Entry

# Of what was found so, no more is known than since when.
FOUND = {
    CODE_OFF: "It is switched off in BigCommerce, seen {at}.",
    CODE_EXPIRED: "It expired {at}.",
    CODE_USED_UP: "It was used as often as it could be, seen {at}.",
    CODE_GONE: "It was deleted or renamed in BigCommerce, seen {at}.",
}


def over_line(entry: Entry) -> str:
    """Return since when the code no longer works and by whom, as mrkdwn; "" while it works."""
    if not entry.is_code_over or entry.code_over is None:
        return ""
    at = date(entry.code_over_at, time=True)
    if entry.code_over == CODE_OFF and entry.code_over_by:
        return f"Switched off by {mention(entry.code_over_by)} {at}."
    return FOUND[entry.code_over].format(at=at)


def over_heading(entry: Entry) -> str:
    """Return in mrkdwn that the code no longer works."""
    return f"Discount code {typed(str(entry.request.get('code')))} no longer works"
