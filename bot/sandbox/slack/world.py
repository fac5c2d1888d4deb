"""What the workspace knows: people, channels, messages, home tabs. Plain data and look-ups.

It holds no rule of Slack's API; `changed` is called with a small note after every change, for the
page's event stream and for saving.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace

from bot.sandbox.slack.errors import Json

FILE_VERSION = 1
POSTING = ("read_only", "non_threadable", "thread_only")
ROLES = ("is_admin", "is_owner", "deleted", "is_restricted", "is_ultra_restricted", "is_bot")


@dataclass(frozen=True, slots=True)
class Team:
    """The workspace itself; `enterprise_id` is the organisation that it is one of, or empty."""

    id: str
    name: str
    domain: str
    enterprise_id: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody that the workspace knows, human or bot.

    `home` is the workspace that somebody comes from, empty for this one; `enterprise_id` its
    organisation, empty for this one's. `teams` are the workspaces of the organisation that somebody
    of another home is a member of. `refuses_direct` is the code with which Slack refuses the app's
    direct messages to them, empty when it takes them.
    """

    id: str
    name: str
    real_name: str
    title: str = ""
    color: str = "#888888"
    is_admin: bool = False
    is_bot: bool = False
    is_owner: bool = False
    deleted: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    home: str = ""
    enterprise_id: str = ""
    teams: tuple[str, ...] = ()
    refuses_direct: str = ""


@dataclass(slots=True)
class UserGroup:
    """Some people under one handle; `deleted` when it is disabled."""

    id: str
    handle: str
    name: str
    description: str
    users: list[str]
    deleted: bool = False


@dataclass(slots=True)
class Channel:
    """A channel, or a person's direct messages with the app when `user` is set.

    `connected` are the workspaces of other organisations that share it; `is_pending_ext_shared`:
    one is invited. `posting` is what administrators allow the app there: anything when empty, or a
    word of `POSTING`.
    """

    id: str
    name: str
    topic: str
    is_private: bool
    members: list[str]
    is_archived: bool = False
    user: str | None = None
    connected: list[str] = field(default_factory=list)
    is_pending_ext_shared: bool = False
    posting: str = ""

    @property
    def is_im(self) -> bool:
        """Whether these are direct messages."""
        return self.user is not None


@dataclass(slots=True)
class World:
    """The workspace's whole content. Ephemeral messages are not saved; Slack keeps none either.

    `gone` are the messages that were deleted, or that retention took: the message as it last was,
    why, by whom and when.
    """

    team: Team
    app_id: str
    bot_id: str
    bot_user_id: str
    changed: Callable[[Json], None] = lambda note: None
    people: dict[str, Person] = field(default_factory=dict)
    groups: dict[str, UserGroup] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    messages: dict[str, list[Json]] = field(default_factory=lambda: defaultdict(list))
    gone: dict[str, list[Json]] = field(default_factory=lambda: defaultdict(list))
    ephemerals: list[Json] = field(default_factory=list)
    homes: dict[str, Json] = field(default_factory=dict)
    read: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    last_ts: str = "0.000000"

    def new_ts(self, at: float | None = None) -> str:
        """Return a message's ts, later than every one before it."""
        micros = round((time.time() if at is None else at) * 1_000_000)
        seconds, fraction = map(int, self.last_ts.split("."))
        micros = max(micros, seconds * 1_000_000 + fraction + 1)
        self.last_ts = f"{micros // 1_000_000}.{micros % 1_000_000:06d}"
        return self.last_ts

    def direct_channel(self, user: str) -> Channel:
        """Return the person's direct messages with the app, opened when there are none yet."""
        channel_id = "D" + user[1:]
        if channel_id not in self.channels:
            members = [user, self.bot_user_id]
            self.channels[channel_id] = Channel(channel_id, "", "", True, members, user=user)
        return self.channels[channel_id]

    def is_foreign(self, person: Person) -> bool:
        """Return whether the person belongs to another organisation: through Slack Connect."""
        if not person.home or person.home == self.team.id:
            return False
        return not self.team.enterprise_id or person.enterprise_id != self.team.enterprise_id

    def is_member_of_workspace(self, person: Person) -> bool:
        """Return whether the person belongs to this workspace, at home here or not."""
        return person.home in {"", self.team.id} or (
            not self.is_foreign(person) and self.team.id in person.teams
        )

    def find_message(self, channel: str, ts: str) -> Json | None:
        """Return the message as it is kept, or None."""
        return next((item for item in self.messages[channel] if item["ts"] == ts), None)

    def find_ephemeral(self, channel: str, ts: str, user: str) -> Json | None:
        """Return what only this person sees at this ts, or None."""
        for item in self.ephemerals:
            if (item["channel"], item["message"]["ts"], item["user"]) == (channel, ts, user):
                found: Json = item["message"]
                return found
        return None

    def to_json(self) -> Json:
        """Return what is worth keeping over a restart."""
        return {
            "version": FILE_VERSION,
            "team": asdict(self.team),
            "people": [asdict(person) for person in self.people.values()],
            "groups": [asdict(group) for group in self.groups.values()],
            "channels": [asdict(channel) for channel in self.channels.values()],
            "messages": dict(self.messages),
            "gone": dict(self.gone),
            "homes": self.homes,
            "read": dict(self.read),
            "last_ts": self.last_ts,
        }

    def load_json(self, saved: Json) -> None:
        """Put back what `to_json` returned, or an older version with roles only, or without."""
        if "team" in saved:
            self.team = Team(**saved["team"])
        for item in saved.get("people", []):
            self.people[item["id"]] = Person(**{**item, "teams": tuple(item["teams"])})
        for user, roles in saved.get("roles", {}).items():
            self.people[user] = replace(self.people[user], **roles)
        self.groups |= {item["id"]: UserGroup(**item) for item in saved.get("groups", [])}
        self.channels = {item["id"]: Channel(**item) for item in saved["channels"]}
        self.messages = defaultdict(list, saved["messages"])
        self.gone = defaultdict(list, saved.get("gone", {}))
        self.homes = dict(saved["homes"])
        self.read = defaultdict(dict, saved["read"])
        self.last_ts = str(saved["last_ts"])
