"""What the bot logged and told, held against the store's books. Every difference is a departure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.sandbox.bigcommerce.books import Books, Order
from bot.sandbox.bigcommerce.refunds.payments import ZERO, Refund
from handlers.block_kit.mrkdwn import typed
from handlers.timeline.outcomes.settled import WAS_ON_ITS_WAY
from tests.hostile.audit_codes import (
    all_codes,
    audit_code,
    audit_stock,
    has_code,
    marked,
    moved,
    works,
)
from tests.hostile.cases import Case
from tests.hostile.evidence import (
    AMOUNT,
    CHANGED,
    KEPT,
    NEEDLESS,
    NOT_DONE,
    OTHER,
    SAID,
    TOLD,
    TWICE,
    Before,
    Departure,
    Told,
    codes_of,
)
from tests.hostile.scenarios import CANCEL, CANCEL_AND_REFUND, CODE, ITEMS, OFF, REFUND, RESTOCK
from tests.hostile.shop import money_taken

CANCELLED = 5
HELD = {"authorized", "held for review"}
ORDER = "GET v2/orders/N"
REFUNDS = {REFUND, ITEMS, CANCEL_AND_REFUND}
WHOLE = {REFUND, CANCEL_AND_REFUND}
FIGURE = re.compile(r"([0-9][0-9,]*\.[0-9]{2}) [A-Z]{3}")


GONE, EMPTY, SILENT = "no such order", "Nothing is left to refund", "did not answer"


def audit_books(books: Books, before: Before) -> Iterator[Departure]:
    """Hold the order and the one beside it against what they were, whatever was told."""
    order, beside = books.orders[before.order.id], books.orders[before.beside.id]
    if beside != before.beside:
        yield Departure(OTHER, f"order {beside.id} was changed")
    if len(order.refunds) > len(before.order.refunds) + 1:
        yield Departure(TWICE, f"{len(order.refunds)} refunds")
    kept = money_taken(order)
    if order.status_id == CANCELLED != before.order.status_id and kept > 0:
        yield Departure(KEPT, f"{kept} of the customer's money is still there")


def audit_refused(books: Books, before: Before) -> Iterator[Departure]:
    """Hold a request that was never taken against the books: nothing is different."""
    if difference := _difference(books, before):
        yield Departure(CHANGED, f"not asked for, and {difference}")


def audit_told(told: Told, books: Books, before: Before, *, was_sent: bool) -> Iterator[Departure]:
    """Hold one request's end against the books."""
    yield from _audit_messages(told)
    order = books.orders[before.order.id]
    match told.status:
        case "succeeded":
            yield from _audit_done(told, books, before, order)
        case "pending":
            yield from _audit_accepted(told, order, before.order)
        case "partial":
            yield from _audit_partial(told, order)
        case "to_do":
            yield from _audit_to_do(told, order)
        case "rejected" | "failed":
            yield from _audit_nothing(told, books, before)
        case "unknown" if not was_sent:
            yield Departure(NEEDLESS, told.message)


def _audit_messages(told: Told) -> Iterator[Departure]:
    said = typed(told.message, limit=2000)
    ours = [
        each
        for each in told.messages
        if each["text"].startswith(said) and WAS_ON_ITS_WAY not in each["text"]
    ]
    if len(ours) != 1:
        texts = [message["text"][:80] for message in told.messages]
        yield Departure(TOLD, f"the log says {said[:80]!r}, the thread {texts}")


def _audit_done(told: Told, books: Books, before: Before, order: Order) -> Iterator[Departure]:
    action = told.entry.action
    if action in REFUNDS and (told.amount is not None or money_taken(before.order) > 0):
        yield from _audit_refund(told, order)
        if action in WHOLE and (kept := money_taken(order)) > 0:
            yield Departure(AMOUNT, f"all of it, it says, and {kept} is left: {told.message}")
    if action in {CANCEL, CANCEL_AND_REFUND}:
        if order.status_id != CANCELLED:
            yield Departure(NOT_DONE, f"the order's status is {order.status_id}: {told.message}")
        elif order.payment_status in HELD:
            yield Departure(NOT_DONE, f"the payment is {order.payment_status}: {told.message}")
    if action == CODE:
        yield from audit_code(told, books)
    if action == OFF:
        code = str(told.entry.request["code"])
        if any(works(each, code) for each in all_codes(books)):
            yield Departure(NOT_DONE, f"the code still works: {told.message}")
    if action == RESTOCK:
        yield from audit_stock(told, books)


