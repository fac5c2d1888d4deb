"""The bot's real parts in a measured process.

When they are held, the work that follows an ack is put aside: nothing is spawned, and the queue is
not looked at.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from dbos import DBOSClient

from bot.app import INTERACTIVE_TIMEOUT_S, POSTING_TIMEOUT_S, make_desk
from bot.bigcommerce.client import BigCommerceClient
from bot.config.settings import read_settings
from bot.runner.engine import NAME, QUEUE
from bot.slack.connection import Sockets, identify, web_client
from handlers.desk import Desk
from handlers.flow.background_tasks import BackgroundTasks
from handlers.registration import register_handlers
from handlers.settings.proposing import tell
from handlers.windows.upkeep import ScreenUpkeep
from storage.data_folder.folder import DATABASE_FILE, WORKFLOWS_FILE
from storage.database import open_database
from tests.support.running import activate

HELD_S = 3600.0


class PutAside(BackgroundTasks):
    """Starts nothing."""

    def spawn(self, work: Coroutine[None, None, None], *, name: str) -> None:
        work.close()


@asynccontextmanager
async def connected_bot(environment: dict[str, str], *, held: bool) -> AsyncIterator[Desk]:
    """Connect the bot and give its desk."""
    settings = read_settings(environment)
    data = Path(settings.data)
    db = open_database(data / DATABASE_FILE)
    activate(data)
    async with aiohttp.ClientSession() as session:
        interactive = web_client(settings, session, timeout_s=INTERACTIVE_TIMEOUT_S)
        posting = web_client(settings, session, timeout_s=POSTING_TIMEOUT_S)
        identity = await identify(settings, posting)
        store = BigCommerceClient(
            store_hash=settings.bigcommerce_store_hash,
            access_token=settings.bigcommerce_access_token.get_secret_value(),
            api_url=settings.bigcommerce_api_url,
        )
        desk = make_desk(settings, identity, db, store, interactive, posting)
        desk.delivery.start()
        ScreenUpkeep(desk, tell=tell).start()
        await desk.runner.start()
        if held:
            desk = dataclasses.replace(desk, tasks=PutAside())
            await asyncio.to_thread(_hold_queue, data / WORKFLOWS_FILE)
        sockets = Sockets(
            settings,
            identity,
            desk.slack,
            listen=lambda app: register_handlers(app, desk),
            outbox=desk.outbox,
            posting=posting,
        )
        await sockets.connect()
        yield desk


def _hold_queue(path: Path) -> None:
    """Have the queue looked at once in an hour; its worker takes that over at its next look."""
    client = DBOSClient(system_database_url=f"sqlite:///{path}", application_name=NAME)
    try:
        client.register_queue(QUEUE, partition_concurrency=1, polling_interval_sec=HELD_S)
    finally:
        client.destroy()
