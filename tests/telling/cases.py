"""The cases of a campaign: what is being said, and what Slack answers meanwhile to which call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from random import Random
from typing import Self

from tests.telling.documented import RESPONSE_URL, codes_of

# When the call is refused: with nothing done, or although its work was done.
BEFORE, AFTER = "before", "after"
# How often: with LONG until it has been told elsewhere, then it passes; FOR_EVER it never does.
ONCE, FEW, LONG, FOR_EVER = "once", "few", "long", "ever"
TIMES = {ONCE: 1, FEW: 3, LONG: 10**9, FOR_EVER: 10**9}
# Which calls, by where the message stands or is to stand. THIS is the order's thread as it is when
# the trouble begins; AUDIT the whole audit channel with its threads, TOP the channel without them.
ANY, THREAD, THIS, AUDIT, TOP, DIRECT = "any", "thread", "this", "audit", "top", "direct"
# On the way, besides codes: refused for a while with and without a time, a page of HTML, no answer.
TOO_MANY, TOO_MANY_BARE, HTML, LOST = "429", "429_bare", "503", "lost"
TRANSPORT = (TOO_MANY, TOO_MANY_BARE, HTML, LOST)
# A response URL says no as a word with a status, as JSON with a status, or as JSON with 200.
SHAPES = ("word", "json", "ok")
# What happens to the workspace itself; the case's `code` is which.
STATE = "workspace"

READS = {
    *("auth.test", "chat.getPermalink", "conversations.history", "conversations.info"),
    *("conversations.members", "conversations.open", "conversations.replies", "usergroups.list"),
    *("usergroups.users.list", "users.info", "users.list"),
}
# Calls that name neither an order nor a person: what answers them is there for everybody.
SHARED = READS - {"chat.getPermalink", "conversations.open", "conversations.replies"}
# Answers that bar a method for everybody for a while.
BARRING = {TOO_MANY, TOO_MANY_BARE, "ratelimited", "rate_limited"}


@dataclass(frozen=True, slots=True)
class Case:
    """What is said (`kind`, one of `kinds.KINDS`), and how Slack answers `method` meanwhile."""

    kind: str
    method: str
    code: str
    when: str = BEFORE
    times: str = ONCE
    where: str = ANY

    @classmethod
    def of(cls, name: str) -> Self:
        """Return the case of this name."""
        return cls(*name.split("/"))

    @property
    def name(self) -> str:
        """What it is called, in every campaign."""
        return "/".join((self.kind, self.method, self.code, self.when, self.times, self.where))

    @property
    def is_shared(self) -> bool:
        """Whether the answer concerns whatever else goes on meanwhile, too."""
        return self.method in SHARED or self.code in BARRING

    @property
    def same(self) -> tuple[str, ...]:
        """What has to be the same for all that goes on meanwhile, where it concerns all."""
        return self.method, self.code, self.when, self.times


def cases_of(kind: str, method: str, wheres: Sequence[str]) -> list[Case]:
    """Return every case of a kind of message and a method."""
    if method == STATE:
        return [Case(kind, STATE, state, times=LONG) for state in wheres]
    found = []
    for code in _answers(method):
        for when in (BEFORE,) if method in READS or code.startswith("429") else (BEFORE, AFTER):
            # A limit says when it ends, and it is waited for.
            ends = (ONCE, FEW, LONG) if code in BARRING else (ONCE, FEW, LONG, FOR_EVER)
            for times in ends:
                lasts = times in {LONG, FOR_EVER}
                found += [
                    Case(kind, method, code, when, times, where)
                    for where in (wheres if lasts else wheres[:1])
                ]
    return found


def all_cases(uses: Sequence[tuple[str, str, Sequence[str]]], seed: int) -> list[Case]:
    """Return all cases in an order that follows from the seed; its beginning is a fair sample.

    `uses` are kind, method, and which of the method's calls are meant. Each pair gets its turn; an
    answer that concerns all is tried on all at once.
    """
    luck = Random(seed)  # noqa: S311 - repeatable, guards nothing
    together: dict[str, dict[tuple[str, ...], list[Case]]] = defaultdict(lambda: defaultdict(list))
    groups: list[list[list[Case]]] = []
    for use in uses:
        cases = cases_of(*use)
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


def _answers(method: str) -> Iterator[str]:
    if method == RESPONSE_URL:
        yield from (f"{shape}:{code}" for code in codes_of(method) for shape in SHAPES)
    else:
        yield from codes_of(method)
    yield from TRANSPORT
