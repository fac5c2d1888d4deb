"""The bot with BigCommerce's webhooks set up, as `make demo` has them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.commands.demo_webhooks import webhook_settings
from bot.sandbox.server import Sandbox
from tests.support.agent import Agent, wait_for
from tests.support.running import Running, running_bot, running_sandbox

OUTSIDE = "Outside Makegood: "


class Hooked(Running):
    """The sandbox and the bot, which can be stopped and started again."""

    sandbox: Sandbox
    data: Path
    settings: dict[str, str]

    async def outside_changes(self, agent: Agent, order_id: int) -> list[str]:
        """Return what the thread says about changes made outside the bot."""
        return [m["text"] for m in await agent.thread(order_id) if OUTSIDE in m["text"]]

    async def wait_until_decided(self) -> None:
        """Wait until everything that was delivered has been looked at, and told if need be."""

        async def look() -> bool | None:
            for still in (
                "SELECT 1 FROM outside_events WHERE verdict IS NULL",
                "SELECT 1 FROM outbox WHERE kind = 'outside' AND shown IS NULL",
            ):
                if self._db.execute(still).fetchone() is not None:
                    return None
            return True

        await wait_for(look, "all events to be decided and told")

    async def wait_for_delivery(self, scope: str, times: int = 1) -> None:
        """Wait until BigCommerce has delivered so many events of this scope."""

        async def look() -> bool | None:
            sent = (await self.workspace.get("store/deliveries"))["deliveries"]
            taken = [each for each in sent if each["scope"] == scope and each["status"] == 200]
            return True if len(taken) >= times else None

        await wait_for(look, f"{times} deliveries of {scope}")

    def verdicts(self, kind: str) -> list[str]:
        """Return what was decided about the events of a kind, oldest first."""
        sql = "SELECT verdict FROM outside_events WHERE kind = ? ORDER BY id"
        return [str(row[0]) for row in self._db.execute(sql, [kind])]


@asynccontextmanager
async def hooked_sandbox(name: str, data: Path) -> AsyncIterator[Hooked]:
    """Start a sandbox with webhooks set up; the bot is started by `bot_of`."""
    async with running_sandbox(name) as (sandbox, session):
        hooked = Hooked(sandbox, session, data)
        hooked.sandbox, hooked.data = sandbox, data
        hooked.settings = await webhook_settings(sandbox)
        await hooked.workspace.post("store/settings", hook_retry_s=[0.2] * 50)
        try:
            yield hooked
        finally:
            hooked.close()
            await asyncio.sleep(0)


@asynccontextmanager
async def bot_of(hooked: Hooked) -> AsyncIterator[None]:
    """Run the bot."""
    async with running_bot(hooked.sandbox, hooked.data, **hooked.settings):
        yield
