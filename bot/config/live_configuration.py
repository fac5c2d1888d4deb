"""The configuration as it is at this moment, and the one way to change it.

What tightens counts at once. What loosens waits as a proposal (`storage.configuration.proposals`):
for a second person or, where there is none, for time; then it holds for others before it holds for
who asked. What is set before the very first activation loosens nothing, as nobody could act.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import BaseModel

from bot.config.configuration import NOBODY, Configuration, People
from bot.config.loosening import (
    Loosening,
    sections_of,
    split,
    stricter,
    value_at,
    values_by_path,
    with_values,
)
from bot.config.old_limits import COMMON, lifted
from storage.configuration.history import ConfigurationChange, ConfigurationLog
from storage.configuration.proposals import (
    CONFIRMED,
    IN_FORCE,
    OVERTAKEN,
    REPLACED,
    Proposal,
    Proposals,
)

# Where nobody else could confirm it, what loosens is in force after the first, for who asked after
# the second; both from when that was first so.
FOR_OTHERS, FOR_ASKER = timedelta(hours=1), timedelta(hours=24)
# One's own tightening may be undone, and what follows so quickly is one change of mind.
UNDO, QUICK = timedelta(hours=1), timedelta(minutes=10)
# Whom somebody has removed as approver is still a second person for them.
STILL_COUNTS = timedelta(hours=24)
LAPSES = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of a change: what counts already, and what waits."""

    changes: tuple[ConfigurationChange, ...] = ()
    proposal: Proposal | None = None


