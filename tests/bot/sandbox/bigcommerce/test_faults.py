"""Which calls a fault is about, how often, and what it puts into an answer."""

from __future__ import annotations

import pytest

from bot.sandbox.bigcommerce.faults import Fault, Faults

REFUNDS = "orders/1042/payment_actions/refunds"


@pytest.mark.parametrize(
    ("match", "method", "path", "fits"),
    [
        ("", "GET", "orders", True),
        ("POST refunds", "POST", REFUNDS, True),
        ("POST refunds", "GET", REFUNDS, False),
        ("POST refunds", "POST", "orders/1042/payment_actions/refund_quotes", False),
        ("* refunds", "GET", REFUNDS, True),
        ("GET orders/1042", "GET", "orders/1042", True),
        ("GET orders/1042", "GET", "orders/11042", False),
        ("GET 1042", "GET", "orders/11042", False),
        ("GET orders/*", "GET", "orders/1042/products", True),
        ("GET /orders/1042/", "GET", "orders/1042", True),
        ("GET", "GET", "store", True),
        ("GET", "PUT", "orders/1042", False),
    ],
)
def test_a_match_is_a_method_and_the_end_of_a_path_or_a_pattern(
    match: str, method: str, path: str, fits: bool
) -> None:
    assert Fault(kind="status", match=match).fits(method, path) is fits


def test_a_fault_is_used_up_and_the_first_that_fits_is_taken() -> None:
    faults = Faults()
    faults.switched_on = [
        Fault(kind="decline", match="POST refunds"),
        Fault(kind="status", match="POST refunds", times=2, status=500),
        Fault(kind="status", status=503),
    ]

    taken = [faults.take("POST", REFUNDS, "status", "html") for _ in range(4)]

    assert [fault and fault.status for fault in taken] == [500, 500, 503, None]
    assert [fault.kind for fault in faults.switched_on] == ["decline"]


def test_what_is_set_goes_in_and_what_is_removed_goes_out() -> None:
    fault = Fault(kind="change", set={"id": 1043, "lines.*.name": ""}, remove=["lines.0.sku"])

    changed = fault.applied({"id": 1042, "lines": [{"name": "Fern", "sku": "F"}, {"sku": "P"}]})

    assert changed == {"id": 1043, "lines": [{"name": ""}, {"sku": "P", "name": ""}]}
