"""The form of the first activation: the amounts to begin with, each with how it was come by.

What is set here loosens nothing: nobody could act before.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bot.config.configuration import AMOUNT_NAMES, Configuration, People
from bot.config.loosening import with_values
from handlers.block_kit.builders import Block, section
from handlers.settings.everyone_may import everyone_may
from handlers.settings.forms.editor import Editor, NeedsYes, Present
from handlers.settings.forms.fields import (
    NOT_ABOVE,
    Reading,
    amount_field,
    people_fields,
    read_people,
)
from handlers.settings.suggesting import (
    Suggestion,
    Suggestions,
    read_suggestions,
    suggested_ceiling,
)

ABOUT = (
    "Check each amount. From then on raising or clearing one needs a second person. Lowering one "
    "does not."
)
AMOUNTS = ("approval_above", "day_limit", "hour_limit", "most_worth")
LESS_THAN_CODES = "Codes take off up to {ceiling} as set below: enter that or more."


async def _build(present: Present) -> list[Block]:
    now, wording = present.configuration, present.wording
    suggestions = await read_suggestions(
        present.desk, suggested_ceiling(now.discount, wording.currency), wording
    )
    fields = [
        amount_field(
            name,
            AMOUNT_NAMES[name],
            _present(now, name) or getattr(suggestions, name).amount,
            wording,
            hint=f"{getattr(suggestions, name).why} Leave empty for no limit.",
        )
        for name in AMOUNTS
    ]
    approvers = people_fields("Approvers", now.approvers, wording, nobody="No one yet")
    sentence = everyone_may(_as_suggested(now, suggestions), wording)
    return [section(f"{ABOUT}\n\nAs suggested: {sentence}"), *fields, *approvers]


async def _parse(present: Present, reading: Reading, confirmed: str) -> dict[str, Any]:
    now, wording = present.configuration, present.wording
    values: dict[str, Any] = {
        "activated": True,
        "approval_above": reading.threshold("approval_above"),
        "day_limit": reading.amount("day_limit"),
        "hour_limit": reading.amount("hour_limit"),
        "approvers": read_people(reading, now.approvers),
    }
    worth, above = reading.amount("most_worth"), values["approval_above"]
    ceiling, limit = suggested_ceiling(now.discount, wording.currency), now.limit
    if worth is not None and ceiling is not None and Decimal(worth) < ceiling:
        reading.errors["most_worth"] = LESS_THAN_CODES.format(ceiling=wording.amount(ceiling))
    if above is not None and limit is not None and Decimal(above) >= limit:
        reading.errors["approval_above"] = NOT_ABOVE.format(limit=wording.amount(limit))
    reading.check()
    rules = now.discount.model_copy(update={"ceiling": ceiling}).model_dump(mode="json")
    rules["most_worth"] = worth
    _ask(with_values(now, {**values, "discount": rules}), present, confirmed)
    return {**values, "discount": rules}


def _ask(wanted: Configuration, present: Present, confirmed: str) -> None:
    """Raise NeedsYes where nothing limits something, or nobody could agree to more."""
    wording, above = present.wording, wanted.approval_above
    value = [name for name in AMOUNTS if _present(wanted, name) is None]
    said = []
    if value:
        names = ", ".join(AMOUNT_NAMES[name].lower() for name in value)
        said.append(f"*Empty, so without a limit: {names}.*")
    if above is not None and wanted.approvers == People():
        value.append("approvers")
        most = f"more than {wording.amount(above)}" if above else "anything"
        said.append(f"*No approver is set: no one can give back {most}.*")
    if value and confirmed != ",".join(value):
        said += [everyone_may(wanted, wording), "Press Activate actions again to begin like that."]
        raise NeedsYes(" ".join(said), ",".join(value))


def _present(now: Configuration, name: str) -> Decimal | None:
    value: Decimal | None = getattr(now.discount if name == "most_worth" else now, name)
    return value


def _as_suggested(now: Configuration, suggestions: Suggestions) -> Configuration:
    amounts: dict[str, Suggestion] = {name: getattr(suggestions, name) for name in AMOUNTS}
    paths = {name: f"discount.{name}" if name == "most_worth" else name for name in AMOUNTS}
    return with_values(
        now,
        {
            paths[name]: str(each.amount)
            for name, each in amounts.items()
            if _present(now, name) is None
        },
    )


ACTIVATION = Editor(
    "Activate the actions",
    ("activated", "approval_above", "day_limit", "hour_limit", "discount", "approvers"),
    _build,
    _parse,
    submit="Activate actions",
)
