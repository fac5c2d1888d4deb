"""The connection, looked at from end to end, in plain words: what works, and what to fix."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.check.data import check_data
from bot.check.files import check_files
from bot.check.finding import Finding
from bot.check.mail import check_mail
from bot.check.rules import check_rules
from bot.check.slack import check_slack
from bot.check.store import check_store
from bot.check.webhooks import check_deliveries, check_webhooks
from bot.config.configuration import Configuration
from bot.config.settings import Settings


async def check_everything(
    settings: Settings, configuration: Configuration
) -> AsyncIterator[Finding]:
    """Yield what is found, as it is found; nothing is changed anywhere, and no mail is sent."""
    for finding in check_rules(configuration):
        yield finding
    async for finding in check_slack(settings, configuration):
        yield finding
    async for finding in check_store(settings):
        yield finding
    yield await check_webhooks(settings)
    for finding in (*check_deliveries(settings), *check_files(settings), *check_data(settings)):
        yield finding
    async for finding in check_mail(settings, configuration):
        yield finding
