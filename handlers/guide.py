"""`/makegood`: what the bot can do, and what it has done lately."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from handlers.block_kit.builders import Block, context, divider, header, section
from handlers.block_kit.mrkdwn import inert
from handlers.commands import Command, UsageError, order_number
from handlers.customers.customer_links import link_command, unlink_command
from handlers.desk import Desk
from handlers.forms import COMMANDS, FORMS
from handlers.timeline.outcomes.outcome_message import log_line
from handlers.windows.reply import Reply, say
from storage.log.entries import Entry

SHOWN = 10
# What `/makegood` answers besides help and log. A feature adds a line here.
WORDS: Mapping[str, Callable[[Desk, Mapping[str, Any], str, Reply], Awaitable[None]]] = {
    "link": link_command,
    "unlink": unlink_command,
}


def help_blocks(channel_id: str) -> list[Block]:
    """Return the whole guide."""
    commands = "\n".join(command.shown for command in COMMANDS.values())
    forms = "\n".join(f"*{inert(form.title)}* · {form.does}" for form in FORMS.values())
    return [
        header("What Makegood does"),
        section(
            "It cancels orders, refunds them and creates discount codes, and tells every outcome "
            f"in the order's thread in <#{channel_id}>. Members of that channel may use it; the "
            "Home tab shows what you may do, and is where admins set it up."
        ),
        section(f"*What to type*\n{commands}"),
        section(f"*What can be done*, as far as the order's status allows it\n{forms}"),
        divider(),
        section(
            "*Before anything is sent* you see BigCommerce's own figure and confirm it.\n"
            "*Waits for approval*: a second person has to agree, in the order's thread.\n"
            "*On its way*: BigCommerce accepted it and the payment provider has not confirmed it "
            "yet. The message in the thread changes when it has.\n"
            "*Needs checking*: no answer came, or only a part was done. Read the message "
            "and press *Check again* before you do anything else."
        ),
        context(
            "Slash commands do not work inside threads; the buttons on an order's card do, and so "
            "does *Order actions* in the menu of every message."
        ),
    ]


def command_help(command: Command) -> str:
    """Return one command's help as mrkdwn."""
    return f"{command.shown}\nAll commands: `/makegood help`"


async def guide(
    desk: Desk, body: Mapping[str, Any], respond: Reply, command: Command, text: str
) -> None:
    """Answer `/makegood` with help, log, link or unlink behind it."""
    word, _, rest = text.strip().partition(" ")
    if (answer := WORDS.get(word.casefold())) is not None:
        await answer(desk, body, rest, respond)
        return
    if word.casefold() != "log":
        unknown = word and word.casefold() != "help"
        intro = f"Makegood does not know “{inert(word[:30])}”. " if unknown else ""
        blocks = [section(intro)] if intro else []
        blocks += help_blocks(desk.channel_id)
        await say(respond, f"{intro}What Makegood does", blocks)
        return
    try:
        order_id = order_number(command, rest)
    except UsageError as wrong:
        await say(respond, inert(str(wrong)))
        return
    entries = desk.log.of_order(order_id, SHOWN) if order_id else desk.log.recent(SHOWN)
    title = f"The last requests for order {order_id}" if order_id else "The last requests"
    await say(respond, title, entry_blocks(title, entries))


def entry_blocks(title: str, entries: list[Entry]) -> list[Block]:
    """Return a list of log entries, newest first."""
    if not entries:
        return [section(f"*{title}*\nNothing yet.")]
    return [section(f"*{title}*"), *(section(log_line(entry)) for entry in entries)]
