"""The actions of a campaign: on which order, with which words, and what is configured for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

REASON = {"reason": "Customer request"}
CANCEL, CANCEL_AND_REFUND = "cancel_order", "cancel_and_refund"
REFUND, ITEMS = "refund_order", "refund_items"
CODE, OFF, RESTOCK = "create_discount_code", "switch_off_code", "restock_items"


@dataclass(frozen=True, slots=True)
class Scenario:
    """An action to be done on a copy of an order: what is typed, pressed and filled in.

    `status_id` is the copy's, where it is not its template's. `settings` are configured meanwhile,
    by their sections. `logged` is the action whose answers are changed, by its name in the log;
    `only` the part of a call's name that tells this scenario's own calls, where others have the
    rest.
    """

    name: str
    template: int
    logged: str
    command: str
    button: str = ""
    values: Mapping[str, str] = field(default_factory=lambda: REASON)
    status_id: int | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    needs_approval: bool = False
    is_switched_off: bool = False
    only: str = ""


FIXED = REASON | {"type": "fixed", "value": "10"}
PERCENTAGE = REASON | {"type": "percentage", "value": "15"}
LINE = {"line": "1"}
AS_COUPONS = {"discount": {"as_coupons": True}}
# What is configured unless a scenario says otherwise.
USUAL: Mapping[str, Any] = {
    "discount": {},
    "refund_before_cancel": False,
    f"rules.{REFUND}": {},
}
ALWAYS_APPROVED = {f"rules.{REFUND}": {"always_approve": True}}
PENDING, FULFILLMENT = 1, 11
SCENARIOS = {
    each.name: each
    for each in (
        Scenario("cancel", 1023, CANCEL, "/cancel-order"),
        Scenario("cancel_void", 1026, CANCEL, "/cancel-order"),
        Scenario(
            "cancel_paid",
            1042,
            CANCEL_AND_REFUND,
            "/cancel-order",
            status_id=PENDING,
            settings={"refund_before_cancel": True},
        ),
        Scenario("cancel_free", 1051, CANCEL_AND_REFUND, "/cancel-order"),
        Scenario("cancel_hold", 1026, CANCEL_AND_REFUND, "/cancel-order", status_id=FULFILLMENT),
        Scenario("cancel_and_refund", 1042, CANCEL_AND_REFUND, "/cancel-order"),
        Scenario("cancel_and_refund_parts", 1050, CANCEL_AND_REFUND, "/cancel-order"),
        Scenario("cancel_and_refund_split", 1020, CANCEL_AND_REFUND, "/cancel-order"),
        Scenario("cancel_and_refund_offline", 1024, CANCEL_AND_REFUND, "/cancel-order"),
        Scenario("refund", 1010, REFUND, "/refund-order", "Full refund"),
        Scenario(
            "refund_approved",
            1056,
            REFUND,
            "/refund-order",
            "Full refund",
            settings=ALWAYS_APPROVED,
            needs_approval=True,
        ),
        Scenario("refund_items", 1042, ITEMS, "/refund-order", "Partial refund", LINE),
        Scenario(
            "restock",
            1042,
            RESTOCK,
            "/refund-order",
            "Partial refund",
            LINE | {"stock": "back_1"},
            only="inventory",
        ),
        Scenario("code_fixed", 1055, CODE, "/discount-code", values=FIXED),
        Scenario("code_percentage", 1055, CODE, "/discount-code", values=PERCENTAGE),
        Scenario("code_coupon", 1055, CODE, "/discount-code", values=FIXED, settings=AS_COUPONS),
        Scenario("off", 1055, OFF, "/discount-code", values=FIXED, is_switched_off=True),
        Scenario(
            "off_coupon",
            1055,
            OFF,
            "/discount-code",
            values=PERCENTAGE,
            settings=AS_COUPONS,
            is_switched_off=True,
        ),
    )
}
