from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.retries import call_again


class Slack:
    """Raises what it is given, one after the other, then answers."""

    def __init__(self, *errors: Exception) -> None:
        self._errors = list(errors)
        self.calls = 0
        self.called_at: list[float] = []

    async def call(self) -> str:
        self.calls += 1
        self.called_at.append(asyncio.get_running_loop().time())
        if self._errors:
            raise self._errors.pop(0)
        return "answer"

    async def called_again(self, **bounds: float) -> str:
        return await call_again("users.info", self.call, waits_s=(0, 0), **bounds)


def refused(code: str, *, status: int = 200, **headers: str) -> SlackApiError:
    response = AsyncSlackResponse(
        client=AsyncWebClient(),
        http_verb="POST",
        api_url="https://slack.com/api/users.info",
        req_args={},
        data={"ok": False, "error": code},
        headers=headers,
        status_code=status,
    )
    return SlackApiError("refused", response)


@pytest.mark.parametrize(
    "error",
    [refused("internal_error"), refused("brand_new_code"), aiohttp.ClientOSError(), TimeoutError()],
)
async def test_what_may_pass_is_tried_twice_more(error: Exception) -> None:
    slack = Slack(error, error)

    assert await slack.called_again() == "answer"
    assert slack.calls == 3


async def test_what_does_not_pass_then_is_raised() -> None:
    slack = Slack(*[refused("internal_error") for _ in range(9)])

    with pytest.raises(SlackApiError):
        await slack.called_again()
    assert slack.calls == 3


@pytest.mark.parametrize("code", ["user_not_found", "missing_scope", "invalid_arguments"])
async def test_what_slack_will_say_again_is_raised_at_once(code: str) -> None:
    slack = Slack(refused(code))

    with pytest.raises(SlackApiError):
        await slack.called_again()
    assert slack.calls == 1


async def test_slack_is_called_again_after_the_time_that_it_names_but_not_after_any() -> None:
    soon = Slack(refused("ratelimited", status=429, **{"Retry-After": "0"}))
    late = Slack(refused("ratelimited", status=429, **{"Retry-After": "30"}))
    odd: Any = Slack(refused("ratelimited", status=429, **{"Retry-After": "soon"}))

    assert await soon.called_again(longest_s=1) == "answer"
    with pytest.raises(SlackApiError):
        await late.called_again(longest_s=1)
    with pytest.raises(SlackApiError):
        await odd.called_again(longest_s=0.5)
    assert (soon.calls, late.calls, odd.calls) == (2, 1, 1)


async def test_it_is_not_called_before_the_time_that_slack_names() -> None:
    named_s = 0.2
    slack = Slack(refused("ratelimited", status=429, **{"Retry-After": str(named_s)}))

    await slack.called_again()

    first, second = slack.called_at
    assert second - first >= named_s
