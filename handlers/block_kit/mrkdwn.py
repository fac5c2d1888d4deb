"""Text for people: what somebody typed is shown as typed, and can do nothing else.

Slack reads `<!channel>`, `<@U1>`, `*bold*` and the like out of a message's text. Whatever a
customer or an agent wrote passes through `typed()` before it stands in mrkdwn, and through
`clean()` before it stands in plain text, where Slack reads no markup but emoji codes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote, urlsplit

# Slack has no way to quote its formatting characters, so look-alikes stand in for them. An
# underscore inside a word formats nothing, and codes such as SORRY_10 must stay copyable.
_FORMATTING = re.compile(r"[*~`]|(?<!\w)_|_(?!\w)")
_LOOK_ALIKE = {"*": "∗", "~": "∼", "`": "ˋ", "_": "ˍ"}
# The colon that opens `:name:`, for which Slack shows an emoji; one in a time opens nothing.
_EMOJI = re.compile(r":(?=[^\s:]+:)(?!(?<=\d:)\d\d(?!\w))")
# A longer one would leave too little room for the rest of a block.
LONGEST_LINK = 1000
LOOKED_THROUGH = 4000
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"


def clean(text: str, *, limit: int = 300) -> str:
    """Return the text on one line, without control or direction characters, cut at `limit`."""
    # What is longer by far is cut before it is looked through, character by character.
    near = text[: max(8 * limit, LOOKED_THROUGH)]
    kept = "".join(
        " " if char.isspace() else char
        for char in near
        if char.isspace()
        or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co"}
        or char == "\u200d"
    )
    shown = " ".join(kept.split())
    return shorten(shown if near == text else f"{shown[: limit - 1]}…", limit)


def shorten(text: str, limit: int) -> str:
    """Return the text in at most `limit` characters, with an ellipsis where it was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def in_mid_sentence(text: str) -> str:
    """Return the text as it stands after other words: without its first capital."""
    return text[:1].lower() + text[1:]


def shorten_start(text: str, limit: int) -> str:
    """Return the text's end in at most `limit` characters: of a path the last part tells most."""
    return text if len(text) <= limit else "…" + text[len(text) - limit + 1 :].lstrip()


def without_emoji(text: str) -> str:
    """Return the text with look-alike colons where Slack would show an emoji for a code.

    A sign such as a green tick is the bot's own word, in plain text as in mrkdwn.
    """
    return _EMOJI.sub("∶", text)


def escape(text: str) -> str:
    """Return the text with Slack's three control characters escaped, for code and addresses.

    Anywhere else `inert` is right: this leaves formatting and emoji codes as they are.
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def inert(text: str) -> str:
    """Return plain text as mrkdwn that shows it line by line, formats nothing and is not cut.

    For sentences of the bot's own that may hold a name or a reason: nothing in them is markup.
    """
    plain = _FORMATTING.sub(lambda found: _LOOK_ALIKE[found[0]], text)
    return escape(without_emoji(plain))


def typed(text: str, *, limit: int = 300) -> str:
    """Return what somebody typed as mrkdwn that shows it and does nothing.

    Right-to-left text is isolated, so that it cannot move the amounts around it.
    """
    shown = inert(clean(text, limit=limit))
    if any(unicodedata.bidirectional(char) in {"R", "AL", "AN"} for char in shown):
        return f"{_ISOLATE}{shown}{_END_ISOLATE}"
    return shown


def code(text: str) -> str:
    """Return the text as mrkdwn code, to be copied as it stands."""
    return f"`{escape(clean(text, limit=100)).replace('`', '')}`"


def link(url: str, label: str) -> str:
    """Return the label as a link, or without it where the address is none of the web's.

    Both are what somebody typed: nothing but http and https is linked, and nothing whose host is
    not plain to see.
    """
    shown = typed(label)
    address = url.strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return shown
    is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    if not is_web or "@" in parts.netloc or not parts.netloc.isascii():
        return shown
    kept = escape(quote(address, safe="%/:=&?~#+!$,;'@()*[]"))
    if len(kept) > LONGEST_LINK:
        return shown
    return f"<{kept}|{shown or escape(parts.hostname or '')}>"


def date(at: datetime | None, *, time: bool = False) -> str:
    """Return a time that Slack shows in each reader's own zone; None is one that is not told."""
    if at is None:
        return "date not known"
    form = "{date_short_pretty} at {time}" if time else "{date_short}"
    return f"<!date^{int(at.timestamp())}^{form}|{at.day} {at:%B %Y, %H:%M} UTC>"


def ago(at: datetime) -> str:
    """Return how long ago that was, as Slack counts it whenever somebody looks."""
    return f"<!date^{int(at.timestamp())}^{{ago}}|at {at:%H:%M} UTC>"


def mention(user_id: str) -> str:
    """Return the mrkdwn that names a Slack user; the id must come from Slack, never from typing."""
    return f"<@{user_id}>" if re.fullmatch(r"[A-Z0-9]+", user_id) else "somebody"


def mention_group(group_id: str) -> str:
    """Return the mrkdwn that names and calls a user group; the id must come from Slack."""
    return f"<!subteam^{group_id}>" if re.fullmatch(r"[A-Z0-9]+", group_id) else "a group"


def mention_channel(channel_id: str) -> str:
    """Return the mrkdwn that names a channel; the id must come from Slack, never from typing."""
    return f"<#{channel_id}>" if re.fullmatch(r"[A-Z0-9]+", channel_id) else "a channel"


def one_of(names: Sequence[str]) -> str:
    """Return "A, B or C"."""
    return " or ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def some(rows: Sequence[str], most: int) -> list[str]:
    """Return the first of the rows, and how many more there are."""
    more = len(rows) - most
    return [*rows[:most], f"… and {more} more"] if more > 0 else [*rows]
