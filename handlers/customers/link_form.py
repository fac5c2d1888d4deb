"""Linking a thread to a customer, from the modal of “Order actions”."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.lookup.search_terms import Wanted, read_wanted
from bot.values.parsing import NotUnderstood
from handlers.access.person import Person
from handlers.block_kit.builders import (
    Block,
    actions,
    button,
    input_block,
    modal,
    section,
    text_input,
)
from handlers.customers.customer_links import (
    LINK_TITLE,
    candidate_rows,
    candidates,
    conversation_of,
    linked_view,
    save_link,
)
from handlers.desk import Desk
from handlers.flow.click import Click
from handlers.flow.form import submitted_values
from handlers.flow.opening import NotYours
from handlers.flow.submitted import Submitted
from handlers.orders.search import HINT, SEARCHING
from handlers.orders.search_results import results_blocks
from handlers.windows.modals import Window, show, update_modal
from handlers.windows.views import NOTICE, View, loading_view, notice_view

LINK_THREAD = "link_thread"


async def open_link_form(click: Click) -> None:
    """Ask whom the thread is about."""
    if click.window is None:
        raise NotYours
    here = conversation_of({"private_metadata": click.value}, click.person)
    is_linked = click.desk.links.find(here) is not None
    above = _unlink_row(click.value) if is_linked else None
    await update_modal(click.window, _link_view(click.value, above))


async def unlink_thread(click: Click) -> None:
    """Forget whom the thread is about."""
    if click.window is None:
        raise NotYours
    click.desk.links.forget(conversation_of({"private_metadata": click.value}, click.person))
    done = notice_view(LINK_TITLE, "This thread is no longer linked.", level="success")
    await update_modal(click.window, done)


def _unlink_row(place: str) -> list[Block]:
    return [
        section("This thread is linked to a customer. Choose another one, or end the link."),
        actions([button("Unlink", "unlink_thread", place)]),
    ]


def _link_view(place: str, above: list[Block] | None = None) -> View:
    element = text_input("wanted", max_length=255, focus=True)
    field = input_block("wanted", "E-mail, customer's name or order number", element, hint=HINT)
    return modal(
        callback_id=LINK_THREAD,
        title=LINK_TITLE,
        submit="Link",
        private_metadata=place,
        blocks=[*(above or []), field],
    )


async def submit_thread_link(desk: Desk, person: Person, view: Mapping[str, Any]) -> Submitted:
    """Link the thread to the one that was typed, or offer those who may be meant."""
    if (no := await desk.access.refusal(*person.ids)) is not None:
        raise NotYours(no)
    try:
        wanted = read_wanted(str(submitted_values(view).get("wanted") or ""))
    except NotUnderstood as wrong:
        return Submitted({"response_action": "errors", "errors": {"wanted": str(wrong)}})
    waiting = loading_view(LINK_TITLE, SEARCHING)
    looked_up = _linked_view(desk, person, view, wanted)
    work = show(Window.of(desk, person, view), LINK_TITLE, looked_up)
    return Submitted({"response_action": "update", "view": waiting}, work)


async def _linked_view(desk: Desk, person: Person, view: Mapping[str, Any], wanted: Wanted) -> View:
    here = conversation_of(view, person)
    found = await desk.finder.find(wanted)
    people = candidates(found)
    place = f"{here.channel} {here.thread_ts}"
    if not people:
        return _link_view(place, above=results_blocks(found, wanted, "", 0))
    if len(people) > 1 or found.is_near:
        rows = candidate_rows(people)
        return modal(callback_id=NOTICE, title=LINK_TITLE, private_metadata=place, blocks=rows)
    save_link(desk, here, people[0].value, person)
    return linked_view(people[0].name, here)
