"""Slack's Web API client, as the bot needs it."""

from __future__ import annotations

from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

TOO_MANY = 429


class WebClient(AsyncWebClient):
    """Slack's Web API; an answer that is none of Slack's counts as no answer."""

    async def api_call(self, *args: Any, **kwargs: Any) -> AsyncSlackResponse:
        """Call a method; raises SlackApiError, aiohttp.ClientError or TimeoutError, no others."""
        try:
            return await super().api_call(*args, **kwargs)
        except SlackApiError as error:
            answer = error.response
            if not isinstance(answer, AsyncSlackResponse):  # aiohttp's own, unreadable
                raise aiohttp.ClientPayloadError("unreadable answer") from error
            if isinstance(answer.data, dict):
                raise
            if answer.status_code == TOO_MANY:  # its header says how long to wait
                answer.data = {}
                raise
            raise aiohttp.ClientPayloadError("unreadable answer") from error
        except AttributeError as error:
            # A proxy's plain text: slack_sdk takes every answer that it could read for an object.
            raise aiohttp.ClientPayloadError("unreadable answer") from error
