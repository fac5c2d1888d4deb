"""All of Slack: commands, modals, messages. Payloads never leave this package."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.bigcommerce.http.quota import looks_of
from bot.config.configuration import People
from bot.values.clean_text import cleaned
from handlers.access.access import Access
from handlers.approvals.posted import PostedApprovals
from handlers.desk import Desk
from handlers.listeners import (
    on_block_action,
    on_command,
    on_home_opened,
    on_options,
    on_people_event,
    on_shortcut,
    on_submission,
    on_view_closed,
)
from handlers.people.watch import HEARD
from handlers.people.words import told_message
from handlers.settings.proposal_words import changed_message, in_effect_message, proposal_message
from handlers.timeline.answers import Answers
from handlers.timeline.data_alarms import data_message
from handlers.timeline.delivery import Delivery
from handlers.timeline.rendered import plain
from storage.log.action_log import ActionLog
from storage.outbox.outbox import Outbox
from storage.outbox.posts import ABOUT_DATA, CHANGED, CHANNEL, IN_EFFECT, PEOPLE, PROPOSED

ANY = re.compile("")


def register_handlers(app: AsyncApp, desk: Desk) -> None:
    """Connect the listeners to Bolt, which hands arguments over by their names."""

    @app.middleware
    async def clean(req: AsyncBoltRequest, next: Any) -> None:
        # Before any listener: what was typed or shown in Slack may hold half an emoji.
        req.body = cleaned(req.body)
        await next()

    @app.command(ANY)
    async def command(ack: Any, body: Any, respond: Any) -> None:
        with looks_of(desk.installation.person(body).user_id):
            await on_command(desk, ack, body, respond)

    @app.view(ANY)
    async def submission(ack: Any, body: Any) -> None:
        with looks_of(desk.installation.person(body).user_id):
            await on_submission(desk, ack, body)

    @app.view_closed(ANY)
    async def closed(ack: Any, body: Any) -> None:
        await on_view_closed(desk, ack, body)

    @app.action(ANY)
    async def block_action(ack: Any, body: Any, respond: Any) -> None:
        with looks_of(desk.installation.person(body).user_id):
            await on_block_action(desk, ack, body, respond)

    @app.shortcut(ANY)
    async def shortcut(ack: Any, body: Any, respond: Any) -> None:
        with looks_of(desk.installation.person(body).user_id):
            await on_shortcut(desk, ack, body, respond)

    @app.options(ANY)
    async def options(ack: Any, body: Any) -> None:
        with looks_of(desk.installation.person(body).user_id):
            await on_options(desk, ack, body)

    @app.event("app_home_opened")
    async def home_opened(event: Any, body: Any) -> None:
        await on_home_opened(desk, event, body)

    for name in HEARD:

        @app.event(name)
        async def people_event(event: Any) -> None:
            on_people_event(desk, event)


def register_messages(
    delivery: Delivery,
    *,
    channel_id: Callable[[], str],
    approvers: Callable[[], People],
    access: Access,
    log: ActionLog,
    outbox: Outbox,
) -> None:
    """Tell the delivery what renders the messages that are not of a request or an order."""
    PostedApprovals(
        channel_id=channel_id, approvers=approvers, access=access, log=log, outbox=outbox
    ).register(delivery)
    Answers(outbox).register(delivery)
    for kind in (PEOPLE, CHANNEL):
        delivery.register(kind, plain(told_message))
    for kind in ABOUT_DATA:
        delivery.register(kind, plain(data_message))
    delivery.register(PROPOSED, plain(lambda post: proposal_message(post.content)))
    delivery.register(IN_EFFECT, plain(lambda post: in_effect_message(post.content)))
    delivery.register(CHANGED, plain(lambda post: changed_message(post.content)))
