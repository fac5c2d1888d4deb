"""Opening a modal within the three seconds of its trigger, and changing it afterwards.

What a window was to show and cannot is told to its person in a message, so that nobody waits before
one that stands still. Showing the same twice does no harm, so what got lost is shown again.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.bigcommerce.http.errors import BigCommerceError
from bot.process.internal_errors import note_internal_error
from bot.slack.errors import SLACK_ERRORS, Meaning, error_code, meaning_of
from bot.slack.retries import call_again
from handlers.access.person import Person
from handlers.block_kit.builders import modal, section
from handlers.desk import Desk
from handlers.windows.reply import Reply, say
from handlers.windows.shown import WINDOW, Screen
from handlers.windows.trouble_words import CLOSE_IT, plain_words, stuck_words
from handlers.windows.views import BROKEN, NOTICE, View, loading_view, notice_view, trouble_view
from storage.data_folder.trouble import DataFolderGone

logger = logging.getLogger(__name__)

# Work that ends in the view to show.
ViewWork = Coroutine[None, None, View]

METHOD = "views.update"
PENDING = timedelta(minutes=10)
CLOSED = "not_found"  # or, now and then, a window that was opened a moment ago
ONCE_MORE_S = 0.3
TRIGGER_WAITS_S = (0.3,)
TRIGGER_LASTS_S = 1.5  # what is left of it, with some luck
NOT_OPENED = (
    "Slack did not open the window in time, so nothing was begun. Close it if it stands there "
    "empty, and try again."
)


@dataclass(frozen=True, slots=True)
class Window:
    """An open modal, and how its person is told what it cannot show."""

    reply: Reply
    view_id: str

    @classmethod
    def of(cls, desk: Desk, person: Person, view: Mapping[str, Any]) -> Window:
        """Return the window of a view that Slack sent."""
        return cls(Reply(desk, person), str(view["id"]))

    @property
    def desk(self) -> Desk:
        """The bot's parts."""
        return self.reply.desk


async def open_modal(
    reply: Reply, trigger_id: str, view: View, *, otherwise: str = ""
) -> Window | None:
    """Open the view; None when Slack would not.

    Then `otherwise` is said, or what a view without any field says, or that nothing was begun.
    """
    # By this name a window can be changed of which no answer told the id.
    view = {**view, "external_id": secrets.token_hex(12)}
    try:
        answer = await call_again(
            "views.open",
            lambda: reply.desk.slack.views_open(trigger_id=trigger_id, view=view),
            waits_s=TRIGGER_WAITS_S,
            longest_s=TRIGGER_LASTS_S,
        )
    except SLACK_ERRORS as error:
        logger.warning("modal not opened", extra={"error": error_code(error)})
        if (view_id := await _find_opened(reply.desk, view)) is not None:
            return Window(reply, view_id)
        await say(reply, otherwise or plain_words(view) or NOT_OPENED)
        return None
    return Window(reply, str(answer["view"]["id"]))


async def _find_opened(desk: Desk, view: View) -> str | None:
    """Return the id of a window that is open although no answer said so."""
    try:
        answer = await desk.slack.views_update(external_id=view["external_id"], view=view)
    except SLACK_ERRORS:
        return None
    return str(answer["view"]["id"])


async def update_modal(
    window: Window,
    view: View,
    *,
    view_hash: str = "",
    redraw: Callable[[], View | None] | None = None,
    is_passing: bool = False,
) -> bool:
    """Change an open modal. False for one that was closed: there is nobody to tell.

    `view_hash`: as long as it is the one that was looked at; where that does not work, `redraw`
    returns what is to be shown by now, None for what is there. `is_passing`: another view follows
    in a moment, so a refusal of this one is nothing to anybody.
    """
    _forget_pending(window)
    if view_hash:
        if await _update(window, view, view_hash) is None:
            return True
        latest = redraw() if redraw else view
        if latest is None:
            return True
        view = latest
    try:
        return await redraw_modal(window, view)
    except SLACK_ERRORS:
        if not is_passing:
            await tell_instead(window, view)
            _show_later(window, view)
        return True


