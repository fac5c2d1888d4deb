"""Windows that go on showing what they are about, for as long as they are open."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.actions.registry import RUNNABLE
from bot.slack.errors import SLACK_ERRORS
from bot.values.outcome import Outcome
from handlers.access.access import is_unreadable, without_effect
from handlers.block_kit.builders import button, modal, section
from handlers.desk import Desk
from handlers.flow.terms import waits_for
from handlers.timeline.outcomes.email_line import mail_line
from handlers.timeline.outcomes.outcome_message import SIGNS, state_line
from handlers.windows.modals import Window, redraw_modal, tell_instead, update_modal
from handlers.windows.shown import WINDOW, Key, Screen
from handlers.windows.views import NOTICE, View, notice_view, sent_view, waiting_view
from storage.log.entries import Entry

# Nobody leaves a window open for longer.
LIVES = timedelta(hours=12)
# What changed before a window was followed is looked up once Slack has drawn it.
DRAWN = timedelta(seconds=1)
# An outcome is shown with the way to its message, or without one when that takes longer.
TOLD_SOON = timedelta(seconds=5)
LINK_S = 1.0
# Before Slack is asked again who may look, where it does not say.
UNREAD = timedelta(seconds=30)
OVER = "Somebody was faster. Nothing is left to do here."
NOTHING = "Nothing was changed. This is how it stands:"
LEVELS = {"succeeded": "success", "pending": "info", "to_do": "info"}

# Returns the view that is true now, None where the one that is open still is.
Look = Callable[[], Awaitable[View | None]]


def window_key(view_id: str) -> Key:
    """Return the name of a window."""
    return WINDOW, view_id


def follow(
    window: Window,
    about: Iterable[str],
    look: Look,
    *,
    shown: View | None = None,
    is_awaited: bool = False,
) -> Screen:
    """Have the window show what `look` finds whenever one of its subjects has changed.

    `shown` is the view that it shows now, where that is known. `is_awaited`: its person waits for
    it, and is told in a message what the window cannot show.
    """
    followed = _Followed(window, look, _text_of(shown), is_awaited)
    screen = Screen(frozenset(about), datetime.now(UTC) + LIVES, followed.draw)
    window.desk.shown.put(window_key(window.view_id), screen)
    return screen


def follow_request(window: Window, reference: str, shown: View) -> None:
    """Have the window show how the request stands; `shown` is what it shows now."""
    desk = window.desk

    async def look() -> View | None:
        entry = desk.log.get(reference)
        if _is_told_soon(entry):
            screen.look_again(TOLD_SOON)
            return None
        return await request_view(desk, entry)

    screen = follow(window, [reference], look, shown=shown, is_awaited=True)
    screen.look_again(DRAWN)


def close_when_over(
    window: Window, reference: str, is_open: Callable[[Entry], bool], *, first: str = OVER
) -> None:
    """Have a form about a request make way for what became of it, once it can't be sent any more.

    `is_open` tells whether it still can; `first` is what is said then.
    """

    async def look() -> View | None:
        entry = window.desk.log.get(reference)
        return None if is_open(entry) else _state_view(entry, first)

    follow(window, [reference], look).look_again(DRAWN)


async def request_view(desk: Desk, entry: Entry) -> View:
    """Return how a request stands: waiting, under way, or ended, with the way to its thread."""
    title, reference = view_title(entry), entry.reference
    if waits := await waits_for(desk, reference):
        return waiting_view(title, reference, desk.channel_id, waits)
    if entry.outcome is None:
        return sent_view(title, reference, entry.order_id, desk.channel_id)
    outcome = Outcome.model_validate(entry.outcome)
    buttons = []
    if (link := await _link(desk, entry)) is not None:
        where = "Open the thread" if entry.order_id else "Open the message"
        buttons.append(button(where, "link:thread", url=link))
    next_step = "It no longer works." if entry.is_code_over else outcome.next_step
    said = (outcome.message, next_step, mail_line(entry))
    text = " ".join(part for part in said if part)
    small = f"{SIGNS[outcome.status][1]} · {reference}"
    level = "info" if entry.is_code_over else LEVELS.get(outcome.status, "warning")
    return notice_view(title, text, level=level, small=small, buttons=buttons)


async def _link(desk: Desk, entry: Entry) -> str | None:
    """Return where the outcome is told; None where that takes long, for Slack may be waiting."""
    if not entry.channel or not entry.message_ts:
        return None
    try:
        async with asyncio.timeout(LINK_S):
            return await desk.poster.permalink(entry.channel, entry.message_ts)
    except TimeoutError:
        return None


def state_view(entry: Entry) -> View:
    """Return how a request stands, for who wanted what cannot be done with it any more."""
    return _state_view(entry, NOTHING)


def _state_view(entry: Entry, first: str) -> View:
    blocks = [section(f"*{first}*"), section(state_line(entry))]
    return modal(callback_id=NOTICE, title=view_title(entry), blocks=blocks)


async def show_request(window: Window, reference: str) -> None:
    """Have a window show a request that was sent from it, and follow it."""
    view = await request_view(window.desk, window.desk.log.get(reference))
    follow_request(window, reference, view)
    await update_modal(window, view)


def _is_told_soon(entry: Entry) -> bool:
    """Whether the message that an outcome is to be read in is only just on its way."""
    if entry.finished_at is None or entry.is_under_way or entry.is_told:
        return False
    return abs(datetime.now(UTC) - entry.finished_at) < TOLD_SOON


def view_title(entry: Entry) -> str:
    """Return the title of a window about a request."""
    return RUNNABLE[entry.action].title if entry.action in RUNNABLE else "Makegood"


@dataclass(slots=True)
class _Followed:
    window: Window
    look: Look
    shows: str
    is_awaited: bool
    told: str = field(default="", init=False)

    async def draw(self) -> bool:
        """Show what is true now; False when it is closed, or shows something else meanwhile.

        Who may not use the bot any more is shown that alone, once. Raises SLACK_ERRORS to be called
        again.
        """
        desk = self.window.desk
        key, shown = window_key(self.window.view_id), desk.shown
        screen = shown.find(key)
        no = await desk.access.refusal(*self.window.reply.person.ids)
        if is_unreadable(no):
            if screen is not None:
                screen.look_again(UNREAD)
            return True
        view = await self.look() if no is None else _refusal_view(no)
        shows = _text_of(view)
        if view is None or shows == self.shows:
            return True
        if shown.find(key) is not screen:
            return False
        try:
            is_open = await redraw_modal(self.window, view)
        except SLACK_ERRORS:  # tried again by whoever looks after the screens
            if self.is_awaited and self.told != shows:
                self.told = shows
                await tell_instead(self.window, view)
            raise
        self.shows = shows
        return is_open and no is None


def _refusal_view(no: str) -> View:
    return notice_view("Makegood", without_effect(no), level="error")


def _text_of(view: View | None) -> str:
    return json.dumps(view, sort_keys=True)
