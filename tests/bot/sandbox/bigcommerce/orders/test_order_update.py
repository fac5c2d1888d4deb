"""The partial update of an order: all fields or none, each by its rule."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.bigcommerce.answers import StoreError
from bot.sandbox.bigcommerce.faults import Faults
from bot.sandbox.bigcommerce.orders.order_json import order_json
from bot.sandbox.bigcommerce.orders.order_update import NOT_CARRIED_OUT, update
from bot.sandbox.bigcommerce.seed.shop import plant
from bot.sandbox.bigcommerce.shop import Shop


class Changed:
    """One shop, and how often its books were to be kept."""

    def __init__(self) -> None:
        self.asked = 0
        self.told: list[str] = []
        self.shop = Shop(plant(1), Faults(), "fern", self._changed)
        self.shop.listeners.append(lambda scope, data: self.told.append(scope))
        self.order = self.shop.books.orders[1042]

    def _changed(self) -> None:
        self.asked += 1

    def put(self, body: dict[str, Any]) -> None:
        update(self.shop, self.order, body, known=frozenset(order_json(self.order, "")))

    def refused(self, body: dict[str, Any]) -> str:
        with pytest.raises(StoreError) as caught:
            self.put(body)
        assert caught.value.status == 400
        return caught.value.title


def test_each_field_is_written_noted_and_told() -> None:
    store = Changed()

    store.put({"status_id": 5, "staff_notes": "Asked for it", "is_deleted": True})

    assert (store.order.status_id, store.order.staff_notes) == (5, "Asked for it")
    assert [(c.by, c.field, c.before, c.after) for c in store.order.history] == [
        ("api", "status_id", "11", "5"),
        ("api", "staff_notes", "None", "Asked for it"),
        ("api", "is_deleted", "False", "True"),
    ]
    assert store.told == [
        "store/order/statusUpdated",
        "store/order/updated",
        "store/order/updated",
        "store/order/archived",
    ]
    assert [mail.status_id for mail in store.shop.books.mails] == [5]


def test_what_is_already_so_changes_nothing() -> None:
    store = Changed()

    store.put({"status_id": 11})

    assert (store.order.history, store.told, store.asked) == ([], [], 0)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[("status_id", value) for value in (-1, 15, "5", True, None, 5.0)],
        *[("staff_notes", value) for value in (5, "x" * 65_536)],
        *[("is_deleted", value) for value in (1, "true", None)],
    ],
)
def test_one_wrong_field_leaves_all_as_they_were(field: str, value: Any) -> None:
    store = Changed()

    title = store.refused({"customer_message": "written first", field: value})

    assert title == f"The field '{field}' is invalid."
    assert (store.order.customer_message, store.order.history) == (None, [])


def test_what_an_order_shows_alone_cannot_be_written() -> None:
    assert (
        Changed()
        .refused({"payment_status": "captured"})
        .startswith("The field 'payment_status' cannot be written to.")
    )


@pytest.mark.parametrize("field", sorted(NOT_CARRIED_OUT))
def test_what_is_not_carried_out_is_refused_and_not_ignored(field: str) -> None:
    expected = f"The field '{field}' is not supported by this resource."
    assert Changed().refused({field: None}) == expected


@pytest.mark.parametrize(
    ("settings", "statuses", "given_back"),
    [
        ({}, [5], False),
        ({"refund_order_stock_adjustment": True}, [5], True),
        ({"refund_order_stock_adjustment": True}, [14], False),
        ({"refund_order_stock_adjustment": True, "channel_stock_adjustment": False}, [4], False),
        ({"channel_stock_adjustment": True}, [4, 5], True),
    ],
)
def test_stock_comes_back_once_where_the_store_is_set_to(
    settings: dict[str, Any], statuses: list[int], given_back: bool
) -> None:
    store = Changed()
    for name, value in settings.items():
        setattr(store.shop.books.settings, name, value)

    for status_id in statuses:
        store.put({"status_id": status_id})

    assert len(store.shop.books.stock.changes) == int(given_back)
