"""A case: which answer of which action is changed in which way; and the order of all cases."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from random import Random

from tests.hostile.acts import possible_acts
from tests.hostile.changes import STALE, Answer, is_telling, kind_of, possible
from tests.hostile.documented import is_write

ONCE, BEFORE, FROM_HERE, INSTEAD = "once", "before", "on", "instead"
# A call that comes oftener than this polls for something, and how often depends on the clock.
MOST_TIMES = 4
# Refusals and unusable bodies instead of an answer can come without the effect having taken place.
WITHOUT_EFFECT = {"status", "none", "html", "shape", "lost"}
# What decides whether something is done, and what is told of it.
DECIDING = ("orders/N", "payment_actions", "coupons", "promotions", "inventory/items")


@dataclass(frozen=True, slots=True)
class Place:
    """One answer of an action: the `nth` to this call in a phase of it."""

    action: str
    phase: str
    call: str
    nth: int


@dataclass(frozen=True, slots=True)
class Case:
    """One change to one answer.

    `how`: ONCE, FROM_HERE for all later answers to the same call as well, BEFORE for a write that
    is not carried out, INSTEAD for one that is carried out otherwise, and answered truly.
    """

    place: Place
    how: str
    change: str

    @property
    def id(self) -> str:
        """Its name: the same case has the same one for ever."""
        call = self.place.call.replace(" ", ".").replace("/", ".")
        parts = (self.place.action, self.place.phase, call, str(self.place.nth))
        return "~".join((*parts, self.how, self.change))

    @classmethod
    def of(cls, case_id: str) -> Case:
        """Read a name."""
        action, phase, call, nth, how, change = case_id.split("~", 5)
        method, _, path = call.partition(".")
        place = Place(action, phase, f"{method} {path.replace('.', '/')}", int(nth))
        return cls(place, how, change)

    @property
    def kind(self) -> str:
        """What is done to the answer."""
        return kind_of(self.change)


def all_cases(answers: dict[Place, Answer], seed: int) -> list[Case]:
    """Return every case that these answers allow, so ordered that any beginning is a fair sample.

    The seed decides which entry of a list and which other value a case takes, and the order.
    """
    found, first = [], dict[tuple[str, str], Answer]()
    for place, answer in answers.items():
        is_new = first.setdefault((place.action, place.call), answer) != answer
        luck = Random(f"{seed} {place}")  # noqa: S311 - repeatable, guards nothing
        for change in dict.fromkeys(possible(place.call, answer, luck)):
            if change != STALE or is_new:  # else an earlier answer is the same
                found += [Case(place, how, change) for how in _ways(place, change)]
        if is_write(place.call) and answer.asked:
            acts = possible_acts(place.call, json.loads(answer.asked))
            found += [Case(place, INSTEAD, act) for act in acts]
    return _spread(found, seed)


def _ways(place: Place, change: str) -> list[str]:
    if is_write(place.call):
        return [BEFORE, ONCE] if kind_of(change) in WITHOUT_EFFECT else [ONCE]
    # Whoever is told for ever to come back later waits for a minute, and that is all.
    is_for_good = place.nth == 1 and change != "status.429" and not _is_only_word(place, change)
    return [ONCE, FROM_HERE] if is_for_good else [ONCE]


def _is_only_word(place: Place, change: str) -> bool:
    """Tell whether the field alone says how it is: told the same for good, anybody believes it."""
    if place.call == "GET v2/coupons":
        return change.startswith("flip.") and change.endswith(".enabled")
    return place.call.startswith("GET v3/promotions") and change.endswith(".status=DISABLED")


def _spread(cases: Iterable[Case], seed: int) -> list[Case]:
    """Order the cases: one of each action, call and kind, then the next of each, and so on."""
    luck = Random(seed)  # noqa: S311 - repeatable, guards nothing
    groups: dict[object, list[Case]] = defaultdict(list)
    for case in sorted(cases, key=lambda case: case.id):
        anywhere = replace(case.place, nth=0, phase="")
        groups[anywhere, case.kind].append(case)
    ranked = []
    for group in groups.values():
        luck.shuffle(group)
        group.sort(key=lambda case: not is_telling(case.change))
        share = _share(group[0].place.call)
        ranked += [(rank // share, luck.random(), case) for rank, case in enumerate(group)]
    return [case for _, _, case in sorted(ranked, key=lambda row: row[:2])]


def _share(call: str) -> int:
    """Return how many cases of a call come for one of a call on which nothing hangs."""
    if is_write(call):
        return 6
    return 3 if any(part in call for part in DECIDING) else 1
