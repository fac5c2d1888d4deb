"""The ends of a restocking, in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.actions.action import RuleBroken
from bot.actions.failures import heard, sentence
from bot.actions.restocking.item_condition import Condition, RefundedItems
from bot.bigcommerce.http.errors import BigCommerceError, MissingScope, NotAuthorised, Refused
from bot.values.outcome import Change, Outcome, Status
from bot.values.parsing import zone_of

SHOWN_LEVELS = 5
SHOWN_GOODS = 10
BY_HAND = "Change the stock in the BigCommerce control panel."


def describe_restocking(goods: Sequence[RefundedItems]) -> tuple[tuple[str, str], ...]:
    """Return the fact of a review that tells what becomes of the goods, none where it is open."""
    told = [f"{each.quantity} × {each.name}: {_fate(each)}" for each in goods[:SHOWN_GOODS]]
    if len(goods) > SHOWN_GOODS:
        told.append(f"and {len(goods) - SHOWN_GOODS} more")
    return (("The goods, once the money has moved", "; ".join(told)),) if told else ()


def restocked(order_id: int, goods: Sequence[RefundedItems]) -> Outcome:
    """The stock was adjusted, or there was nothing to adjust."""
    back, damaged, lost = (_count(goods, condition) for condition in Condition)
    noted = " and ".join(
        f"{_pieces(number)} as {word}"
        for number, word in ((damaged, "damaged"), (lost, "lost"))
        if number
    )
    if not back:
        message = f"Noted for order {order_id}: {noted}. No stock was changed."
        return Outcome(status=Status.SUCCEEDED, message=message)
    message = f"{_pieces(back)} of order {order_id} went back to stock."
    if noted:
        message += f" Noted besides: {noted}; that changes no stock."
    changes = tuple(
        Change(field=f"stock of {each.name}", before="", after=f"+{each.quantity} at {each.place}")
        for each in goods
        if each.condition is Condition.BACK_TO_STOCK
    )
    return Outcome(status=Status.SUCCEEDED, message=message, changes=changes)


def not_changed(order_id: int, why: BigCommerceError | RuleBroken | None) -> Outcome:
    """Nothing was changed: a rule or BigCommerce said no, or it could not be reached."""
    said, status = _why(why)
    return Outcome(
        status=status,
        message=f"The stock was not changed for order {order_id}. {said}",
        next_step=BY_HAND,
    )


def no_longer(goods: RefundedItems) -> str:
    """Return why goods that could go back when the agent was asked cannot any more."""
    return f"“{goods.name}” can no longer go back to stock at {goods.place}."


@dataclass(frozen=True, slots=True)
class Level:
    """What BigCommerce showed of an item at a place.

    `asked`: when the agent was asked, `before`: right before the sending, None where not known;
    `since`: after it, at the moment `at`.
    """

    name: str
    asked: int | None
    before: int | None
    since: int
    at: datetime


def restocking_unknown(
    order_id: int,
    goods: Sequence[RefundedItems],
    levels: Sequence[Level],
    heard: str,
    timezone_name: str,
) -> Outcome:
    """It was sent, no answer came, and nothing that can be read tells what became of it.

    `heard` is what came back, as a sentence.
    """
    number = sum(each.quantity for each in goods)
    shown = [_level(each, timezone_name) for each in levels[:SHOWN_LEVELS]]
    shown += [f"and {len(levels) - SHOWN_LEVELS} more"] if len(levels) > SHOWN_LEVELS else []
    told = f" BigCommerce showed {'; '.join(shown)}." if shown else ""
    return Outcome(
        status=Status.UNKNOWN,
        message=(
            f"It is not known whether {_pieces(number)} of order {order_id} went back to stock. "
            f"{heard} It shows stock late, and keeps no list that would tell.{told}"
        ),
        next_step=(
            "Look at the inventory history in the BigCommerce control panel before you correct "
            "anything. Makegood does not send it again."
        ),
    )


def _fate(goods: RefundedItems) -> str:
    if goods.condition is Condition.BACK_TO_STOCK:
        return f"back to stock at {goods.place}"
    return f"{goods.condition.value}, no stock is changed"


def _level(level: Level, timezone_name: str) -> str:
    """Return "Boston Fern: 10 before, 11 at 15:13 (America/Chicago)"."""
    local = level.at.astimezone(zone_of(timezone_name))
    since = f"{level.since} at {local:%H:%M} ({local.tzinfo})"
    if level.before is not None:
        return f"{level.name}: {level.before} before, {since}"
    if level.asked is not None:
        return f"{level.name}: {level.asked} when the refund was asked for, {since}"
    return f"{level.name}: {since}"


def _why(why: BigCommerceError | RuleBroken | None) -> tuple[str, Status]:
    match why:
        case RuleBroken():
            return why.text, Status.REJECTED
        case NotAuthorised() | MissingScope():
            text = "Makegood's access token lacks the permission Store Inventory: modify."
            return text, Status.FAILED
        case Refused():
            return f"BigCommerce said no: {sentence(why.reason)}", Status.REJECTED
        case BigCommerceError():
            return heard(why), Status.FAILED
    return "BigCommerce could not be read.", Status.FAILED


def _count(goods: Sequence[RefundedItems], condition: Condition) -> int:
    return sum(each.quantity for each in goods if each.condition is condition)


def _pieces(number: int) -> str:
    return "1 piece" if number == 1 else f"{number} pieces"
