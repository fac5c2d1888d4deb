"""Showing a request in its thread while it is carried out. A picture never stops the work."""

from __future__ import annotations

from bot.internal_errors import note_internal_error
from bot.runner.timeline import Timeline
from storage import Entry


async def show_at_work(timeline: Timeline, entry: Entry) -> None:
    """Show that a request is carried out for the first time; a failure is logged."""
    if entry.status is not None:
        return  # a look at a payment is nothing that the thread need know
    try:
        await timeline.show(entry)
    except Exception:  # broad on purpose: a picture of the work never stops the work
        note_internal_error("not shown as under way", reference=entry.reference)


async def show_again(timeline: Timeline, entry: Entry) -> None:
    """Show what an earlier process may have told last, and stopped before it was shown."""
    if entry.told_at is None or entry.finished_at is None or entry.told_at < entry.finished_at:
        return  # a look that found nothing new
    try:
        await timeline.show(entry)
    except Exception:  # broad on purpose: the outcome is told, and that is what counts
        note_internal_error("order not shown", reference=entry.reference)
