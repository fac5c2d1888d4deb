"""What has left the shop, as the store's books have it and nothing else.

People sign what they ask for: in the reason, which BigCommerce keeps, or in the code itself. So the
books alone tell who asked for what, whatever the bot's log says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

SIGNED = re.compile(r"\bby ([A-Za-z]+) ([0-9]+)\b")
SIGNED_CODE = re.compile(r"\ABY-([A-Z]+)-([0-9]+)\Z")
MARK = re.compile(r"\[(MG-[0-9A-Z-]+)\]")
NOTE = re.compile(r"Makegood (MG-[0-9A-Z-]+): (.*)")
NAME = re.compile(r"Makegood (MG-[0-9A-Z-]+) ")
REFUND, CODE, CANCELLED = "refund", "code", "cancelled"
CANCELLED_STATUS = "5"


@dataclass(frozen=True, slots=True)
class Gift:
    """Money that was given back or away, or an order that was cancelled (amount 0).

    `amount` None: what a code is worth is not known. `reference` and `by` "", `job` None: not the
    bot's doing, or nobody has signed it. `customers` are the keys by which a customer is known.
    """

    kind: str
    reference: str
    by: str
    job: int | None
    order_id: int | None
    customers: frozenset[str]
    amount: Decimal | None
    at: float

    @property
    def what(self) -> str:
        """It in a few words."""
        about = f" on {self.order_id}" if self.order_id else ""
        return f"{self.reference or 'elsewhere'}: {self.kind} of {self.amount}{about}"


def sign(person: str, job: int) -> str:
    """Return the words by which a reason tells who gave it."""
    return f"by {person} {job}"


def sign_code(person: str, job: int) -> str:
    """Return the code by which it tells who asked for it."""
    return f"BY-{person.upper()}-{job}"


def read_gifts(books: Mapping[str, Any], asked_on: Mapping[int, int | None]) -> list[Gift]:
    """Return everything that has left, oldest first.

    `asked_on` are the orders that codes were asked for on, by job: a code is its customer's.
    """
    customers = {int(number): _keys(order) for number, order in books["orders"].items()}
    found = [
        *_refunds(books, customers),
        *_cancelled(books, customers),
        *_codes(books, customers, asked_on),
    ]
    return sorted(found, key=lambda gift: gift.at)


def _refunds(books: Mapping[str, Any], customers: Mapping[int, frozenset[str]]) -> Iterator[Gift]:
    for number, order in books["orders"].items():
        for refund in order["refunds"]:
            said = " ".join([refund["reason"], *(item["reason"] for item in refund["items"])])
            yield Gift(
                REFUND,
                _first(MARK, said),
                *_signed(SIGNED, said),
                int(number),
                customers[int(number)],
                Decimal(refund["given_back"]),
                _time(refund["created_at"]),
            )


def _cancelled(books: Mapping[str, Any], customers: Mapping[int, frozenset[str]]) -> Iterator[Gift]:
    """Return the orders that the bot has cancelled and where no refund of the same request is."""
    for number, order in books["orders"].items():
        refunded = {_first(MARK, refund["reason"]) for refund in order["refunds"]}
        times = [c["at"] for c in order["history"] if c["after"] == CANCELLED_STATUS]
        for reference, said in NOTE.findall(order["staff_notes"] or ""):
            if times and reference not in refunded:
                signed = _signed(SIGNED, said)
                who = customers[int(number)]
                at = _time(times[-1])
                yield Gift(CANCELLED, reference, *signed, int(number), who, Decimal(0), at)


def _codes(
    books: Mapping[str, Any],
    customers: Mapping[int, frozenset[str]],
    asked_on: Mapping[int, int | None],
) -> Iterator[Gift]:
    for promotion in books["promotions"]:
        for code in promotion["codes"]:
            by, job = _signed(SIGNED_CODE, code["code"])
            if job is None:
                continue  # the shop's own
            order_id = asked_on.get(job)
            yield Gift(
                CODE,
                _first(NAME, promotion["name"]),
                by,
                job,
                order_id,
                customers.get(order_id or 0, frozenset()),
                worth(promotion, code),
                _time(code["created"]),
            )


def worth(promotion: Mapping[str, Any], code: Mapping[str, Any]) -> Decimal | None:
    """Return what a code can take away in all, None when nothing bounds it."""
    bounds = [int(each) for each in (promotion["max_uses"], code["max_uses"]) if each]
    parts = [_off_one_order(rule["action"]) for rule in promotion["rules"]]
    if not bounds or None in parts:
        return None
    return min(bounds) * sum((part for part in parts if part is not None), Decimal(0))


def _off_one_order(action: Mapping[str, Any]) -> Decimal | None:
    for kind in ("cart_value", "cart_items"):
        if kind not in action:
            continue
        discount = action[kind]["discount"]
        ceiling = action[kind].get("maximum_allowed_discount_amount")
        if kind == "cart_value" and "fixed_amount" in discount:
            return Decimal(discount["fixed_amount"])
        return None if ceiling is None else Decimal(ceiling)
    return None


def _keys(order: Mapping[str, Any]) -> frozenset[str]:
    """Return what the customer is known by: the number, and the mailbox however it is spelled."""
    name, _, domain = str(order["email"]).strip().lower().rpartition("@")
    mail = {f"{name.split('+')[0]}@{domain}"} if name else set()
    return frozenset(mail | ({str(order["customer_id"])} if order["customer_id"] else set()))


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""


def _signed(pattern: re.Pattern[str], text: str) -> tuple[str, int | None]:
    found = pattern.search(text)
    return (found[1].capitalize(), int(found[2])) if found else ("", None)


def _time(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
