"""What is said of changes that loosen the rules: what they loosen, who can confirm them, and when.

Pure: what is known in, blocks and messages out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.config.live_configuration import FOR_ASKER, FOR_OTHERS, LAPSES
from handlers.block_kit.builders import (
    Block,
    actions,
    button,
    confirmation,
    context,
    paragraphs,
    section,
)
from handlers.block_kit.mrkdwn import date, mention, shorten
from handlers.timeline.rendered import Rendered
from storage.configuration.proposals import (
    CONFIRMED,
    IN_FORCE,
    LAPSED,
    OPEN,
    OVERTAKEN,
    REFUSED,
    REPLACED,
    WITHDRAWN,
    Proposal,
)

LONGEST = 2900
QUESTION = "It counts at once, for everybody. What it loosens stands in the list."
# What became of it; with the person who ended it where there is one.
ENDS = {
    CONFIRMED: "Confirmed",
    REFUSED: "Refused: nothing was changed",
    WITHDRAWN: "Withdrawn: nothing was changed",
    REPLACED: "Replaced by a later one",
    OVERTAKEN: "No longer possible: one of these settings was changed meanwhile",
    LAPSED: f"Expired: not confirmed within {LAPSES.days} days. Nothing was changed",
    IN_FORCE: "In effect: no one else could confirm it",
}


def proposal_content(proposal: Proposal, lines: Sequence[str], names: str) -> dict[str, Any]:
    """Return what a message about the proposal says, as plain values."""
    return {
        "id": proposal.id,
        "actor_id": proposal.actor_id,
        "asked_at": proposal.asked_at.isoformat(),
        "lines": [*lines],
        "names": names,
        "alone_since": _plain(proposal.alone_since),
        "state": proposal.state,
        "ended_at": _plain(proposal.ended_at),
        "ended_by": proposal.ended_by,
        "held_until": _plain(proposal.held_until),
    }


def proposal_message(about: Mapping[str, Any]) -> Rendered:
    """Return the message that asks for a second person, or that says what became of it."""
    blocks = proposal_blocks(about)
    said = [_first(about), *about["lines"], _second(about)]
    return Rendered(shorten(" ".join(said), LONGEST), blocks)


def in_effect_message(about: Mapping[str, Any]) -> Rendered:
    """Return the message that says, when it comes into force, what was loosened."""
    first = "The rules are looser now"
    how = f"{mention(about['actor_id'])} asked for it. {_end(about)}"
    blocks = [
        section(f":rotating_light: *{first}*"),
        *paragraphs(about["lines"]),
        section(how),
        context(f"Change {about['id']}"),
    ]
    text = " ".join([f"{first}.", *about["lines"], how])
    return Rendered(shorten(text, LONGEST), blocks)


def changed_message(about: Mapping[str, Any]) -> Rendered:
    """Return the message that says what was changed."""
    text = str(about["mrkdwn"])
    return Rendered(text, [section(f":gear: {text}")])


def in_person_words(about: Mapping[str, Any]) -> str:
    """Return what is said to each who can confirm it while the channel is out of reach."""
    lines = "\n".join(about["lines"])
    return shorten(
        f":rotating_light: *{_first(about)}, and the audit channel cannot be told.* You can "
        f"confirm or refuse it in the Home tab of Makegood.\n{lines}",
        LONGEST,
    )


def proposal_blocks(about: Mapping[str, Any], viewer: str = "") -> list[Block]:
    """Return a proposal as it stands in its message and on the Home tab.

    `viewer` alone sees it, and gets only the buttons that do something for them; "": everybody.
    """
    number, is_open = str(about["id"]), about["state"] == OPEN
    sign = ":rotating_light:" if is_open else ":gear:"
    asked = date(datetime.fromisoformat(about["asked_at"]), time=True)
    blocks = [
        section(f"{sign} *{_first(about)}*"),
        *paragraphs(about["lines"]),
        section(_second(about)),
    ]
    if is_open:
        blocks.append(actions(_buttons(number, about["actor_id"], viewer)))
    return [*blocks, context(f"Change {number} · asked {asked}")]


def names_of(approvers_names: str) -> str:
    """Return who can confirm a change, as mrkdwn."""
    return f"{approvers_names}, or another admin" if approvers_names else "another admin"


def _buttons(number: str, actor_id: str, viewer: str) -> list[Block]:
    question = confirmation(
        "Loosen the rules?", QUESTION, "Confirm change", deny="Go back", style="primary"
    )
    decide = [
        button("Confirm change", "confirm_change", number, confirm=question),
        button("Refuse", "refuse_change", number),
    ]
    withdraw = [button("Withdraw", "withdraw_change", number)]
    if not viewer:
        return [*decide, *withdraw]
    return withdraw if viewer == actor_id else decide


def _first(about: Mapping[str, Any]) -> str:
    who = mention(about["actor_id"])
    if about["state"] == OPEN:
        return f"{who} asks to loosen Makegood's rules. Nothing of this counts yet"
    return f"{who} asked to loosen Makegood's rules"


def _second(about: Mapping[str, Any]) -> str:
    if about["state"] != OPEN:
        return _end(about)
    if about["alone_since"] is None:
        return f"A second person has to confirm it: {about['names']}."
    alone_since = datetime.fromisoformat(about["alone_since"])
    return (
        f"No one else can confirm it now. So it takes effect {_at(alone_since + FOR_OTHERS)}, and "
        f"for {mention(about['actor_id'])} {_at(alone_since + FOR_ASKER)}."
    )


def _end(about: Mapping[str, Any]) -> str:
    said = ENDS[about["state"]]
    if about["state"] in {CONFIRMED, REFUSED} and about["ended_by"]:
        word, colon, rest = said.partition(":")
        said = f"{word} by {mention(about['ended_by'])}{colon}{rest}"
    if about["held_until"]:
        until = _at(datetime.fromisoformat(about["held_until"]))
        said += f". For {mention(about['actor_id'])} it takes effect {until}"
    return f"{said}."


def _at(at: datetime) -> str:
    return date(at, time=True)


def _plain(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
