"""The fields of a discount code's form, as the store and the shop's rules allow them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.configuration import PRESETS
from bot.sandbox.slack.blocks.checks import check_view
from handlers.block_kit.builders import Block, modal
from handlers.discounts import form_fields as fields
from handlers.flow.form import FormState
from tests.handlers.discounts.forms import DOLLAR, EURO, code_form
from tests.support.agent import words

ALL: tuple[Callable[[FormState], list[Block]], ...] = (
    fields.head_fields,
    fields.code_field,
    fields.value_fields,
    fields.item_fields,
    fields.expiry_fields,
    fields.use_fields,
    fields.channel_field,
)


def chosen(block: Block) -> str:
    return str(block["element"]["initial_option"]["value"])


def offered(block: Block) -> list[str]:
    return [entry["text"]["text"] for entry in block["element"]["options"]]


def test_the_caps_and_the_presets_stand_above_all_that_they_fill() -> None:
    form = code_form(caps="At most 20% or 50.00 USD.", presets=PRESETS)

    caps, row = fields.head_fields(form)

    assert words([caps]) == "At most 20% or 50.00 USD."
    preset, another = row["elements"]
    assert [entry["text"]["text"] for entry in preset["options"]] == [
        "10% for 7 days, single use",
        "15% for 30 days, single use",
    ]
    assert another["text"]["text"] == "Another code"


def test_without_presets_there_is_only_the_button() -> None:
    (row,) = fields.head_fields(code_form())

    assert [each["type"] for each in row["elements"]] == ["button"]


@pytest.mark.parametrize(
    ("typed", "code"), [({}, "SORRY-7F3K2Q"), ({"code": "MINE"}, "MINE"), ({"code": ""}, None)]
)
def test_the_made_up_code_gives_way_to_what_was_typed(
    typed: dict[str, str], code: str | None
) -> None:
    (field,) = fields.code_field(code_form(typed))

    assert field["element"].get("initial_value") == code


def test_a_store_with_one_currency_asks_for_none() -> None:
    kind, value, ceiling = fields.value_fields(code_form(currencies=(DOLLAR,)))

    assert offered(kind) == ["Fixed amount in USD", "Percentage", "Free shipping"]
    assert chosen(kind) == "percentage"
    assert "for an amount one such as 7.50, in USD." in value["hint"]["text"]
    assert ceiling["hint"]["text"] == (
        "The most that a percentage takes off one order. Empty for no limit."
    )


def test_a_store_with_several_asks_which() -> None:
    form = code_form(currencies=(DOLLAR, EURO), order_currency="EUR")

    kind, value, _, currency = fields.value_fields(form)

    assert offered(kind)[0] == "Fixed amount"
    assert "in the currency below" in value["hint"]["text"]
    assert (offered(currency), chosen(currency)) == (["US dollar", "Euro"], "EUR")


def test_coupons_are_for_the_stores_own_currency() -> None:
    form = code_form(currencies=(DOLLAR, EURO), as_coupons=True)

    assert fields.value_fields(form)[-1]["hint"]["text"] == "Codes work for orders in USD only."


@pytest.mark.parametrize(
    ("unbounded", "hint"),
    [
        ("", "Empty for no limit."),
        ("approval", "Empty for no limit: then it needs approval."),
        ("refused", "Needed: there are limits on what may be given away."),
    ],
)
def test_it_is_said_what_becomes_of_a_code_without_a_bound(unbounded: str, hint: str) -> None:
    form = code_form(unbounded=unbounded, ceilings={"USD": "50.00"})

    uses, each = fields.use_fields(form)
    ceiling = fields.value_fields(form)[2]

    assert (uses["hint"]["text"], uses["element"]["initial_value"]) == (hint, "1")
    assert each["hint"]["text"] == "Empty for no limit."
    assert ceiling["hint"]["text"].endswith(f"one order. {hint}")
    assert ceiling["element"]["initial_value"] == "50.00"


def test_only_ends_within_the_cap_are_offered() -> None:
    within, _ = fields.expiry_fields(code_form(most_days=14, expires="14"))
    free, _ = fields.expiry_fields(code_form())

    assert offered(within) == ["7 days", "14 days", "On a date …"]
    assert chosen(within) == "14"
    assert offered(free) == [
        "7 days", "14 days", "30 days", "90 days", "One year", "Never expires", "On a date …",
    ]  # fmt: skip


def test_an_end_that_is_not_in_the_list_is_a_date() -> None:
    way, day = fields.expiry_fields(code_form(expires="5", expires_at="2026-12-01"))

    assert chosen(way) == "date"
    assert day["element"]["initial_date"] == "2026-12-01"
    assert "until the end of that day in America/Chicago" in day["hint"]["text"]


def test_what_was_chosen_among_products_and_categories_stays() -> None:
    typed = {"category_ids": [["7", "Garden › Pots"]], "product_ids": [["9", "Fern (F-1)"]]}

    categories, products, _ = fields.item_fields(code_form(typed))

    assert categories["element"]["initial_options"][0]["text"]["text"] == "Garden › Pots"
    assert products["element"]["initial_options"][0]["value"] == "9"


def test_categories_that_cannot_be_read_are_not_asked_for() -> None:
    first, *_ = fields.item_fields(code_form(categories=False))

    assert words([first]) == (
        "The categories cannot be read just now; the code applies to all of them."
    )


def test_only_a_store_with_several_storefronts_asks_where_it_works() -> None:
    (field,) = fields.channel_field(code_form(channels=((1, "Main"), (2, "Outlet"))))

    assert offered(field) == ["Every storefront", "Main", "Outlet"]
    assert chosen(field) == "0"
    assert fields.channel_field(code_form(channels=((1, "Main"),))) == []


@given(
    st.dictionaries(
        st.sampled_from(
            ["code", "type", "value", "ceiling", "minimum_spend", "expires", "channel_id"]
        ),
        st.text(max_size=120),
    ),
    st.text(min_size=1, max_size=120),
)
def test_whatever_was_typed_slack_takes_the_form(typed: dict[str, Any], name: str) -> None:
    form = code_form(
        typed,
        currencies=(DOLLAR, EURO.model_copy(update={"label": name})),
        channels=((1, name), (2, name)),
        caps=name,
        zone=name,
    )
    form.errors = dict.fromkeys(typed, name)

    blocks = [block for draw in ALL for block in draw(form)]

    view = modal(callback_id="x", title="Discount code", submit="Review", blocks=blocks)
    assert check_view(view, "modal") == []
