"""Orders with everything that a customer or a merchant can type: always within Slack's limits."""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.actions.action import MethodChoice, Review
from bot.actions.orders.snapshot import OrderSnapshot
from bot.bigcommerce.models import Order, OrderLine, Store
from bot.bigcommerce.refunds import RefundPayment
from bot.sandbox.slack.blocks.checks import check_message, check_view
from bot.values.money import Money
from bot.values.outcome import Outcome, Status
from handlers.block_kit.builders import Block, alert
from handlers.flow.form import FormState
from handlers.orders.order_card import card_text, order_card, summary
from handlers.orders.order_card_rows import line_name
from handlers.refunds import refund_items
from handlers.refunds.form_context import ItemsContext
from handlers.refunds.form_extra import EXTRA_FIELDS
from handlers.refunds.form_lines import line_fields
from handlers.refunds.form_pages import pages_of
from handlers.refunds.outcome_lines import items_details
from handlers.timeline.outcomes.outcome_message import render_outcome
from handlers.windows.views import choice_view, form_view, review_view
from storage.log.entries import Entry
from tests.support.agent import words

ODD = {
    "empty": "",
    "spaces": " \t\n ",
    "directions": "\u202e\u2066\u200b" * 85,
    "ampersands": "&" * 255,
    "mentions": "<!channel> <@U0BEN> <#C1|x> " * 9,
    "markup": "*_~`" * 63,
    "emoji": "👩‍👩‍👧‍👦" * 36,
    "arabic": "مرحبا " * 42,
    "link": "<https://evil.example|Refund 5.00 USD> https://evil.example",
}
FORBIDDEN = re.compile(r"<(?!!date\^|@UANNA>)[!@#a-z]")


def order(text: str, total: str = "10") -> Order:
    return Order(
        id=1042,
        customer_id=1,
        status_id=2,
        status=text,
        custom_status=text,
        date_created=datetime(2026, 11, 1, tzinfo=UTC),
        payment_status=text,
        payment_method=text,
        currency="EUR",
        total_inc_tax=Decimal(total),
        billing_address={"first_name": text, "last_name": text, "email": text},
    )


def line(number: int, text: str) -> OrderLine:
    options: Any = [{"display_name": text, "display_value": text}] * 5
    return OrderLine(id=number, name=text, quantity=3, product_options=options)


def snapshot(text: str, lines: int = 60, total: str = "10") -> OrderSnapshot:
    return OrderSnapshot(
        order=order(text, total), lines=tuple(line(number, text) for number in range(1, lines + 1))
    )