class LiveConfiguration:
    """What admins changed, over the defaults.

    A section is a field of Configuration, or `rules.<action>`. `usual_reasons` are the settings'.
    """

    def __init__(
        self,
        log: ConfigurationLog,
        defaults: Configuration,
        reasons: tuple[str, ...],
    ) -> None:
        self._log = log
        self._defaults = defaults
        self.usual_reasons = reasons

    def current(self, *for_actors: str) -> Configuration:
        """Return the configuration; pydantic's ValidationError when what is kept is damaged.

        `for_actors`: as it goes for these people, who wait longer for what they loosened alone.
        """
        plain = self._defaults.model_dump(mode="json")
        now = Configuration.model_validate(_with_sections(plain, lifted(self._log.latest())))
        for actor_id in for_actors:
            now = self._held_back(now, actor_id)
        return now

    def reasons_for(self, action: str) -> tuple[str, ...]:
        """Return the reasons to choose from for an action, in their order."""
        return self.current().rule(action).reasons or self.usual_reasons

    @property
    def is_new(self) -> bool:
        """Whether the actions were never activated."""
        return not self._log.is_activated_ever()

    def change(self, section: str, value: Any, *, team_id: str, actor_id: str) -> Changed:
        """Keep a change of one section; see `change_all`."""
        return self.change_all({section: value}, team_id=team_id, actor_id=actor_id)

    def change_all(self, values: Mapping[str, Any], *, team_id: str, actor_id: str) -> Changed:
        """Keep what tightens of these sections' values and have the rest wait, all or none.

        A value is a part's model or a plain value. Raises pydantic's ValidationError, having kept
        nothing.
        """
        present = self.current()
        plain = _with_sections(present.model_dump(mode="json"), values)
        at_once, later = Configuration.model_validate(plain), tuple[Loosening, ...]()
        if not self.is_new:
            at_once, later = split(present, at_once, self._free(actor_id))
        with self._log.atomic():
            changes = self._keep(present, at_once, values, team_id=team_id, actor_id=actor_id)
            proposal = self._propose(later, team_id, actor_id) if later else None
        return Changed(changes, proposal)

    def confirm(self, proposal: Proposal, *, by: str) -> tuple[ConfigurationChange, ...]:
        """Have a proposal count, as a second person agrees; nothing when it is too late."""
        return self._carry_out(proposal, CONFIRMED, by=by)

    def put_in_force(self, proposal: Proposal) -> tuple[ConfigurationChange, ...]:
        """Have a proposal count as time has gone by; nothing when it is too late."""
        held_until = (proposal.alone_since or datetime.now(UTC)) + FOR_ASKER
        return self._carry_out(proposal, IN_FORCE, held_until=held_until)

    def end(self, proposal: Proposal, state: str, *, by: str | None = None) -> bool:
        """End a proposal without any change. False: it has ended already."""
        return self.proposals.end(proposal.id, state, by=by)

    def proposal(self, number: str) -> Proposal | None:
        """Return the proposal of that number, None when there is none."""
        is_number = number.isascii() and number.isdigit() and len(number) < 16
        return self.proposals.find(int(number)) if is_number else None

    @property
    def proposals(self) -> Proposals:
        """What waits, and what became of it."""
        return self._log.proposals

    def is_overtaken(self, proposal: Proposal) -> bool:
        """Tell whether what it would change is not any more as it was when that was asked."""
        now = self.current()
        return any(value_at(now, path) != before for path, before, _ in proposal.changes)

    def approvers_for(self, actor_id: str) -> People:
        """Return the approvers who may agree with what this person asks for.

        Whom the person has removed lately is among them, whom they alone have added is not yet.
        """
        since = datetime.now(UTC) - STILL_COUNTS
        removed = [
            self._held_back(
                with_values(self.current(), {"approvers": each.before}), actor_id, at=each.at
            )
            for each in self._log.since(since)
            if each.section == "approvers" and each.actor_id == actor_id
        ]
        return _united([each.approvers for each in (self.current(actor_id), *removed)])

    def history(self, limit: int = 20) -> list[ConfigurationChange]:
        """Return the latest changes, newest first."""
        return self._log.history(limit)

    def stand(self) -> tuple[Any, ...]:
        """Return what differs whenever anything counts or waits that did not before."""
        waiting = [(each.id, each.alone_since) for each in self.proposals.open()]
        return (self._log.latest_number(), *waiting)

    def mark(self, sections: Sequence[str]) -> str:
        """Return a mark of what these sections are now: it differs when one of them has changed."""
        now = self.current()
        shown = json.dumps([section_value(now, section) for section in sections], sort_keys=True)
        return hashlib.sha256(shown.encode()).hexdigest()[:16]

    def _keep(
        self,
        before: Configuration,
        after: Configuration,
        sections: Iterable[str],
        *,
        team_id: str,
        actor_id: str,
        confirmed_by: str | None = None,
    ) -> tuple[ConfigurationChange, ...]:
        pairs = [
            (each, section_value(before, each), section_value(after, each)) for each in sections
        ]
        changes = [(section, was, is_now) for section, was, is_now in pairs if was != is_now]
        if changes:
            self._keep_lifted()
        return tuple(
            self._log.change_all(
                changes, team_id=team_id, actor_id=actor_id, confirmed_by=confirmed_by
            )
        )

    def _keep_lifted(self) -> None:
        """Keep what was lifted from an action's rule before that rule is replaced."""
        latest = self._log.latest()
        amounts = lifted(latest)
        new = [(name, None, amounts[name]) for name in COMMON if name in amounts.keys() - latest]
        self._log.change_all(new, team_id="", actor_id=NOBODY)

    def _propose(self, later: Sequence[Loosening], team_id: str, actor_id: str) -> Proposal:
        """Have it wait, together with what the same person has just asked for besides."""
        wanted = {each.path: (each.before, each.after) for each in later}
        now = self.current()
        for older in self.proposals.open():
            is_quick = older.asked_at > datetime.now(UTC) - QUICK
            if older.actor_id != actor_id or not (is_quick or wanted.keys() & {*older.paths}):
                continue
            for path, before, after in older.changes:
                if path not in wanted and value_at(now, path) == before:
                    wanted[path] = (before, after)
            self.proposals.end(older.id, REPLACED, by=actor_id)
        changes = [(path, before, after) for path, (before, after) in wanted.items()]
        return self.proposals.add(changes, team_id=team_id, actor_id=actor_id)

    def _carry_out(
        self,
        proposal: Proposal,
        state: str,
        *,
        by: str | None = None,
        held_until: datetime | None = None,
    ) -> tuple[ConfigurationChange, ...]:
        if self.is_overtaken(proposal):
            self.proposals.end(proposal.id, OVERTAKEN, by=None)
            return ()
        present = self.current()
        wanted = with_values(present, {path: after for path, _, after in proposal.changes})
        with self._log.atomic():
            if not self.proposals.end(proposal.id, state, by=by, held_until=held_until):
                return ()
            return self._keep(
                present,
                wanted,
                sections_of(proposal.paths),
                team_id=proposal.team_id,
                actor_id=proposal.actor_id,
                confirmed_by=by,
            )

    def _held_back(
        self, now: Configuration, actor_id: str, *, at: datetime | None = None
    ) -> Configuration:
        """Return what goes for who has loosened something alone, and waits for it longer.

        `at`: when the configuration was as given; what came into force later was no part of it.
        """
        for held in self.proposals.held_from(actor_id, datetime.now(UTC)):
            if at is not None and (held.ended_at is None or held.ended_at > at):
                continue
            values = {
                path: stricter(path, was, value_at(now, path)) for path, was, _ in held.changes
            }
            now = with_values(now, values)
        return now

    def _free(self, actor_id: str) -> Mapping[str, Sequence[Any]]:
        """Return what may be undone: the fields before this person's own latest changes.

        Nobody else came between.
        """
        free: dict[str, list[Any]] = defaultdict(list)
        closed: set[str] = set()
        for change in self._log.since(datetime.now(UTC) - UNDO):
            if change.actor_id != actor_id or change.confirmed_by is not None:
                closed.add(change.section)
            if change.section not in closed:
                for path, value in values_by_path(change.section, change.before).items():
                    free[path].append(value)
        return free


def section_value(configuration: Configuration, section: str) -> Any:
    """Return a section's plain value."""
    name, _, action = section.partition(".")
    if action:
        return configuration.rule(action).model_dump(mode="json")
    return configuration.model_dump(mode="json")[name]


def _with_sections(plain: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a configuration's plain values with some sections changed."""
    changed = {**plain, "rules": dict(plain["rules"])}
    for section, value in values.items():
        after = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
        name, _, action = section.partition(".")
        if action:
            changed["rules"][action] = after
        else:
            changed[name] = after
    return changed


def _united(people: Sequence[People]) -> People:
    return People(
        everyone=any(each.everyone for each in people),
        user_ids=tuple(dict.fromkeys(user for each in people for user in each.user_ids)),
        group_ids=tuple(dict.fromkeys(group for each in people for group in each.group_ids)),
    )
