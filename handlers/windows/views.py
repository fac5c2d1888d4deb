"""The modals that every action shares: loading, a problem, the choice, the review, the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.actions.action import MethodChoice, Review
from bot.actions.failures import heard, part_unread
from bot.actions.refunds.tenders import STORE_CREDIT, is_recorded_only
from bot.bigcommerce.http.errors import (
    BigCommerceError,
    Forbidden,
    NotAuthorised,
    OrderNotFound,
    RateLimited,
)
from handlers.block_kit.builders import (
    Block,
    actions,
    alert,
    button,
    checkboxes,
    context,
    divider,
    facts,
    input_block,
    modal,
    option,
    radio,
    section,
    text_input,
)
from handlers.block_kit.fact_blocks import fact_blocks
from handlers.block_kit.mrkdwn import inert, typed

View = dict[str, Any]

ORDER_NUMBER = "order_number"
FORM = "form"
REVIEW = "review"

AGREED = "agreed"  # the field for what has to be confirmed in so many words

NOTICE = "notice"  # a view that asks for nothing

NOT_ALLOWED = (
    "You cannot use Makegood yet. Ask a team lead to invite you to its audit channel, where it "
    "tells every outcome; the members of that channel may use it."
)
EXPIRED = "This form has expired. Nothing was sent. Start again with the command."
UNCERTAIN = (
    "This could not be noted safely, so it may or may not be carried out. Look at the order's "
    "thread before you ask again."
)
BROKEN = "Something went wrong in Makegood, and nothing was sent. Try again in a minute."


def loading_view(title: str, text: str) -> View:
    """Return the view that stands while something is read."""
    return modal(
        callback_id=NOTICE,
        title=title,
        blocks=[section(f":hourglass_flowing_sand: {inert(text)}")],
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
    blocks = [alert(inert(text), level=level)]
    if small:
        blocks.append(context(inert(small)))
    if buttons:
        blocks.append(actions(buttons))
    return modal(callback_id=NOTICE, title=title, blocks=blocks)


def trouble_view(title: str, error: BigCommerceError) -> View:
    """Return the view for a call that failed before anything was changed."""
    return notice_view(title, trouble_text(error), level="error")


def trouble_text(error: BigCommerceError) -> str:
    """Return what a failed reading means for the agent."""
    if isinstance(error, OrderNotFound):
        return "There is no such order in this store. Check the number."
    if isinstance(error, NotAuthorised | Forbidden):
        return (
            "BigCommerce refused Makegood's access. Nothing was changed. Ask an admin to run "
            "“python -m bot check”: the access token is wrong or lacks a permission."
        )
    came = error.reason if isinstance(error, RateLimited) else heard(error)
    part = part_unread(error)
    unread = f"The order's {part} could not be read. " if part else ""
    return f"{unread}{came} Nothing was changed. Try again in a minute."


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


def choice_view(
    title: str,
    about: Sequence[tuple[str, str]],
    ways: Sequence[tuple[str, Block]],
    terms: str = "",
) -> View:
    """Return the view that offers the actions an order allows, each by its words and its button.

    `terms` go for all of them.
    """
    blocks = [*facts(about), divider(), section("*What shall be done?*")]
    blocks += [section(does, accessory=way) for does, way in ways]
    blocks += [context(terms)] if terms else []
    return modal(callback_id=NOTICE, title=title, blocks=blocks)


def form_view(title: str, draft_id: str, blocks: Sequence[Block]) -> View:
    """Return the form of an action."""
    return modal(
        callback_id=FORM,
        title=title,
        submit="Review",
        private_metadata=draft_id,
        tells_close=True,
        blocks=blocks,
    )


def review_view(
    title: str,
    draft_id: str,
    review: Review,
    chosen: MethodChoice | None,
    more: Sequence[Block] = (),
    *,
    approval: str = "",
) -> View:
    """Return what the agent confirms, with the exact figure on the button; `more` stands below.

    `approval` says as mrkdwn that this has to be asked for, and of whom; "" where it need not.
    """
    blocks = [section(f"*{typed(review.effect, limit=1000)}*")] if review.effect else []
    blocks += [alert(approval, level="info")] if approval else []
    blocks += fact_blocks(review.facts)
    blocks += [alert(typed(warning, limit=2900)) for warning in review.warnings]
    blocks += [*_method_blocks(review, chosen), *_agreement(review), *more]
    if review.notices:
        blocks.append(context(*(typed(notice, limit=2900) for notice in review.notices)))
    blocks.append(actions([button("Change something", "back", draft_id)]))
    return modal(
        callback_id=REVIEW,
        title=title,
        submit=ask_label(chosen) if approval else confirm_label(review, chosen),
        private_metadata=draft_id,
        tells_close=True,
        blocks=blocks,
    )


def _agreement(review: Review) -> list[Block]:
    """Return the box that has to be ticked; its id is the figure's, so that no tick outlives it."""
    if not review.must_confirm:
        return []
    box = checkboxes(AGREED, [option(review.must_confirm, agreed_value(review))])
    label = "Not all of it goes back"
    return [input_block(f"{AGREED}~{agreed_value(review)}", label, box)]


