"""The Slack app: the scopes it asks for and the events it takes, and `manifest.yml` made of them.

This is the one list. A scope that is added here reaches a workspace only when the app is installed
anew; until then `missing` tells which ones the token lacks, and `without` what does not work.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """A permission of the bot's token.

    `purpose` is what it is for, and `without` a whole sentence: what does not work where it lacks.
    """

    name: str
    purpose: str
    without: str


@dataclass(frozen=True, slots=True)
class SlackEvent:
    """An event that Slack sends, what it is for, and the scopes of which it needs any one."""

    name: str
    purpose: str
    scopes: tuple[str, ...] = ()


# https://docs.slack.dev/reference/scopes
SCOPES = (
    Scope(
        "channels:history",
        "read a thread back when an answer was lost",
        "In a public audit channel a message may stand twice after its answer was lost.",
    ),
    Scope(
        "channels:read",
        "who is a member of the audit channel",
        "With a public audit channel nobody can do anything: its members cannot be read.",
    ),
    Scope(
        "chat:write",
        "tell what was done",
        "Nothing can be told: no thread, no answer, no request for approval.",
    ),
    Scope("commands", "the slash commands and the shortcut", "There are no commands."),
    Scope(
        "groups:history",
        "the first for a private audit channel",
        "In a private audit channel a message may stand twice after its answer was lost.",
    ),
    Scope(
        "groups:read",
        "the second for a private audit channel",
        "With a private audit channel nobody can do anything: its members cannot be read.",
    ),
    Scope(
        "im:history",
        "read direct messages back when an answer was lost",
        "What is told in person may stand on the Home tab although it arrived.",
    ),
    Scope(
        "im:write",
        "find the direct messages with a person again",
        "What is told in person may stand on the Home tab although it arrived.",
    ),
    Scope(
        "usergroups:read",
        "who belongs to a group that may act or approve",
        "User groups cannot be read: who may act or approve as a member of one cannot.",
    ),
    Scope(
        "users:read",
        "who is an admin of the workspace",
        "Nobody is known to be an admin of the workspace, so only ADMINS can configure.",
    ),
)

# https://docs.slack.dev/reference/events
_PUBLIC, _PRIVATE = "channels:read", "groups:read"
EVENTS = (
    SlackEvent("app_home_opened", "draw the Home tab"),
    SlackEvent("channel_archive", "stop when the audit channel is archived", (_PUBLIC,)),
    SlackEvent("channel_deleted", "stop when it is deleted", (_PUBLIC,)),
    SlackEvent("channel_left", "stop when the bot was removed from it", (_PUBLIC,)),
    SlackEvent("channel_shared", "stop when it is shared with others", (_PUBLIC, _PRIVATE)),
    SlackEvent("channel_unarchive", "go on when it is opened again", (_PUBLIC,)),
    SlackEvent("channel_unshared", "go on when it is shared no more", (_PUBLIC, _PRIVATE)),
    SlackEvent("group_archive", "the same for a private audit channel", (_PRIVATE,)),
    SlackEvent("group_deleted", "the same for a private audit channel", (_PRIVATE,)),
    SlackEvent("group_left", "the same for a private audit channel", (_PRIVATE,)),
    SlackEvent("group_unarchive", "the same for a private audit channel", (_PRIVATE,)),
    SlackEvent("member_joined_channel", "tell who joined it and may act", (_PUBLIC, _PRIVATE)),
    SlackEvent("member_left_channel", "stop who left it at once", (_PUBLIC, _PRIVATE)),
    SlackEvent(
        "subteam_members_changed", "who may act or approve by a group", ("usergroups:read",)
    ),
    SlackEvent("subteam_updated", "the same when a group is disabled", ("usergroups:read",)),
    SlackEvent("user_change", "stop who is deactivated or a guest now", ("users:read",)),
)

INSTALL_ANEW = (
    "At api.slack.com/apps choose your app, paste this release's manifest.yml under App Manifest,"
    " save, then choose Install App and install it again. Nothing has to be started anew."
)

_MANIFEST = """\
# Paste this at api.slack.com/apps > Create New App > From a manifest.
# Made by `python -m bot manifest`; the scopes and events are listed in bot/slack/app_manifest.py.
_metadata:
  major_version: 2
display_information:
  name: Makegood
  description: Cancel, refund and make good BigCommerce orders without leaving Slack.
  background_color: "#1f4d3a"
features:
  app_home:
    home_tab_enabled: true
    messages_tab_enabled: true
    messages_tab_read_only_enabled: true
  bot_user:
    display_name: Makegood
    always_online: true
  shortcuts:
    - name: Order actions
      type: message
      callback_id: order_actions
      description: Find the orders that a message speaks of
  slash_commands:
    - command: /order
      description: Find an order, and show what can be done with it
      usage_hint: "[order number, e-mail, name or phone | help]"
    - command: /cancel-order
      description: Cancel an order, with its refund when it is paid
      usage_hint: "[order number | help]"
    - command: /refund-order
      description: Refund an order in full or line by line
      usage_hint: "[order number | help]"
    - command: /discount-code
      description: Create a discount code that works at once
      usage_hint: "[order number | help]"
    - command: /makegood
      description: What Makegood can do, and what it has done
      usage_hint: "[help | log [order number] | link [e-mail, name or order] | unlink]"
oauth_config:
  scopes:
    bot:
{scopes}
settings:
  event_subscriptions:
    bot_events:
{events}
  interactivity:
    is_enabled: true
  org_deploy_enabled: false
  socket_mode_enabled: true
  token_rotation_enabled: false
"""


def manifest() -> str:
    """Return the text of `manifest.yml`."""
    return _MANIFEST.format(
        scopes="\n".join(f"      - {scope.name} # {scope.purpose}" for scope in SCOPES),
        events="\n".join(f"      - {event.name} # {event.purpose}" for event in EVENTS),
    )


def missing(granted: Collection[str] | None) -> tuple[Scope, ...]:
    """Return the scopes that a token lacks which has these; none where Slack shows none (None)."""
    if granted is None:
        return ()
    return tuple(scope for scope in SCOPES if scope.name not in granted)


def scopes_in(header: str | None) -> frozenset[str] | None:
    """Return the scopes in Slack's header `x-oauth-scopes`; None where it says nothing."""
    if not header:
        return None
    return frozenset(scope.strip() for scope in header.split(",") if scope.strip())


def lacking(needed: str) -> str:
    """Return what is said where Slack refused a call for want of a scope, "" for no scope.

    `needed` is what Slack's error `missing_scope` says: one, or several of which one is enough.
    """
    names = [name.strip() for name in needed.split(",") if name.strip()]
    known = [scope.name for scope in SCOPES if scope.name in names]
    if not known:
        return ""
    return (
        f"Makegood's Slack app lacks the permission {' or '.join(known)}. Ask an admin of the"
        " workspace to install it again; Makegood's Home tab says how."
    )
