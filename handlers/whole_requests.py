"""The request for the whole of an order that waits or runs: another one is refused meanwhile.

Both could not be carried out. Parts of an order may be asked for side by side: the review warns.
"""

from __future__ import annotations

from bot.actions import ACTIONS
from bot.actions.requested import describe_request
from handlers.text import link, typed
from storage import ActionLog, Entry

WHOLE = frozenset(name for name, action in ACTIONS.items() if action.takes_whole)


def whole_request(log: ActionLog, order_id: int, *, but: str = "") -> Entry | None:
    """Return the request that stands in the way, None where there is none; `but` is no other."""
    others = (each for each in log.under_way(order_id) if each.reference != but)
    return next((each for each in others if each.action in WHOLE), None)


def in_the_way(entry: Entry | None, url: str | None = None) -> str:
    """Return as mrkdwn why the whole order can't be asked for, "" where it can.

    `url` is where the request is told or decided.
    """
    if entry is None:
        return ""
    what = typed(describe_request(entry))
    if entry.is_waiting:
        said = f"{what} waits for approval. Until that is decided, the rest can't be asked for."
    else:
        said = f"{what} is being carried out. Until that is done, the rest can't be asked for."
    where = "Open the request" if entry.is_waiting else "Open the thread"
    return f"{said} {link(url, where)}" if url else said
