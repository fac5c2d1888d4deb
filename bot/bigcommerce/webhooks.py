"""Webhooks: the hooks that a store keeps for the bot, and what it sends to them (`webhooks.v3`).

A delivery says what happened and to which order, hardly more: the rest is for reading.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator

from bot.bigcommerce.http.answers import data_of, hold_against, read_list, read_model
from bot.bigcommerce.http.calls import Resource
from bot.bigcommerce.http.errors import NotFound
from bot.bigcommerce.http.fields import Flag, Id, Text, Told, read_whole
from bot.bigcommerce.http.paging import v3_pages
from bot.bigcommerce.http.wire_json import loads

ARCHIVED = "store/order/archived"
STATUS_UPDATED = "store/order/statusUpdated"
REFUND_CREATED = "store/order/refund/created"
TRANSACTIONS = frozenset({"store/order/transaction/created", "store/order/transaction/updated"})
# `created` is left out: an order that is new has no thread.
HOOK_SCOPES = (
    "store/order/updated",
    ARCHIVED,
    STATUS_UPDATED,
    REFUND_CREATED,
    *sorted(TRANSACTIONS),
)


class Hook(Told):
    """A hook as the store keeps it. It lists only those of the access token's own account."""

    id: Id
    scope: Text = ""
    destination: Text = ""
    is_active: Flag = False
    headers: Annotated[Mapping[str, str], BeforeValidator(lambda value: value or {})] = {}


class Hooks(Resource):
    """The webhooks of this API account."""

    async def all(self) -> list[Hook]:
        """Return the hooks of this API account, whatever they are for."""
        call = self._api.read("/v3/hooks")
        return read_list(Hook, call, await v3_pages(self._api, call))

    async def create(self, scope: str, destination: str, headers: Mapping[str, str]) -> Hook:
        """Make a hook. After NoAnswer it may be there: look before making it once more."""
        body = {
            "scope": scope,
            "destination": destination,
            "is_active": True,
            "headers": dict(headers),
        }
        call = self._api.write("POST", "/v3/hooks", body)
        return read_model(Hook, call, data_of(call, await self._api.fetch(call)))

    async def activate(self, hook_id: int, headers: Mapping[str, str]) -> Hook:
        """Switch a hook on, with these headers."""
        body = {"is_active": True, "headers": dict(headers)}
        call = self._api.write("PUT", f"/v3/hooks/{hook_id}", body, repeatable=True)
        changed = data_of(call, await self._api.fetch(call))
        hold_against(call, changed, "id", [hook_id])
        return read_model(Hook, call, changed)

    async def delete(self, hook_id: int) -> None:
        """Delete a hook; one that is gone is as good."""
        call = self._api.write("DELETE", f"/v3/hooks/{hook_id}", None, repeatable=True)
        try:
            await self._api.fetch(call)
        except NotFound:
            return


class ChangeKind(StrEnum):
    """What a delivery is about. UPDATED: something else about the order is different.

    GONE is no delivery's: no webhook is documented for an order that is deleted for good.
    """

    STATUS = "status"
    REFUND = "refund"
    TRANSACTION = "transaction"
    ARCHIVED = "archived"
    GONE = "gone"
    UPDATED = "updated"


class NotADelivery(Exception):
    """What came cannot be used; `str()` says what it is, in words that may be shown."""


@dataclass(frozen=True, slots=True)
class WebhookDelivery:
    """What a webhook says. `key` is the same for every delivery of the same event.

    `detail`: `before` and `after` (status ids), `refund_id`, or `type` and `status` of a payment
    step in the payment provider's words, and `id`, the provider's own.
    """

    order_id: int
    kind: ChangeKind
    key: str
    happened_at: datetime
    detail: dict[str, Any] = field(default_factory=dict)


def read_delivery(body: bytes, store_hash: str) -> WebhookDelivery:
    """Read a webhook's body. Raises NotADelivery, which names the scope if it has one."""
    scope = ""
    try:
        payload = loads(body)
        scope = _printable(payload["scope"])
        if payload["producer"] != f"stores/{store_hash}":
            raise NotADelivery("one about another store")
        if payload["scope"] not in HOOK_SCOPES:
            raise NotADelivery(f"{scope}, which was not asked for")
        at = datetime.fromtimestamp(read_whole(payload["created_at"]), UTC)
        return _read(scope, payload["data"], str(payload["hash"])[:128], at)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, OSError) as error:
        raise NotADelivery(f"{scope or 'no scope'} in a form that is not known") from error


def _printable(scope: Any) -> str:
    """Return a scope to be shown: what does not look like one is not repeated."""
    text = str(scope)
    return text if re.fullmatch(r"[A-Za-z0-9/*_.-]{1,60}", text) else "an odd scope"


def _read(scope: str, data: Mapping[str, Any], digest: str, at: datetime) -> WebhookDelivery:
    if scope in TRANSACTIONS:
        status, step = (str(data[name])[:40] for name in ("transaction_status", "transaction_type"))
        key = f"transaction:{str(data['transaction_id'])[:100]}:{status}"
        detail = {"type": step, "status": status, "id": str(data["transaction_id"])[:100]}
        return WebhookDelivery(_order_id(data["order_id"]), ChangeKind.TRANSACTION, key, at, detail)
    order_id = _order_id(data["id"])
    if scope == STATUS_UPDATED:
        before, after = (
            read_whole(data["status"][f"{name}_status_id"]) for name in ("previous", "new")
        )
        changed = {"before": before, "after": after}
        return WebhookDelivery(order_id, ChangeKind.STATUS, f"status:{digest}", at, changed)
    if scope == REFUND_CREATED:
        refund_id = read_whole(data["refund"]["refund_id"])
        key = f"refund:{order_id}:{refund_id}"
        return WebhookDelivery(order_id, ChangeKind.REFUND, key, at, {"refund_id": refund_id})
    kind = ChangeKind.ARCHIVED if scope == ARCHIVED else ChangeKind.UPDATED
    return WebhookDelivery(order_id, kind, f"{kind}:{digest}", at)


def _order_id(value: Any) -> int:
    """Return an order's number; a transaction has it as text."""
    order_id = read_whole(value)
    if not 0 < order_id < 10**12:
        raise ValueError("no order has such a number")
    return order_id
