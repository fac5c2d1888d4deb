"""The sandbox store on a socket, the client that talks to it, and attempts as the runner makes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
from aiohttp import web

from bot.actions.action import Action, Attempt, Runnable
from bot.actions.refunds.request import ConfirmedRefund, RefundRequest
from bot.bigcommerce.client import BigCommerceClient
from bot.sandbox.bigcommerce.server import StoreSandbox
from bot.values.outcome import Outcome, Status

REFERENCE = "MG-7F3K-2Q9D"
# Readings until the sandbox has settled, which takes it SETTLEMENT_S.
WAITS = (0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8)
SETTLEMENT_S = 0.02
# One reading and no patience: for what is not meant to settle within the test.
AT_ONCE = (0,)
# How often, and after which pause, what is on its way is looked at again.
LOOKS, PAUSE_S = 40, 0.05

Q = TypeVar("Q", bound=RefundRequest)


async def permitted() -> Outcome | None:
    return None


@dataclass
class World:
    """A store to act on. `claims` stands for the log's `sent_at`, which outlives a crash."""

    url: str
    sandbox: StoreSandbox
    http: aiohttp.ClientSession
    store: BigCommerceClient
    claims: set[str] = field(default_factory=set)
    sent_at: dict[str, datetime] = field(default_factory=dict)

    def attempt(
        self,
        reference: str = REFERENCE,
        *,
        waits: Sequence[float] = WAITS,
        accepted: bool = False,
        store: BigCommerceClient | None = None,
    ) -> Attempt:
        """Return what the runner would lend for the next run of the reference."""

        def claim() -> bool:
            is_first = reference not in self.claims
            self.claims.add(reference)
            self.sent_at.setdefault(reference, datetime.now(UTC))
            return is_first

        return Attempt(
            reference=reference,
            store=store or self.store,
            claim=claim,
            claimed=reference in self.claims,
            refusal=permitted,
            settle_waits=waits,
            accepted=accepted,
            sent_at=self.sent_at.get(reference),
        )

    async def confirm(self, action: Action[Q], request: Q, method: int = 0) -> Q:
        """Return the request as an agent confirms it, with the review's method of that place."""
        review = await action.review(request, self.store)
        choice = review.methods[method]
        confirmed = ConfirmedRefund(
            total=choice.amount,
            method=choice.key,
            payments=choice.payments,
            left_out=review.left_out,
            items=review.items,
            status=review.status,
        )
        return request.model_copy(update={"confirmed": confirmed})

    async def run(self, action: Runnable[Any], request: Any, **attempt: Any) -> Outcome:
        """Run the action once, its request read back from the log as the runner does."""
        stored = action.request_type.model_validate_json(request.model_dump_json())
        return await action.run(stored, self.attempt(**attempt))

    async def follow(self, action: Runnable[Any], request: Any, **attempt: Any) -> Outcome:
        """Run the action, and again while it is pending, as the runner's sweep does."""
        outcome = await self.run(action, request, **attempt)
        for _ in range(LOOKS):
            if outcome.status is not Status.PENDING:
                break
            await asyncio.sleep(PAUSE_S)
            outcome = await self.run(action, request, **{**attempt, "accepted": True})
        return outcome

    async def break_next(self, match: str, kind: str, **fields: Any) -> None:
        """Switch a fault of the store on."""
        await self.post("faults", {"match": match, "kind": kind, **fields})

    async def change(self, order_id: int, **fields: Any) -> None:
        """Let another app change the order."""
        await self.post("order", {"order_id": order_id, **fields})

    async def set(self, **settings: Any) -> None:
        """Change the store's settings."""
        await self.post("settings", settings)

    async def heal(self) -> None:
        """Switch all faults off and settle what is on its way."""
        await self.post("faults", {"clear": True})
        await self.post("settle", {})

    async def truth(self, order_id: int) -> dict[str, Any]:
        """Return the order as the store's books have it."""
        books = await self.books()
        order: dict[str, Any] = books["orders"][str(order_id)]
        return order

    async def books(self) -> dict[str, Any]:
        """Return the store's books."""
        async with self.http.get(f"{self.url}/control/store/books") as response:
            books: dict[str, Any] = await response.json()
        return books

    async def post(self, name: str, body: dict[str, Any]) -> None:
        """Use one of the store's controls."""
        async with self.http.post(f"{self.url}/control/store/{name}", json=body) as response:
            assert response.status == 200, await response.text()


def client(
    url: str, sandbox: StoreSandbox, *, token: str | None = None, **options: Any
) -> BigCommerceClient:
    """Return a client of the sandbox store that does not wait long for anything."""
    return BigCommerceClient(
        store_hash=sandbox.store_hash,
        access_token=token or sandbox.access_token,
        api_url=url,
        **{"max_wait_s": 0.5, "write_timeout_s": 1, "retry_waits_s": (0.01, 0.01), **options},
    )


@asynccontextmanager
async def open_world(journal: Path | None = None) -> AsyncIterator[World]:
    """Start a fresh store on a port of its own."""
    sandbox = StoreSandbox(data=None, seed=1, journal=journal, reset=False)
    app = web.Application()
    sandbox.add_routes(app)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    await sandbox.start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    store = client(url, sandbox)
    async with aiohttp.ClientSession() as http:
        world = World(url=url, sandbox=sandbox, http=http, store=store)
        await world.set(settlement_s=SETTLEMENT_S)
        yield world
    await store.close()
    await sandbox.close()
    await runner.cleanup()
