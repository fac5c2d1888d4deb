"""The cases of a campaign: what is being said, and what Slack answers meanwhile to which call.

All of: each kind of message, each method that it calls, each way that an answer can go through the
bot (`ways`), before or after the call's work was done, once, three times or for ever; for ever also
on each kind of place by itself. What is dealt out, not multiplied: the codes that go one way take
turns, so a seed tries each way everywhere and each code somewhere. With as many seeds in a row as
the largest way has codes (23) each code of each method is tried. `--every-code` multiplies them.

What is left out: a place by itself where the call's work was done although it was refused, and what
is everybody's (SHARED) in kinds whose clock goes on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, zip_longest
from random import Random
from typing import Self

from tests.telling.documented import RESPONSE_URL, codes_of
from tests.telling.ways import NEEDS, ways_of

# When the call is refused: with nothing done, or although its work was done.
BEFORE, AFTER = "before", "after"
# How often; FOR_EVER until it has been seen how that ends, and then it passes.
ONCE, FEW, FOR_EVER = "once", "few", "ever"
TIMES = {ONCE: 1, FEW: 3, FOR_EVER: 10**9}
# Which calls, by where the message stands or is to stand. THIS is the order's thread as it is when
# the trouble begins; AUDIT the whole audit channel with its threads, TOP the channel without them.
ANY, THREAD, THIS, AUDIT, TOP, DIRECT = "any", "thread", "this", "audit", "top", "direct"
# All but the first.
LATER = "later"
# On the way, besides codes: refused for a while with and without a time, a page of HTML, no answer.
TOO_MANY, TOO_MANY_LONG, TOO_MANY_BARE, HTML, LOST = "429", "429_long", "429_bare", "503", "lost"
# Too many calls are refused, never carried out.
LIMITS, CUT = (TOO_MANY, TOO_MANY_LONG, TOO_MANY_BARE), (HTML, LOST)
# A response URL says no as a word with a status, as JSON with a status, or as JSON with 200.
SHAPES = ("word", "json", "ok")
# What happens to the workspace itself; the case's `code` is which. Nothing happens: what a kind
# does in peace, and that it calls no method that is not said to be of use to it.
STATE, PEACE = "workspace", "peace"

READS = {
    *(
        "apps.connections.open",
        "auth.test",
        "chat.getPermalink",
        "conversations.history",
        "conversations.info",
    ),
    *("conversations.members", "conversations.open", "conversations.replies", "usergroups.list"),
    *("usergroups.users.list", "users.info", "users.list"),
}
READS_BACK = {"conversations.history", "conversations.open", "conversations.replies"}
MESSAGES = {"chat.postEphemeral", "chat.postMessage", "chat.update"}
# Calls that name neither an order nor a person: what answers them is there for everybody.
SHARED = {
    *("apps.connections.open", "auth.test", "conversations.history", "conversations.info"),
    *("conversations.members", "usergroups.list", "usergroups.users.list", "users.list"),
}


@dataclass(frozen=True, slots=True)
class Case:
    """What is said (`kind`, one of `kinds.KINDS`), and how Slack answers `method` meanwhile.

    `first` is what goes wrong before (one of FIRSTS), since only then the method is called.
    """

    kind: str
    method: str
    code: str
    when: str = BEFORE
    times: str = ONCE
    where: str = ANY
    first: str = ""

    @classmethod
    def of(cls, name: str) -> Self:
        """Return the case of this name."""
        return cls(*name.split("/"))

    @property
    def name(self) -> str:
        """What it is called, in every campaign."""
        parts = (self.kind, self.method, self.code, self.when, self.times, self.where, self.first)
        return "/".join(parts if self.first else parts[:-1])

    @property
    def is_shared(self) -> bool:
        """Whether the answer concerns whatever else goes on meanwhile, too."""
        return self.method in SHARED

    @property
    def lasts(self) -> bool:
        """Whether it stays so until somebody puts it right."""
        return self.times == FOR_EVER

    @property
    def hides(self) -> bool:
        """Whether something was posted of which nobody can know: no answer, and no reading back."""
        return bool(self.first) and self.method in READS_BACK

    @property
    def same(self) -> tuple[str, ...]:
        """What has to be the same for all that goes on meanwhile, where it concerns all."""
        return self.method, self.code, self.when, self.times


@dataclass(frozen=True, slots=True)
class Use:
    """A method that a kind of message calls, which of its calls are meant, and after what.

    `in_threads`: some of these calls are for threads, so codes about a thread can be answered.
    """

    method: str
    wheres: Sequence[str] = (ANY,)
    first: str = ""
    in_threads: bool = True

    def is_refused(self, code: str, where: str) -> bool:
        """Tell whether any of these calls can be answered with the code."""
        is_about_threads = NEEDS.get(code) == "thread_ts" and self.method in MESSAGES
        return not is_about_threads or (self.in_threads and where not in {TOP, DIRECT})


# What makes the bot read back, link, or tell elsewhere: the last part of a case's name.
FIRSTS = {
    "lost": Case("", "chat.postMessage", LOST, AFTER),
    "lost-reply": Case("", "chat.postMessage", LOST, AFTER, where=THREAD),
    "missed-reply": Case("", "chat.postMessage", LOST, BEFORE, where=THREAD),
    "lost-direct": Case("", "chat.postMessage", LOST, AFTER, where=DIRECT),
    "frozen": Case("", "chat.update", "edit_window_closed"),
    "fallen": Case("", "chat.postMessage", "restricted_action_read_only_channel", where=THREAD),
}


def shapes_of(kind: str, use: Use) -> Iterator[Case]:
    """Yield the cases of a use without their codes: how often, before or after, which calls.

    What takes place is there wherever it stands, so AFTER is not tried on single places.
    """
    for when in (BEFORE,) if use.method in READS else (BEFORE, AFTER):
        for times in TIMES:
            is_wide = when == BEFORE and times == FOR_EVER
            for where in use.wheres if is_wide else use.wheres[:1]:
                yield Case(kind, use.method, "", when, times, where, use.first)


class Deck:
    """The codes of each way, dealt round; which one is the first follows from the seed.

    As many seeds in a row as a way has codes try each, and fewer where it has many cases.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._decks: dict[tuple[str, str], Iterator[str]] = {}
        self._shared: dict[tuple[str, ...], str] = {}

    def deal(self, case: Case, way: str) -> str:
        """Return the next code of the way; where a case concerns all, all have the same."""
        if not case.is_shared:
            return self._next(case.method, way)
        key = (*case.same, way)
        if key not in self._shared:
            self._shared[key] = self._next(case.method, way)
        return self._shared[key]

    def _next(self, method: str, way: str) -> str:
        if (method, way) not in self._decks:
            codes = ways_of(method)[way]
            first = self._seed % len(codes)
            self._decks[method, way] = cycle([*codes[first:], *codes[:first]])
        return next(self._decks[method, way])


