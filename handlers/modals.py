"""Opening a modal within the three seconds of its trigger, and changing it afterwards."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.bigcommerce import BigCommerceError
from bot.internal_errors import note_internal_error
from handlers.desk import Desk
from handlers.views import BROKEN, View, loading_view, notice_view, trouble_view
from storage.trouble import DataFolderGone

logger = logging.getLogger(__name__)

# Work that ends in the view to show.
ViewWork = Coroutine[None, None, View]

# The agent has closed the window, or a newer view has taken its place: there is nobody to tell.
GONE = {"not_found", "view_not_found", "hash_conflict"}
# What may pass; whatever else Slack says of a view, it will say again.
PASSES = {
    *("ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable"),
    *("request_timeout", "429", "500", "502", "503", "504"),
}
# Showing the same view twice does no harm, so what got lost on the way is shown again.
UPDATE_WAITS_S = (0.0, 0.3, 1.0)
NOT_OPENED = (
    "Slack did not open the window in time, so nothing was begun. Close it if it stands there "
    "empty, and try again."
)


async def open_modal(desk: Desk, trigger_id: str, view: View) -> str | None:
    """Open the view and return its id, or None when Slack would not (logged)."""
    try:
        answer = await desk.slack.views_open(trigger_id=trigger_id, view=view)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        logger.warning("modal not opened", extra={"error": slack_error(error)})
        return None
    return str(answer["view"]["id"])


async def update_modal(desk: Desk, view_id: str, view: View, *, view_hash: str = "") -> None:
    """Change an open modal. One that was closed or changed meanwhile is left alone.

    A view that Slack refuses is a mistake of ours: a notice takes its place, so that nobody waits
    before a window that never changes.
    """
    refused = await _update(desk, view_id, view, view_hash)
    if refused is not None:
        note_internal_error("modal refused by Slack", error=refused)
        title = str(view["title"]["text"])
        await _update(desk, view_id, notice_view(title, BROKEN, level="error"), view_hash)


async def _update(desk: Desk, view_id: str, view: View, view_hash: str) -> SlackApiError | None:
    """Show the view, trying a few times; return Slack's error when it will never take it."""
    extra = {"hash": view_hash} if view_hash else {}
    for wait_s in UPDATE_WAITS_S:
        await asyncio.sleep(wait_s)
        try:
            await desk.slack.views_update(view_id=view_id, view=view, **extra)
        except SlackApiError as error:
            if slack_error(error) in GONE:
                return None
            if slack_error(error) not in PASSES:
                return error
            logger.warning("modal not updated", extra={"error": slack_error(error)})
        except (aiohttp.ClientError, TimeoutError) as error:
            logger.warning("modal not updated yet", extra={"error": slack_error(error)})
        else:
            return None
    return None


async def open_then(desk: Desk, trigger_id: str, title: str, text: str, work: ViewWork) -> bool:
    """Open a loading modal, do the work, and show the view that it returns.

    False: the modal did not open, or perhaps did without Slack saying so; nothing was done.
    """
    view_id = await open_modal(desk, trigger_id, loading_view(title, text))
    if view_id is None:
        work.close()
        return False
    await show(desk, view_id, title, work)
    return True


async def show(desk: Desk, view_id: str, title: str, work: ViewWork) -> None:
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
    await update_modal(desk, view_id, view)


def slack_error(error: Exception) -> str:
    """Return Slack's error code, or the kind of a failure on the way; never any content."""
    if isinstance(error, SlackApiError):
        return str(error.response.get("error") or error.response.status_code)
    return type(error).__name__
