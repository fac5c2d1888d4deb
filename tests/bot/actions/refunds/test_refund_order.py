from __future__ import annotations

from decimal import Decimal

import pytest

from bot.actions.action import RuleBroken
from bot.actions.orders.snapshot import OrderSnapshot
from bot.actions.refunds.refund_order import REFUND_ORDER, RefundOrder
from bot.values.outcome import Status
from tests.bot.actions.world import AT_ONCE, REFERENCE, World

# Shipped with wrapping, completed with handling and a fee, a bundle, digital, a split payment, two
# addresses, prices with tax in, another currency: each has to come back to the cent.
WHOLE_ORDERS = [1007, 1010, 1015, 1016, 1021, 1033, 1040, 1049]


def request(order_id: int) -> RefundOrder:
    return RefundOrder(order_id=order_id, reason="Never arrived")


@pytest.mark.parametrize("order_id", WHOLE_ORDERS)
async def test_everything_comes_back_to_the_cent(world: World, order_id: int) -> None:
    confirmed = await world.confirm(REFUND_ORDER, request(order_id))

    outcome = await world.run(REFUND_ORDER, confirmed)

    truth = await world.truth(order_id)
    assert outcome.status is Status.SUCCEEDED, outcome
    assert truth["status_id"] == 4
    assert outcome.amount is not None
    assert outcome.amount.amount == Decimal(truth["total"])
    assert truth["refunds"][0]["given_back"] == truth["total"]
    assert outcome.amount.currency == truth["currency"]
    assert outcome.message.startswith(f"Refunded {outcome.amount} for order {order_id} ")
    assert outcome.changes[0].before == f"0.00 {truth['currency']}"
    assert outcome.changes[0].after == str(outcome.amount)


async def test_the_review_shows_bigcommerces_figures_and_methods(world: World) -> None:
    review = await REFUND_ORDER.review(request(1010), world.store)

    facts = dict(review.facts)
    assert facts["Order"] == "1010, Completed"
    assert facts["What is refunded"].endswith("shipping; handling; Frost protection")
    assert facts["Total refund"] == str(review.methods[0].amount)
    assert review.methods[0].moves_money
    assert [method.key for method in review.methods][-1] == "custom:offline"
    assert review.confirm_label == f"Refund {review.methods[0].amount}"
    assert review.effect == (
        "Order 1010 goes from Completed to Refunded when the refund has gone through."
    )
    assert any("e-mail" in notice for notice in review.notices)
    assert review.warnings == ()


async def test_the_mail_line_follows_the_stores_setting(world: World) -> None:
    await world.set(combined_order_status_email=False)

    review = await REFUND_ORDER.review(request(1010), world.store)

    assert "The store's status e-mails are off: BigCommerce does not e-mail the customer." in (
        review.notices
    )


async def test_what_an_earlier_refund_left_is_refunded(world: World) -> None:
    await world.change(1010, refund_amount="5.00")

    review = await REFUND_ORDER.review(request(1010), world.store)
    outcome = await world.run(REFUND_ORDER, await world.confirm(REFUND_ORDER, request(1010)))

    truth = await world.truth(1010)
    assert dict(review.facts)["Refunded before"] == "5.00 USD"
    assert "An earlier refund gave 5.00 USD back on the order as a whole." in review.warnings[0]
    assert dict(review.facts)["Total refund"] in review.warnings[0]
    assert outcome.status is Status.SUCCEEDED
    assert sum(Decimal(each["given_back"]) for each in truth["refunds"]) == Decimal(truth["total"])
    assert truth["status_id"] == 4


async def test_a_quote_that_is_clipped_is_explained_with_both_figures(world: World) -> None:
    total = Decimal((await world.truth(1010))["total"])
    await world.break_next("POST refund_quotes", "clip", amount="3.00")

    review = await REFUND_ORDER.review(request(1010), world.store)

    assert review.warnings == (
        f"3.00 USD of the {total} USD that is left stays with the store.",
        f"These items come to {total} USD, but BigCommerce refunds only {total - 3} USD: that is "
        "all it still allows on this order.",
    )
    assert review.must_confirm == f"Refund {total - 3} USD and leave 3.00 USD"


async def test_nothing_left_is_a_broken_rule(world: World) -> None:
    await world.run(REFUND_ORDER, await world.confirm(REFUND_ORDER, request(1010)))
    await world.change(1010, status_id=10, payment_status="captured")

    with pytest.raises(RuleBroken, match="Nothing is left to refund on order 1010"):
        await REFUND_ORDER.review(request(1010), world.store)


async def test_the_reason_and_the_reference_are_kept_by_bigcommerce(world: World) -> None:
    await world.run(REFUND_ORDER, await world.confirm(REFUND_ORDER, request(1010)))

    refunds = await world.store.refunds.of_order(1010)

    assert refunds[0].reason == f"Never arrived [{REFERENCE}]"
    assert {item.reason for item in refunds[0].items} == {f"Never arrived [{REFERENCE}]"}


async def test_a_method_that_moves_no_money_is_only_recorded(world: World) -> None:
    confirmed = await world.confirm(REFUND_ORDER, request(1010), method=-1)

    outcome = await world.run(REFUND_ORDER, confirmed)

    assert outcome.status is Status.TO_DO
    assert outcome.to_send == outcome.amount
    name = OrderSnapshot(await world.store.orders.get(1010)).customer_name
    assert outcome.message == f"To do: send {outcome.amount} to {name} by hand · order 1010"
    assert outcome.next_step == "Recorded in BigCommerce; no money has moved."


async def test_a_refund_that_takes_long_is_pending_and_found_settled_later(world: World) -> None:
    confirmed = await world.confirm(REFUND_ORDER, request(1010))
    await world.break_next("POST refunds", "slow_settlement", delay_s=600)

    first = await world.run(REFUND_ORDER, confirmed, waits=AT_ONCE)
    again = await world.run(REFUND_ORDER, confirmed, waits=AT_ONCE, accepted=True)
    await world.heal()
    last = await world.run(REFUND_ORDER, confirmed, waits=AT_ONCE, accepted=True)

    assert (first.status, again.status, last.status) == ("pending", "pending", "succeeded")
    assert "the payment provider has not confirmed it yet" in first.message
    assert not first.message.startswith("Refunded")
    assert len((await world.truth(1010))["refunds"]) == 1


async def test_a_decline_is_told_in_the_gateways_words(world: World) -> None:
    confirmed = await world.confirm(REFUND_ORDER, request(1010))
    await world.break_next("POST refunds", "decline")

    outcome = await world.follow(REFUND_ORDER, confirmed)

    assert outcome.status is Status.FAILED
    assert "was declined; no money moved" in outcome.message
    assert "The payment gateway says: The payment gateway declined the refund." in outcome.message
    assert "/refund-order 1010" in outcome.next_step


async def test_a_decline_of_one_tender_tells_what_did_move(world: World) -> None:
    confirmed = await world.confirm(REFUND_ORDER, request(1021))
    await world.break_next("POST refunds", "decline", provider_id="storecredit")

    outcome = await world.run(REFUND_ORDER, confirmed)

    assert outcome.status is Status.PARTIAL
    assert outcome.amount is not None
    assert outcome.message.startswith(f"Only {outcome.amount} of ")
    assert "20.00 USD was declined" in outcome.message
    assert outcome.amount.amount == Decimal((await world.truth(1021))["refunds"][0]["given_back"])
