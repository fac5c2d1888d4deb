"""What a slash command is, and those that lead to no action by themselves.

manifest.yml lists all of them; each of the others stands with the form that it opens.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from bot.actions.registry import led_to_by
from bot.values.parsing import NotUnderstood, parse_order_id


class Opens(Enum):
    """What a command leads to."""

    ACTIONS = auto()
    ORDER_CARD = auto()
    GUIDE = auto()


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command.

    `usages` are how it is typed and what each does, the most common first, all of it mrkdwn.
    """

    name: str
    usages: tuple[tuple[str, str], ...]
    opens: Opens = Opens.ACTIONS

    @property
    def actions(self) -> tuple[str, ...]:
        """The actions that it may lead to; the order's status decides."""
        return led_to_by(self.name)

    @property
    def shown(self) -> str:
        """Return how it is typed and what it does, a line for each way, as mrkdwn."""
        return "\n".join(f"`{typed}` · {does}" for typed, does in self.usages)

    @property
    def in_short(self) -> str:
        """Return its most common use alone."""
        typed, does = self.usages[0]
        return f"`{typed}` · {does}"


ORDER = Command(
    "/order",
    (
        ("/order 1042", "the order as it is now, with a button for all that it allows"),
        ("/order Lindqvist", "finds orders: a name, an e-mail address or a phone number"),
        ("/order", "a form to search, or the orders of whom the channel is linked to"),
        ("/order 1042 history", "all that was done to the order"),
    ),
    Opens.ORDER_CARD,
)
MAKEGOOD = Command(
    "/makegood",
    (
        ("/makegood help", "explains it all"),
        ("/makegood log", "the last requests of everybody; with a number, of one order"),
        (
            "/makegood link Lindqvist",
            "remembers whom this channel is about: a name, an e-mail address or an order",
        ),
        ("/makegood unlink", "forgets it"),
    ),
    Opens.GUIDE,
)


class UsageError(ValueError):
    """What was typed behind a command cannot be read; `str()` is a sentence for the agent."""


def wants_help(text: str) -> bool:
    """Tell whether the command was asked to explain itself."""
    return text.strip().casefold() in {"help", "?", "-h", "--help"}


def order_number(command: Command, text: str) -> int | None:
    """Return the order number typed behind a command, None for none; UsageError for nonsense."""
    if not text.strip():
        return None
    try:
        return parse_order_id(text)
    except NotUnderstood as wrong:
        raise UsageError(f"{wrong} Type it like this: {_example(command)}") from wrong


def _example(command: Command) -> str:
    word = " log" if command.opens is Opens.GUIDE else ""
    return f"{command.name}{word} 1042"
