"""Who comes and goes, noticed: from Slack's events, and by comparing, since events get lost.

One look at a time compares the audit channel and the user groups that the configuration names with
who was known there. An event only says that it is time to look, and who added somebody.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from bot.config.configuration import Configuration
from bot.config.live_configuration import LiveConfiguration
from bot.process.loop import Loop
from handlers.access.access import Access
from handlers.access.directory import NOT_READ, Directory
from handlers.people.powers import powers_of
from handlers.people.waiting import Waiting
from handlers.people.words import (
    SHOWN,
    Powers,
    able_words,
    again_usable_words,
    gone_words,
    group_words,
    joined_words,
    over_words,
    shared_words,
)
from storage.outbox.posts import CHANNEL, PEOPLE
from storage.people.known_people import KnownPeople

logger = logging.getLogger(__name__)

# What Slack says of people and channels; `hear` takes these events.
HEARD = (
    *(f"channel_{what}" for what in ("archive", "deleted", "left", "unarchive")),
    *(f"group_{what}" for what in ("archive", "deleted", "left", "unarchive")),
    "channel_shared",
    "channel_unshared",
    "member_joined_channel",
    "member_left_channel",
    "subteam_members_changed",
    "subteam_updated",
    "user_change",
)
MOST_READ = 60  # of a channel's members in one look: Slack answers about a hundred a minute
MOST_TOLD = 10
LEAST_S = 0.5
TOLD_IN_PERSON = frozenset({"archived", "lost"})  # nothing can be posted there


class PeopleWatch:
    """Looks from `start` to `close`, every `every_s` seconds and whenever an event says so."""

    def __init__(
        self,
        *,
        directory: Directory,
        access: Access,
        configuration: LiveConfiguration,
        known: KnownPeople,
        waiting: Waiting,
        team_id: str,
        bot_user_id: str,
        admins: frozenset[str],
        every_s: float,
        is_back: Callable[[], None],
    ) -> None:
        """Keep the parts; `is_back` is called when the audit channel may take messages again."""
        self._directory = directory
        self._access = access
        self._configuration = configuration
        self._known = known
        self._waiting = waiting
        self._team_id = team_id
        self._bot_user_id = bot_user_id
        self._admins = admins
        self._every_s = every_s
        self._is_back = is_back
        self._inviters: dict[str, str] = {}
        self._loop = Loop(self._look_again, every_s=every_s, broken="looking at people broke")

    def start(self) -> None:
        """Begin; the first look is now."""
        self._loop.start()

    async def close(self) -> None:
        """Stop looking."""
        await self._loop.close()

    def hear(self, event: Mapping[str, Any]) -> None:
        """Take an event of Slack's about people or channels: what was read is out of date."""
        kind, user, place = str(event.get("type")), event.get("user"), event.get("channel")
        channel_id = self._configuration.current().audit_channel
        if kind == "user_change":
            user_id = str((user or {}).get("id") or "")
            self._directory.forget_person(user_id)
            if user_id not in (self._known.of(channel_id) or {}):
                return
        elif kind.startswith("subteam_"):
            group = event.get("subteam_id") or (event.get("subteam") or {}).get("id")
            self._directory.forget_group(str(group or ""))
        else:
            self._directory.forget_channel(str(place or ""))
            if place != channel_id:
                return
            self._is_back()
            if kind == "member_joined_channel":
                self._directory.forget_person(str(user))
                self._inviters[str(user)] = str(event.get("inviter") or "")
        self._loop.call()

    def look_soon(self) -> None:
        """Look without waiting for the next time: it was changed who may act or approve."""
        self._loop.call()

    def members(self) -> dict[str, bool | None]:
        """Return who was in the audit channel at the last look, and whether they may act."""
        return self._known.of(self._configuration.current().audit_channel) or {}

    def gone_since(self, place: str, since: datetime) -> frozenset[str]:
        """Return who was in a channel or a user group and is not any more, noticed since then."""
        return self._known.gone_since(place, since)

    async def look(self) -> None:
        """Compare everything with what was known, and tell what is new; raises NOT_READ."""
        configuration = self._configuration.current()
        channel_id = configuration.audit_channel
        self._directory.forget_channel(channel_id)
        trouble = await self._access.channel_trouble()
        if trouble != self._known.trouble(channel_id):
            await self._tell_trouble(channel_id, trouble)
        if not trouble and self._known.end_alarms(CHANNEL):
            self._is_back()
        if trouble != "lost":
            await self._look_at_channel(channel_id)
            for group_id in _groups(configuration):
                await self._look_at_group(group_id, channel_id)
        if not trouble:  # else nobody can do anything, which is told
            await self._waiting.look()

    async def _look_again(self) -> None:
        try:
            await self.look()
        except NOT_READ as error:
            logger.warning("people not looked at", extra={"error": type(error).__name__})
        finally:
            await asyncio.sleep(min(LEAST_S, self._every_s))

    async def _look_at_channel(self, channel_id: str) -> None:
        here = await self._directory.members(channel_id) - {self._bot_user_id}
        known = self._known.of(channel_id)
        approvers = await self._access.named(self._configuration.current().approvers)
        fit = await self._fit(here, known or {}, approvers)
        if known is None:  # the first look ever: nobody has come
            self._take_in(channel_id, here, None, fit, [])
            return
        joined = [user for user in sorted(here) if user not in known]
        able = [user for user in sorted(here) if known.get(user) is False and fit.get(user)]
        gone = dict.fromkeys(sorted(known.keys() - here), f"left <#{channel_id}>")
        for user in sorted(here & approvers):
            if known.get(user) is True and fit.get(user) is False:
                gone[user] = str(await self._access.unfit(user))
        said = []
        if joined:
            powers = await self._powers(joined)
            said.append(joined_words(channel_id, powers, self._inviters, len(joined)))
        if able:
            said.append(able_words(await self._powers(able), len(able)))
        if lost := {user: why for user, why in gone.items() if user in approvers}:
            said.append(gone_words(lost, await self._access.deciders()))
        self._take_in(channel_id, here, known, fit, said)
        for user in joined:
            self._inviters.pop(user, None)

    async def _look_at_group(self, group_id: str, channel_id: str) -> None:
        here = await self._directory.group(group_id, fresh=True)
        known = self._known.of(group_id)
        joined = sorted(here - known.keys()) if known is not None else []
        members = await self._directory.members(channel_id)
        joined = [user for user in joined if user in members]
        said = []
        if joined:
            handle = (await self._directory.groups()).get(group_id)
            powers = await self._powers(joined)
            said.append(group_words(f"@{handle}" if handle else group_id, powers, len(joined)))
        self._take_in(group_id, here, known, {}, said)

    def _take_in(
        self,
        place: str,
        here: Iterable[str],
        known: Mapping[str, bool | None] | None,
        fit: Mapping[str, bool],
        said: list[str],
    ) -> None:
        before = known or {}
        now = {user: fit.get(user, before.get(user)) for user in here}
        if now == known:
            return
        left = [user for user in before if user not in now]
        announcements = {PEOPLE: {"mrkdwn": "\n".join(said)}} if said else {}
        self._known.take_in(place, now, left, announcements)

    async def _fit(
        self, here: Iterable[str], known: Mapping[str, bool | None], approvers: frozenset[str]
    ) -> dict[str, bool]:
        """Return who may act, of those of whom it is not known, or who may not, or must decide."""
        asked = [user for user in sorted(here) if known.get(user) is not True or user in approvers]
        # Those who are new come first: they are to be announced.
        asked.sort(key=lambda user: user in known)
        return {user: await self._access.unfit(user) is None for user in asked[:MOST_READ]}

    async def _powers(self, users: list[str]) -> dict[str, Powers]:
        return {
            user: await powers_of(self._access, self._configuration, self._team_id, user)
            for user in users[:SHOWN]
        }

    async def _tell_trouble(self, channel_id: str, trouble: str) -> None:
        if not trouble:
            was = self._known.trouble(channel_id)
            contents = [{"mrkdwn": again_usable_words(was, channel_id)}]
        elif trouble in TOLD_IN_PERSON:
            content = {
                "mrkdwn": shared_words(trouble, channel_id),
                "over": over_words(trouble, channel_id),
            }
            contents = [{**content, "to": user} for user in await self._leads(channel_id)]
        else:
            contents = [{"mrkdwn": shared_words(trouble, channel_id)}]
        self._known.set_trouble(channel_id, trouble, CHANNEL, contents)
        self._is_back()

    async def _leads(self, channel_id: str) -> list[str]:
        """Return whom to tell what cannot be told in the channel: admins and approvers."""
        known = [user for user, able in (self._known.of(channel_id) or {}).items() if able]
        profiles = [await self._directory.profile(user) for user in known[:MOST_READ]]
        admins = [profile.user_id for profile in profiles if profile.is_admin]
        approvers = self._configuration.current().approvers.user_ids
        return list(dict.fromkeys([*sorted(self._admins), *admins, *approvers]))[:MOST_TOLD]


def _groups(configuration: Configuration) -> list[str]:
    """Return the user groups that the configuration names for anything."""
    named = [configuration.approvers, configuration.recorded_only, configuration.store_credit]
    named += [rule.who for rule in configuration.rules.values()]
    return sorted({group_id for people in named for group_id in people.group_ids})
