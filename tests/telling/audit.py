"""What stands in Slack at the end of a case, held against what the books say had to be told."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tests.support.agent import words
from tests.telling.cases import AFTER, THIS
from tests.telling.expected import (
    FALSE,
    LOG,
    NOTICE,
    NOTICES,
    PLACE,
    TWICE,
    UNTOLD,
    Expected,
    Finding,
    Notice,
)
from tests.telling.stage import Stage
from tests.telling.states import NOWHERE
from tests.telling.ways import NEEDS

if TYPE_CHECKING:
    from tests.telling.world import World

WORDS = (
    *("Done", "On its way", "Not done", "Failed", "Needs checking", "Partly refunded"),
    *("Refunded too much", "To do"),
)
RECORD = re.compile(rf"\(({'|'.join(WORDS)}), (MG-[0-9A-Z]{{4}}-[0-9A-Z]{{4}})\)")
REFUSED = {"Not done", "Failed"}
# What is read to see who may act.
PERMISSION = {
    *("conversations.info", "conversations.members", "users.info", "usergroups.list"),
    "usergroups.users.list",
}
LINK = re.compile(r"https?://[^\s|>]+/archives/")
# Where something can stand, from where it belongs to where it can fall.
IN_THREAD, IN_CHANNEL, IN_DIRECT, AT_HOME = "thread", "channel", "direct", "Home"
FORMER = "a former thread"
Message = Mapping[str, Any]


def audit(stage: Stage, expected: Expected) -> list[Finding]:
    """Return where a case departs from the promise, as it stands now."""
    messages = stage.messages()
    found = [
        *_audit_records(stage, expected.records, messages),
        *(each for notice in expected.notices for each in _audit_notice(stage, notice, messages)),
    ]
    for check in () if is_undecided(stage) else expected.checks:
        found += check(stage)
    return found


def floor(stage: Stage) -> str:
    """Return how far what is told has to fall, as far as the case goes."""
    case = stage.case
    if stage.is_lifted or case.when == AFTER or NEEDS.get(case.code) == "blocks":
        return stage.floor
    if NEEDS.get(case.code) == "thread_ts" and case.method == "chat.postMessage":
        return IN_CHANNEL if case.where in {"any", "audit", "thread"} else stage.floor
    if stage.state is not None:
        return stage.state.floor
    if case.method != "chat.postMessage" or not case.lasts:
        return stage.floor
    match case.where:
        case "any" | "direct":
            return AT_HOME
        case "audit":
            return IN_DIRECT if expected_person(stage) else AT_HOME
        case "thread":
            return IN_CHANNEL
        case "top":
            return IN_THREAD if stage.facts["thread"] else IN_DIRECT
    return IN_THREAD


def is_undecided(stage: Stage) -> bool:
    """Tell whether nobody could decide, since nobody was shown what to decide."""
    return "is_undecided" in stage.facts and any(each.is_waiting for each in stage.entries())


def expected_person(stage: Stage) -> bool:
    """Tell whether it is somebody's who can be told directly: what one has asked for is."""
    return bool(stage.references())


def is_told(stage: Stage, expected: Expected) -> bool:
    """Tell whether everything has been told somewhere, right or wrong."""
    messages = stage.messages()
    records = {reference for _, reference in _records(messages)}
    notices = all(_of_notice(notice, messages) for notice in expected.notices)
    return len(records) >= len(expected.records) and notices


def told(stage: Stage) -> set[str]:
    """Return the references of the outcomes that stand somewhere now."""
    return {reference for _, reference in _records(stage.messages())}


def references_of(world: World) -> dict[str, list[str]]:
    """Return by reference where its outcome stands in full, in the whole workspace."""
    found: dict[str, list[str]] = defaultdict(list)
    for channel, messages in world.slack.messages.items():
        for message in messages:
            match = RECORD.search(message["text"]) if message.get("bot_id") else None
            if match is not None and (channel, message["ts"]) not in world.unchangeable:
                found[match[2]].append(f"{channel} {message['ts']}")
    return found


def _records(messages: Sequence[Message]) -> Iterator[tuple[str, str]]:
    for message in messages:
        yield from RECORD.findall(message["text"])


def _audit_records(
    stage: Stage, wanted: Sequence[str], messages: Sequence[Message]
) -> Iterator[Finding]:
    by_reference: dict[str, list[Message]] = defaultdict(list)
    is_lost = stage.state is not None and stage.state.loses
    wanted = wanted[len(stage.former) :] if is_lost else wanted
    if is_undecided(stage):
        wanted = ()
    if _is_nothing_done(stage):
        wanted = wanted[: len(stage.references())]
    for message in messages:
        found = RECORD.search(message["text"])
        if found is not None and not (is_lost and found[2] in stage.former):
            by_reference[found[2]].append(message)
    if len(by_reference) < len(wanted):
        seen = [f"{_place(stage, m)}: {m['text'][:90]}" for m in messages]
        if floor(stage) == NOWHERE:
            return
        if floor(stage) != AT_HOME or not _is_at_home(stage, len(wanted) - len(by_reference)):
            log = [entry.status or "under way" for entry in stage.entries()]
            what = f"{len(by_reference)} of {len(wanted)} outcomes, by the log {log}: {seen}"
            yield Finding(UNTOLD, what)
    is_words: Counter[str] = Counter()
    for reference, copies in by_reference.items():
        kept = [each for each in copies if not _is_out_of_reach(stage, each, copies)]
        is_words[_word(copies[-1])] += 1
        if _is_mute(stage) or _cannot_be_read(stage):
            continue
        if len(kept) > 1:
            places = [f"{_place(stage, each)} ({_word(each)})" for each in kept]
            yield Finding(TWICE, f"{reference}: {places}")
        yield from _audit_place(stage, reference, kept[-1] if kept else copies[-1])
    for word, count in (is_words - Counter(wanted)).items():
        if word in REFUSED and _is_nothing_done(stage):
            continue
        if sum(is_words.values()) >= len(wanted) and not _is_mute(stage):
            yield Finding(FALSE, f"told as {word!r} ({count}), and it is {list(wanted)}")