def agreed_value(review: Review) -> str:
    """Return what the ticked box says: the figure that stays with the store."""
    return str(review.left_out)


def confirm_label(review: Review, chosen: MethodChoice | None) -> str:
    """Return the words of the button: what it does, with the amount it moves or records."""
    if chosen is None:
        return review.confirm_label
    label = f"{_verb(chosen)} {chosen.amount}"
    return label if len(label) <= 24 else "Confirm this amount"


def ask_label(chosen: MethodChoice | None) -> str:
    """Return the words of the button that asks for approval, with the amount where it fits."""
    if chosen is None:
        return "Ask for approval"
    amount = chosen.amount
    labels = (f"Ask to {_verb(chosen).lower()} {amount}", f"Ask for {amount}", "Ask for approval")
    return next(label for label in labels if len(label) <= 24)


def _verb(chosen: MethodChoice) -> str:
    if not chosen.moves_money:
        return "Record"
    gives_credit = all(payment.provider_id == STORE_CREDIT for payment in chosen.payments)
    return "Credit" if gives_credit else "Refund"


def sent_view(title: str, reference: str, order_id: int | None, channel_id: str) -> View:
    """Return the view that stands while the request is carried out."""
    about = f" (order {order_id})" if order_id else ""
    where = "the order's thread in " if order_id else ""
    return modal(
        callback_id=NOTICE,
        title=title,
        tells_close=True,
        blocks=[
            section(f":hourglass_flowing_sand: *{inert(title)}{about} is under way.*"),
            context(
                "It is safely noted and goes on even if you close this window. The outcome is told "
                f"in {where}<#{channel_id}>. · {reference}"
            ),
        ],
    )


def waiting_view(title: str, reference: str, channel_id: str, waits: str) -> View:
    """Return the view of a request that waits; `waits` says for whom, as mrkdwn."""
    return modal(
        callback_id=NOTICE,
        title=title,
        tells_close=True,
        blocks=[
            section(f":raised_hand: *{waits}*"),
            section("Nothing is sent before that. You may close this window."),
            context(
                f"It is safely noted, and asked in <#{channel_id}>, where you can withdraw it with "
                f"“Decline …”. You are told there what becomes of it. · {reference}"
            ),
        ],
    )


def _method_blocks(review: Review, chosen: MethodChoice | None) -> list[Block]:
    if chosen is None:
        return []
    if len(review.methods) == 1:
        blocks = facts([("Paid back by", typed(chosen.label))])
    else:
        options = [option(method.label, method.key) for method in review.methods]
        element = radio("method", options, initial=chosen.key)
        blocks = [input_block("method", "Pay it back by", element, dispatch=True)]
    if any(is_recorded_only(payment) for payment in chosen.payments):
        return [*blocks, alert(typed(chosen.description, limit=1000))]
    return [*blocks, context(typed(chosen.description, limit=1000))]
