"""Which error codes go one way through the bot: what has to be tried is each way, not each code.

Two codes of a method go the same way when `bot.slack.errors` says the same of both, the bot's
source asks for neither by name, and the gate refuses the same messages with them. That each code
means what is intended is held by tests/bot/slack/test_documented.py, for every documented code.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from bot.slack.errors import is_outcome_unknown, meaning
from tests.telling.documented import COMMON, OWN, codes_of

PROJECT = Path(__file__).parents[2]
# A command of its own, a store and a workspace of our own, the table itself, and what to do about
# each way in which a token is refused, which `/health` and that command say alike.
NOT_THE_BOT = ("bot/check", "bot/sandbox", "bot/slack/errors.py", "bot/slack/token.py")
_ACCESS = ("conversations.info", "conversations.members", "users.info", "usergroups.users.list")
# What the bot asks for by name, of which methods; others of the same meaning go another way.
BY_NAME = {
    "channel_not_found": ("conversations.info", "conversations.members"),
    "missing_scope": _ACCESS,
    "no_such_subteam": ("usergroups.users.list",),
    "not_found": ("views.open", "views.update"),
    "restricted_action_non_threadable_channel": ("chat.postMessage",),
    "user_not_found": ("users.info",),
    "user_not_visible": ("users.info",),
}
# Words of other things: fields of a channel or a person, and the bot's own name for a 429.
NO_CODES = frozenset({"is_archived", "is_bot", "ratelimited"})
# Codes about a part of a message: without that part nothing is refused.
NEEDS = {
    **dict.fromkeys(("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"), "blocks"),
    **dict.fromkeys(
        (
            *("invalid_metadata_format", "invalid_metadata_schema", "metadata_too_large"),
            "metadata_must_be_sent_from_app",
        ),
        "metadata",
    ),
    **dict.fromkeys(
        (
            *("cannot_reply_to_message", "restricted_action_non_threadable_channel"),
            *("restricted_action_thread_locked", "thread_not_found"),
        ),
        "thread_ts",
    ),
}


def named() -> frozenset[str]:
    """Return the documented codes that stand as words in the bot's own source."""
    documented = {*COMMON, *(code for codes in OWN.values() for code in codes)}
    found: set[str] = set()
    for folder in ("bot", "handlers"):
        for file in (PROJECT / folder).rglob("*.py"):
            if not file.relative_to(PROJECT).as_posix().startswith(NOT_THE_BOT):
                words = re.findall(r'"([a-z_]+)"', file.read_text(encoding="utf-8"))
                found.update(documented.intersection(words))
    return frozenset(found)


@cache
def ways_of(method: str) -> Mapping[str, Sequence[str]]:
    """Return the ways of a method by their names, each with the codes that go it."""
    ways: dict[str, list[str]] = defaultdict(list)
    for code in codes_of(method):
        ways[_way(method, code)].append(code)
    return ways


def _way(method: str, code: str) -> str:
    if method in BY_NAME.get(code, ()):
        return code
    done = ", perhaps done" if is_outcome_unknown(method, code) else ""
    part = f", of its {NEEDS[code]}" if code in NEEDS else ""
    return f"{meaning(method, code)}{done}{part}"
