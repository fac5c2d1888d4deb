"""What a discount code adds to its message: the code and the reply to copy, and its buttons."""

from __future__ import annotations

from bot.actions.discounts.create_discount_code import CREATE_DISCOUNT_CODE
from bot.values.outcome import Outcome, Status
from handlers.block_kit.builders import Block, actions, button, confirmation, section
from handlers.block_kit.mrkdwn import clean, code, escape, shorten
from handlers.timeline.outcomes.outcome_message import Details
from storage.log.entries import CODE_GONE, Entry

USED, OFF = "code:used", "code:off"
# A reply names what the code is for, and a section holds 3,000 characters: one that is cut at its
# end loses the quotes that close the code block, and with them what keeps markup from working.
LONGEST_LINE, LONGEST_REPLY = 1200, 2900


def code_details(entry: Entry, outcome: Outcome | None) -> Details:
    """Return the code to copy and its buttons, once it was created."""
    if outcome is None:
        return Details()
    return Details(blocks=code_blocks(entry, outcome), buttons=code_buttons(entry, outcome))


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
    return shorten(escape("\n".join(lines)).replace("`", "'"), LONGEST_REPLY)
