"""Who has a form open on an order: seen on its card and at the top of the order's other forms.

A form that is closed is put away when Slack says so. One that is left standing counts for some
minutes after it was last touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.actions.registry import ACTIONS
from handlers.block_kit.builders import Block, alert
from handlers.block_kit.mrkdwn import ago, inert, mention
from storage.form_drafts import Draft, Drafts

COUNTS_FOR = timedelta(minutes=5)
SHOWN = 3


def open_forms(drafts: Drafts, order_id: int, *, but: str = "") -> list[Draft]:
    """Return the form that each person has open on the order, `but` this one's."""
    since = datetime.now(UTC) - COUNTS_FOR
    # Of somebody who began anew only the latest one counts.
    latest = {
        draft.actor_id: draft
        for draft in drafts.open_on(order_id, since=since)
        if is_warned_about(draft) and draft.actor_id != but
    }
    return [*latest.values()]


def is_warned_about(draft: Draft) -> bool:
    """Tell whether others on the order are told of the form; True for an action that is gone."""
    return draft.action not in ACTIONS or ACTIONS[draft.action].is_warned_about


def form_lines(forms: Sequence[Draft]) -> list[str]:
    """Return what an order's card says about the forms, as lines of mrkdwn."""
    shown = [f":pencil2: {_opened(draft)} Nothing is sent yet." for draft in forms[:SHOWN]]
    more = len(forms) - SHOWN
    return [*shown, f"… and {more} more"] if more > 0 else shown


def form_notice(forms: Sequence[Draft]) -> list[Block]:
    """Return what stands at the top of another form of the same order; nothing for none."""
    if not forms:
        return []
    opened = " ".join(_opened(draft) for draft in forms[:SHOWN])
    return [alert(f"{opened} Ask before both of you act on this order.", level="info")]


def over_at(forms: Sequence[Draft]) -> datetime | None:
    """Return when the first of them no longer counts; None for none."""
    return min((draft.updated_at + COUNTS_FOR for draft in forms), default=None)


def _opened(draft: Draft) -> str:
    title = ACTIONS[draft.action].title if draft.action in ACTIONS else draft.action
    return f"{mention(draft.actor_id)} opened “{inert(title)}” {ago(draft.created_at)}."
