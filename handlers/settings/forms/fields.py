"""The fields of the configuration's forms, and how each is read back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from bot.config.configuration import People
from bot.values.money import has_decimals
from bot.values.parsing import NotUnderstood, clean_reason, parse_amount
from handlers.block_kit.builders import Block, context, input_block, option, radio, text_input
from handlers.block_kit.selects import search_select, user_select
from handlers.flow.form import FieldErrors
from handlers.settings.names import Wording

EVERYONE, SOME, NOBODY = "everyone", "some", "nobody"
ONLY_CHOSEN = "Only the people and groups chosen below"
GROUPS = "configured_groups"
MOST_REASONS = 20
NOT_CHOSEN = "Choose at least one person or user group, or choose something else above."

NOT_ABOVE = "Enter less than the limit per request, {limit}."
NOT_SWITCHED = "You chose people below. Choose “Only …” here as well, or remove them again."


class Reading:
    """What a submission holds, read field by field: every field that is wrong is named at once."""

    def __init__(self, values: Mapping[str, Any], currency: str) -> None:
        self.values = values
        self._currency = currency
        self.errors: dict[str, str] = {}

    def text(self, name: str) -> str:
        """Return what was typed or chosen, "" for nothing."""
        return str(self.values.get(name) or "").strip()

    def parsed(self, name: str, parse: Callable[[str], Decimal]) -> str | None:
        """Return a number as plain text, None for an empty field."""
        typed = self.text(name)
        if not typed:
            return None
        try:
            return str(parse(typed))
        except NotUnderstood as wrong:
            self.errors[name] = str(wrong)
            return None

    def amount(self, name: str) -> str | None:
        """Return an amount, None for none."""
        return self.parsed(name, self.parse_amount)

    def parse_amount(self, typed: str) -> Decimal:
        """Return what was typed as an amount in the store's currency; raise NotUnderstood."""
        return parse_amount(typed, currency=self._currency)

    def threshold(self, name: str) -> str | None:
        """Return an amount that may be 0, None for none."""
        typed = self.text(name).replace(",", ".")
        if "0" in typed and not typed.strip("0."):
            return "0"
        return self.amount(name)

    def whole(self, name: str, *, most: int) -> int | None:
        """Return a whole number from 1, None for none."""
        typed = self.text(name)
        if not typed:
            return None
        if not re.fullmatch(r"[0-9]{1,9}", typed) or not 1 <= int(typed) <= most:
            self.errors[name] = f"Type a whole number from 1 to {most}."
            return None
        return int(typed)

    def check(self) -> None:
        """Raise FieldErrors when something was wrong."""
        if self.errors:
            raise FieldErrors(self.errors)


def amount_field(
    name: str, label: str, present: Decimal | None, wording: Wording, *, hint: str
) -> Block:
    """Return a field for an amount; empty is none."""
    where = wording.currency or "the store's own currency"
    element = text_input(name, initial=_plain(present, wording.currency), max_length=30)
    return input_block(name, f"{label} ({where})", element, hint=hint, optional=True)


def whole_field(name: str, label: str, present: int | None, *, hint: str = "") -> Block:
    """Return a field for a whole number; empty is none."""
    element = text_input(name, initial=str(present or ""), max_length=10)
    return input_block(name, label, element, hint=hint, optional=True)


def people_fields(
    label: str, present: People, wording: Wording, *, nobody: str = "", some: str = ONLY_CHOSEN
) -> list[Block]:
    """Return the fields that choose people of the audit channel.

    `nobody` is what choosing nobody is called, "" where somebody must be chosen.
    """
    ways = [
        option("Everyone in the audit channel", EVERYONE),
        option(some, SOME),
    ]
    if nobody:
        ways.insert(0, option(nobody, NOBODY))
    chosen = input_block("who", label, radio("who", ways, initial=_way(present, bool(nobody))))
    users = user_select("users", initial=present.user_ids)
    blocks = [chosen, input_block("users", "People", users, optional=True)]
    if not wording.has_groups:
        return [*blocks, context("Slack does not tell the user groups just now; they stay as set.")]
    initial = [option(wording.group(each), each) for each in present.group_ids]
    groups = search_select(GROUPS, initial=initial, placeholder="Search user groups")
    hint = "Whoever is chosen must be in the audit channel as well."
    return [*blocks, input_block("groups", "User groups", groups, hint=hint, optional=True)]


def read_people(reading: Reading, present: People) -> dict[str, Any]:
    """Return the people that were chosen, as a plain value."""
    way = reading.text("who")
    users = [str(each) for each in reading.values.get("users") or []]
    groups = [*present.group_ids]
    if "groups" in reading.values:
        groups = [str(value) for value, _ in reading.values["groups"] or []]
    if way == SOME:
        if not users and not groups:
            reading.errors["users"] = NOT_CHOSEN
        return {"everyone": False, "user_ids": users, "group_ids": groups}
    # Where nobody was chosen before, whoever is chosen now is meant to be the only ones.
    if (users or groups) and not (present.user_ids or present.group_ids):
        reading.errors["who"] = NOT_SWITCHED
    return People(everyone=way == EVERYONE).model_dump(mode="json")


def read_reasons(reading: Reading) -> list[str] | None:
    """Return the reasons, one of each line; None where the settings' own are to be used."""
    lines = [clean_reason(line) for line in reading.text("reasons").splitlines()]
    reasons = [line for line in lines if line]
    if len(reasons) > MOST_REASONS:
        reading.errors["reasons"] = f"These are {len(reasons)}; {MOST_REASONS} fit."
    for reason in reasons:
        if len(reason) > 75:
            reading.errors["reasons"] = f"At most 75 characters each: “{reason[:40]}…” is longer."
        if [each.casefold() for each in reasons].count(reason.casefold()) > 1:
            reading.errors["reasons"] = f"“{reason[:60]}” is there twice."
    return reasons or None


def _plain(amount: Decimal | None, currency: str) -> str:
    """Return an amount as it is typed; without decimals where the currency has none."""
    if amount is None:
        return ""
    return f"{amount:f}" if has_decimals(currency) or amount % 1 else f"{amount:.0f}"


def _way(present: People, may_be_nobody: bool) -> str:
    if present.everyone:
        return EVERYONE
    is_nobody = not present.user_ids and not present.group_ids
    return NOBODY if may_be_nobody and is_nobody else SOME
