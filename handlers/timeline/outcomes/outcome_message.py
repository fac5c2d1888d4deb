"""What the thread says about a request: a pure function of the log's entry and its outcome."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.actions.registry import RUNNABLE, is_refund, leaves_mark
from bot.actions.requested import amount_of
from bot.values.outcome import Outcome, Status
from handlers.block_kit.builders import Block, actions, context, section
from handlers.block_kit.mrkdwn import date, inert, mention, typed
from handlers.timeline.outcomes.code_over_words import over_heading, over_line
from handlers.timeline.outcomes.decision_words import decision_line, decision_sentence, waiting_line
from handlers.timeline.outcomes.email_line import mail_buttons, mail_line
from handlers.timeline.outcomes.ending_words import ending_buttons, ending_line
from handlers.timeline.rendered import Rendered
from storage.log.action_log import ActionLog
from storage.log.entries import Entry

# A sign and a word: nothing is carried by the sign alone.
SIGNS = {
    Status.SUCCEEDED: (":white_check_mark:", "Done"),
    Status.PENDING: (":hourglass_flowing_sand:", "On its way"),
    Status.REJECTED: (":no_entry_sign:", "Not done"),
    Status.FAILED: (":x:", "Failed"),
    Status.UNKNOWN: (":warning:", "Needs checking"),
    Status.PARTIAL: (":large_orange_diamond:", "Partly refunded"),
    Status.TO_DO: (":memo:", "To do"),
}

SHOWN_LINES = 15
OR_TO_BE_SENT = "Refunded or to be sent"
# A lost answer that no later look can settle, as one about stock, is a reminder for a week.
REMINDED = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Details:
    """What an action adds to the message about one of its requests.

    `lines` of mrkdwn are what was asked for, as far as the result does not tell it; `sentence`
    stands after what to do next; `blocks` follow them, and rows of `buttons` stand last.
    """

    lines: Sequence[str] = ()
    sentence: str = ""
    blocks: Sequence[Block] = ()
    buttons: Sequence[Block] = ()


# Given the entry, and its outcome once it has one.
DetailsOf = Callable[[Entry, Outcome | None], Details]


def no_details(_entry: Entry, _outcome: Outcome | None) -> Details:
    """Return that the result and the reason tell all that was asked for."""
    return Details()


def render_outcome(entry: Entry, outcome: Outcome, details_of: DetailsOf = no_details) -> Rendered:
    """Return the message: the result first, then what to do, who asked, why, and the reference."""
    details = details_of(entry, outcome)
    sign, word = _sign(entry, outcome)
    result = typed(outcome.message, limit=2000)
    if entry.is_code_over:
        return _code_over(entry, outcome, details)
    said = (outcome.next_step, details.sentence, mail_line(entry))
    following = typed(" ".join(filter(None, said)), limit=1000)
    following = " ".join(filter(None, (following, decision_sentence(entry))))
    asked = date(entry.asked_at, time=True)
    small = [f"{word} · {_action(entry)} by {mention(entry.actor_id)} · {asked}"]
    if reason := _reason(entry):
        small.append(reason)
    if entry.follows:
        small.append(f"after {entry.follows}")
    small.append(entry.reference)
    if ended := ending_line(entry):
        following = f"{following}\n{ended}".strip()
    blocks = [section(f"{sign} *{result}*" + (f"\n{following}" if following else ""))]
    if lines := _shortened(details.lines):
        blocks.append(section("\n".join(lines)))
    blocks += details.blocks
    blocks.append(context(" · ".join(small)))
    if record := _record(outcome):
        blocks.append(context(record))
    if buttons := [*ending_buttons(entry, outcome), *mail_buttons(entry)]:
        blocks.append(actions(buttons))
    blocks += details.buttons
    text = " ".join(
        part for part in (f"{result}", following, f"({word}{outcome_marker(entry)}") if part
    )
    return Rendered(text, blocks)


def _code_over(entry: Entry, outcome: Outcome, details: Details) -> Rendered:
    """Return the message of a code that no longer works: that first, what it was in small print."""
    heading, line, word = over_heading(entry), over_line(entry), SIGNS[outcome.status][1]
    was = typed(outcome.message, limit=1000)
    asked = f"{_action(entry)} by {mention(entry.actor_id)} · {date(entry.asked_at, time=True)}"
    parts = [each for each in (asked, _reason(entry), entry.reference) if each]
    blocks = [
        section(f":no_entry_sign: *{heading}*\n{line}"),
        context(was, " · ".join(parts)),
        *details.buttons,
    ]
    return Rendered(f"{heading}. {line} ({word}{outcome_marker(entry)}", blocks)


def outcome_marker(entry: Entry) -> str:
    """Return the part of its message's text that no other message has."""
    return f", {entry.reference})"


def render_under_way(entry: Entry) -> Rendered:
    """Return the message of a request whose outcome takes its time."""
    if entry.sent_at is None:
        said = "Nothing was sent to BigCommerce so far. This message changes when there is news."
    else:
        said = (
            f"Sent to BigCommerce {date(entry.sent_at, time=True)}; what became of it is not known "
            "yet. Makegood keeps looking, and this message changes when it knows. Don't do it a "
            "second time meanwhile."
        )
    text = f"{_title(entry)} is under way. {said} (Under way{outcome_marker(entry)}"
    return Rendered(text, [section(f"{under_way_line(entry)}\n{said}")])


