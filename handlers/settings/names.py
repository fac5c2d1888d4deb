"""What the configuration is called in words: names and the currency, read from Slack and the store.

Nothing here is needed to decide anything: what cannot be read in a moment is worded without it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from bot.bigcommerce.http.errors import BigCommerceError
from bot.bigcommerce.models import Store
from bot.config.configuration import People
from bot.values.money import Money
from handlers.access.directory import NOT_READ
from handlers.block_kit.mrkdwn import mention, typed

if TYPE_CHECKING:
    from handlers.desk import Desk

READ_WITHIN_S = 1.0
SHOWN_PEOPLE = 6
NOBODY = "nobody"
EVERYONE = "everyone in the audit channel"


@dataclass(frozen=True, slots=True)
class Wording:
    """The store's currency, "" when not known, and the user groups' names by id.

    `has_groups` is False when Slack would not tell them.
    """

    currency: str = ""
    groups: Mapping[str, str] = field(default_factory=dict)
    has_groups: bool = True

    def amount(self, amount: Decimal | str | None, none: str = "no limit") -> str:
        """Return an amount in words."""
        if amount is None:
            return none
        if not self.currency:
            return f"{Decimal(amount):,.2f} in the store's currency"
        return str(Money(amount=Decimal(amount), currency=self.currency))

    def group(self, group_id: str) -> str:
        """Return a user group's name as plain text: a mention would call all of its members."""
        return f"@{self.groups[group_id]}" if group_id in self.groups else f"group {group_id}"

    def people(self, people: People, *, nobody: str = NOBODY) -> str:
        """Return some people as mrkdwn."""
        if people.everyone:
            return EVERYONE
        named = [f"members of {typed(self.group(each))}" for each in people.group_ids]
        named += [mention(each) for each in people.user_ids]
        more = len(named) - SHOWN_PEOPLE
        shown = named[:SHOWN_PEOPLE] + ([f"{more} more"] if more > 0 else [])
        return ", ".join(shown) or nobody


async def read_wording(desk: Desk) -> Wording:
    """Return the wording of this moment, in about a second at most."""
    store, groups = await asyncio.gather(_store(desk), _groups(desk))
    currency = store.default_currency if store else ""
    return Wording(currency, groups or {}, groups is not None)


async def _store(desk: Desk) -> Store | None:
    try:
        async with asyncio.timeout(READ_WITHIN_S):
            return await desk.catalogue.store()
    except (BigCommerceError, TimeoutError):
        return None


async def _groups(desk: Desk) -> Mapping[str, str] | None:
    try:
        async with asyncio.timeout(READ_WITHIN_S):
            return await desk.directory.groups()
    except NOT_READ:
        return None
