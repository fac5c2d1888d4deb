"""What the costs besides the lines are called."""

from __future__ import annotations

from bot.actions.orders.cost_names import cost_name, cost_place, tax_words
from bot.bigcommerce.models import Fee, ShippingAddress
from bot.bigcommerce.refunds import ItemType
from tests.bot.actions.builders import line, snapshot

HOME = ShippingAddress(
    id=30, first_name="Maya", last_name="Lind", street_1="1 Oak Street", city="Austin"
)
WORK = ShippingAddress(id=31)
GIFT = Fee.model_validate({"id": 5, "display_name": "Gift card"})


def test_one_address_needs_no_number() -> None:
    shown = snapshot(line(), addresses=(HOME,))

    assert cost_name(shown, ItemType.SHIPPING, 30) == "shipping"
    assert cost_name(shown, ItemType.HANDLING, 99) == "handling"


def test_of_several_addresses_the_number_and_the_town_are_told() -> None:
    shown = snapshot(line(), addresses=(HOME, WORK))

    assert cost_name(shown, ItemType.SHIPPING, 30) == "shipping, address 1 of 2 (Austin)"
    assert cost_name(shown, ItemType.HANDLING, 31) == "handling, address 2 of 2"
    assert cost_name(shown, ItemType.SHIPPING, 99) == "shipping"


def test_a_fee_has_its_own_name() -> None:
    shown = snapshot(line(), fees=(GIFT,))

    assert cost_name(shown, ItemType.FEE, 5) == "Gift card"
    assert cost_name(shown, ItemType.FEE, 6) == "fee"


def test_only_the_form_tells_where_a_parcel_went() -> None:
    shown = snapshot(line(), addresses=(HOME, WORK), fees=(GIFT,))

    assert cost_place(shown, ItemType.SHIPPING, 30) == "Maya Lind, 1 Oak Street, Austin"
    assert cost_place(shown, ItemType.SHIPPING, 31) == ""
    assert cost_place(shown, ItemType.FEE, 5) == cost_place(shown, ItemType.SHIPPING, 99) == ""


def test_amounts_are_meant_as_the_order_was_priced() -> None:
    assert tax_words(snapshot(is_tax_inclusive_pricing=True)) == "with tax"
    assert tax_words(snapshot(is_tax_inclusive_pricing=False)) == "before tax"
