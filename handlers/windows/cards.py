"""What only one person sees of an order: its card, a list of orders, a history.

Slack changes such a message by the response_url of the newest press on it alone, five times within
thirty minutes; that of the command which brought it changes nothing. What cannot be changed any
more says as of when it is, and gives a way again when it is pressed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.bigcommerce.http.quota import looks_of
from handlers.access.access import is_unreadable, without_effect
from handlers.access.person import Person
from handlers.block_kit.builders import Block, section
from handlers.block_kit.mrkdwn import inert
from handlers.desk import Desk
from handlers.flow.click import Click
from handlers.windows.reply import ANSWERS, Address
from handlers.windows.shown import CARD, RULES, Key, Screen, order_subject

LIVES = timedelta(minutes=30)
_AS_OF = re.compile(r"as of <!date[^>]*>")

# Reads what is shown, and returns it as a message.
Render = Callable[[], Awaitable[tuple[str, list[Block]]]]


def keep_card(click: Click, order_ids: Iterable[int], render: Render, *, is_true: bool) -> None:
    """Keep the newest way to change the message that was pressed, where only one person sees it.

    `is_true`: it is as it should be, or is made so by the press itself.
    """
    container, address = click.body.get("container") or {}, click.respond.address
    if not container.get("is_ephemeral") or address is None:
        return
    key = card_key(click.body)
    was = click.desk.shown.find(key)
    orders = frozenset(order_ids)
    card = _Card(click.desk, click.person, address, orders, render)
    screen = Screen(
        about=frozenset({RULES, *map(order_subject, orders)}),
        until=datetime.now(UTC) + LIVES,
        draw=card.draw,
    )
    since = _posted_at(container)
    is_old = was.is_stale if was else _has_changed(click.desk, orders, since)
    screen.is_stale = is_old and not is_true
    click.desk.shown.put(key, screen)


def card_key(body: Mapping[str, Any]) -> Key:
    """Return the name of the message that was pressed."""
    container = body.get("container") or {}
    return CARD, f"{container.get('channel_id')} {container.get('message_ts')}"


@dataclass(slots=True)
class _Card:
    desk: Desk
    person: Person
    address: Address
    orders: frozenset[int]
    render: Render
    shows: str = field(default="", init=False)

    async def draw(self) -> bool:
        """Draw it anew if anything but its time differs; False when it can't be changed again.

        Who may not use the bot any more is shown that in its place. Raises TimeoutError while Slack
        does not say.
        """
        if self.address.uses >= ANSWERS:
            return False
        if (no := await self.desk.access.refusal(*self.person.ids)) is not None:
            if is_unreadable(no):
                raise TimeoutError
            said = inert(without_effect(no))
            await self.address.post(said, [section(said)], replace=True)
            return False
        if self.address.uses == ANSWERS - 1 and self._is_open():
            return True  # the last one is for the outcome
        with looks_of(self.person.user_id):
            text, blocks = await self.render()
        shows = _AS_OF.sub("", json.dumps(blocks, sort_keys=True))
        if shows == self.shows:
            return True
        refused = await self.address.post(text, blocks, replace=True)
        self.shows = shows
        return not refused and self.address.uses < ANSWERS

    def _is_open(self) -> bool:
        """Whether the outcome of a request is still to come, without anybody's doing."""
        return any(
            entry.is_under_way or entry.status == "pending"
            for order_id in self.orders
            for entry in self.desk.log.open_of(order_id)
        )


def _posted_at(container: Mapping[str, Any]) -> datetime:
    try:
        return datetime.fromtimestamp(float(container.get("message_ts") or 0), UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


def _has_changed(desk: Desk, orders: Iterable[int], since: datetime) -> bool:
    """Whether a message of that time may have become untrue, as far as the log can tell."""
    if any(change.at > since for change in desk.configuration.history(1)):
        return True
    return any(
        desk.log.has_changed(order_id, since)
        or any(each.happened_at > since for each in desk.events.of_order(order_id))
        for order_id in orders
    )
