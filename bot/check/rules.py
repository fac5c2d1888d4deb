"""What people may do by the configuration, in plain words: whether they may, who, and how much.

Nothing here is to fix: a connection is checked before anybody may act, and a shop may want no
limit. But that nothing is limited is said, and then not all is well.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from bot.actions.registry import ACTIONS
from bot.actions.rules.limits import unbounded_codes
from bot.check.finding import Finding
from bot.config.configuration import AMOUNT_NAMES, EVERYONE, Configuration, People

HOME = "An admin sets that in the Home tab of Makegood."
NOT_ACTIVE = (
    "Actions: not activated, so no one can do anything yet. An admin of the workspace activates"
    " them in Slack, in the Home tab of Makegood."
)
UNLIMITED = {
    "approval_above": "no amount needs a second person",
    "day_limit": "no daily limit per person",
    "hour_limit": "no hourly limit for the team",
    "most_worth": "no highest worth of a code",
}


def check_rules(now: Configuration) -> Iterator[Finding]:
    """Yield it."""
    yield Finding(_actions(now)) if now.activated else Finding(NOT_ACTIVE, is_note=True)
    if said := _amounts(now):
        yield Finding(f"Rules: {', '.join(said)} (in the store's currency).")
    if missing := [words for name, words in UNLIMITED.items() if _amount(now, name) is None]:
        said = [f"Rules: {', '.join(missing)}.", unbounded_codes(now), HOME]
        yield Finding(" ".join(filter(None, said)), is_note=True)


def _actions(now: Configuration) -> str:
    """Return what is on, and for whom; who the members are is told by `bot.check.people`."""
    rules = {action.title: now.rule(name) for name, action in ACTIONS.items()}
    some = [
        f"{title} ({_people(rule.who)})"
        for title, rule in rules.items()
        if rule.enabled and rule.who != EVERYONE
    ]
    off = [title for title, rule in rules.items() if not rule.enabled]
    said = ["Actions: activated."]
    said += [f"Only for some: {', '.join(some)}."] if some else []
    said += [f"Off: {', '.join(off)}."] if off else []
    return " ".join(said)


def _people(people: People) -> str:
    counted = [
        f"{len(ids)} {word}{'' if len(ids) == 1 else 's'}"
        for ids, word in ((people.user_ids, "member"), (people.group_ids, "user group"))
        if ids
    ]
    return " and ".join(counted) or "no one"


def _amounts(now: Configuration) -> list[str]:
    amounts = {name: _amount(now, name) for name in AMOUNT_NAMES}
    return [
        f"{AMOUNT_NAMES[name].lower()} {each:,.2f}"
        for name, each in amounts.items()
        if each is not None
    ]


def _amount(now: Configuration, name: str) -> Decimal | None:
    value: Decimal | None = getattr(now.discount if name == "most_worth" else now, name)
    return value
