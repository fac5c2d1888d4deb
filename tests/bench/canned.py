"""A store's answers, recorded from the sandbox: what a stand-in that answers at once gives back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp

from bot.actions.action import Attempt
from bot.actions.orders.snapshot import load_snapshot
from bot.actions.refunds.request import ConfirmedRefund, RefundRequest
from bot.actions.registry import ACTIONS
from bot.bigcommerce.client import BigCommerceClient
from bot.sandbox.bigcommerce.books import Books
from bot.sandbox.bigcommerce.keeping import FILE
from bot.sandbox.bigcommerce.refunds.sums import total
from bot.sandbox.bigcommerce.seed.shop import plant
from bot.sandbox.server import Sandbox
from bot.slack.app_manifest import manifest
from tests.bot.actions.world import permitted
from tests.support.agent import Workspace

ORDER = 1042
SEED = 1
REASON = "Damaged"
BEFORE = "before"
# What a write that succeeded turns the order into, by method and end of the path.
WRITES = {"POST payment_actions/refunds": "refunded", f"PUT orders/{ORDER}": "cancelled"}
# Status and payment status in which an order allows the action.
STATES = {"cancel_order": (7, "pending"), "refund_order": (10, "captured")}
SETTLE_WAITS = (0.05,) * 40


@dataclass(frozen=True, slots=True)
class Canned:
    """Bodies by (state of the order, method, path below the store, page), b"" for none.

    `review` is what an agent confirms of the action, `request` what the log then holds.
    """

    action: str
    bodies: Mapping[tuple[str, str, str, str], bytes]
    review: dict[str, Any]
    request: dict[str, Any]


async def record(action: str, *, lines: int = 0) -> Canned:
    """Carry the action out on a fresh sandbox; order 1042 gets so many lines, if any."""
    with TemporaryDirectory() as folder:
        data, journal = Path(folder), Path(folder) / "journal.jsonl"
        (data / FILE).write_text(_books(action, lines).model_dump_json())
        async with Sandbox(manifest=manifest(), data=data, journal=journal, seed=SEED) as sandbox:
            review, request = await _carry_out(sandbox, action)
        return Canned(action, _read(journal), review, request)


async def _carry_out(sandbox: Sandbox, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    async with aiohttp.ClientSession() as session:
        await Workspace(sandbox.url, session).post("store/settings", settlement_s=0, quota=10_000)
    store = BigCommerceClient(
        store_hash=sandbox.store.store_hash,
        access_token=sandbox.store.access_token,
        api_url=sandbox.url,
    )
    try:
        action = ACTIONS[name]
        request = action.request_type.model_validate({"order_id": ORDER, "reason": REASON})
        review = await action.review(request, store)
        await load_snapshot(store, ORDER)
        await store.info.get()
        if isinstance(request, RefundRequest):
            best = review.methods[0]
            confirmed = ConfirmedRefund(total=best.amount, method=best.key, payments=best.payments)
            request = request.model_copy(update={"confirmed": confirmed})
        attempt = Attempt(
            "MG-BENCH",
            store,
            lambda: True,
            claimed=False,
            refusal=permitted,
            settle_waits=SETTLE_WAITS,
        )
        outcome = await action.run(request, attempt)
        if outcome.status != "succeeded":
            raise RuntimeError(outcome.message)
        await load_snapshot(store, ORDER)
    finally:
        await store.close()
    return review.model_dump(mode="json"), request.model_dump(mode="json")


def _read(journal: Path) -> dict[tuple[str, str, str, str], bytes]:
    """Return the last answer to each call in each state of the order."""
    found: dict[tuple[str, str, str, str], bytes] = {}
    state = BEFORE
    for line in journal.read_text().splitlines():
        exchange = json.loads(line)
        if exchange["status"] >= 300:
            continue
        method, path = exchange["method"], exchange["path"].split("/", 3)[3]
        body = exchange["response"]
        content = b"" if body is None else json.dumps(body, separators=(",", ":")).encode()
        found[state, method, path, exchange["query"].get("page", "1")] = content
        state = state_after(state, method, path)
    return found


def state_after(state: str, method: str, path: str) -> str:
    """Return the order's state after a call."""
    return next(
        (
            after
            for write, after in WRITES.items()
            if write.startswith(method + " ") and path.endswith(write.split()[1])
        ),
        state,
    )


def _books(action: str, lines: int) -> Books:
    books = plant(SEED)
    order = books.orders[ORDER]
    order.status_id, order.payment_status = STATES.get(action, (11, "captured"))
    if order.payment_status == "pending":
        order.transactions.clear()
    first = order.lines[0]
    while len(order.lines) < lines:
        order.lines.append(first.model_copy(update={"id": books.next_id("line")}))
    # One tender paid all of it.
    for tender in order.tenders:
        tender.amount = total(order).inc_tax
    for transaction in order.transactions:
        transaction.amount = total(order).inc_tax
    return books
