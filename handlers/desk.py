"""What every listener works with, put together once by the composition root."""

from __future__ import annotations

from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot.bigcommerce import BigCommerceClient
from bot.runner import ActionRunner
from handlers.access import Access
from handlers.catalogue import Catalogue
from handlers.posting import Poster
from handlers.tasks import BackgroundTasks
from handlers.timeline import SlackTimeline
from storage.action_log import ActionLog
from storage.drafts import Drafts
from storage.order_threads import OrderThreads


@dataclass(frozen=True, slots=True)
class Desk:
    """The bot's parts as the listeners see them.

    `slack` is the client for people who wait: no retries, a short time-out. `reasons` is the list
    that agents choose from; "Other" is added by the forms. `sends_mail`: the bot e-mails customers.
    """

    team_id: str
    channel_id: str
    slack: AsyncWebClient
    store: BigCommerceClient
    catalogue: Catalogue
    runner: ActionRunner
    log: ActionLog
    threads: OrderThreads
    drafts: Drafts
    access: Access
    reasons: tuple[str, ...]
    tasks: BackgroundTasks
    poster: Poster
    timeline: SlackTimeline
    sends_mail: bool = False
