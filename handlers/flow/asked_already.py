"""A second request for the whole of an order while one waits or runs: refused, with the way there.

Both cannot be carried out. Parts of an order may be asked for side by side: the review warns.
"""

from __future__ import annotations

from bot.actions.registry import ACTIONS
from bot.actions.requested import describe_request
from handlers.block_kit.builders import button
from handlers.block_kit.mrkdwn import link, typed
from handlers.desk import Desk
from handlers.windows.views import View, notice_view
from storage.log.action_log import ActionLog
from storage.log.entries import Entry


class AskedAlready(Exception):
    """`entry` is for the whole of the same order, and waits or runs; `str()` says so."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(_said(entry))
        self.entry = entry


def asked_already(log: ActionLog, action: str, order_id: int | None, *, but: str) -> Entry | None:
    """Return the request that stands in the way, None where there is none; `but` is no other."""
    if action not in WHOLE or order_id is None:
        return None
    return whole_request(log, order_id, but=but)


def check_alone(log: ActionLog, action: str, order_id: int | None, *, but: str) -> None:
    """Raise AskedAlready where another one stands in the way.

    Called in the transaction that writes it down, so that of two at the same moment one is let in.
    """
    if (other := asked_already(log, action, order_id, but=but)) is not None:
        raise AskedAlready(other)


async def asked_already_view(desk: Desk, title: str, entry: Entry) -> View:
    """Return what says so, with a button that leads to the message where it can be decided."""
    link = await link_to(desk, entry)
    where = "Open the request" if entry.is_waiting else "Open the thread"
    buttons = [button(where, "link:request", url=link)] if link else []
    return notice_view(title, _said(entry), small=entry.reference, buttons=buttons)


async def whole_order_asked(desk: Desk, order_id: int) -> str:
    """Return as mrkdwn why the whole order can't be asked for now, "" where it can."""
    entry = whole_request(desk.log, order_id)
    return "" if entry is None else in_the_way(entry, await link_to(desk, entry))


async def link_to(desk: Desk, entry: Entry) -> str | None:
    """Return the address of the message where a request is decided or told."""
    notice = desk.outbox.find(entry.reference)
    if notice is not None and notice.channel and notice.message_ts:
        return await desk.poster.permalink(notice.channel, notice.message_ts)
    thread = desk.threads.find(entry.order_id or 0)
    return await desk.poster.permalink(thread.channel, thread.thread_ts) if thread else None


def _said(entry: Entry) -> str:
    what = describe_request(entry)
    if entry.is_waiting:
        return (
            f"Nothing was sent. This is asked for already and waits for a second person: {what}. "
            "Once it is decided, the rest can be asked for."
        )
    return f"Nothing was sent. This is being carried out at this moment: {what}."


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
