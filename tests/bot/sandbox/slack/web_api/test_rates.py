"""How fast the app may call, by method and by channel."""

from __future__ import annotations

from typing import Any

import pytest
from freezegun import freeze_time
from slack_sdk.errors import SlackApiError

from bot.sandbox.slack.web_api.calls import METHODS
from bot.sandbox.slack.web_api.rates import PER_MINUTE
from tests.bot.sandbox.slack.desk import ANNA, LOG, SUPPORT, Desk, open_desk, refused
from tests.bot.sandbox.slack.views.test_modals import acknowledges


async def retry_after(call: Any) -> int:
    with pytest.raises(SlackApiError) as limited:
        await call
    response = limited.value.response
    assert (response["error"], response.status_code) == ("ratelimited", 429)
    return int(response.headers["Retry-After"])


def test_every_method_has_its_limit() -> None:
    assert PER_MINUTE.keys() == METHODS.keys()


async def test_a_method_may_be_called_so_often_a_minute() -> None:
    with freeze_time(real_asyncio=True) as clock:
        async with open_desk() as desk:
            ts = (await desk.client.chat_postMessage(channel=LOG, text="x"))["ts"]
            for _ in range(50):
                await desk.client.chat_update(channel=LOG, ts=ts, text="y")

            update = {"channel": LOG, "ts": ts, "text": "z"}
            assert await retry_after(desk.client.chat_update(**update)) == 2
            assert (await desk.client.chat_postMessage(channel=LOG, text="another"))["ok"]
            clock.tick(2)
            assert (await desk.client.chat_update(**update))["ok"]
            assert await retry_after(desk.client.chat_update(**update)) == 1


async def test_a_call_that_is_refused_counts_as_well() -> None:
    with freeze_time(real_asyncio=True):
        async with open_desk() as desk:
            await desk.post("faults", kind="rate", method="users.info", per_minute=1)

            assert await refused(desk.client.users_info(user="U0NOBODY")) == "user_not_found"
            assert await retry_after(desk.client.users_info(user=ANNA)) == 60


async def test_the_limits_of_methods_can_be_lifted(desk: Desk) -> None:
    for order in ({"method": "auth.test", "per_minute": 1}, {"tiers": False}):
        await desk.post("faults", kind="rate", **order)

    for _ in range(3):
        assert (await desk.client.auth_test())["ok"]


async def test_answers_to_a_response_url_are_limited_per_channel() -> None:
    with freeze_time(real_asyncio=True) as clock:
        async with open_desk(message_rate=1.0) as desk:
            app = desk.app()
            acknowledges(app)
            async with desk.connected(app):
                await desk.command("/order 1042", channel=SUPPORT)
            deliveries = (await desk.get("deliveries"))["deliveries"]
            url = deliveries[-1]["payload"]["response_url"]

            async def say() -> tuple[int, str | None]:
                async with desk.session.post(url, json={"text": "x"}) as answer:
                    return answer.status, answer.headers.get("Retry-After")

            assert [await say() for _ in range(4)] == [(200, None)] * 3 + [(429, "1")]
            clock.tick(1)
            assert await say() == (200, None)
            assert (await desk.client.chat_postMessage(channel=SUPPORT, text="x"))["ok"]


async def test_a_clock_that_goes_back_locks_nothing() -> None:
    async with open_desk(message_rate=1.0) as desk:
        with freeze_time(real_asyncio=True) as clock:
            clock.tick(25 * 3600)
            await desk.client.auth_test()
            await desk.client.chat_postMessage(channel=LOG, text="tomorrow")

        assert (await desk.client.auth_test())["ok"]
        assert (await desk.client.chat_postMessage(channel=LOG, text="today"))["ok"]
