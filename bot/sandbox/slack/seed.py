"""Who and what the workspace starts with: a small support team, its channels, some small talk."""

from __future__ import annotations

import time

from bot.sandbox.slack.world import Channel, Person, Team, UserGroup, World

TEAM = Team(id="T0FERNFABLE", name="Fern & Fable", domain="fern-and-fable")
APP_ID = "A0MAKEGOOD"
BOT_ID = "B0MAKEGOOD"
BOT_USER_ID = "U0MAKEGOOD"

ANNA = Person("U0ANNAKELLER", "anna", "Anna Keller", title="Support agent", color="#3c6e9f")
BEN = Person("U0BENOSEI", "ben", "Ben Osei", title="Support agent", color="#b5642d")
CHIARA = Person(
    "U0CHIARAROSSI", "chiara", "Chiara Rossi", title="Team lead", color="#7a4a9c", is_admin=True
)
DEV = Person("U0DEVPATEL", "dev", "Dev Patel", title="Marketing", color="#2f7d5b")
PEOPLE = (ANNA, BEN, CHIARA, DEV)

LEADS_GROUP, AGENTS_GROUP = "S0LEADS", "S0AGENTS"

AUDIT_CHANNEL = "C0ORDERLOG"
SUPPORT_CHANNEL = "C0SUPPORT"
GENERAL_CHANNEL = "C0GENERAL"

_TALK = (
    (GENERAL_CHANNEL, CHIARA, 200, "Morning all. The spring catalogue is live since eight."),
    (GENERAL_CHANNEL, DEV, 194, "Newsletter goes out at noon, expect some questions on shipping."),
    (SUPPORT_CHANNEL, BEN, 95, "Order 1042: the customer ordered one set too many. Who takes it?"),
    (SUPPORT_CHANNEL, ANNA, 92, "I'll take it. Typing `/order 1042` now."),
)


def plant(world: World, app_name: str) -> None:
    """Fill an empty world with its people, channels and first messages."""
    bot = Person(BOT_USER_ID, app_name.lower(), app_name, color="#1f4d3a", is_bot=True)
    for person in (*PEOPLE, bot):
        world.people[person.id] = person
    desk = [ANNA.id, BEN.id, CHIARA.id]
    for group in (
        UserGroup(
            LEADS_GROUP, "support-leads", "Support leads", "Who decides", [BEN.id, CHIARA.id]
        ),
        UserGroup(AGENTS_GROUP, "agents", "Agents", "Everybody who answers customers", [*desk]),
    ):
        world.groups[group.id] = group
    everyone = [person.id for person in PEOPLE]
    for channel in (
        Channel(AUDIT_CHANNEL, "order-log", "What was done to which order", True, [*desk, bot.id]),
        Channel(SUPPORT_CHANNEL, "support", "Customers' questions", False, [*desk, bot.id]),
        Channel(GENERAL_CHANNEL, "general", "Announcements and small talk", False, everyone),
    ):
        world.channels[channel.id] = channel
    for person in PEOPLE:
        world.direct_channel(person.id)
    now = time.time()
    for channel_id, person, minutes, text in _TALK:
        world.messages[channel_id].append(
            {
                "type": "message",
                "user": person.id,
                "text": text,
                "team": world.team.id,
                "ts": world.new_ts(now - minutes * 60),
            }
        )