async def redraw_modal(window: Window, view: View) -> bool:
    """Change an open modal, or have it say in words what Slack refuses of it.

    False when it was closed. Raises one of SLACK_ERRORS when it stands as it was.
    """
    error = await _update(window, view)
    if error is not None and _is_closed(error):
        await asyncio.sleep(ONCE_MORE_S)
        error = await _update(window, view)
    elif error is not None and meaning_of(METHOD, error) in {Meaning.CONTENT, Meaning.OUR_FAULT}:
        note_internal_error("modal refused by Slack", error=error)
        error = await _update(window, _in_words(window.desk, view))
    if error is not None and not _is_closed(error):
        raise error
    return error is None


async def tell_instead(window: Window, view: View) -> None:
    """Tell the window's person in a message what it was to show, and how to go on."""
    said = stuck_words(view, _order_of(window.desk, view))
    await say(window.reply, f"{said}\n{CLOSE_IT}" if plain_words(view) else said)


def _show_later(window: Window, view: View) -> None:
    """Have it shown all the same when Slack takes it, if nothing else is to be shown by then."""
    shown, key = window.desk.shown, (WINDOW, window.view_id)
    screen = shown.find(key)
    if screen is None:
        until = datetime.now(UTC) + PENDING
        screen = Screen(frozenset(), until, draw=lambda: redraw_modal(window, view))
        shown.put(key, screen)
    screen.put_off()


def _forget_pending(window: Window) -> None:
    """Forget what was to be shown later: something newer is."""
    shown, key = window.desk.shown, (WINDOW, window.view_id)
    screen = shown.find(key)
    if screen is not None and not screen.about:
        shown.forget(key)


def _is_closed(error: Exception) -> bool:
    return error_code(error) == CLOSED


def _in_words(desk: Desk, view: View) -> View:
    """Return what a view says, or that it cannot be shown, as plainly as can be."""
    words = stuck_words(view, _order_of(desk, view))
    return modal(callback_id=NOTICE, title=view["title"]["text"], blocks=[section(words)])


def _order_of(desk: Desk, view: View) -> int | None:
    """Return the order that a form or its review is about."""
    draft_id, _, _ = str(view.get("private_metadata") or "").partition(" ")
    draft = desk.drafts.find(draft_id) if draft_id else None
    return draft.order_id if draft else None


async def _update(window: Window, view: View, view_hash: str = "") -> Exception | None:
    """Show the view, trying a few times; return what Slack refused it with."""
    extra = {"hash": view_hash} if view_hash else {}
    try:
        await call_again(
            METHOD,
            lambda: window.desk.slack.views_update(view_id=window.view_id, view=view, **extra),
        )
    except SLACK_ERRORS as error:
        logger.warning("modal not updated", extra={"error": error_code(error)})
        return error
    return None


async def open_then(reply: Reply, trigger_id: str, title: str, text: str, work: ViewWork) -> None:
    """Open a loading modal, do the work, and show the view that it returns.

    Nothing is done where the modal does not open.
    """
    waiting = loading_view(title, text)
    window = await open_modal(reply, trigger_id, waiting, otherwise=NOT_OPENED)
    if window is None:
        work.close()
        return
    await show(window, title, work)


async def load_then(window: Window, title: str, text: str, work: ViewWork) -> None:
    """Show in an open modal that something is read, and then the view that the work returns."""
    await update_modal(window, loading_view(title, text), is_passing=True)
    await show(window, title, work)


async def show(window: Window, title: str, work: ViewWork) -> None:
    """Do the work and show its view in an open modal; a failure is shown there too."""
    try:
        view = await work
    except BigCommerceError as error:
        logger.warning("call to the store failed", extra={"error": str(error)})
        view = trouble_view(title, error)
    except DataFolderGone as gone:
        view = notice_view(title, str(gone), level="error")
    except Exception:  # the person must see that it failed, whatever it was
        note_internal_error("modal could not be prepared")
        view = notice_view(title, BROKEN, level="error")
    await update_modal(window, view)
