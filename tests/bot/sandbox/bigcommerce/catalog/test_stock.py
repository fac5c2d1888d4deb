"""Levels: the opening one with every change after it, seen a little later than made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.sandbox.bigcommerce.catalog.stock import (
    DEFAULT_LOCATION,
    WAREHOUSE,
    Stock,
    StockChange,
    StockItem,
    StockMove,
    moves_back,
)

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
FERN = StockItem(
    product_id=1, variant_id=501, sku="FERN", levels={DEFAULT_LOCATION: 4, WAREHOUSE: None}
)


def stock(*quantities: int) -> Stock:
    changes = [
        StockChange(
            transaction_id=str(index),
            by="api",
            at=AT,
            shown_at=AT + timedelta(seconds=index),
            moves=[StockMove(sku="FERN", location_id=DEFAULT_LOCATION, quantity=quantity)],
        )
        for index, quantity in enumerate(quantities, 1)
    ]
    return Stock(items={"FERN": FERN}, changes=changes)


def test_a_level_is_the_opening_one_with_all_changes() -> None:
    assert stock(2, -1).level(FERN, DEFAULT_LOCATION) == 5


def test_a_change_shows_from_its_time_on() -> None:
    shown = [stock(2, -1).level(FERN, DEFAULT_LOCATION, AT + timedelta(seconds=s)) for s in (0, 1)]

    assert shown == [4, 6]


def test_a_level_that_was_never_set_stays_so() -> None:
    assert stock(2).level(FERN, WAREHOUSE) is None


def test_an_item_is_found_by_either_of_its_names() -> None:
    found = [stock().find(sku="FERN"), stock().find(product_id=1), stock().find(variant_id=501)]

    assert found == [FERN] * 3
    assert stock().find(sku="POT") is None
    assert stock().find(product_id=2) is None


def test_pieces_go_back_where_they_are_tracked() -> None:
    moves = moves_back(stock(), [("FERN", 2), ("POT", 1)])

    assert [(move.sku, move.location_id, move.quantity) for move in moves] == [
        ("FERN", DEFAULT_LOCATION, 2)
    ]
