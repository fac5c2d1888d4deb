"""What is asked for in a campaign: who, what, on which order, and what befalls it meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from bot.sandbox.bigcommerce.books import Books, Order
from tests.chaos.dice import Dice

PEOPLE = ("Anna", "Ben", "Chiara")
REASONS = ("Customer request", "Damaged", "Wrong item", "Late or lost", "Other")
CANCEL, CANCEL_AND_REFUND = "cancel_order", "cancel_and_refund"
REFUND, ITEMS, CODE = "refund_order", "refund_items", "create_discount_code"
# Whom an action is for, by status; one in twelve is asked for where it will be refused.
STATUSES = {
    CANCEL: {1, 7},
    CANCEL_AND_REFUND: {8, 9, 11},
    REFUND: {2, 3, 10},
    ITEMS: {2, 3, 8, 9, 10, 11, 14},
}
SHARES = {CANCEL: 15, CANCEL_AND_REFUND: 20, REFUND: 20, ITEMS: 30, CODE: 15}
# What comes to more waits for a second person; about every third request for money does.
ABOVE = Decimal(75)
MONEY = {CANCEL_AND_REFUND, REFUND, ITEMS}


@dataclass(frozen=True, slots=True)
class Job:
    """One thing that somebody does. `gateway` is a fault of the store's for this order's refunds.

    `elsewhere` is a change that another app makes to the order just before it is confirmed.
    """

    number: int
    person: str
    action: str
    order_id: int | None
    values: dict[str, Any]
    double: bool
    lines: int = 1
    gateway: dict[str, Any] | None = None
    elsewhere: dict[str, Any] | None = None
    looks_again: bool = False
    is_mailed: bool = False
    check_on: list[int] = field(default_factory=list)


class Plan:
    """Draws jobs without end."""

    def __init__(self, dice: Dice, books: Books) -> None:
        self._dice = dice
        self._orders = list(books.orders.values())
        self._pool = {action: self._fit_for(action) for action in STATUSES}

    def job(self, number: int) -> Job:
        """Return the job of this number; the same number, the same job."""
        luck = self._dice.about("job", number)
        (action,) = luck.choices(list(SHARES), list(SHARES.values()))
        order_id = self._order_for(action, number)
        return Job(
            number=number,
            person=luck.choice(PEOPLE),
            action=action,
            order_id=order_id,
            values=self._values(action, number),
            double=luck.random() < 0.2,
            lines=luck.choice((1, 1, 2, 3)),
            gateway=self._gateway(order_id, number) if action in MONEY else None,
            elsewhere=self._elsewhere(order_id, number) if action != CODE else None,
            looks_again=luck.random() < 0.3,
            is_mailed=luck.random() < 0.5,
        )

    def _fit_for(self, action: str) -> list[int]:
        fit = [order.id for order in self._orders if _is_fit(order, action)]
        # Half of them, so that several actions meet on one order.
        return self._dice.about("pool", action).sample(fit, (len(fit) + 1) // 2)

    def _order_for(self, action: str, number: int) -> int | None:
        luck = self._dice.about("order", number)
        if action == CODE:
            return luck.choice(self._orders).id if luck.random() < 0.5 else None
        if luck.random() < 1 / 12:
            return luck.choice(self._orders).id
        return luck.choice(self._pool[action])

    def _values(self, action: str, number: int) -> dict[str, Any]:
        luck = self._dice.about("values", number)
        if action == CODE:
            kind = luck.choice(("percentage", "fixed"))
            code = f"SORRY-{self._dice.seed}-{number}"
            value = str(luck.randint(5, 50))
            reason = {"reason": luck.choice(REASONS), "reason_text": f"case {number}"}
            return {"code": code, "type": kind, "value": value, "expires": "30", **reason}
        return {"reason": luck.choice(REASONS), "reason_text": f"case {number}"}

    def _gateway(self, order_id: int | None, number: int) -> dict[str, Any] | None:
        luck = self._dice.about("gateway", number)
        match = f"POST orders/{order_id}/payment_actions/refunds"
        drawn = luck.random()
        if drawn < 0.10:
            return {"match": match, "kind": "decline"}
        if drawn < 0.25:
            wait = round(luck.uniform(0.5, 6.0), 1)
            return {"match": match, "kind": "slow_settlement", "delay_s": wait}
        return None

    def _elsewhere(self, order_id: int | None, number: int) -> dict[str, Any] | None:
        luck = self._dice.about("elsewhere", number)
        if luck.random() > 0.06:
            return None
        change = luck.choice(
            ({"refund_amount": "1.00"}, {"staff_notes": "Called the customer."}, {"status_id": 2})
        )
        return {"order_id": order_id, **change}


def _is_fit(order: Order, action: str) -> bool:
    if order.status_id not in STATUSES[action] or order.is_deleted:
        return False
    is_paid = order.payment_status in {"captured", "paid", "partially refunded"}
    return is_paid or action == CANCEL
