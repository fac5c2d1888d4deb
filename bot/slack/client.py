"""Slack's Web API client, as the bot needs it."""

from __future__ import annotations

import time
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.app_manifest import scopes_in

TOO_MANY = 429
# Called with the app's own token.
OF_THE_APP = "apps.connections.open"


class WebClient(AsyncWebClient):
    """Slack's Web API; an answer that is none of Slack's counts as no answer.

    `granted` are the scopes that the token has, as the latest answer says; None where none did.
    `refused` is the error of the latest answer to the bot's own token, "" for none; `answered_at`
    is when it came, by the monotonic clock.
    """

    granted: frozenset[str] | None = None
    refused = ""
    answered_at = float("-inf")

    async def api_call(self, *args: Any, **kwargs: Any) -> AsyncSlackResponse:
        """Call a method; raises SlackApiError, aiohttp.ClientError or TimeoutError, no others."""
        try:
            answer = await super().api_call(*args, **kwargs)
            self._note(answer)
            return answer
        except SlackApiError as error:
            answer = error.response
            if not isinstance(answer, AsyncSlackResponse):  # aiohttp's own, unreadable
                raise aiohttp.ClientPayloadError("unreadable answer") from error
            if isinstance(answer.data, dict):
                self._note(answer)
                raise
            if answer.status_code == TOO_MANY:  # its header says how long to wait
                answer.data = {}
                raise
            raise aiohttp.ClientPayloadError("unreadable answer") from error
        except AttributeError as error:
            # A proxy's plain text: slack_sdk takes every answer that it could read for an object.
            raise aiohttp.ClientPayloadError("unreadable answer") from error

    def _note(self, answer: AsyncSlackResponse) -> None:
        """Note the scopes: installing the app anew changes them under a running bot."""
        self.granted = scopes_of(answer) or self.granted
        if not answer.api_url.endswith(OF_THE_APP):
            self.refused, self.answered_at = str(answer.get("error") or ""), time.monotonic()


def scopes_of(answer: AsyncSlackResponse) -> frozenset[str] | None:
    """Return the scopes that an answer of Slack's shows; None where it shows none."""
    headers = {name.lower(): str(value) for name, value in answer.headers.items()}
    return scopes_in(headers.get("x-oauth-scopes"))