def _audit_refund(told: Told, order: Order) -> Iterator[Departure]:
    refunds = _ours(order, told.entry.reference)
    paid = [each for each in refunds if each.settled and each.given_back > 0]
    if not paid:
        yield Departure(NOT_DONE, f"no refund of its own has been paid: {told.message}")
        return
    yield from _audit_figures(told, paid[0])


def _audit_figures(told: Told, refund: Refund) -> Iterator[Departure]:
    """Hold every figure of the refund's end against the books: the log's, the words', the button's.

    The button has no figure where it would be too long.
    """
    said = FIGURE.search(told.message)
    figures = {
        "the log": told.amount,
        "the message": Decimal(said[1].replace(",", "")) if said else None,
    }
    if told.status == "succeeded" and (pressed := FIGURE.search(told.confirmed)):
        figures["what was confirmed"] = Decimal(pressed[1].replace(",", ""))
    for where, figure in figures.items():
        if figure is not None and figure != refund.given_back:
            books = f"the books have {refund.given_back}"
            yield Departure(AMOUNT, f"{books}, {where} has {figure}: {told.message}")


def _audit_accepted(told: Told, order: Order, before: Order) -> Iterator[Departure]:
    if told.entry.action in REFUNDS and before.payment_status not in HELD:
        refunds = _ours(order, told.entry.reference)
        if not refunds:
            yield Departure(NOT_DONE, f"there is no such refund: {told.message}")
        for refund in refunds[:1]:
            yield from _audit_figures(told, refund)
    elif order.payment_status not in {"void pending", "void"}:
        yield Departure(NOT_DONE, f"the payment is {order.payment_status}: {told.message}")


def _audit_partial(told: Told, order: Order) -> Iterator[Departure]:
    refunds = _ours(order, told.entry.reference)
    if not any(each.given_back > 0 for each in refunds):
        yield Departure(NOT_DONE, f"nothing was given back: {told.message}")
    for refund in refunds[:1]:
        yield from _audit_figures(told, refund)


def _audit_to_do(told: Told, order: Order) -> Iterator[Departure]:
    refunds = _ours(order, told.entry.reference)
    if not refunds or not all(each.offline for each in refunds[0].payments):
        yield Departure(NOT_DONE, f"nothing is recorded for a person to pay: {told.message}")


def _audit_nothing(told: Told, books: Books, before: Before) -> Iterator[Departure]:
    order, reference = books.orders[before.order.id], told.entry.reference
    changed = ""
    match told.entry.action:
        case action if action in REFUNDS:
            given = sum((each.given_back for each in _ours(order, reference)), ZERO)
            changed = f"{given} was given back" if given else ""
        case action if action == CODE:
            made = [each for each in marked(books, reference) if has_code(each)]
            changed = "the code was made" if made else ""
        case action if action == OFF:
            code = str(told.entry.request["code"])
            changed = (
                "" if any(works(each, code) for each in all_codes(books)) else "the code is off"
            )
        case action if action == RESTOCK:
            changed = "the stock was changed" if moved(books, reference) else ""
    if not changed and told.entry.action in {CANCEL, CANCEL_AND_REFUND}:
        if order.status_id != before.order.status_id:
            changed = f"the order's status is {order.status_id}"
        elif order.payment_status != before.order.payment_status and not order.refunds:
            changed = f"the payment is {order.payment_status}"
    if changed:
        yield Departure(CHANGED, f"{changed}: {told.message}")


def audit_words(said: str, case: Case | None, books: Books, before: Before) -> Iterator[Departure]:
    """Hold sentences about the store against it, unless the changed answer says plainly the same.

    `said` is what the agent was shown or told.
    """
    change = case.change if case else ""
    if GONE in said and not (case and case.place.call == ORDER and change == "status.404"):
        yield Departure(SAID, f"the order is there: {said}")
    if EMPTY in said and money_taken(books.orders[before.order.id]) > 0:
        yield Departure(SAID, f"there is money left: {said}")
    if SILENT in said and change.startswith("status."):
        yield Departure(SAID, f"it did, by {change}: {said}")


def _difference(books: Books, before: Before) -> str:
    """Say what is not as it was, "" for nothing."""
    order = books.orders[before.order.id]
    if order != before.order:
        return "the order is not as it was"
    if frozenset(codes_of(books)) != before.codes:
        return "a code was made"
    if len(books.stock.changes) != before.moves:
        return "the stock was changed"
    return ""


def _ours(order: Order, reference: str) -> list[Refund]:
    return [each for each in order.refunds if reference in each.reason]
