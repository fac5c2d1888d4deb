"""Webhooks on their way: sent soon after the event, again while they fail, twice on demand.

Nothing leaves this machine: a destination's host is only reached where the control API has said
which address on this machine stands for it.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict, deque
from hashlib import sha1
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.sandbox.bigcommerce.shop import Shop
from bot.sandbox.bigcommerce.webhooks.hook import Hook

STORE_ID = "1000001"
ANSWER_S = 10.0
# "Fewer than 90 % successes in two minutes, once there were 100 tries": blocked for `hook_block_s`.
WATCHED_S, WATCHED_FROM, LEAST_GOOD = 120.0, 100, 0.9
KEPT = 500


class HookDeliveries:
    """Sends events to the hooks that want them, from `start` to `close`.

    `reach` maps a destination's host to an address such as http://127.0.0.1:8801. `sent` is what
    was tried, newest last: scope, order, attempt and the status that came back (0: none, or
    the host is blocked).
    """

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._tries: defaultdict[str, deque[tuple[float, bool]]] = defaultdict(deque)
        self._blocked_until: dict[str, float] = {}
        self.reach: dict[str, str] = {}
        self.sent: deque[dict[str, Any]] = deque(maxlen=KEPT)

    def start(self) -> None:
        """Begin."""
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_S))

    async def close(self) -> None:
        """Stop; what was not taken by then is lost, as after BigCommerce's last attempt."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
        self._session = None

    def notify(self, scope: str, data: dict[str, Any]) -> None:
        """Send an event to every active hook of its scope."""
        hooks = [hook for hook in self._shop.books.hooks.values() if hook.fits(scope)]
        if self._session is None or not hooks:
            return
        text = json.dumps(self._payload(scope, data))
        twice = self._shop.faults.take("POST", f"hooks/{scope}", "duplicate") is not None
        for hook in hooks * (2 if twice else 1):
            task = asyncio.create_task(self._deliver(hook, scope, text))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _payload(self, scope: str, data: dict[str, Any]) -> dict[str, Any]:
        payload = {
            "scope": scope,
            "store_id": STORE_ID,
            "data": data,
            "created_at": int(time.time()),
            "producer": f"stores/{self._shop.store_hash}",
        }
        # "The payload data encoded in JSON format and then passed through SHA1".
        digest = sha1(json.dumps(payload).encode(), usedforsecurity=False)
        return {**payload, "hash": digest.hexdigest()}

    async def _deliver(self, hook: Hook, scope: str, text: str) -> None:
        for attempt, wait_s in enumerate((0.0, *self._shop.books.settings.hook_retry_s), 1):
            await asyncio.sleep(wait_s)
            status = await self._post(hook, text)
            self.sent.append({"scope": scope, "attempt": attempt, "status": status})
            if 200 <= status < 300:
                return
        # "Deactivated" after the last try, until somebody switches it on again.
        hook.is_active = False
        self._shop.changed()

    async def _post(self, hook: Hook, text: str) -> int:
        parts = urlsplit(hook.destination)
        host = parts.hostname or ""
        base = self.reach.get(host)
        if base is None or self._session is None or self._is_blocked(host):
            return 0
        status = await self._send(hook, f"{base}{parts.path}", text)
        self._watch(host, is_good=200 <= status < 300)
        return status

    def _is_blocked(self, host: str) -> bool:
        return time.monotonic() < self._blocked_until.get(host, 0.0)

    def _watch(self, host: str, *, is_good: bool) -> None:
        now, tries = time.monotonic(), self._tries[host]
        tries.append((now, is_good))
        while tries[0][0] < now - WATCHED_S:
            tries.popleft()
        good = sum(each for _, each in tries)
        if len(tries) >= WATCHED_FROM and good < LEAST_GOOD * len(tries):
            self._blocked_until[host] = now + self._shop.books.settings.hook_block_s
            tries.clear()

    async def _send(self, hook: Hook, address: str, text: str) -> int:
        if self._session is None:
            return 0
        headers = {**(hook.headers or {}), "Content-Type": "application/json"}
        try:
            async with self._session.post(
                address, data=text, headers=headers, allow_redirects=False
            ) as answer:
                return answer.status
        except (aiohttp.ClientError, TimeoutError):
            return 0
