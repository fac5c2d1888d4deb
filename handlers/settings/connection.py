"""The connection panel: what `python -m bot check` finds, shown as it is found."""

from __future__ import annotations

from collections.abc import Sequence

from bot.process.internal_errors import note_internal_error
from handlers.block_kit.builders import alert, context, modal, section
from handlers.block_kit.mrkdwn import typed
from handlers.desk import Finding
from handlers.flow.click import Click
from handlers.windows.modals import NOT_OPENED, open_modal, update_modal
from handlers.windows.views import NOTICE, View

TITLE = "Connections"
MOST_TO_FIX = 30
MOST = 60
BROKEN = "The check itself came to no end. Run “python -m bot check” where Makegood runs."


async def check_connections(click: Click) -> None:
    """Open the panel, and fill it in as the answers come."""
    desk, found = click.desk, list[Finding]()
    waiting = _panel(found, "Looking …")
    window = await open_modal(click.respond, click.trigger_id, waiting, otherwise=NOT_OPENED)
    if window is None:
        return
    try:
        async for finding in desk.check():
            found.append(finding)
            await update_modal(window, _panel(found, "Still looking …"), is_passing=True)
    except Exception:  # the panel must come to an end, whatever it was
        note_internal_error("connections not checked")
        await update_modal(window, _panel(found, BROKEN))
        return
    await update_modal(window, _panel(found, "", is_done=True))


def _panel(found: Sequence[Finding], small: str, *, is_done: bool = False) -> View:
    to_fix = [each for each in found if each.fix][:MOST_TO_FIX]
    to_note = [each for each in found if each.is_note]
    well = [each for each in found if not each.fix and not each.is_note][:MOST]
    blocks = [
        alert(f"*To fix:* {typed(each.text)}\n{typed(each.fix, limit=800)}", level="error")
        for each in to_fix
    ]
    if is_done:
        blocks.insert(0, section(f"*{_sum(len(to_fix), len(to_note))}*"))
    blocks += [alert(f"*Note:* {typed(each.text, limit=800)}") for each in to_note]
    blocks += [section(f":white_check_mark: OK · {typed(each.text)}") for each in well]
    if small:
        blocks.append(context(f":hourglass_flowing_sand: {typed(small)}"))
    return modal(callback_id=NOTICE, title=TITLE, blocks=blocks)


def _sum(to_fix: int, to_note: int) -> str:
    if to_fix:
        return f"{to_fix} to fix."
    return f"Nothing to fix, {to_note} to note." if to_note else "All is well."
