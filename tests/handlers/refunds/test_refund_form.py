"""The partial refund's form: what its labels say, and what stands on which page."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.bigcommerce.refunds import ItemType
from handlers.flow.form import FormState
from handlers.orders.refunded_rows import refunded_rows
from handlers.refunds.form_context import ItemsContext, OrderMoney, ShownCost, ShownLine
from handlers.refunds.form_costs import parse_costs
from handlers.refunds.form_lines import line_size, load_lines
from handlers.refunds.form_pages import ROOM, pages_of
from handlers.refunds.outcome_lines import refund_lines
from tests.bot.actions.builders import given as gave
from tests.bot.actions.builders import line, refund, snapshot, tender


@given(st.lists(st.sampled_from(["Fern", "F" * 255, "Fern (line 1)", "", "صنوبر"]), min_size=2))
def test_every_line_has_a_label_of_its_own(names: list[str]) -> None:
    lines = load_lines(snapshot(*(line(n, name=name) for n, name in enumerate(names, 1))))

    labels = [each.label for each in lines]
    assert len(set(labels)) == len(names)
    assert max(map(len, labels)) < 100


lines_shown = st.lists(
    st.builds(
        ShownLine,
        id=st.just(1),
        name=st.just("Fern"),
        plain_name=st.just("Fern"),
        label=st.just("Fern"),
        quantity=st.just(3),
        left=st.integers(0, 3),
        wrapping=st.integers(0, 3),
        paid=st.just("5.00 USD"),
    ),
    max_size=90,
)
COST = ShownCost(field="shipping_1", type="SHIPPING", id=1, name="shipping", left=Decimal(800))
YEN = OrderMoney(currency="JPY", left=Decimal(800), tax="before tax")


@given(lines_shown, st.integers(0, 60))
def test_the_pages_hold_everything_once_and_in_order(lines: list[ShownLine], costs: int) -> None:
    pages = pages_of(ItemsContext(lines=tuple(lines), parts=(COST,) * costs, money=YEN))

    assert [n for page in pages for n in page.lines] == list(range(len(lines)))
    assert [n for page in pages for n in page.parts] == list(range(costs))
    assert [page.extra for page in pages] == [False] * (len(pages) - 1) + [True]
    for page in pages:
        assert sum(line_size(lines[n]) for n in page.lines) + 2 * len(page.parts) <= ROOM


def test_an_amount_in_a_currency_without_decimals_is_whole() -> None:
    known = ItemsContext(lines=(), parts=(COST,), money=YEN)
    context = {**known.saved(), "reasons": ["Damaged"]}

    def errors(typed: str) -> dict[str, str]:
        found: dict[str, str] = {}
        values = {"shipping_1": typed, "reason_all": "Damaged"}
        parse_costs(FormState(1042, context, values), found)
        return found

    assert errors("500") == errors("0") == errors("0,00") == errors("500.00") == {}
    assert errors("500.50") == {"shipping_1": "JPY has no decimals. Type a whole number."}
    assert errors("801") == {"shipping_1": "At most 800 JPY is left."}


def test_an_entry_of_an_older_release_is_still_told() -> None:
    old = {"lines": [{"quantity": 2, "reason": "Damaged", "name": "Fern", "order_product_id": 1}]}

    assert refund_lines(old) == ["• 2 × Fern · Damaged"]
    assert refund_lines({"reason": "Damaged"}) == []


def test_the_cover_tells_what_was_given_besides_the_lines() -> None:
    def one(item_type: ItemType, amount: str | None = None, **fields: Any) -> Any:
        item = gave(item_type, 30, requested_amount=amount)
        return refund(tender("1", **fields), items=(item,))

    shown = snapshot(
        line(1),
        refunds=(
            one(ItemType.SHIPPING, "5"),
            one(ItemType.SHIPPING, "2.5"),
            one(ItemType.ORDER, "3"),
            one(ItemType.GIFT_WRAPPING),
            one(ItemType.FEE, "9", is_declined=True),
        ),
    )

    assert refunded_rows(shown) == [
        "Refunds besides the lines: gift wrapping, 7.50 USD of shipping before tax, "
        "3.00 USD on the order as a whole"
    ]
    assert refunded_rows(snapshot(line(1))) == []
