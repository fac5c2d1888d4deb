"""What becomes of refunded goods: chosen in the form, done once, told in the thread, logged."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from storage.log.entries import Entry
from tests.support.agent import Agent, View, wait_for, words
from tests.support.running import Running, activate, configure, running_bot, running_sandbox

PLAIN = 1042  # 2 Boston Fern, 1 Orbit Terrarium, 1 Brass Plant Mister
CHOICE = "What becomes of the goods"


@pytest.fixture(autouse=True)
def restocking_is_on(tmp_path: Path) -> None:
    activate(tmp_path)
    configure(tmp_path, "restocking", True)


async def open_some_lines(agent: Agent, order_id: int = PLAIN) -> tuple[View, list[str]]:
    """Open the form and return it with the numbers of its lines."""
    await agent.command(f"/refund-order {order_id}")
    await agent.wait_for_modal("What shall be done?")
    await agent.press("Partial refund")
    view = await agent.wait_for_modal("Quantity of")
    fields = [b["block_id"].split("~")[0] for b in view["blocks"] if b["type"] == "input"]
    return view, [f.removeprefix("quantity_") for f in fields if f.startswith("quantity_")]


def chosen(line: str, goods: str, quantity: int = 1) -> dict[str, str]:
    return {
        f"quantity_{line}": str(quantity),
        f"reason_{line}": "Damaged",
        f"stock_{line}": goods,
    }


async def refund(agent: Agent, values: dict[str, str]) -> str:
    """Submit the form, confirm the review, and return what the review said."""
    answer = await agent.fill(values)
    assert answer["ok"], answer
    assert not answer.get("errors"), answer
    review = await agent.wait_for_modal("Change something")
    await agent.fill()
    return words(review)


async def restocking(running: Running, order_id: int = PLAIN) -> Entry:
    """Return the restocking of an order once it has been told."""

    async def look() -> Entry | None:
        entries = [e for e in running.entries(order_id) if e.action == "restock_items"]
        return entries[0] if entries and entries[0].is_told else None

    return await wait_for(look, f"a restocking on {order_id}")


async def moves(running: Running) -> list[tuple[str, int, int]]:
    books: Any = await running.workspace.books()
    return [
        (move["sku"], move["location_id"], move["quantity"])
        for change in books["stock_changes"]
        for move in change["moves"]
    ]


async def test_lines_go_back_to_stock_or_are_noted_after_the_refund(
    running: Running, anna: Agent
) -> None:
    _, (fern, terrarium, mister) = await open_some_lines(anna)
    asked = chosen(fern, "back_1", 2) | chosen(terrarium, "damaged") | chosen(mister, "leave")

    review = await refund(anna, asked)

    assert "2 × Boston Fern: back to stock at Default location; 1 × Orbit Terrarium" in review
    assert "damaged, no stock is changed" in review
    entry = await restocking(running)
    reply = await anna.wait_for_reply(PLAIN, "2 pieces of order 1042 went back to stock.")
    assert "1 × Orbit Terrarium (Size: Large) · damaged" in words(reply)
    assert "Brass Plant Mister" not in words(reply)
    assert await moves(running) == [("FF-101", 1, 2)]
    refunded = next(e for e in running.entries(PLAIN) if e.action == "refund_items")
    assert (entry.status, entry.follows, entry.actor_id) == (
        "succeeded",
        refunded.reference,
        anna.user,
    )
    assert [goods["condition"] for goods in refunded.request["goods"]] == [
        "back_to_stock",
        "damaged",
    ]
    assert sum("went back to stock" in m["text"] for m in await anna.thread(PLAIN)) == 1


async def test_left_alone_nothing_follows(running: Running, anna: Agent) -> None:
    view, (fern, *_) = await open_some_lines(anna)
    assert CHOICE in words(view)

    review = await refund(anna, {f"quantity_{fern}": "1", f"reason_{fern}": "Damaged"})

    assert "The goods" not in review
    assert (await running.told(PLAIN)).status == "succeeded"
    assert [entry.action for entry in running.entries(PLAIN)] == ["refund_items"]


async def test_goods_kept_at_several_places_go_back_to_the_one_that_was_chosen(
    running: Running, anna: Agent
) -> None:
    view, (planter, _) = await open_some_lines(anna, 1018)
    assert "Back to stock at Warehouse “North & Sons”" in words(view)
    assert "Old barn" not in words(view)

    await refund(anna, chosen(planter, "back_2"))

    await restocking(running, 1018)
    assert await moves(running) == [("FF-105", 2, 1)]


async def test_an_order_cancelled_and_refunded_gives_all_its_goods_back(
    running: Running, anna: Agent
) -> None:
    await anna.command(f"/cancel-order {PLAIN}")
    await anna.wait_for_modal(CHOICE)

    await refund(anna, {"reason": "Out of stock", "stock": "back_1"})

    await restocking(running)
    assert await moves(running) == [("FF-101", 1, 2), ("FF-102", 1, 1), ("FF-103", 1, 1)]
    await anna.wait_for_reply(PLAIN, "4 pieces of order 1042 went back to stock.")


async def test_goods_of_a_full_refund_can_be_lost(running: Running, anna: Agent) -> None:
    await anna.command("/refund-order 1007")
    await anna.wait_for_modal("What shall be done?")
    await anna.press("Full refund")
    await anna.wait_for_modal(CHOICE)

    await refund(anna, {"reason": "Late or lost", "stock": "lost"})

    await anna.wait_for_reply(1007, "3 pieces as lost. No stock was changed.")
    assert await moves(running) == []


async def test_a_declined_refund_leaves_the_stock_alone(running: Running, anna: Agent) -> None:
    _, (fern, *_) = await open_some_lines(anna)
    await running.workspace.store_fault(match="POST refunds", kind="decline")

    await refund(anna, chosen(fern, "back_1"))

    reply = await anna.wait_for_reply(PLAIN, "was declined", "(Failed")
    assert "The stock was left alone." in reply["text"]
    assert [entry.action for entry in running.entries(PLAIN)] == ["refund_items"]
    assert await moves(running) == []


async def test_goods_wait_until_the_money_has_moved(running: Running, anna: Agent) -> None:
    _, (fern, *_) = await open_some_lines(anna)
    await running.workspace.store_fault(match="POST refunds", kind="slow_settlement", delay_s=3600)

    await refund(anna, chosen(fern, "back_1"))

    reply = await anna.wait_for_reply(PLAIN, "The goods are seen to once the money has moved.")
    assert await moves(running) == []
    await running.workspace.post("store/settle")
    await anna.press_in_message(reply, "Check again")
    await restocking(running)
    assert await moves(running) == [("FF-101", 1, 1)]


async def test_a_lost_answer_is_unknown_and_check_again_sends_nothing(
    running: Running, anna: Agent
) -> None:
    _, (fern, *_) = await open_some_lines(anna)
    await running.workspace.store_fault(match="POST relative", kind="drop_after")

    await refund(anna, chosen(fern, "back_1"))

    reply = await anna.wait_for_reply(PLAIN, "It is not known whether 1 piece of order 1042")
    assert re.search(
        r"BigCommerce showed Boston Fern: 10 before, 11 at \d\d:\d\d \(America/Chicago\)\.",
        reply["text"],
    )
    assert "Look at the inventory history" in reply["text"]
    await anna.press_in_message(reply, "Check again")

    async def looked_again() -> Entry | None:
        entry = await restocking(running)
        return entry if entry.round == entry.finished_round == 2 else None

    entry = await wait_for(looked_again, "a second look")
    assert entry.status == "unknown"
    assert await moves(running) == [("FF-101", 1, 1)]


async def test_an_unknown_restocking_warns_nobody_of_a_second_refund(
    running: Running, anna: Agent
) -> None:
    _, (fern, *_) = await open_some_lines(anna)
    await running.workspace.store_fault(match="POST relative", kind="drop_after")
    await refund(anna, chosen(fern, "back_1"))
    assert (await restocking(running)).status == "unknown"

    _, (fern, *_) = await open_some_lines(anna)
    review = await refund(anna, {f"quantity_{fern}": "1", f"reason_{fern}": "Damaged"})

    assert "still unknown" not in review


@pytest.mark.parametrize(
    ("settings", "words_shown"),
    [
        ({"refund_order_stock_adjustment": True}, "gives stock back by itself"),
        ({"refund_order_stock_adjustment": None}, "cannot be told"),
    ],
)
async def test_where_the_store_sees_to_it_there_is_no_choice_but_a_sentence(
    running: Running, anna: Agent, settings: dict[str, Any], words_shown: str
) -> None:
    await running.workspace.post("store/settings", **settings)

    some, _ = await open_some_lines(anna)
    await anna.command(f"/cancel-order {PLAIN}")
    whole = await anna.wait_for_modal("Everything that is left is refunded")

    for view in (some, whole):
        assert CHOICE not in words(view)
        assert words_shown in words(view)


async def test_what_is_not_tracked_has_no_choice(running: Running, anna: Agent) -> None:
    view, _ = await open_some_lines(anna, 1012)  # the eighth of its lines is a book

    fields = {str(b.get("block_id")).split("~")[0].split("_")[0] for b in view["blocks"]}
    assert {"quantity", "stock"} <= fields
    inputs = [str(b["block_id"]) for b in view["blocks"] if b["type"] == "input"]
    assert sum(i.startswith("quantity") for i in inputs) == 11
    assert sum(i.startswith("stock") for i in inputs) == 10
    assert len(view["blocks"]) <= 100


async def test_switched_off_nobody_is_asked(running: Running, anna: Agent, tmp_path: Path) -> None:
    configure(tmp_path, "restocking", False)

    view, _ = await open_some_lines(anna)

    assert CHOICE not in words(view)
    assert "Makegood leaves" not in words(view)


async def test_a_bot_that_starts_again_finishes_the_restocking(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    async with running_sandbox(request.node.name) as (sandbox, session):
        async with running_bot(sandbox, tmp_path, SWEEP_EVERY="60"):
            running = Running(sandbox, session, tmp_path)
            anna = await running.agent("Anna")
            _, (fern, *_) = await open_some_lines(anna)
            await refund(anna, chosen(fern, "back_1"))
            await anna.wait_for_reply(PLAIN, "Refunded")
            [waiting] = [e for e in running.entries(PLAIN) if e.action == "restock_items"]
            assert waiting.is_under_way
            assert await moves(running) == []
        async with running_bot(sandbox, tmp_path):
            assert (await restocking(running)).status == "succeeded"
            assert await moves(running) == [("FF-101", 1, 1)]
        running.close()
