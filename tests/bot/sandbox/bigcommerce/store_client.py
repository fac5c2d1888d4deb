"""A client that talks to the store as the bot would, and a way to start stores."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse, ClientSession, web

from bot.sandbox.bigcommerce.server import StoreSandbox

SETTLEMENT_S = 0.02


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: `body` is None when it was empty."""

    status: int
    body: Any
    headers: dict[str, str]


class Client:
    """Calls the store. `url` is the server's, `store` what it serves."""

    def __init__(self, session: ClientSession, url: str, store: StoreSandbox) -> None:
        self.session = session
        self.url = url
        self.store = store

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = None,
        **query: Any,
    ) -> Answer:
        """Call the API: `path` from the version on; `name__like=` is sent as `name:like=`."""
        async with self.session.request(
            method,
            f"{self.url}/stores/{self.store.store_hash}{path}",
            params={name.replace("__", ":"): str(value) for name, value in query.items()},
            json=body,
            headers={
                "X-Auth-Token": self.store.access_token if token is None else token,
                "Accept": "application/json",
            },
        ) as response:
            return await _read(response)

    async def get(self, path: str, **query: Any) -> Any:
        """Return the body of a successful reading."""
        answer = await self.call("GET", path, **query)
        assert answer.status == 200, answer
        return answer.body

    async def control(self, name: str, body: Any = None) -> Any:
        """Call the control API."""
        method = "GET" if body is None else "POST"
        async with self.session.request(
            method, f"{self.url}/control/store/{name}", json=body
        ) as response:
            return (await _read(response)).body

    async def truth(self, order_id: int) -> Any:
        """Return an order as it truly is."""
        return (await self.control("books"))["orders"][str(order_id)]

    async def quote(self, order_id: int, *items: dict[str, Any]) -> Answer:
        """Ask for a quote."""
        path = f"/v3/orders/{order_id}/payment_actions/refund_quotes"
        return await self.call("POST", path, {"items": list(items)})

    async def refund(self, order_id: int, *items: dict[str, Any], **fields: Any) -> Answer:
        """Quote, then refund: by the quote's last but one method unless `payments` are given."""
        if "payments" not in fields:
            quoted = await self.quote(order_id, *items)
            assert quoted.status == 201, quoted
            fields["payments"] = payments(quoted.body["data"]["refund_methods"][-2])
        path = f"/v3/orders/{order_id}/payment_actions/refunds"
        return await self.call("POST", path, {"items": list(items), **fields})

    async def everything(self, order_id: int) -> list[dict[str, Any]]:
        """Return the items of a full refund of an order that was never refunded.

        Costs are asked for as they were charged, which is what can be given back.
        """
        order = await self.get(f"/v2/orders/{order_id}")
        tax = "inc_tax" if order["is_tax_inclusive_pricing"] else "ex_tax"
        lines = await self.get(f"/v2/orders/{order_id}/products", limit=250)
        items = [item("PRODUCT", line["id"], quantity=line["quantity"]) for line in lines]
        items += [
            item("GIFT_WRAPPING", line["id"], quantity=line["quantity"])
            for line in lines
            if line["wrapping_id"]
        ]
        for row in (await self.call("GET", f"/v2/orders/{order_id}/shipping_addresses")).body or []:
            for kind, cost in (("SHIPPING", "cost"), ("HANDLING", "handling_cost")):
                if Decimal(charged := row[f"{cost}_{tax}"]) > 0:
                    items.append(item(kind, row["id"], amount=float(charged)))
        fees = (await self.call("GET", f"/v2/orders/{order_id}/fees")).body or {"fees": []}
        items += [item("FEE", f["id"], amount=float(f[f"cost_{tax}"])) for f in fees["fees"]]
        return items

    async def settled(self, order_id: int) -> Any:
        """Wait until nothing of an order is on its way; return what is true then."""
        while True:
            order = await self.truth(order_id)
            pending = order["payment_status"] in ("void pending", "capture pending")
            if not pending and all(refund["settled"] for refund in order["refunds"]):
                return order
            await asyncio.sleep(0.01)


def item(item_type: str, item_id: int, **how_much: Any) -> dict[str, Any]:
    """Return a refund item."""
    return {"item_type": item_type, "item_id": item_id, **how_much}


def payments(method: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a quote's method as a refund wants it."""
    return [{name: way[name] for name in ("provider_id", "amount", "offline")} for way in method]


async def _read(response: ClientResponse) -> Answer:
    text = await response.text()
    body: Any = text or None
    if text and response.content_type == "application/json":
        body = json.loads(text)
    return Answer(response.status, body, {k.lower(): v for k, v in response.headers.items()})


@dataclass(slots=True)
class Stores:
    """Starts stores over one data folder and one journal."""

    data: Path
    journal: Path

    async def __call__(self, **options: Any) -> tuple[Client, web.AppRunner]:
        """Start a store; the caller stops it."""
        store = StoreSandbox(
            **{"data": self.data, "seed": 1, "journal": self.journal, "reset": False, **options}
        )
        app = web.Application()
        store.add_routes(app)
        runner = web.AppRunner(app, shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        await store.start()
        client = Client(ClientSession(), f"http://127.0.0.1:{runner.addresses[0][1]}", store)
        return client, runner


async def stop(client: Client, runner: web.AppRunner) -> None:
    """Stop a store and its client."""
    await client.session.close()
    await runner.cleanup()
    await client.store.close()
