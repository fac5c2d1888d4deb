"""Which of the bot's scopes a method needs; without it Slack refuses with `missing_scope`.

https://docs.slack.dev/reference/scopes. A method that is not listed needs none. One that works on
conversations needs the scope of their kind; `check_kind` refuses what lies outside of those.
"""

from __future__ import annotations

from bot.sandbox.slack.errors import Json, SlackError
from bot.sandbox.slack.manifest import Manifest
from bot.sandbox.slack.web_api.arguments import Arguments

CUSTOM = ("username", "icon_emoji", "icon_url")
PUBLIC, PRIVATE, DIRECT = "channels", "groups", "im"
_HISTORY = tuple(f"{kind}:history" for kind in (PUBLIC, PRIVATE, DIRECT))
_READ = tuple(f"{kind}:read" for kind in (PUBLIC, PRIVATE, DIRECT))

# Any one of these is enough to be let in.
NEEDED: dict[str, tuple[str, ...]] = {
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.history": _HISTORY,
    "conversations.info": _READ,
    "conversations.members": _READ,
    "conversations.open": ("im:write",),
    "conversations.replies": _HISTORY,
    "usergroups.list": ("usergroups:read",),
    "usergroups.users.list": ("usergroups:read",),
    "users.info": ("users:read",),
    "users.list": ("users:read",),
}


def check_scope(manifest: Manifest, method: str) -> None:
    """Refuse the call when the app has none of the scopes of this method."""
    needed = NEEDED.get(method, ())
    if needed and not set(needed) & set(manifest.scopes):
        raise _missing(manifest, *needed)


def check_customize(manifest: Manifest, arguments: Arguments) -> Json:
    """Return the name and picture that a message is to have, or refuse them without their scope."""
    given = {name: arguments.text(name) for name in CUSTOM if arguments.text(name)}
    if given and "chat:write.customize" not in manifest.scopes:
        raise _missing(manifest, "chat:write.customize")
    return given


def check_kind(manifest: Manifest, kind: str, right: str) -> None:
    """Refuse the call when the app may not do this with this kind of conversation."""
    if f"{kind}:{right}" not in manifest.scopes:
        raise _missing(manifest, f"{kind}:{right}")


def _missing(manifest: Manifest, *needed: str) -> SlackError:
    return SlackError("missing_scope", needed=",".join(needed), provided=",".join(manifest.scopes))
