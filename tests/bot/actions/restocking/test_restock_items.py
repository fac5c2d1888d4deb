"""Goods go back to stock once at most, where they can; the others are noted."""

from __future__ import annotations

import asyncio
import dataclasses
import re
from typing import Any

import pytest
from pydantic import ValidationError

from bot.actions.refunds.refund_order import RefundOrder
from bot.actions.restocking.item_condition import Condition, RefundedItems
from bot.actions.restocking.restock_items import RESTOCK_ITEMS, RestockItems, restocking
from bot.values.outcome import Status
from tests.bot.actions.world import AT_ONCE, REFERENCE, World, client

PLAIN = 1042  # 2 Boston Fern (by product), 1 Orbit Terrarium (by variant), 1 Brass Plant Mister


async def goods(
    world: World, *places: int, order_id: int = PLAIN, **fields: Any
) -> list[RefundedItems]:
    """Return the goods of these lines of an order, going back to stock unless told otherwise."""
    lines = await world.store.orders.lines(order_id)
    fate: dict[str, Any] = {
        "condition": Condition.BACK_TO_STOCK,
        "place_id": 1,
        "place": "Default location",
        "on_hand": 10,
    }
    return [
        RefundedItems(
            order_product_id=lines[place].id,
            quantity=lines[place].quantity,
            name=lines[place].name,
            **fate | fields,
        )
        for place in places
    ]


def noted(each: RefundedItems, condition: Condition) -> RefundedItems:
    return each.model_copy(update={"condition": condition, "place_id": None, "place": ""})


def request(*lines: RefundedItems, order_id: int = PLAIN) -> RestockItems:
    return RestockItems(order_id=order_id, reason="Sent back", goods=lines)


async def moves(world: World) -> list[tuple[str, int, int]]:
    changes = (await world.books())["stock_changes"]
    return [
        (move["sku"], move["location_id"], move["quantity"])
        for change in changes
        for move in change["moves"]
    ]


async def test_goods_go_back_by_product_and_by_variant_in_one_adjustment(world: World) -> None:
    outcome = await world.run(RESTOCK_ITEMS, request(*await goods(world, 0, 1)))

    assert outcome.status is Status.SUCCEEDED
    assert outcome.message == "3 pieces of order 1042 went back to stock."
    assert await moves(world) == [("FF-101", 1, 2), ("FF-102", 1, 1)]
    [change] = (await world.books())["stock_changes"]
    assert change["reason"] == f"Goods of order 1042 [{REFERENCE}]"
    assert outcome.changes[0].after == "+2 at Default location"


async def test_two_lines_of_one_product_are_added_up(world: World) -> None:
    lines = await goods(world, 0, 18, order_id=1012)

    await world.run(RESTOCK_ITEMS, request(*lines, order_id=1012))

    assert await moves(world) == [("FF-101", 1, sum(line.quantity for line in lines))]


async def test_goods_go_back_where_the_agent_said(world: World) -> None:
    [planter] = await goods(world, 0, order_id=1018, place_id=2, place="Warehouse")

    await world.run(RESTOCK_ITEMS, request(planter, order_id=1018))

    assert await moves(world) == [("FF-105", 2, 1)]


async def test_damaged_and_lost_goods_are_noted_and_change_no_stock(world: World) -> None:
    fern, terrarium, mister = await goods(world, 0, 1, 2)
    damaged, lost = noted(terrarium, Condition.DAMAGED), noted(mister, Condition.LOST)

    mixed = await world.run(RESTOCK_ITEMS, request(fern, damaged, lost))
    none = await world.run(RESTOCK_ITEMS, request(damaged, lost), reference="MG-2")

    assert mixed.message == (
        "2 pieces of order 1042 went back to stock. Noted besides: 1 piece as damaged and 1 piece "
        "as lost; that changes no stock."
    )
    assert none.status is Status.SUCCEEDED
    assert none.message == (
        "Noted for order 1042: 1 piece as damaged and 1 piece as lost. No stock was changed."
    )
    assert await moves(world) == [("FF-101", 1, 2)]
    assert "MG-2" not in world.claims


async def test_a_second_run_never_sends_again(world: World) -> None:
    asked = request(*await goods(world, 0))

    await world.run(RESTOCK_ITEMS, asked)
    again = await world.run(RESTOCK_ITEMS, asked)

    assert again.status is Status.UNKNOWN
    assert len(await moves(world)) == 1