def mrkdwn(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [str(node["text"])] if node.get("type") == "mrkdwn" else []
        return own + [text for value in node.values() for text in mrkdwn(value)]
    return [text for entry in node for text in mrkdwn(entry)] if isinstance(node, list) else []


def assert_harmless(node: Any) -> None:
    for text in mrkdwn(node):
        assert not FORBIDDEN.search(text), text


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize("lines", [0, 1, 60])
def test_a_card_is_within_the_limits_and_harmless(text: str, lines: int) -> None:
    order_now = snapshot(text, lines)
    store = Store(id="x", name=text, default_currency="EUR", control_panel_base_url="https://x.y")

    blocks = order_card(order_now, store, open_requests=["Under way"] * 9)

    assert check_message(blocks) == []
    assert_harmless(blocks)
    assert not FORBIDDEN.search(card_text(order_now))


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize("total", ["0", "99999999999999.99"])
def test_a_choice_is_within_the_limits_and_harmless(text: str, total: str) -> None:
    button: Block = {
        "type": "button",
        "action_id": "x",
        "text": {"type": "plain_text", "text": "x"},
    }

    view = choice_view("Order 2147483647", summary(snapshot(text, 1, total)), [("What", button)])

    assert check_view(view, "modal") == []
    assert_harmless(view)


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize("wrong", [False, True])
def test_each_page_of_a_long_form_is_within_the_limits(text: str, wrong: bool) -> None:
    rows: list[dict[str, Any]] = [
        {
            "id": n,
            "name": line_name(line(n, text)),
            "plain_name": text,
            "label": text[:60],
            "quantity": 9,
            "left": 0 if n % 7 == 6 else 9 - n % 3,
            "wrapping": n % 4,
            "paid": "1",
        }
        for n in range(60)
    ]
    costs = [
        {
            "field": f"shipping_{n}",
            "type": "SHIPPING",
            "id": n,
            "name": text,
            "place": text,
            "left": "99999999.99",
        }
        for n in range(60)
    ]
    places = [[place, f"{text or 'x'} {place}", 7] for place in range(1, 91)]
    stocked = [{"id": n, "name": text, "left": 9, "places": places} for n in range(60)]
    context = {
        "lines": rows,
        "parts": costs,
        "money": {"currency": "USD", "left": "99999999.99", "tax": "before tax"},
        "extra": ["goodwill", "deduction"],
        "mail": {"store": text, "to": "a***@mail.example"},
        "page": 0,
        "reasons": ["Damaged" * 10] * 1,
        "facts": [],
        "stock": {"why_not": "", "left_alone": 0, "lines": stocked},
    }
    known = ItemsContext.of(context)
    pages = pages_of(known)
    for page in range(len(pages)):
        later = pages[page:] if wrong else []
        names = [name for each in later for n in each.lines for name in line_fields(known.lines[n])]
        names += [str(costs[n]["field"]) for each in later for n in each.parts]
        names += [*EXTRA_FIELDS, "reason_text", "reason_all", ""] if wrong else []
        errors = {name: f"{name}: {text or 'x'} is wrong" for name in names}
        state = FormState(1042, {**context, "page": page}, {"quantity_0": "99"}, errors)
        blocks = refund_items.build(state)
        above = [alert("Ben opened it, too."), *state.other_errors()]

        view = form_view("Partial refund", "draft", [*above, *blocks])

        assert len([*above, *blocks]) <= 100
        assert check_view(view, "modal") == []
        assert_harmless(view)
        assert "Details" in words(view)


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize("methods", [0, 1, 2, 12])
def test_a_review_is_within_the_limits_and_harmless(text: str, methods: int) -> None:
    payment = RefundPayment(provider_id="x", amount=Decimal(5), offline=False)
    money = Money(amount=Decimal("99999999999999.99"), currency="EUR")
    choices = tuple(
        MethodChoice(
            key=f"{number}{text}"[:150],
            label=text * 3,
            description=text * 12,
            payments=(payment,),
            amount=money,
            moves_money=number % 2 == 0,
        )
        for number in range(methods)
    )
    review = Review(
        facts=tuple((f"Fact {number}", text * 9) for number in range(12)),
        notices=(text, text * 20, "x"),
        warnings=(text * 20, "x"),
        methods=choices,
        confirm_label="Cancel order 2147483647",
    )

    view = review_view("Refund", "draft mark", review, choices[0] if choices else None)

    assert check_view(view, "modal") == []
    assert_harmless(view)


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize("status", Status)
def test_an_outcome_can_always_be_posted(text: str, status: Status) -> None:
    lines = [{"quantity": 1, "reason": text * 2, "name": text, "order_product_id": 1}] * 60
    asked: Any = {field.name: None for field in dataclasses.fields(Entry)}
    asked |= {
        "reference": "MG-7F3K-2Q9D",
        "action": "refund_items",
        "order_id": 1042,
        "actor_id": "UANNA",
        "request": {"reason": (text * 500)[:500], "lines": lines},
        "asked_at": datetime(2026, 11, 23, tzinfo=UTC),
        "round": 1,
        "finished_round": 1,
    }
    outcome = Outcome(status=status, message=text * 20, next_step=text * 20)

    message = render_outcome(Entry(**asked), outcome, items_details)

    assert check_message(message.blocks) == []
    assert_harmless(message.blocks)
    assert "MG-7F3K-2Q9D" in message.text
    assert len(message.text) < 40_000