def log_line(entry: Entry) -> str:
    """Return one line of mrkdwn about an entry, for lists."""
    if entry.is_waiting:
        return waiting_line(entry)
    if entry.status is None or entry.outcome is None:
        return (
            f":hourglass_flowing_sand: {_title(entry)} is under way, asked by "
            f"{mention(entry.actor_id)} {date(entry.asked_at, time=True)} · {entry.reference}"
        )
    outcome = Outcome.model_validate(entry.outcome)
    sign, word = _sign(entry, outcome)
    about = [f"{_action(entry)} by {mention(entry.actor_id)}", date(entry.asked_at, time=True)]
    known = (
        _reason(entry),
        decision_line(entry),
        ending_line(entry),
        _record(outcome),
        entry.reference,
    )
    about += [part for part in known if part]
    # A task begins with its word already.
    lead = "" if outcome.message.startswith(f"{word}:") else f"{word}: "
    return f"{sign} {lead}{typed(outcome.message, limit=400)}\n{' · '.join(about)}"


def state_line(entry: Entry) -> str:
    """Return how a request stands at this moment, as mrkdwn."""
    line = log_line(entry)
    if entry.status is None:
        return f"{line}\n{decision_line(entry)}".strip()
    if entry.is_under_way:
        return f"{line}\nIt is being looked at right now."
    return f"{line}\n{over_line(entry)}".strip()


def open_requests(log: ActionLog, order_id: int) -> list[str]:
    """Return what the order's card says about the requests that are not settled yet."""
    return [under_way_line(entry) for entry in _open_entries(log, order_id)]


def refunded_label(log: ActionLog, order_id: int) -> str:
    """Return what the card calls the sum that BigCommerce counts as refunded.

    It counts a refund from the moment that it is accepted or recorded; "refunded" alone is said of
    money that has moved.
    """
    refunds = [entry for entry in _open_entries(log, order_id) if is_refund(entry.action)]
    if any(entry.status == Status.TO_DO for entry in refunds):
        return OR_TO_BE_SENT
    is_open = any(not entry.is_waiting for entry in refunds)
    return "Refunded or on its way" if is_open else "Refunded"


def _open_entries(log: ActionLog, order_id: int) -> list[Entry]:
    entries = log.open_of(order_id)
    # What runs for the first time comes first.
    entries.sort(key=lambda entry: entry.status is not None)
    return [entry for entry in entries if not is_reminded_enough(entry)]


def is_reminded_enough(entry: Entry) -> bool:
    """Tell whether lists of what is open leave it out, as people have had the time to look."""
    is_unknown = entry.status == Status.UNKNOWN and not leaves_mark(entry.action)
    return is_unknown and entry.asked_at < datetime.now(UTC) - REMINDED


def under_way_line(entry: Entry) -> str:
    """Return what the order's card says about a request that runs, or whose end is open."""
    asked = f"asked by {mention(entry.actor_id)} {date(entry.asked_at, time=True)}"
    if entry.is_waiting:
        return waiting_line(entry)
    # A later look is not shown: when it finds nothing new, nobody draws the card again.
    if entry.outcome is None:
        return f":hourglass_flowing_sand: Under way: {_action(entry)}, {asked} · {entry.reference}"
    outcome = Outcome.model_validate(entry.outcome)
    sign, word = SIGNS[outcome.status]
    amount = f" of {outcome.amount}" if outcome.amount else ""
    if outcome.status is Status.TO_DO and outcome.to_send is not None:
        return (
            f"{sign} {word}: send {outcome.to_send} to the customer by hand · {_action(entry)}, "
            f"{asked} · {entry.reference}"
        )
    return f"{sign} {word}: {_action(entry)}{amount}, {asked} · {entry.reference}"


def _sign(entry: Entry, outcome: Outcome) -> tuple[str, str]:
    """Return the sign and the word; what gave back more than was confirmed is no part of it."""
    sign, word = SIGNS[outcome.status]
    asked, made = amount_of(entry), outcome.amount
    if outcome.status is Status.PARTIAL and asked and made and made.amount > asked.amount:
        word = "Refunded too much"
    return sign, word


def _reason(entry: Entry) -> str:
    reason = typed(str(entry.request.get("reason") or ""), limit=500)
    return f"Reason: {reason}" if reason else ""


def _shortened(lines: Sequence[str]) -> list[str]:
    more = len(lines) - SHOWN_LINES
    if more <= 0:
        return [*lines]
    return [*lines[:SHOWN_LINES], f"… and {more} more {'line' if more == 1 else 'lines'}"]


def _record(outcome: Outcome) -> str:
    """Return what changed from what to what, and BigCommerce's number of the refund."""
    ways: dict[str, list[str]] = {}
    for change in outcome.changes:
        if change.before:
            way = ways.setdefault(change.field, [change.before])
            # What went on from where it had come to is told as one way.
            way += [change.after] if way[-1] == change.before else [change.before, change.after]
    labels = {"refunded": OR_TO_BE_SENT} if outcome.to_send is not None else {}
    parts = [
        f"{labels.get(field) or typed(field.capitalize())}: {' → '.join(map(typed, way))}"
        for field, way in ways.items()
    ]
    if outcome.refund_id is not None:
        parts.append(f"BigCommerce refund {outcome.refund_id}")
    return " · ".join(parts)


def _title(entry: Entry) -> str:
    title = _action(entry)
    return f"{title} (order {entry.order_id})" if entry.order_id else title


def _action(entry: Entry) -> str:
    """Return the action's name as mrkdwn; an old entry may be of an action that is gone."""
    return inert(RUNNABLE[entry.action].title if entry.action in RUNNABLE else entry.action)
