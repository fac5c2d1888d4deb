"""The box that sets an order back to its place in the queue after a partial refund."""

from __future__ import annotations

from typing import Any

import pytest

from bot.actions.refunds.chosen_items import SET_BACK
from bot.sandbox.slack.blocks.checks import check_view
from handlers.block_kit.builders import modal
from handlers.flow.form import FormState
from handlers.refunds.status_box import load_set_back, parse_set_back, set_back_fields
from tests.bot.actions.builders import line, snapshot
from tests.support.agent import words


def form(status_id: int, status: str, typed: Any = None) -> FormState:
    shown = load_set_back(snapshot(line(), status_id=status_id, status=status))
    return FormState(1042, shown, {} if typed is None else {SET_BACK: typed})


def test_an_order_to_be_shipped_may_be_set_back() -> None:
    (box,) = set_back_fields(form(11, "Awaiting Fulfillment"))

    assert "Set it back to Awaiting Fulfillment afterwards" in words([box])
    assert "initial_options" not in box["element"]
    assert check_view(modal(callback_id="x", title="t", submit="Go", blocks=[box]), "modal") == []


@pytest.mark.parametrize(
    ("typed", "status_id"),
    [([["yes", "Set it back"]], 9), ([], None), (None, None), ([["no", ""]], None)],
)
def test_only_a_ticked_box_sets_it_back(typed: Any, status_id: int | None) -> None:
    state = form(9, "Awaiting Shipment", typed)

    assert parse_set_back(state) == status_id
    (box,) = set_back_fields(state)
    assert bool(box["element"].get("initial_options")) == (status_id is not None)


def test_an_order_that_has_shipped_has_no_such_box() -> None:
    shipped = form(2, "Shipped", [["yes", ""]])

    assert (set_back_fields(shipped), parse_set_back(shipped)) == ([], None)
