"""The slash commands: what each is for, and what it opens. manifest.yml lists the same."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from bot.actions.typed import NotUnderstood, parse_order_id


class Opens(Enum):
    """What a command leads to."""

    ACTIONS = auto()
    ORDER_CARD = auto()
    GUIDE = auto()


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command. `actions` are the ones it may lead to; the order's status decides."""

    name: str
    usages: tuple[str, ...]
    about: str
    opens: Opens = Opens.ACTIONS
    actions: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """Return how it is typed and what it does, as mrkdwn."""
        typed = " or ".join(f"`{usage}`" for usage in self.usages)
        return f"*{typed}*\n{self.about}"


COMMANDS = {
    command.name: command
    for command in (
        Command(
            "/order",
            ("/order", "/order 1042"),
            "Shows the order as it is now, with a button for everything that it allows. Instead of "
            "its number type the customer's e-mail address, name or phone number; with nothing "
            "behind it a form asks, or it shows the orders of whom the channel is linked to. With "
            "`history` behind the number: all that was done to it.",
            Opens.ORDER_CARD,
        ),
        Command(
            "/cancel-order",
            ("/cancel-order 1042",),
            "Cancels an order that has not been paid, or cancels and refunds one that has been "
            "paid and not shipped.",
            actions=("cancel_order", "cancel_and_refund"),
        ),
        Command(
            "/refund-order",
            ("/refund-order 1042",),
            "Refunds all that is left on an order, or what you choose of lines, shipping and fees.",
            actions=("refund_order", "refund_items", "cancel_and_refund"),
        ),
        Command(
            "/discount-code",
            ("/discount-code", "/discount-code 1042"),
            "Creates a discount code that works at once. With an order number it is told in that "
            "order's thread.",
            actions=("create_discount_code",),
        ),
        Command(
            "/makegood",
            ("/makegood help", "/makegood link", "/makegood log", "/makegood log 1042"),
            "Explains it all, or shows what was done lately, by everybody or for one order. `link` "
            "with an e-mail address, a name or an order number remembers whom a channel is about, "
            "`unlink` forgets it.",
            Opens.GUIDE,
        ),
    )
}


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
        raise UsageError(f"{wrong} Type it like this: {command.usages[-1]}") from wrong
