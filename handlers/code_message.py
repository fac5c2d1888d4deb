"""A discount code's message: while it works, what to copy; afterwards, since when it does not."""

from __future__ import annotations

from bot.actions import CREATE_DISCOUNT_CODE
from bot.outcome import Outcome, Status
from handlers.blocks import Block, actions, button, confirmation, section
from handlers.text import clean, code, date, escape, mention, typed
from storage.entries import CODE_EXPIRED, CODE_GONE, CODE_OFF, CODE_USED_UP, Entry

USED, OFF = "code:used", "code:off"
# A reply names what the code is for, and a section holds 3,000 characters.
LONGEST_LINE = 1200
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
    return f"Discount code {typed(_code(entry))} no longer works"


def code_blocks(entry: Entry, outcome: Outcome) -> list[Block]:
    """Return the code and the reply to copy; nothing for all but a code that works."""
    if not _is_created(entry, outcome) or entry.is_code_over:
        return []
    blocks = [section(f"To copy: {code(_code(entry))}")]
    if outcome.reply:
        blocks.append(section(f"Reply to the customer, to copy:\n```{_preformatted(outcome)}```"))
    return blocks


def code_buttons(entry: Entry, outcome: Outcome) -> list[Block]:
    """Return the buttons for a code that was created; one that no longer works cannot be ended."""
    if not _is_created(entry, outcome) or entry.code_over == CODE_GONE:
        return []
    used = button("Was it used?", USED, entry.reference)
    if entry.is_code_over:
        return [actions([used])]
    sure = confirmation(
        f"Switch off {_code(entry)}?",
        "From then on nobody can use the code, whoever has it. Orders that used it stay as they "
        "are. It is told in this thread.",
        "Switch it off",
    )
    off = button("Switch it off", OFF, entry.reference, style="danger", confirm=sure)
    return [actions([used, off])]


def _is_created(entry: Entry, outcome: Outcome) -> bool:
    return entry.action == CREATE_DISCOUNT_CODE.name and outcome.status is Status.SUCCEEDED


def _code(entry: Entry) -> str:
    return str(entry.request.get("code"))


def _preformatted(outcome: Outcome) -> str:
    """Return the reply for a code block, where nothing but a backtick is read as markup."""
    lines = [clean(line, limit=LONGEST_LINE) for line in outcome.reply.splitlines()]
    return escape("\n".join(lines)).replace("`", "'")
