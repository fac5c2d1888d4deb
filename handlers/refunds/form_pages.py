"""The pages of a partial refund's form: a modal holds 100 blocks, an order any number of lines."""

from __future__ import annotations

from dataclasses import dataclass, field

from handlers.block_kit.builders import Block, actions, button, context
from handlers.flow.form import FormState
from handlers.refunds.form_context import ItemsContext
from handlers.refunds.form_costs import HEAD_SIZE, PART_SIZE
from handlers.refunds.form_extra import EXTRA_FIELDS, EXTRA_SIZE
from handlers.refunds.form_lines import is_chosen, line_fields, line_size

# What stands around the entries of a page takes 20 blocks at most, errors counted.
ROOM = 80


@dataclass(slots=True)
class FormPage:
    """The places in the lists of lines and of costs that a page shows; `extra`: the rest."""

    lines: list[int] = field(default_factory=list)
    parts: list[int] = field(default_factory=list)
    extra: bool = False


def pages_of(shown: ItemsContext) -> list[FormPage]:
    """Deal a form's entries out to pages, in their order."""
    pages, room = [FormPage()], ROOM
    for number, line in enumerate(shown.lines):
        if (size := line_size(line)) > room:
            pages.append(FormPage())
            room = ROOM
        pages[-1].lines.append(number)
        room -= size
    for number in range(len(shown.parts)):
        size = PART_SIZE + (0 if pages[-1].parts else HEAD_SIZE)
        if size > room:
            pages.append(FormPage())
            size, room = PART_SIZE + HEAD_SIZE, ROOM
        pages[-1].parts.append(number)
        room -= size
    if room < EXTRA_SIZE:
        pages.append(FormPage())
    pages[-1].extra = True
    return pages


def page_to_show(form: FormState, pages: list[FormPage]) -> int:
    """Return the first page with something wrong, else the current one."""
    wrong, known = form.errors.keys(), ItemsContext.of(form.context)
    for number, page in enumerate(pages):
        names = {name for n in page.lines for name in line_fields(known.lines[n])}
        names |= {known.parts[n].field for n in page.parts}
        names |= EXTRA_FIELDS if page.extra else set()
        if names & wrong:
            return number
    return min(known.page, len(pages) - 1)


def turn_page(form: FormState, step: int) -> None:
    """Go to the next (1) or previous (-1) page."""
    known = ItemsContext.of(form.context)
    last = len(pages_of(known)) - 1
    form.context["page"] = min(max(known.page + step, 0), last)


def position(pages: list[FormPage], number: int) -> str:
    """Return on which page of how many one is, where there are several."""
    if len(pages) == 1:
        return ""
    rest = "; shipping and the rest are on the last page" if number + 1 < len(pages) else ""
    return f"\n*Page {number + 1} of {len(pages)}*; the buttons to turn it are at the end{rest}."


def page_blocks(form: FormState, pages: list[FormPage], number: int) -> list[Block]:
    """Return the buttons that turn the page, and what was chosen so far; nothing for one page."""
    if len(pages) == 1:
        return []
    lines, shown = ItemsContext.of(form.context).lines, pages[number].lines
    buttons = []
    if number > 0:
        buttons.append(button(_name("Previous", pages[number - 1]), "form:page:previous"))
    if number + 1 < len(pages):
        buttons.append(button(_name("Next", pages[number + 1]), "form:page:next"))
    where = (
        f"Lines {shown[0] + 1} to {shown[-1] + 1} of {len(lines)}" if shown else "The other amounts"
    )
    chosen = sum(1 for line in lines if is_chosen(form, line))
    return [
        actions(buttons, block_id=f"pages~{form.opened.drawn}"),
        context(f"{where} · {chosen} chosen so far. What you typed on other pages is kept."),
    ]


def _name(way: str, page: FormPage) -> str:
    return f"{way} lines" if page.lines else f"{way}: shipping and more"
