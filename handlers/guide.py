"""`/makegood`: what the bot can do, and what it has done lately."""

from __future__ import annotations

from slack_bolt.context.respond.async_respond import AsyncRespond

from handlers.blocks import Block, context, divider, header, section
from handlers.commands import COMMANDS, Command, UsageError, order_number
from handlers.desk import Desk
from handlers.order import say
from handlers.outcome_message import log_line
from handlers.text import escape
from storage.entries import Entry

SHOWN = 10


def help_blocks(channel_id: str) -> list[Block]:
    """Return the whole guide."""
    commands = [
        section(f"*`{command.usage}`*\n{escape(command.about)}") for command in COMMANDS.values()
    ]
    return [
        header("What Makegood does"),
        section(
            "It cancels orders, refunds them and creates discount codes, and tells every outcome "
            f"in the order's thread in <#{channel_id}>. Members of that channel may use it."
        ),
        *commands,
        divider(),
        section(
            "*Before anything is sent* you see BigCommerce's own figure and confirm it.\n"
            "*“On its way”* means that BigCommerce accepted a refund whose payment has not "
            "confirmed yet; the message changes when it has.\n"
            "*“Unknown”* means that no answer came: press *Check again* before you act."
        ),
        context("Slash commands do not work inside threads; the buttons on an order's card do."),
    ]


def command_help(command: Command) -> str:
    """Return one command's help as mrkdwn."""
    return f"*`{command.usage}`*\n{escape(command.about)}\nAll commands: `/makegood help`"


async def guide(desk: Desk, respond: AsyncRespond, command: Command, text: str) -> None:
    """Answer `/makegood help`, `/makegood log` and `/makegood log 1042`."""
    word, _, rest = text.strip().partition(" ")
    if word.casefold() != "log":
        unknown = word and word.casefold() != "help"
        intro = f"There is no “{escape(word[:30])}” here. " if unknown else ""
        await say(respond, f"{intro}What Makegood does", help_blocks(desk.channel_id))
        return
    try:
        order_id = order_number(command, rest)
    except UsageError as wrong:
        await say(respond, escape(str(wrong)))
        return
    entries = desk.log.of_order(order_id, SHOWN) if order_id else desk.log.recent(SHOWN)
    title = f"The last requests for order {order_id}" if order_id else "The last requests"
    await say(respond, title, entry_blocks(title, entries))


def entry_blocks(title: str, entries: list[Entry]) -> list[Block]:
    """Return a list of log entries, newest first."""
    if not entries:
        return [section(f"*{title}*\nNothing yet.")]
    return [section(f"*{title}*"), *(section(log_line(entry)) for entry in entries)]
