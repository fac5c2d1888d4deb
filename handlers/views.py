"""The modals that every action shares: loading, a problem, the choice, the review, the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.actions import MethodChoice, Review
from bot.actions.methods import STORE_CREDIT
from bot.bigcommerce import BigCommerceError, MissingScope, NotAuthorised, NotFound
from handlers.blocks import (
    Block,
    actions,
    alert,
    button,
    context,
    facts,
    input_block,
    modal,
    option,
    radio,
    section,
    text_input,
)
from handlers.text import escape, typed

View = dict[str, Any]

ORDER_NUMBER = "order_number"
FORM = "form"
REVIEW = "review"
WIDE = 40  # what fits into half of a modal

NOTICE = "notice"  # a view that asks for nothing

NOT_ALLOWED = (
    "You cannot use Makegood yet. Ask a team lead to invite you to the channel where it tells its "
    "outcomes; its members may act."
)
EXPIRED = "This form is no longer open on our side. Nothing was sent. Start again with the command."
UNCERTAIN = (
    "This could not be noted safely, so it may or may not be carried out. Look at the order's "
    "thread before you ask again."
)
BROKEN = "Something went wrong on our side, and nothing was sent. Try again in a minute."


def loading_view(title: str, text: str) -> View:
    """Return the view that stands while something is read."""
    return modal(
        callback_id=NOTICE,
        title=title,
        blocks=[section(f":hourglass_flowing_sand: {escape(text)}")],
    )


def notice_view(
    title: str,
    text: str,
    *,
    level: str = "warning",
    small: str = "",
    buttons: Sequence[Block] = (),
) -> View:
    """Return a view that says something plain, and what can be done instead."""
    blocks = [alert(escape(text), level=level)]
    if small:
        blocks.append(context(escape(small)))
    if buttons:
        blocks.append(actions(buttons))
    return modal(callback_id=NOTICE, title=title, blocks=blocks)


def trouble_view(title: str, error: BigCommerceError) -> View:
    """Return the view for a call that failed before anything was changed."""
    return notice_view(title, trouble_text(error), level="error")


def trouble_text(error: BigCommerceError) -> str:
    """Return what a failed reading means for the agent."""
    if isinstance(error, NotFound):
        return "There is no such order in this store. Check the number."
    if isinstance(error, NotAuthorised | MissingScope):
        return (
            "BigCommerce refused our access. Nothing was changed. Ask whoever installed Makegood "
            "to run its check: the access token is wrong or lacks a permission."
        )
    return f"BigCommerce did not help: {error.reason} Nothing was changed. Try again in a minute."


def number_view(title: str, candidates: str, *, optional: bool = False) -> View:
    """Return the view that asks which order; `candidates` comes back with the submission."""
    element = text_input("order_id", placeholder="1042", max_length=40, focus=True)
    return modal(
        callback_id=ORDER_NUMBER,
        title=title,
        submit="Next",
        private_metadata=candidates,
        blocks=[input_block("order_id", "Order number", element, optional=optional)],
    )


def choice_view(title: str, about: Sequence[tuple[str, str]], buttons: Sequence[Block]) -> View:
    """Return the view that offers the actions an order allows."""
    blocks = [*facts(about), section("*What shall be done?*"), actions(buttons)]
    return modal(callback_id=NOTICE, title=title, blocks=blocks)


def form_view(title: str, draft_id: str, blocks: Sequence[Block]) -> View:
    """Return the form of an action."""
    return modal(
        callback_id=FORM,
        title=title,
        submit="Review",
        close="Cancel",
        private_metadata=draft_id,
        blocks=blocks,
    )


def review_view(title: str, draft_id: str, review: Review, chosen: MethodChoice | None) -> View:
    """Return what the agent confirms, with the exact figure on the button."""
    blocks = _fact_blocks(review)
    blocks += [alert(typed(warning, limit=2900)) for warning in review.warnings]
    blocks += _method_blocks(review, chosen)
    if review.notices:
        blocks.append(context(*(typed(notice, limit=2900) for notice in review.notices)))
    blocks.append(actions([button("Change something", "back", draft_id)]))
    return modal(
        callback_id=REVIEW,
        title=title,
        submit=confirm_label(review, chosen),
        close="Cancel",
        private_metadata=draft_id,
        blocks=blocks,
    )


def confirm_label(review: Review, chosen: MethodChoice | None) -> str:
    """Return the words of the button: what it does, with the amount it moves or records."""
    if chosen is None:
        return review.confirm_label
    label = f"{_verb(chosen)} {chosen.amount}"
    return label if len(label) <= 24 else "Confirm this amount"


def _fact_blocks(review: Review) -> list[Block]:
    """Return the facts: long ones on a line of their own, the others in two columns."""
    wide = [pair for pair in review.facts if len(pair[1]) > WIDE]
    narrow = [pair for pair in review.facts if len(pair[1]) <= WIDE]
    return [
        *(section(f"*{escape(label)}*\n{typed(value, limit=1900)}") for label, value in wide),
        *facts((escape(label), typed(value)) for label, value in narrow),
    ]


def _verb(chosen: MethodChoice) -> str:
    if not chosen.moves_money:
        return "Record"
    gives_credit = all(payment.provider_id == STORE_CREDIT for payment in chosen.payments)
    return "Credit" if gives_credit else "Refund"


def sent_view(title: str, order_id: int | None, channel_id: str) -> View:
    """Return the view that stands while the request is carried out."""
    where = "in its thread" if order_id else "in the channel"
    about = f"Order {order_id}" if order_id else "The discount code"
    return modal(
        callback_id=NOTICE,
        title=title,
        blocks=[
            section(f":hourglass_flowing_sand: {about} is being worked on."),
            context(
                f"It is safely noted and will be carried out even if you close this window. "
                f"The outcome is told {where} in <#{channel_id}>."
            ),
        ],
    )


def _method_blocks(review: Review, chosen: MethodChoice | None) -> list[Block]:
    if chosen is None:
        return []
    if len(review.methods) == 1:
        blocks = facts([("Paid back by", typed(chosen.label))])
    else:
        options = [option(method.label, method.key[:150]) for method in review.methods]
        element = radio("method", options, initial=chosen.key[:150])
        blocks = [input_block("method", "Pay it back by", element, dispatch=True)]
    if not chosen.moves_money:
        return [*blocks, alert(typed(chosen.description, limit=1000))]
    return [*blocks, context(typed(chosen.description, limit=1000))]
