"""What the thread says about a change that was made outside the bot."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bigcommerce.models import Transaction
from bot.bigcommerce.refunds import Refund
from bot.sandbox.slack.blocks.checks import check_message
from handlers.timeline.external_changes.own_changes import ShownInStore
from handlers.timeline.external_changes.words import (
    describe_external_change,
    is_news,
    needs_looking,
    outside_message,
)
from storage.webhooks.external_changes import OutsideEvent
from tests.bot.actions import builders
from tests.handlers.entries import AT, NOON


def event(kind: str, **detail: Any) -> OutsideEvent:
    return OutsideEvent(
        id=1,
        key="k",
        order_id=1042,
        kind=kind,
        detail=detail,
        happened_at=NOON,
        received_at=NOON,
        verdict=None,
        reference=None,
        said=None,
        tries=0,
        next_try_at=None,
    )


def shown(*refunds: Refund, **changes: Any) -> ShownInStore:
    return ShownInStore(**{"order": builders.order(), "refunds": refunds, **changes})


def refund(*payments: Any, reason: str = "") -> Refund:
    return builders.refund(*payments, reason=reason)


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        (
            {"before": 11, "after": 5},
            "Order 1042 went from Awaiting Fulfillment to Cancelled.",
        ),
        (
            {"before": 11, "after": 77},
            "Order 1042 went from Awaiting Fulfillment to a status that Makegood does not know "
            "(77).",
        ),
    ],
)
def test_a_status_is_told_by_its_name(detail: dict[str, int], said: str) -> None:
    assert describe_external_change(event("status", **detail), shown()) == said


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (refund(), "A refund of 54.10 USD was made for order 1042."),
        (
            refund(reason="Came late"),
            "A refund of 54.10 USD was made for order 1042. Reason: “Came late”.",
        ),
        (
            refund(builders.tender(is_declined=True)),
            "A refund of 54.10 USD for order 1042 was tried, and declined.",
        ),
        (
            refund(builders.tender(offline=True)),
            "A refund of 54.10 USD was recorded for order 1042; BigCommerce sends no money for it.",
        ),
        (
            refund(builders.tender("50"), builders.tender("4.10", "custom", offline=True)),
            "A refund of 54.10 USD was recorded for order 1042; BigCommerce sends no money for "
            "4.10 USD of it.",
        ),
    ],
)
def test_a_refund_says_whether_money_moves(made: Refund, said: str) -> None:
    assert describe_external_change(event("refund", refund_id=5), shown(made)) == said


def test_a_refund_that_cannot_be_seen_warns_before_the_next_one() -> None:
    look = "Look at the order before you refund anything."
    told = event("refund", refund_id=6)

    assert describe_external_change(told, shown(refund())) == (
        f"Order 1042: BigCommerce reports refund 6, and lists none. {look}"
    )
    assert describe_external_change(told, ShownInStore(is_read=False)) == (
        f"A refund was made for order 1042; its amount could not be read. {look}"
    )


@pytest.mark.parametrize(
    ("tender", "said"),
    [
        (
            "54.10",
            "A refund of 54.10 USD for order 1042 was declined: that money did not come back.",
        ),
        (
            "4.10",
            "4.10 USD of the refund of 54.10 USD for order 1042 was declined: that money did not "
            "come back.",
        ),
    ],
)
def test_a_declined_step_says_which_money_did_not_come_back(tender: str, said: str) -> None:
    step = builders.transaction(tender, 900, gateway_transaction_id="gw")
    declined = builders.tender(tender, is_declined=True, transaction_id="900")
    rest = () if tender == "54.10" else (builders.tender("50.00"),)
    store = shown(refund(declined, *rest), transactions=[step])

    assert describe_external_change(event("transaction", id="gw"), store) == said


def test_a_step_of_no_refund_names_its_kind_and_what_to_do() -> None:
    rows: list[Transaction] = []

    said = describe_external_change(
        event("transaction", id="gw", type="capture", status="declined"), shown(transactions=rows)
    )

    assert said == (
        "A payment step of order 1042 did not go through: capture, declined. Look at its payment "
        "in the BigCommerce control panel."
    )


@pytest.mark.parametrize(
    ("kind", "store", "said"),
    [
        ("archived", shown(order=builders.order(is_deleted=True)), "Order 1042 was archived."),
        ("archived", shown(), "Order 1042 was archived. It is not any more."),
        (
            "archived",
            ShownInStore(),
            "Order 1042 was deleted: BigCommerce has no order of this number any more.",
        ),
        (
            "gone",
            ShownInStore(),
            "Order 1042 was deleted: BigCommerce has no order of this number any more.",
        ),
        ("gone", shown(), None),
    ],
)
def test_what_became_of_the_order_is_told_as_it_is_now(
    kind: str, store: ShownInStore, said: str | None
) -> None:
    assert describe_external_change(event(kind), store) == said


@pytest.mark.parametrize(
    ("about", "is_told"),
    [
        (event("status", before=11, after=5), True),
        (event("status", before=11, after=11), False),
        (event("transaction", status="Approved"), False),
        (event("transaction", status="declined"), True),
        (event("transaction"), True),
        (event("refund"), True),
    ],
)
def test_what_went_well_is_no_news(about: OutsideEvent, is_told: bool) -> None:
    assert is_news(about) == is_told


def test_only_a_status_of_others_is_told_without_a_look() -> None:
    assert not needs_looking(event("status"), may_be_own=False)
    assert needs_looking(event("status"), may_be_own=True)
    assert needs_looking(event("refund"), may_be_own=False)


def test_the_message_says_when_it_happened() -> None:
    message = outside_message(event("transaction"), "It was declined.")

    assert message.text == "Outside Makegood: It was declined."
    assert message.blocks[0]["text"]["text"] == ":warning: Outside Makegood: *It was declined.*"
    assert message.blocks[1]["elements"][0]["text"] == f"Happened {AT}"


@given(st.text(max_size=3000))
def test_a_reason_of_the_control_panel_injects_nothing(reason: str) -> None:
    about = event("refund", refund_id=5)

    said = describe_external_change(about, shown(refund(reason=reason)))
    message = outside_message(about, str(said))

    assert check_message(message.blocks) == []
    assert not re.search(r"[<>*~`\n]", message.text)
    assert len(message.text) < 1500