async def test_two_runs_at_once_send_once(world: World) -> None:
    asked = request(*await goods(world, 0))

    await asyncio.gather(world.run(RESTOCK_ITEMS, asked), world.run(RESTOCK_ITEMS, asked))

    assert len(await moves(world)) == 1


@pytest.mark.parametrize(
    ("kind", "fields", "sent"),
    [
        ("drop_after", {}, 1),
        ("hang", {"after": True}, 1),
        ("status", {"status": 504, "after": True}, 1),
        ("drop_before", {}, 0),
        ("status", {"status": 503}, 0),
    ],
)
async def test_a_lost_answer_is_unknown_with_the_levels_to_decide_by(
    world: World, kind: str, fields: dict[str, object], sent: int
) -> None:
    await world.set(stock_delay_s=0)
    asked = request(*await goods(world, 0))
    await world.break_next("POST relative", kind, **fields)

    first = await world.run(RESTOCK_ITEMS, asked, waits=AT_ONCE)
    again = await world.run(RESTOCK_ITEMS, asked, waits=AT_ONCE)

    level = 10 + 2 * sent
    assert (first.status, again.status) == (Status.UNKNOWN, Status.UNKNOWN)
    assert "It is not known whether 2 pieces of order 1042 went back to stock." in first.message
    assert re.search(rf"showed Boston Fern: 10 before, {level} at \d\d:\d\d \(", first.message)
    on_asking = rf"Boston Fern: 10 when the refund was asked for, {level} at \d\d:\d\d \("
    assert re.search(on_asking, again.message)
    for outcome in (first, again):
        assert "now" not in outcome.message.replace("known", "")
        assert outcome.next_step == (
            "Look at the inventory history in the BigCommerce control panel before you correct "
            "anything. Makegood does not send it again."
        )
    assert len(await moves(world)) == sent


async def test_a_level_that_is_shown_late_is_read_until_the_waits_are_over(world: World) -> None:
    await world.set(stock_delay_s=0.3)
    await world.break_next("POST relative", "drop_after")

    outcome = await world.run(RESTOCK_ITEMS, request(*await goods(world, 0)))

    assert outcome.status is Status.UNKNOWN
    assert "showed Boston Fern: 10 before, 12 at " in outcome.message


async def test_an_item_that_is_gone_meanwhile_leaves_it_unknown(world: World) -> None:
    [fern] = await goods(world, 0)
    world.claims.add(REFERENCE)

    asked = request(fern.model_copy(update={"place_id": 9}))
    outcome = await world.run(RESTOCK_ITEMS, asked, waits=AT_ONCE)

    assert outcome.status is Status.UNKNOWN
    assert "showed" not in outcome.message


async def test_a_refusal_is_not_believed_where_the_level_has_moved(world: World) -> None:
    await world.set(stock_delay_s=0)
    await world.break_next("POST relative", "status", status=422, after=True)

    outcome = await world.run(RESTOCK_ITEMS, request(*await goods(world, 0)))

    assert outcome.status is Status.UNKNOWN
    assert "BigCommerce answered:" in outcome.message
    assert "showed Boston Fern: 10 before, 12 at " in outcome.message


async def test_what_was_turned_away_is_not_sent_a_second_time(world: World) -> None:
    asked = request(*await goods(world, 0))
    await world.break_next("POST relative", "rate_limit_bare")

    outcome = await world.run(RESTOCK_ITEMS, asked)

    assert outcome.status is Status.UNKNOWN
    assert await moves(world) == []


@pytest.mark.parametrize("after", [False, True])
async def test_a_refusal_proves_nothing_where_levels_are_shown_late(
    world: World, after: bool
) -> None:
    await world.break_next("POST relative", "status", status=422, after=after)

    outcome = await world.run(RESTOCK_ITEMS, request(*await goods(world, 0)))

    assert outcome.status is Status.UNKNOWN
    assert "BigCommerce answered:" in outcome.message
    assert outcome.next_step.startswith("Look at the inventory history")
    assert len(await moves(world)) == int(after)


async def test_a_crash_after_the_claim_is_not_followed_by_a_write(world: World) -> None:
    asked = request(*await goods(world, 0))
    crashed = dataclasses.replace(world.attempt(), claimed=True)

    outcome = await RESTOCK_ITEMS.run(asked, crashed)

    assert outcome.status is Status.UNKNOWN
    assert "What BigCommerce answered is not in the log." in outcome.message
    assert await moves(world) == []


