"""Changes made elsewhere, next to what the bot does itself: told by what the store proves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.check.webhooks import check_deliveries
from bot.config.settings import read_settings
from tests.support.agent import Agent, wait_for, words
from tests.support.hooking import Hooked, bot_of, hooked_sandbox
from tests.support.opening import open_thread
from tests.support.refund_form import fields, open_form, to_review

SHIPPED, REFUNDED, FULFILLMENT = 2, 4, 11


@pytest.fixture
async def hooked(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Hooked]:
    async with hooked_sandbox(request.node.name, tmp_path) as sandbox, bot_of(sandbox):
        yield sandbox


@pytest.fixture
async def anna(hooked: Hooked) -> Agent:
    return await hooked.agent("Anna")


async def told(hooked: Hooked, agent: Agent, order_id: int) -> list[str]:
    """Return what the thread says, each without its marker, when all is decided."""
    await hooked.wait_until_decided()
    texts = await hooked.outside_changes(agent, order_id)
    return [text.partition("Outside Makegood: ")[2].partition(" (outside")[0] for text in texts]


async def wait_for_root(agent: Agent, order_id: int, text: str) -> dict[str, Any]:
    async def look() -> Any:
        root = await agent.root(order_id)
        return root if root and text in words(root["blocks"]) else None

    root: dict[str, Any] = await wait_for(look, f"a root message with {text!r}")
    return root


async def refund_one_piece(agent: Agent) -> None:
    view = await open_form(agent)
    chosen = {fields(view, "quantity_")[0]: "1", "reason_all": "Late or lost"}
    await to_review(agent, chosen)
    await agent.fill()
    await agent.wait_for_reply(1042, "(Done", "Refunded")


async def test_a_status_set_right_after_a_refund_of_the_bot_is_told(
    hooked: Hooked, anna: Agent
) -> None:
    await open_thread(anna, 1042)
    await refund_one_piece(anna)
    await hooked.wait_for_delivery("store/order/statusUpdated")

    await hooked.workspace.post("store/order", order_id=1042, status_id=REFUNDED)
    await anna.wait_for_reply(1042, "to Refunded", "Outside")
    await hooked.wait_for_delivery("store/order/statusUpdated", 2)

    assert await told(hooked, anna, 1042) == [
        "Order 1042 went from Partially Refunded to Refunded."
    ]
    assert hooked.verdicts("status") == ["ours", "outside"]
    assert hooked.verdicts("refund") == ["ours"]


async def test_a_declined_refund_of_another_app_is_told_right_after_one_of_the_bot(
    hooked: Hooked, anna: Agent
) -> None:
    await open_thread(anna, 1042)
    await refund_one_piece(anna)
    await hooked.wait_for_delivery("store/order/statusUpdated")

    await hooked.workspace.post("store/refund", order_id=1042, amount="3.00", declined=True)
    await hooked.wait_for_delivery("store/order/transaction/created", 2)

    # Whether it was read before or after the gateway's answer, it says so once.
    said = " ".join(await told(hooked, anna, 1042))
    assert "efund of 3.00 USD" in said
    assert said.count("declined") == 1


async def test_a_declined_refund_of_another_app_is_told_when_it_was_told_as_made(
    hooked: Hooked, anna: Agent
) -> None:
    await open_thread(anna, 1042)
    await hooked.workspace.post("store/settings", settlement_s=3)

    await hooked.workspace.post("store/refund", order_id=1042, amount="3.00", declined=True)
    await anna.wait_for_reply(1042, "A refund of 3.00 USD was made for order 1042")
    await hooked.workspace.post("store/settle")

    await anna.wait_for_reply(1042, "A refund of 3.00 USD for order 1042 was declined")
    assert len(await told(hooked, anna, 1042)) == 2


async def test_the_bots_own_decline_is_not_told_where_transactions_may_not_be_read(
    hooked: Hooked, anna: Agent
) -> None:
    await open_thread(anna, 1042)
    no_scope = {"match": "GET orders/*/transactions", "kind": "no_scope", "times": 500}
    await hooked.workspace.store_fault(**no_scope)
    await hooked.workspace.store_fault(match="POST refunds", kind="decline")

    view = await open_form(anna)
    chosen = {fields(view, "quantity_")[0]: "1", "reason_all": "Late or lost"}
    await to_review(anna, chosen)
    await anna.fill()
    await anna.wait_for_reply(1042, "(Failed", "declined")
    await hooked.wait_for_delivery("store/order/transaction/created")

    assert await told(hooked, anna, 1042) == []
    assert hooked.verdicts("transaction") == ["ours"]


async def test_archiving_is_told_and_shown(hooked: Hooked, anna: Agent) -> None:
    await open_thread(anna, 1042)

    await hooked.workspace.post("store/order", order_id=1042, is_deleted=True)

    await anna.wait_for_reply(1042, "Order 1042 was archived.", "Outside Makegood")
    await wait_for_root(anna, 1042, "archived")
    assert await told(hooked, anna, 1042) == ["Order 1042 was archived."]


@pytest.mark.parametrize("scope", ["store/order/updated", "store/order/archived"])
async def test_a_deleted_order_is_told_and_its_root_drawn_anew(
    hooked: Hooked, anna: Agent, scope: str
) -> None:
    await open_thread(anna, 1042)

    await hooked.workspace.post("store/delete", order_id=1042, scope=scope)

    root = await wait_for_root(anna, 1042, "It was deleted")
    buttons = [e for block in root["blocks"] for e in block.get("elements", [])]
    assert [button["text"]["text"] for button in buttons] == ["Refresh"]
    await anna.wait_for_reply(1042, "Order 1042 was deleted", "Outside Makegood")
    assert await told(hooked, anna, 1042) == [
        "Order 1042 was deleted: BigCommerce has no order of this number any more."
    ]


async def test_an_order_that_was_missing_once_is_drawn_again(hooked: Hooked, anna: Agent) -> None:
    await open_thread(anna, 1042)
    missing = {"match": "GET orders/1042", "kind": "status", "status": 404}
    await hooked.workspace.store_fault(**missing)

    await hooked.workspace.post("store/order", order_id=1042, payment_status="captured")
    await hooked.workspace.post("store/order", order_id=1042, staff_notes="Call back")

    async def is_decided() -> bool | None:
        return True if hooked.verdicts("gone") == ["unseen"] else None

    await wait_for(is_decided, "the deletion to be looked at again")
    await wait_for_root(anna, 1042, "Awaiting Fulfillment")
    assert await told(hooked, anna, 1042) == []


async def test_what_cannot_be_read_for_long_is_told_as_far_as_it_is_known(
    hooked: Hooked, anna: Agent
) -> None:
    await open_thread(anna, 1042)
    closed = {"match": "GET refunds", "kind": "status", "status": 403, "times": 500}
    await hooked.workspace.store_fault(**closed)
    hooked.execute("UPDATE outbox SET next_try_at = NULL WHERE kind = 'root'")

    await hooked.workspace.post("store/refund", order_id=1042, amount="3.00")
    await hooked.wait_for_delivery("store/order/refund/created")

    said = "A refund was made for order 1042; its amount could not be read."

    async def told() -> bool | None:
        # A look that goes on meanwhile writes down its own count of tries.
        hooked.execute("UPDATE outside_events SET tries = 7, next_try_at = NULL WHERE tries < 7")
        return True if any(said in m["text"] for m in await anna.thread(1042)) else None

    await wait_for(told, said)


async def test_a_noisy_order_holds_up_no_other_one(hooked: Hooked, anna: Agent) -> None:
    other = await hooked.workspace.order_in_status(FULFILLMENT)
    await open_thread(anna, 1042)
    await open_thread(anna, other, "SORRY-6")
    # No change comes twice: within a second both would be one event.
    for status in (1, 2, 3, 6, 7, 8, 9, 10, 12, FULFILLMENT):
        await hooked.workspace.post("store/order", order_id=1042, status_id=status)
    await hooked.wait_for_delivery("store/order/statusUpdated", 10)

    await hooked.workspace.post("store/order", order_id=other, status_id=SHIPPED)

    quiet = await anna.wait_for_reply(other, "to Shipped")
    await hooked.wait_until_decided()
    noisy = [m for m in await anna.thread(1042) if "Outside Makegood: " in m["text"]]
    assert len(noisy) == 10
    assert sum(float(message["ts"]) > float(quiet["ts"]) for message in noisy) >= 3


async def test_an_order_whose_store_does_not_answer_holds_up_no_other_one(
    hooked: Hooked, anna: Agent
) -> None:
    other = await hooked.workspace.order_in_status(FULFILLMENT)
    await open_thread(anna, 1042)
    await open_thread(anna, other, "SORRY-6")
    hang = {"match": "GET orders/1042/payment_actions/refunds", "kind": "hang", "times": 500}
    await hooked.workspace.store_fault(**hang)
    await hooked.workspace.post("store/refund", order_id=1042, amount="3.00")
    await hooked.wait_for_delivery("store/order/refund/created")

    await hooked.workspace.post("store/refund", order_id=other, amount="3.00")

    await anna.wait_for_reply(other, "A refund of 3.00 USD was made")
    assert await hooked.outside_changes(anna, 1042) == []


async def test_hooks_that_were_switched_off_are_on_again_and_tell(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    async with hooked_sandbox(request.node.name, tmp_path) as hooked:
        anna = await hooked.agent("Anna")
        async with bot_of(hooked):
            await open_thread(anna, 1042)
        await hooked.workspace.post("store/hooks-off")
        async with bot_of(hooked):
            await wait_for(lambda: are_all_on(hooked), "all hooks to be on again")

            await hooked.workspace.post("store/order", order_id=1042, status_id=SHIPPED)

            await anna.wait_for_reply(1042, "from Awaiting Fulfillment to Shipped")


async def are_all_on(hooked: Hooked) -> bool | None:
    hooks = hooked.sandbox.store._shop.books.hooks.values()
    # One is another app's, which nobody switches on.
    return True if sum(hook.is_active for hook in hooks) == len(hooks) - 1 == 6 else None


async def test_a_delivery_of_an_unknown_form_is_taken_and_named_by_check(
    hooked: Hooked, anna: Agent
) -> None:
    await open_thread(anna, 1042)
    settings = read_settings({**hooked.environment(), **hooked.settings, "DATA": str(hooked.data)})

    hooked.sandbox.store._shop.happened("store/order/statusUpdated", 1042, status="Shipped")

    await hooked.wait_for_delivery("store/order/statusUpdated")
    (finding,) = check_deliveries(settings)
    assert "store/order/statusUpdated in a form that is not known (once, last" in str(finding)
