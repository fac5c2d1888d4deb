"""What people may do by the configuration, in plain words: whether they may, who, and how much.

Nothing here is to fix: a connection is checked before anybody may act, and a shop may want no
limit. But that nothing is limited is said, and then not all is well.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from bot.actions import ACTIONS
from bot.check.finding import Finding
from bot.configuration import EVERYONE, Configuration, People

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
    yield Finding("Actions: activated.") if now.activated else Finding(NOT_ACTIVE, is_note=True)
    yield Finding(f"People: {_who(now)}.")
    if said := _amounts(now):
        yield Finding(f"Rules: {', '.join(said)} (in the store's currency).")
    if missing := [words for name, words in UNLIMITED.items() if _amount(now, name) is None]:
        yield Finding(f"Rules: {', '.join(missing)}. {HOME}", is_note=True)
    if now.approvers == People() and _asks(now):
        none = "Approvers: none is set, so what needs a second person can't be done."
        yield Finding(f"{none} {HOME}", is_note=True)


def _who(now: Configuration) -> str:
    on = {name: now.rule(name).who for name in ACTIONS if now.rule(name).enabled}
    narrowed = [
        f"{ACTIONS[name].title}: {_people(who)}" for name, who in on.items() if who != EVERYONE
    ]
    off = [each.title for name, each in ACTIONS.items() if name not in on]
    guests = "guests too" if now.guests else "guests not"
    said = [f"members of the audit channel may use Makegood, {guests}", *narrowed]
    said += [f"off: {', '.join(off)}"] if off else []
    return "; ".join([*said, f"approvers: {_people(now.approvers)}"])


def _people(people: People) -> str:
    if people.everyone:
        return "every member"
    counted = [
        f"{len(ids)} {word}{'' if len(ids) == 1 else 's'}"
        for ids, word in ((people.user_ids, "member"), (people.group_ids, "user group"))
        if ids
    ]
    return " and ".join(counted) or "none"


def _amounts(now: Configuration) -> list[str]:
    words = {
        "approval_above": "a second person above {}",
        "limit": "one request up to {}",
        "day_limit": "one person up to {} in 24 hours",
        "hour_limit": "all together up to {} in an hour",
        "most_worth": "codes worth up to {}",
    }
    amounts = {name: _amount(now, name) for name in words}
    return [
        words[name].format(f"{each:,.2f}") for name, each in amounts.items() if each is not None
    ]


def _amount(now: Configuration, name: str) -> Decimal | None:
    value: Decimal | None = getattr(now.discount if name == "most_worth" else now, name)
    return value


def _asks(now: Configuration) -> bool:
    """Tell whether anything needs a second person."""
    return now.approval_above is not None or any(
        now.rule(name).always_approve for name in ACTIONS if now.rule(name).enabled
    )