def _is_mute(stage: Stage) -> bool:
    """Tell whether nothing can be said anywhere, nor changed: the Home tab alone is left."""
    return stage.state is not None and floor(stage) in {AT_HOME, NOWHERE}


def _cannot_be_read(stage: Stage) -> bool:
    """Tell whether nobody knows if the first copy stands: its answer is lost, and no reading back.

    Then it is told in the next place, too, rather than nowhere, until it can be read.
    """
    return stage.case.hides and not stage.is_lifted


def _is_nothing_done(stage: Stage) -> bool:
    """Tell whether the request was refused: the store shows that nothing was done.

    While Slack does not say who may act, nobody may.
    """
    is_unreadable = stage.case.method in PERMISSION or stage.state is not None
    return is_unreadable and stage.order == stage.facts.get("order")


def _audit_place(stage: Stage, reference: str, message: Message) -> Iterator[Finding]:
    place, right = _place(stage, message), floor(stage)
    if reference in stage.former and place != IN_DIRECT:
        # It was told before: it stays, also where the order's thread goes on elsewhere.
        right = place if _is_readable(stage, message) else stage.floor
    if stage.case.where == THIS and place in {IN_THREAD, IN_CHANNEL}:
        right = place  # a new thread, or none, by what was said about the old one
    if place != right:
        yield Finding(PLACE, f"{reference} stands in {place}, not in {right}")
    if not stage.is_lifted and right != IN_THREAD:
        return
    entry = stage.world.log.find(reference)
    if entry is not None and entry.message_ts != message["ts"]:
        where = (entry.channel, entry.thread_ts, entry.message_ts)
        yield Finding(LOG, f"{reference} is at {message['ts']}, the log says {where}")


def _audit_notice(stage: Stage, notice: Notice, messages: Sequence[Message]) -> Iterator[Finding]:
    found = _of_notice(notice, messages)
    if not found:
        if floor(stage) in {AT_HOME, NOWHERE} or (stage.is_unasked and _is_nothing_done(stage)):
            return
        if notice.is_nobodys and floor(stage) == IN_DIRECT:
            return
        seen = [f"{_place(stage, m)}: {m['text'][:90]}" for m in messages]
        yield Finding(NOTICE, f"{notice.texts}: {seen}")
    kept = [each for each in found if not _is_out_of_reach(stage, each, found)]
    readers = Counter(_reader(each) if notice.is_for_each else "" for each in kept)
    if max(readers.values(), default=0) > 1 and not _cannot_be_read(stage):
        yield Finding(NOTICES, f"{notice.texts}: {[_place(stage, each) for each in kept]}")


def _reader(message: Message) -> str:
    """Return whose direct messages it stands in, "" in a channel."""
    channel = str(message["channel"])
    return channel if channel.startswith("D") else ""


def _of_notice(notice: Notice, messages: Sequence[Message]) -> list[Message]:
    return [
        message
        for message in messages
        if all(text in shown(message) for text in notice.texts)
        and (notice.is_line or not is_line(message))
    ]


def is_line(message: Message) -> bool:
    """Tell whether the message is a line with a link to where the whole of it stands."""
    blocks = message.get("blocks", [])
    return len(blocks) <= 1 and LINK.search(message["text"] + words(blocks)) is not None


def shown(message: Message) -> str:
    """Return all that a message shows."""
    return f"{message['text']} {words(message.get('blocks', []))}"


def _is_out_of_reach(stage: Stage, message: Message, copies: Sequence[Message]) -> bool:
    """Tell whether it is an older copy of which Slack has refused a change."""
    ts = (message["channel"], message["ts"])
    return message is not copies[-1] and ts in stage.world.unchangeable


def _is_at_home(stage: Stage, count: int) -> bool:
    view = stage.world.slack.homes.get(stage.agent.user)
    return view is not None and str(stage.order_id) in words(view)


def _word(message: Message) -> str:
    found = RECORD.search(message["text"])
    return found[1] if found else ""


def _place(stage: Stage, message: Message) -> str:
    if message["channel"].startswith("D"):
        return IN_DIRECT
    thread_ts = message.get("thread_ts", message["ts"])
    if message["channel"] != stage.channel:
        return "another channel"
    if thread_ts == message["ts"]:
        return IN_CHANNEL
    return IN_THREAD if thread_ts == stage.thread_ts else FORMER


def _is_readable(stage: Stage, message: Message) -> bool:
    """Tell whether the message stands in a thread: also below "This message was deleted."."""
    root = stage.world.slack.find_message(message["channel"], str(message.get("thread_ts")))
    return root is not None
