"""The reason of a form: a short list, "Other", and a text that explains."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.block_kit.builders import Block, Option, option, select, text_input
from handlers.block_kit.mrkdwn import clean
from handlers.flow.form import FieldErrors, FormState

OTHER = "Other"
MAX_LENGTH = 300


def reason_options(reasons: Sequence[str]) -> list[Option]:
    """Return the entries of a reason list, "Other" last."""
    return [option(reason, reason[:150]) for reason in (*_listed(reasons), OTHER)]


def reason_fields(form: FormState) -> list[Block]:
    """Return the list and the text below it."""
    options = reason_options(form.opened.reasons)
    chosen = select("reason", options, initial=form.text("reason"), placeholder="Choose a reason")
    explained = text_input("reason_text", initial=form.text("reason_text"), max_length=MAX_LENGTH)
    hint = "The team sees it in the order's thread; it is kept with the order."
    if form.order_id is None:
        hint = "The team sees it in the audit channel."
    return [
        *form.field("reason", "Reason", chosen),
        *form.field("reason_text", "Details", explained, hint=hint, optional=True),
    ]


def _listed(reasons: Sequence[str]) -> list[str]:
    # A list of a shop's own may name "Other" too; it stands once, at the end.
    return [reason for reason in reasons if reason.casefold() != OTHER.casefold()]


def parse_reason(form: FormState, name: str = "reason") -> str:
    """Return the reason in words; FieldErrors when none was given.

    `name` is the field of the list; the text is shared by all lists of a form.
    """
    chosen, details = form.text(name), clean(form.text("reason_text"), limit=MAX_LENGTH)
    if chosen not in {*form.opened.reasons, OTHER}:
        raise FieldErrors({name: "Choose a reason."})
    if chosen != OTHER:
        return f"{chosen}: {details}" if details and name == "reason" else chosen
    if not details:
        raise FieldErrors({"reason_text": "Say in a few words what the other reason is."})
    return details
