"""What the form of an action is, and how what was filled in is read back.

A form is three functions: `load` collects what it shows, `build` draws it, `parse` makes the
request or names the fields that are wrong. What was typed is kept in a draft on the server, so
that a page turned, an error or a slow answer never loses it; the view carries only its id.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from bot.actions.action import Action, ActionRequest
from bot.actions.orders.snapshot import OrderSnapshot
from bot.bigcommerce.models import Order
from handlers.block_kit.builders import Block, Option, alert, input_block
from handlers.block_kit.mrkdwn import inert
from handlers.commands import Command
from handlers.desk import Desk
from handlers.flow.form_context import OpenedForm
from handlers.timeline.outcomes.outcome_message import DetailsOf
from storage.form_drafts import Draft

R = TypeVar("R", bound=ActionRequest)

MOST_NOTICES = 3


class FieldErrors(Exception):
    """What is wrong with a submission: a plain sentence for each field, "" for the whole form."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = dict(errors)


@dataclass(slots=True)
class FormState:
    """A form being filled in: what it shows (`context`), what was typed (`values`), its errors."""

    order_id: int | None
    context: dict[str, Any]
    values: dict[str, Any]
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, draft: Draft, errors: Mapping[str, str] | None = None) -> FormState:
        """Return the state of a draft."""
        return cls(draft.order_id, draft.context, draft.values, dict(errors or {}))

    @property
    def opened(self) -> OpenedForm:
        """What every form knows."""
        return OpenedForm.of(self.context)

    def text(self, name: str) -> str:
        """Return what was typed or chosen in a field, "" for nothing."""
        return str(self.values.get(name) or "").strip()

    def field(
        self,
        name: str,
        label: str,
        element: Block,
        *,
        hint: str = "",
        optional: bool = False,
    ) -> list[Block]:
        """Return the field and, right below it, what is wrong with it.

        The block id changes with each drawing: Slack keeps an input's old content while its ids
        stay the same, and would ignore the value given here.
        """
        block_id = f"{name}~{self.opened.drawn}"
        block = input_block(block_id, label, element, hint=hint, optional=optional)
        return [block, *self.error(name)]

    def error(self, name: str) -> list[Block]:
        """Return the notice of a field's error, or nothing."""
        text = self.errors.pop(name, None)
        return [alert(inert(text), level="error")] if text else []

    def other_errors(self) -> list[Block]:
        """Return the notices of the errors that no field has shown, a few of them at a time.

        A long form may be wrong on every page, and a view has room for 100 blocks.
        """
        texts = list(dict.fromkeys(self.errors.values()))[:MOST_NOTICES]
        return [alert(inert(text), level="error") for text in texts]


FindOptions = Callable[[Desk, str], Awaitable[list[Option]]]


async def _nothing_instead(_desk: Desk, _order: Order) -> None:
    return None


@dataclass(frozen=True, slots=True)
class ActionForm(Generic[R]):
    """How Slack asks for an action. `does` is a sentence or two of mrkdwn about what it does.

    `command` is the one that opens it, `details` what it adds to the messages about its requests.
    `instead` tells what is asked for in its place on this order: another action, or a view that
    says why nothing is; None: this one. `check` returns field -> sentence for what the
    configuration does not allow now; it is asked when the form is submitted and again when its
    review is confirmed. `click` changes the state after a click on one of the form's own elements
    (action ids that begin with `form:`), given its action id and value. `options` complete what is
    typed in its fields, by their action ids.
    """

    action: Action[R]
    does: str
    load: Callable[[Desk, OrderSnapshot | None], Awaitable[dict[str, Any]]]
    build: Callable[[FormState], list[Block]]
    parse: Callable[[FormState], R]
    command: Command
    details: DetailsOf
    instead: Callable[[Desk, Order], Awaitable[str | dict[str, Any] | None]] = _nothing_instead
    check: Callable[[Desk, FormState, R], Mapping[str, str]] | None = None
    click: Callable[[FormState, str, str], None] | None = None
    options: Mapping[str, FindOptions] = field(default_factory=dict)

    def refusals(self, desk: Desk, form: FormState, request: R) -> Mapping[str, str]:
        """Return field -> sentence for what may not be asked for, nothing when all of it may."""
        return self.check(desk, form, request) if self.check is not None else {}

    @property
    def title(self) -> str:
        """The action's title: the same on the button, over the modal and in the thread."""
        return self.action.title


def field_name(block_id: str) -> str:
    """Return the field that a block id stands for."""
    return block_id.split("~", 1)[0]


def submitted_blocks(view: Mapping[str, Any]) -> dict[str, str]:
    """Return field name -> block id of the inputs in a submitted view."""
    return {field_name(block_id): block_id for block_id in view["state"]["values"]}


def submitted_values(view: Mapping[str, Any]) -> dict[str, Any]:
    """Return field name -> what was typed or chosen in a view."""
    return {
        field_name(block_id): _value(element)
        for block_id, elements in view["state"]["values"].items()
        for element in elements.values()
    }


def request_errors(error: ValidationError) -> dict[str, str]:
    """Return field name -> sentence: a request's own validators word what is wrong with it."""
    return {
        str(entry["loc"][0]) if entry["loc"] else "": str(
            entry.get("ctx", {}).get("error", entry["msg"])
        )
        for entry in error.errors()
    }


def _value(element: Mapping[str, Any]) -> Any:
    if "selected_options" in element:
        chosen = element["selected_options"] or []
        return [[entry["value"], entry["text"]["text"]] for entry in chosen]
    if "selected_option" in element:
        return (element["selected_option"] or {}).get("value", "")
    for kind in ("selected_date", "selected_conversation"):
        if kind in element:
            return element[kind] or ""
    if "selected_users" in element:
        return element["selected_users"] or []
    return element.get("value") or ""
