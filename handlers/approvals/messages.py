"""The messages that ask for an approval, and the alarm about the team's hour. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.actions.requested import amount_of, describe_request
from bot.config.configuration import People
from handlers.access.limit_words import approver_names
from handlers.block_kit.builders import Block, actions, button, context, section
from handlers.block_kit.fact_blocks import fact_blocks
from handlers.block_kit.mrkdwn import date, in_mid_sentence, inert, mention, typed
from handlers.timeline.outcomes.decision_words import decision_line
from handlers.timeline.rendered import Rendered
from storage.log.entries import APPROVED, Entry
from storage.outbox.posts import Post

SIGNS = {APPROVED: ":white_check_mark:"}
NOT_APPROVED = ":no_entry_sign:"


def approval_marker(entry: Entry) -> str:
    """Return the part of the text of its approval's message that no other message has."""
    return f"Request {entry.reference}."


def approval_message(
    entry: Entry,
    notice: Post,
    approvers: People,
    *,
    able: Sequence[str] | None = None,
    why_nobody: str = "",
) -> Rendered:
    """Return the message that asks for a decision, or that says what it was.

    `able` are those who can decide now, None where Slack does not say; `why_nobody` says as mrkdwn
    why there is nobody.
    """
    what = typed(describe_request(entry))
    if entry.decision is None:
        what = in_mid_sentence(what)
        asks = f"{mention(entry.actor_id)} asks for approval: {what}"
        call = _call(entry, approvers, able, why_nobody)
        first = f":raised_hand: *{asks}*\n{call}"
        buttons = [actions(approval_buttons(entry))]
        said = f"{asks}. {call}"
    else:
        asked = "" if entry.is_withdrawn else f", asked by {mention(entry.actor_id)}"
        said = f"{what}: {in_mid_sentence(decision_line(entry))}{asked}."
        first, buttons = f"{SIGNS.get(entry.decision, NOT_APPROVED)} *{said}*", []
        if entry.decision_reason:
            first += f"\nReason: {typed(entry.decision_reason)}"
    blocks = [section(first), *_shown(notice), *buttons, context(entry.reference)]
    return Rendered(f"{said} {approval_marker(entry)}", blocks)


def closed_message(entry: Entry) -> Rendered:
    """Return what becomes of a copy whose person cannot decide now: nothing of what it asked."""
    said = "You can't decide this request for approval now, so it is not shown here."
    return Rendered(f"{said} {approval_marker(entry)}", [section(said), context(entry.reference)])


def approval_buttons(entry: Entry) -> list[Block]:
    """Return the buttons of the two decisions, the exact amount on the first one."""
    amount = amount_of(entry)
    label = f"Approve {amount}" if amount else "Approve"
    said = f"{describe_request(entry)} will be carried out at once."
    confirm = {
        "title": {"type": "plain_text", "text": "Approve this?"},
        "text": {
            "type": "plain_text",
            "text": said[:300],
        },
        "confirm": {"type": "plain_text", "text": label[:30]},
        "deny": {"type": "plain_text", "text": "Not yet"},
    }
    approve = button(label, "approve", entry.reference, style="primary")
    return [{**approve, "confirm": confirm}, button("Decline …", "decline", entry.reference)]


def hourly_limit_message(notice: Post, approvers: People, *, at: datetime) -> Rendered:
    """Return the loud message about the brake; `at` is when it tripped, maybe long ago."""
    about = notice.content
    where = f" for order {about['order_id']}" if about["order_id"] else ""
    of = f" of {about['worth']}" if about["worth"] else ""
    said = (
        f"Hourly limit for the team: {mention(about['actor_id'])}'s "
        f"{inert(about['title'].lower())}{of}{where} was not sent."
    )
    more = (
        f"{about['spent'] or 'An amount that is not all known'} of {about['limit']} was given in "
        f"the 60 minutes before {date(at, time=True)}. {_look(approvers)}look whether all of this "
        "is meant (`/makegood log`). Approvers can still send; others can once the last 60 minutes "
        "hold less."
    )
    blocks = [section(f":rotating_light: *{said}*\n{more}")]
    return Rendered(f"{said} {more}", blocks)


def _look(approvers: People) -> str:
    names = approver_names(approvers)
    return f"{names}: " if names else "Nobody is set as approver. Everybody: "


def _call(entry: Entry, approvers: People, able: Sequence[str] | None, why_nobody: str) -> str:
    names = approver_names(approvers, but=entry.actor_id, able=able)
    until = date(entry.held_until, time=True) if entry.held_until else ""
    if able is not None and not able:
        return f"*Nobody can approve this now.* {why_nobody} It expires {until}."
    if not names:
        return f"Nobody is set as approver any more; it expires {until}."
    return f"{names}: please decide by {until}."


def _shown(notice: Post) -> list[Block]:
    pairs: Sequence[tuple[str, str]] = [(label, value) for label, value in notice.content["facts"]]
    blocks = fact_blocks(pairs[:20])
    warnings = [f":warning: {typed(text, limit=600)}" for text in notice.content["warnings"][:5]]
    return [*blocks, *([section("\n".join(warnings))] if warnings else [])]