def cases_of(kind: str, use: Use, deck: Deck | None = None) -> list[Case]:
    """Return the cases of a kind of message and a method: each way, or without a deck each code."""
    if use.method == STATE:
        return [Case(kind, STATE, state, times=FOR_EVER) for state in use.wheres]
    found = []
    for shape in shapes_of(kind, use):
        ways = ways_of(use.method)
        codes = [deck.deal(shape, way) for way in ways] if deck else codes_of(use.method)
        if use.method == RESPONSE_URL:
            codes = [f"{form}:{code}" for code in codes for form in SHAPES]
        limits = LIMITS if shape.when == BEFORE else ()
        found += [
            replace(shape, code=code)
            for code in (*codes, *limits, *CUT)
            if use.is_refused(code, shape.where)
        ]
    return found


def all_cases(
    uses: Sequence[tuple[str, Use]], seed: int, *, every_code: bool = False
) -> list[Case]:
    """Return all cases in an order that follows from the seed; its beginning is a fair sample.

    `uses` are of which kind, and what. Each pair gets its turn; an answer that concerns all is
    tried on all at once. `every_code`: each code by itself, not each way.
    """
    luck = Random(seed)  # noqa: S311 - repeatable, guards nothing
    deck = None if every_code else Deck(seed)
    together: dict[str, dict[tuple[str, ...], list[Case]]] = defaultdict(lambda: defaultdict(list))
    groups: list[list[list[Case]]] = []
    for kind, use in uses:
        cases = cases_of(kind, use, deck)
        groups.append([[case] for case in cases if not case.is_shared])
        for case in cases:
            if case.is_shared:
                together[case.method][case.same].append(case)
    groups += [[*same.values()] for same in together.values()]
    for group in groups:
        luck.shuffle(group)
    luck.shuffle(groups)
    rows = zip_longest(*groups, fillvalue=[])
    return [case for row in rows for some in row for case in some]
