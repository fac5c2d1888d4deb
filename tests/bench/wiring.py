"""The bot's real parts, put together for a measurement.

Two things differ from the composition root: messages are not paced to one a second, and, when
`held`, the work that follows an ack is put aside: the queue is not polled, nothing is spawned.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from bot.actions import ACTIONS
from bot.app import DATABASE_FILE, INTERACTIVE_TIMEOUT_S, POSTING_TIMEOUT_S
from bot.bigcommerce import BigCommerceClient
from bot.connection import Sockets, identify, web_client
from bot.runner import ActionRunner, Schedule
from bot.settings import read_settings
from handlers.access import Access
from handlers.catalogue import Catalogue
from handlers.desk import Desk
from handlers.posting import Poster
from handlers.tasks import BackgroundTasks
from handlers.timeline import SlackTimeline
from storage import ActionLog, Drafts, OrderThreads, open_database

HELD_S = 3600.0


class PutAside(BackgroundTasks):
    """Starts nothing."""

    def spawn(self, work: Coroutine[None, None, None], *, name: str) -> None:
        work.close()


@asynccontextmanager
async def connected_bot(environment: dict[str, str], *, held: bool) -> AsyncIterator[Desk]:
    """Connect the bot and give its desk."""
    settings = read_settings(environment)
    db = open_database(Path(settings.data) / DATABASE_FILE)
    async with aiohttp.ClientSession() as session:
        interactive = web_client(settings, session, timeout_s=INTERACTIVE_TIMEOUT_S)
        posting = web_client(settings, session, timeout_s=POSTING_TIMEOUT_S)
        identity = await identify(settings, posting)
        store = BigCommerceClient(
            store_hash=settings.bigcommerce_store_hash,
            access_token=settings.bigcommerce_access_token.get_secret_value(),
            api_url=settings.bigcommerce_api_url,
        )
        log, threads, catalogue = ActionLog(db), OrderThreads(db), Catalogue(store)
        channel_id = settings.slack_channel
        poster = Poster(posting, bot_user_id=identity.bot_user_id, pause_s=0)
        timeline = SlackTimeline(
            poster,
            channel_id=channel_id,
            store=store.background,
            catalogue=catalogue,
            log=log,
            threads=threads,
        )
        runner = ActionRunner(
            data=settings.data,
            log=log,
            store=store,
            actions=ACTIONS,
            timeline=timeline,
            settle_waits=settings.settle_waits,
            schedule=Schedule(sweep_every_s=HELD_S if held else settings.sweep_every),
            **({"polling_interval_s": HELD_S} if held else {}),
        )
        desk = Desk(
            team_id=identity.team_id,
            channel_id=channel_id,
            slack=interactive,
            store=store,
            catalogue=catalogue,
            runner=runner,
            log=log,
            threads=threads,
            drafts=Drafts(db),
            access=Access(interactive, team_id=identity.team_id, channel_id=channel_id),
            reasons=settings.reasons,
            tasks=PutAside() if held else BackgroundTasks(),
            poster=poster,
            timeline=timeline,
        )
        await runner.start()
        await Sockets(settings, identity, desk, posting).connect()
        yield desk
