"""What people try who would walk around the rules: who, which scheme, on whose orders.

Consecutive jobs are about the same customer, so that several people meet on the same orders. Half
of the customers are guests, each of whose orders spells the same mailbox in another way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.sandbox.bigcommerce.books import Books, Order
from tests.chaos.dice import Dice
from tests.chaos.plan import CANCEL_AND_REFUND, CODE, ITEMS, REFUND, Job
from tests.chaos.rules.gifts import sign, sign_code
from tests.chaos.shop import copy_order, grown_shop, write_books

AGENTS = ("Anna", "Eli", "Fay", "Hal")
APPROVERS = ("Ben", "Chiara", "Ina")
GUEST, STRANGER = "Gil", "Dev"
STRANGERS = (GUEST, STRANGER)
NEW = ("Eli", "Fay", "Gil", "Hal", "Ina")
EVERYBODY = (*AGENTS, *APPROVERS, *STRANGERS)
ADMIN = "Chiara"
# How often each of them tries something.
BUSY = {"Anna": 4, "Fay": 4, "Eli": 3, "Hal": 2, "Ben": 3, "Chiara": 3, "Ina": 2}
# What nothing stands against: one small line of an order of which nobody else makes anything.
HONEST = Job(
    number=9_999_999,
    person="Anna",
    action=ITEMS,
    order_id=1042,
    values={"reason": "Other", "reason_text": sign("Anna", 9_999_999)},
    double=False,
)
BLOCK = 8
ORDERS_EACH = 4
SPELLINGS = ("{}@mail.example", "{}+again@mail.example", "{}@MAIL.example", "{}+2@Mail.Example")
FIRST_CUSTOMER = 9001
SHIPPED = (2, 3, 10)
OPEN = (8, 9, 11)
PAID = {"captured", "paid"}

PLAIN, SPLIT, SPREAD, RACE, ALONE = "plain", "split", "spread", "race", "alone"
SCHEMES = {PLAIN: 30, SPLIT: 22, SPREAD: 16, RACE: 22, ALONE: 10}
STEPS = 4
# Worth 20, 150, 40 and 400 together, and three times nobody knows how much.
CODES: tuple[dict[str, str], ...] = (
    {"type": "percentage", "value": "10", "ceiling": "20"},
    {"type": "percentage", "value": "10", "ceiling": "50", "max_uses": "3"},
    {"type": "fixed", "value": "40"},
    {"type": "fixed", "value": "40", "max_uses": "10"},
    {"type": "percentage", "value": "100", "ceiling": "", "max_uses": ""},
    {"type": "fixed", "value": "5", "max_uses": ""},
    {"type": "free_shipping"},
)


@dataclass(frozen=True, slots=True)
class Attempt(Job):
    """A job, and the way in which more than one is asked for at once. `steps` are its parts."""

    scheme: str = PLAIN
    steps: tuple[Job, ...] = ()


def write_customers(folder: Path, actions: int) -> tuple[Books, list[list[int]]]:
    """Write a shop with enough customers, and return its books and each customer's orders."""
    books = grown_shop(0)
    plain = [order for order in books.orders.values() if _is_plain(order)]
    groups = []
    for number in range(actions // BLOCK + 1):
        group = []
        for place in range(ORDERS_EACH):
            template = plain[(number * ORDERS_EACH + place) % len(plain)]
            order = copy_order(books, template, max(books.orders) + 1)
            _give_to(books, order, number, place)
            books.orders[order.id] = order
            group.append(order.id)
        groups.append(group)
    write_books(folder, books)
    return books, groups


def _is_plain(order: Order) -> bool:
    is_refundable = order.status_id in {*SHIPPED, *OPEN} and order.payment_status in PAID
    return "plain" in order.tags and is_refundable and order.customer_id > 0


def _give_to(books: Books, order: Order, number: int, place: int) -> None:
    """Make it the order of a customer of this number: every second one is a guest."""
    if number % 2:
        former, order.customer_id = order.customer_id, FIRST_CUSTOMER + number
        customer = books.customers[former].model_copy(deep=True, update={"id": order.customer_id})
        order.billing.email = customer.person.email = f"c{number}@mail.example"
        books.customers.setdefault(order.customer_id, customer)
    else:
        order.customer_id = 0
        order.billing.email = SPELLINGS[place % len(SPELLINGS)].format(f"guest{number}")


class RulesPlan:
    """Draws attempts; a number of steps belongs to each, under numbers of their own."""

    def __init__(self, dice: Dice, books: Books, groups: list[list[int]]) -> None:
        self._dice = dice
        self._books = books
        self._groups = groups

    def attempt(self, number: int) -> Attempt:
        """Return the attempt of this number; the same number, the same attempt."""
        luck = self._dice.about("attempt", number)
        (person,) = luck.choices(EVERYBODY, [BUSY.get(name, 1) for name in EVERYBODY])
        weights = SCHEMES if person == ADMIN else {**SCHEMES, ALONE: 0}
        (scheme,) = luck.choices(list(weights), list(weights.values()))
        orders = self._groups[number // BLOCK]
        first = luck.choice(orders)
        steps = tuple(self._steps(number, person, scheme, first, orders))
        values = {field: getattr(steps[0], field) for field in Job.__dataclass_fields__}
        return Attempt(**values, scheme=scheme, steps=steps)

    def _steps(
        self, number: int, person: str, scheme: str, first: int, orders: list[int]
    ) -> Iterator[Job]:
        luck = self._dice.about("steps", number)
        double = luck.random() < 0.15
        for step in range(1 if scheme == PLAIN else STEPS):
            order_id = first if scheme in {SPLIT, ALONE} else orders[step % len(orders)]
            if scheme == RACE and luck.random() < 0.5:
                order_id = first
            job = Job(number * 10 + step, person, ITEMS, order_id, {}, double)
            kind = luck.random()
            if scheme in {PLAIN, ALONE} and kind < 0.4:
                job = replace(job, action=self._whole(order_id))
            elif scheme != SPLIT and kind > 0.75:
                job = replace(job, action=CODE)
                if kind > 0.9:
                    job = replace(job, order_id=None)
            befalls = self._befalls(job) if job.action != CODE else {}
            yield replace(job, values=self._values(job), **befalls)

    def _befalls(self, job: Job) -> dict[str, Any]:
        """Return what goes wrong at the store just before it is confirmed, mostly nothing."""
        luck = self._dice.about("befalls", job.number)
        refunds = f"orders/{job.order_id}/payment_actions/refunds"
        faults: tuple[dict[str, Any], ...] = (
            {"match": f"POST {refunds}", "kind": "decline"},
            {"match": f"POST {refunds}", "kind": "slow_settlement", "delay_s": 3.0},
            {"match": f"POST {refunds}", "kind": "status", "status": 422, "after": True},
            # An answer that knows of no refund, where there may be some.
            {"match": f"GET {refunds}", "kind": "change", "set": {"data": []}},
        )
        drawn = luck.random()
        if drawn < 0.08:
            return {"elsewhere": {"order_id": job.order_id, "refund_amount": "10.00"}}
        return {"gateway": luck.choice(faults)} if drawn < 0.35 else {}

    def _whole(self, order_id: int) -> str:
        is_shipped = self._books.orders[order_id].status_id in SHIPPED
        return REFUND if is_shipped else CANCEL_AND_REFUND

    def _values(self, job: Job) -> dict[str, Any]:
        reason = {"reason": "Other", "reason_text": sign(job.person, job.number)}
        if job.action != CODE:
            return reason
        luck = self._dice.about("code", job.number)
        code = {"code": sign_code(job.person, job.number), "expires": "30"}
        return {**code, **luck.choice(CODES), **reason}