async def test_a_lost_claim_is_not_followed_by_a_write(world: World) -> None:
    asked = request(*await goods(world, 0))
    late = dataclasses.replace(world.attempt(), claim=lambda: False)

    outcome = await RESTOCK_ITEMS.run(asked, late)

    assert outcome.status is Status.UNKNOWN
    assert await moves(world) == []


async def test_levels_that_cannot_be_read_are_left_out(world: World) -> None:
    asked = request(*await goods(world, 0))
    world.claims.add(REFERENCE)
    await world.break_next("GET items", "status", times=9)

    outcome = await world.run(RESTOCK_ITEMS, asked, waits=AT_ONCE)

    assert outcome.status is Status.UNKNOWN
    assert "showed Boston Fern" not in outcome.message


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"refund_order_stock_adjustment": True}, "gives stock back by itself"),
        ({"refund_order_stock_adjustment": None}, "cannot be told"),
    ],
)
async def test_a_store_that_has_begun_to_give_back_by_itself_is_left_alone(
    world: World, settings: dict[str, Any], words: str
) -> None:
    asked = request(*await goods(world, 0))
    await world.set(**settings)

    outcome = await world.run(RESTOCK_ITEMS, asked)

    assert outcome.status is Status.REJECTED
    assert words in outcome.message
    assert await moves(world) == []
    assert world.claims == set()


@pytest.mark.parametrize("wrong", [{"place_id": 9}, {"order_product_id": 1}])
async def test_what_can_no_longer_go_back_keeps_all_of_it_from_it(
    world: World, wrong: dict[str, Any]
) -> None:
    fern, terrarium = await goods(world, 0, 1)

    outcome = await world.run(RESTOCK_ITEMS, request(fern, terrarium.model_copy(update=wrong)))

    assert outcome.status is Status.REJECTED
    assert "“Orbit Terrarium” can no longer go back to stock" in outcome.message
    assert "control panel" in outcome.next_step
    assert await moves(world) == []


async def test_what_bigcommerce_refuses_is_told_in_its_words(world: World) -> None:
    [never_counted] = await goods(world, 12, order_id=1012)

    outcome = await world.run(RESTOCK_ITEMS, request(never_counted, order_id=1012))

    assert outcome.status is Status.UNKNOWN
    assert "requires absolute adjustment before relative" in outcome.message


async def test_a_bad_moment_is_sat_out_before_anything_is_sent(world: World) -> None:
    asked = request(*await goods(world, 0))
    await world.break_next("GET inventory/items", "status", times=4)

    outcome = await world.run(RESTOCK_ITEMS, asked)

    assert outcome.status is Status.SUCCEEDED


async def test_a_store_out_of_reach_leaves_the_stock_as_it_is(world: World) -> None:
    asked = request(*await goods(world, 0))
    await world.break_next("GET orders/*", "status", times=99)

    outcome = await world.run(RESTOCK_ITEMS, asked, waits=AT_ONCE)

    assert outcome.status is Status.FAILED
    assert "could not be read" in outcome.message
    assert world.claims == set()


async def test_without_the_scope_nothing_is_changed(world: World) -> None:
    asked = request(*await goods(world, 0))
    limited = client(world.url, world.sandbox, token=world.sandbox.limited_token)

    outcome = await world.run(RESTOCK_ITEMS, asked, store=limited)

    assert outcome.status is Status.FAILED
    assert "Store Inventory: modify" in outcome.message
    await limited.close()


def test_nothing_follows_from_a_refund_whose_goods_are_left_alone() -> None:
    assert restocking(RefundOrder(order_id=1042, reason="x")) is None


def test_goods_of_a_refund_become_a_request_of_their_own() -> None:
    lost = RefundedItems(order_product_id=1, quantity=1, condition=Condition.LOST)

    follow_up = restocking(RefundOrder(order_id=1042, reason="x", goods=(lost,)))

    assert follow_up is not None
    assert follow_up.action == "restock_items"
    assert follow_up.request == RestockItems(order_id=1042, reason="x", goods=(lost,))


@pytest.mark.parametrize(
    "fields",
    [
        {"condition": "back_to_stock"},
        {"condition": "damaged", "place_id": 1},
        {"condition": "lost", "quantity": 0},
    ],
)
def test_goods_that_make_no_sense_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RefundedItems.model_validate({"order_product_id": 1, "quantity": 1, **fields})
