"""The discounts that agents give often: their list, and the form of one of them."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping, Sequence
from decimal import Decimal
from typing import Any

from bot.config.configuration import Preset
from bot.values.parsing import clean_reason, parse_percentage
from handlers.access.person import Person
from handlers.block_kit.builders import (
    Block,
    actions,
    alert,
    button,
    context,
    input_block,
    modal,
    option,
    radio,
    section,
    text_input,
)
from handlers.block_kit.mrkdwn import inert, typed
from handlers.block_kit.selects import overflow
from handlers.desk import Desk
from handlers.flow.click import Click
from handlers.flow.form import submitted_values
from handlers.flow.opening import NotYours
from handlers.flow.submitted import Submitted
from handlers.settings.admins import require_admin
from handlers.settings.after_changes import after_changes
from handlers.settings.editing import overtaken, read_present
from handlers.settings.forms.editor import Present
from handlers.settings.forms.fields import Reading, whole_field
from handlers.settings.words import preset_words
from handlers.windows.modals import open_then, update_modal
from handlers.windows.views import NOTICE, View

PRESET = "preset"
TITLE = "Presets"
SECTIONS = ("discount",)
MOST = 20
ADD, CHANGE, UP, REMOVE = "add", "change", "up", "remove"
PERCENTAGE, FIXED = "percentage", "fixed"


async def open_presets(click: Click) -> None:
    """Open the list over the Home tab."""
    work = _list_view(click.desk)
    await open_then(click.respond, click.trigger_id, TITLE, "One moment …", work)


async def change_presets(click: Click) -> None:
    """Do what was chosen in the list: change, move up or remove one, or add another."""
    desk, window = click.desk, click.window
    if window is None:
        raise NotYours
    what, _, name = click.value.partition(" ")
    if what in {UP, REMOVE}:
        await require_admin(desk, click.person)
    present = await read_present(desk)
    presets = list(present.configuration.discount.presets)
    preset = next((each for each in presets if each.name == name), None)
    if what == ADD or (what == CHANGE and preset is not None):
        await update_modal(window, _form_view(present, preset))
        return
    follow_up = None
    if preset is not None and what in {UP, REMOVE}:
        place = presets.index(preset)
        presets.remove(preset)
        if what == UP:
            presets.insert(max(0, place - 1), preset)
        follow_up = _keep(present, click.person, presets)
    await update_modal(window, await _list_view(desk))
    if follow_up is not None:
        await follow_up


async def submit_preset(desk: Desk, person: Person, view: Mapping[str, Any]) -> Submitted:
    """Take the form of a preset, and show the list again."""
    await require_admin(desk, person)
    mark, _, name = str(view.get("private_metadata")).partition(" ")
    present = await read_present(desk)
    reading = Reading(submitted_values(view), present.wording.currency)
    presets = list(present.configuration.discount.presets)
    before = next((each for each in presets if each.name == name), None)
    preset = _read(reading, [each.name for each in presets if each is not before])
    if preset is None:
        return Submitted({"response_action": "errors", "errors": reading.errors})
    if mark != desk.configuration.mark(SECTIONS):
        first = alert(overtaken(desk, SECTIONS, present.wording))
        again = _form_view(present, before, first=first)
        return Submitted({"response_action": "update", "view": again})
    if before is None:
        presets.append(preset)
    else:
        presets[presets.index(before)] = preset
    follow_up = _keep(present, person, presets)
    return Submitted({"response_action": "update", "view": await _list_view(desk)}, follow_up)


def _keep(
    present: Present, person: Person, presets: Sequence[Preset]
) -> Coroutine[None, None, None]:
    """Keep the presets at once, and return what follows."""
    rules = present.configuration.discount.model_copy(update={"presets": tuple(presets)})
    changed = present.desk.configuration.change_all(
        {"discount": rules}, team_id=person.team_id, actor_id=person.user_id
    )
    return after_changes(present.desk, person, changed)


def _read(reading: Reading, taken: Sequence[str]) -> Preset | None:
    name, kind = clean_reason(reading.text("name")), reading.text("type")
    if not name:
        reading.errors["name"] = "Give it a name."
    if name.casefold() in {each.casefold() for each in taken}:
        reading.errors["name"] = "There is a preset of this name already."
    if len(taken) >= MOST:
        reading.errors["name"] = f"There are {MOST} presets already, and no more fit."
    days, uses = reading.whole("days", most=3650), reading.whole("uses", most=1_000_000)
    value = reading.parsed(
        "value", parse_percentage if kind == PERCENTAGE else reading.parse_amount
    )
    if reading.errors:
        return None
    return Preset(
        name=name,
        type="percentage" if kind == PERCENTAGE else "fixed",
        value=Decimal(value or 0),
        days=days,
        uses=uses,
    )


async def _list_view(desk: Desk) -> View:
    present = await read_present(desk)
    presets = present.configuration.discount.presets
    blocks = [section("What agents give often. They choose one, and may still change it.")]
    blocks += [_row(place, each, present) for place, each in enumerate(presets)]
    if len(presets) < MOST:
        blocks.append(actions([button("Add a preset", PRESET, ADD)]))
    else:
        blocks.append(context(f"There are {MOST}, and no more fit."))
    return modal(callback_id=NOTICE, title=TITLE, blocks=blocks)


def _row(place: int, preset: Preset, present: Present) -> Block:
    ways = [
        option("Change …", f"{CHANGE} {preset.name}"),
        option("Remove", f"{REMOVE} {preset.name}"),
    ]
    if place:
        ways.insert(1, option("Move up", f"{UP} {preset.name}"))
    words = inert(preset_words(preset, present.wording))
    return section(f"*{typed(preset.name)}*\n{words}", accessory=overflow(PRESET, ways))


def _form_view(present: Present, preset: Preset | None, *, first: Block | None = None) -> View:
    currency = present.wording.currency or "the store's currency"
    kinds = [option("Percentage", PERCENTAGE), option(f"Fixed amount in {currency}", FIXED)]
    name, value = (preset.name, f"{preset.value.normalize():f}") if preset else ("", "")
    blocks = [
        input_block("name", "Name", text_input("name", initial=name, max_length=75)),
        input_block(
            "type", "Type", radio("type", kinds, initial=preset.type if preset else PERCENTAGE)
        ),
        input_block("value", "Value", text_input("value", initial=value, max_length=30)),
        whole_field(
            "days",
            "Valid for so many days",
            preset.days if preset else None,
            hint="Empty: without an end.",
        ),
        whole_field(
            "uses",
            "How often it works",
            preset.uses if preset else None,
            hint="Empty: any number of times.",
        ),
    ]
    mark = present.desk.configuration.mark(SECTIONS)
    return modal(
        callback_id=PRESET,
        title="Change a preset" if preset else "Add a preset",
        submit="Save",
        private_metadata=f"{mark} {preset.name if preset else ''}",
        blocks=[first, *blocks] if first else blocks,
    )
