"""All of Slack: commands, modals, messages. Payloads never leave this package."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.bigcommerce.http.quota import looks_of
from bot.values.clean_text import cleaned
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
