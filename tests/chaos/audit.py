"""The count at the end: what was promised, what is true, what was told, and where they part."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from handlers.block_kit.mrkdwn import typed
from storage.log.entries import Entry
from tests.chaos.truth import Request, Truth
from tests.support.agent import words

CANCELLED = "5"
LOUD = {"failed", "unknown"}
RESTOCKING = "restock_items"
REFUNDS = {"refund_order", "refund_items", "cancel_and_refund"}


@dataclass(slots=True)
class Line:
    """One line of the table: what is counted, who departed from the promise, by reference."""

    about: str
    counted: int = 0
    departures: list[str] = field(default_factory=list)


def audit_writes(truth: Truth) -> list[Line]:
    """Return the lines about what the store holds: nothing twice, and nothing told falsely."""
    return [
        count("Requests whose refund was sent more than once", truth, _refunded_twice),
        count("Requests whose coupon was created more than once", truth, _created_twice),
        count("Requests whose log and store disagree", truth, _untrue),
    ]


def audit(truth: Truth) -> list[Line]:
    """Return the lines of the table."""
    return [
        *audit_writes(truth),
        count("Promotions left without a code, unsaid", truth, _left_half_done),
        count("Goods put back to stock more than once", truth, _restocked_twice),
        count("Requests carried out that nobody confirmed", truth, _unasked),
        count("Acknowledged confirmations without an outcome", truth, _lost),
        count("Outcomes told not at all, or more than once", truth, _told_wrongly),
        count("Requests whose log and thread disagree", truth, _misquoted),
        count("Unknown though the store shows the truth", truth, _needlessly_unknown),
        count("Pending though nothing is on its way", truth, _left_pending),
    ]


def unknown_left(truth: Truth) -> list[str]:
    """Return the requests that ended unknown, rightly or not."""
    return [r.reference for r in truth.requests if r.entry and r.entry.status == "unknown"]


def count(about: str, truth: Truth, find: Callable[[Truth, Request], Iterator[str]]) -> Line:
    """Return the line of the requests in which something is found."""
    line = Line(about)
    for request in truth.requests:
        if found := list(find(truth, request)):
            line.counted += 1
            line.departures += [f"{request.reference}: {each}" for each in found]
    return line


def _refunded_twice(truth: Truth, request: Request) -> Iterator[str]:
    refunds = truth.refunds_of(request.reference)
    if len(refunds) > 1:
        yield f"{len(refunds)} refunds: {[refund['id'] for refund in refunds]}"


def _created_twice(truth: Truth, request: Request) -> Iterator[str]:
    if len(truth.coupons_of(request.reference)) > 1:
        yield "more than one coupon"


def _left_half_done(truth: Truth, request: Request) -> Iterator[str]:
    status = request.entry.status if request.entry else None
    if truth.half_done_of(request.reference) and status != "unknown":
        yield f"{status} said, and a promotion without a code is left"


def _restocked_twice(truth: Truth, request: Request) -> Iterator[str]:
    if len(truth.restockings_of(request.reference)) > 1:
        yield "more than one adjustment"


def _unasked(truth: Truth, request: Request) -> Iterator[str]:
    follows = request.entry.follows if request.entry else None
    if request.confirmation is None and follows is None:
        yield "in the log, but no confirmation was delivered"


def _lost(truth: Truth, request: Request) -> Iterator[str]:
    if request.confirmation is None or not request.confirmation.is_acked:
        return
    if request.entry is None and request.was_rolled_back:
        if truth.has_effect(request.reference):
            yield "carried out before an older log was put back, which knows nothing of it now"
    elif request.entry is None:
        yield "acknowledged, but not in the log"
    elif request.entry.is_waiting:
        return
    elif request.entry.status is None or request.entry.is_under_way:
        yield "still under way"


def _told_wrongly(truth: Truth, request: Request) -> Iterator[str]:
    if request.entry is None or request.entry.status is None:
        return
    messages = truth.messages_of(request.reference)
    if truth.is_in_summary(request.reference) and not messages:
        return  # nobody had told it before, and that is where it stands
    if len(messages) != 1:
        texts = [(message["ts"], message["text"][:90]) for message in messages]
        yield f"told {len(messages)} times: {texts}"
    places = [message["channel"] for message in truth.lines_of(request.reference)]
    if len(places) != len(set(places)):
        yield f"its end was said {len(places)} times, in {places}"
    if _was_loud(request) and not places:
        yield "nobody was told that what was on its way is not"
    if not request.entry.is_told:
        yield "the log does not know that it was told"


def _was_loud(request: Request) -> bool:
    """Whether money that was said to be on its way is not, which the channel hears once more."""
    steps = zip(request.told, request.told[1:], strict=False)
    return any(before == "pending" and after in LOUD for before, after in steps)


def _untrue(truth: Truth, request: Request) -> Iterator[str]:
    entry = request.entry
    if entry is None or entry.status is None:
        return
    if entry.action in REFUNDS:
        yield from _untrue_refund(truth, entry)
    if entry.action in {"cancel_order", "cancel_and_refund"}:
        yield from _untrue_cancelling(truth, entry)
    if entry.action == "create_discount_code":
        there = bool(truth.coupons_of(entry.reference))
        if there != (entry.status == "succeeded") and entry.status != "unknown":
            yield f"{entry.status} said, coupon there: {there}"
    if entry.action == RESTOCKING:
        there = bool(truth.restockings_of(entry.reference))
        if there != (entry.status == "succeeded") and entry.status != "unknown":
            yield f"{entry.status} said, back in stock: {there}"


def _untrue_refund(truth: Truth, entry: Entry) -> Iterator[str]:
    refunds = truth.refunds_of(entry.reference)
    paid = [refund for refund in refunds if float(refund["given_back"]) > 0]
    match entry.status:
        case "succeeded" if not paid and _was_free(truth, entry):
            return
        case "succeeded" if not paid or not all(refund["settled"] for refund in paid):
            yield "refunded was said, and it is not true"
        case "rejected" if refunds:
            yield "rejected was said, and there is a refund"
        case "failed" if paid and "Only " not in str((entry.outcome or {}).get("message")):
            yield "failed was said, and money was given back"


def _was_free(truth: Truth, entry: Entry) -> bool:
    """Whether the order cost nothing, and nothing is said to have been given back."""
    is_free = float(truth.orders[entry.order_id or 0]["total"]) == 0
    return is_free and (entry.outcome or {}).get("amount") is None


def _untrue_cancelling(truth: Truth, entry: Entry) -> Iterator[str]:
    order = truth.orders[entry.order_id or 0]
    was_cancelled = any(
        change["field"] == "status_id" and change["after"] == CANCELLED
        for change in order["history"]
    )
    ours = f"Makegood {entry.reference}:" in (order["staff_notes"] or "")
    if entry.status == "succeeded" and not was_cancelled:
        yield "cancelled was said, and it is not true"
    if entry.status in {"rejected", "failed"} and ours:
        yield f"{entry.status} was said, and the order was cancelled"


def _misquoted(truth: Truth, request: Request) -> Iterator[str]:
    entry = request.entry
    if entry is None or entry.outcome is None or request.was_rolled_back:
        return  # what was told before an older log was put back stays in its thread
    said = typed(str(entry.outcome["message"]), limit=2000)
    messages = truth.messages_of(request.reference)
    yield from (
        f"the log says {said[:80]!r}, a message {message['text'][:80]!r}"
        for message in messages
        if not message["text"].startswith(said)
    )


def _needlessly_unknown(truth: Truth, request: Request) -> Iterator[str]:
    entry = request.entry
    if entry is None or entry.status != "unknown" or _is_half_done(entry):
        return
    if entry.action == RESTOCKING:
        return  # nothing that can be read would tell
    if truth.refunds_of(entry.reference):
        yield "the store has the refund"
    if truth.coupons_of(entry.reference):
        yield "the store has the coupon"
    if not truth.was_hidden(entry):
        yield f"nothing was hidden: {(entry.outcome or {}).get('message')}"


def _is_half_done(entry: Entry) -> bool:
    """Whether the refund is known, and the order moved on meanwhile: a person has to decide."""
    return "has become" in str((entry.outcome or {}).get("message"))


def _left_pending(truth: Truth, request: Request) -> Iterator[str]:
    if request.entry is not None and request.entry.status == "pending":
        yield str((request.entry.outcome or {}).get("message"))[:120]


def stale_roots(truth: Truth, fresh: dict[int, Any], elsewhere: set[int]) -> Line:
    """Compare each order's root message with the same message after somebody pressed Refresh."""
    line = Line("Orders whose root message is missing, doubled or stale")
    for order_id in {r.entry.order_id for r in truth.requests if r.entry and r.entry.order_id}:
        roots = truth.roots_of(order_id)
        problem = ""
        requests = [r for r in truth.requests if r.entry and r.entry.order_id == order_id]
        if not roots and all(truth.is_in_summary(r.reference) for r in requests):
            continue  # found after an older log was put back, and told there
        if len(roots) != 1:
            problem = f"{len(roots)} root messages"
        elif order_id not in elsewhere and _shown(roots[0]) != _shown(fresh[order_id]):
            problem = f"{_shown(roots[0])!r} instead of {_shown(fresh[order_id])!r}"
        elif "Under way:" in str(roots[0]["blocks"]):
            problem = "it says that something is under way"
        if problem:
            line.counted += 1
            line.departures.append(f"order {order_id}: {problem}")
    return line


def _shown(message: dict[str, Any]) -> str:
    """Return all that the message shows, but for the time at which it was drawn."""
    return words([block for block in message["blocks"] if block["type"] != "context"])
