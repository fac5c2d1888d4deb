from __future__ import annotations

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from tests.bot.sandbox.slack.desk import LOG, Desk, open_desk


async def test_more_than_a_burst_is_rate_limited_per_channel() -> None:
    async with open_desk(message_rate=0.01) as desk:
        for _ in range(3):
            await desk.client.chat_postMessage(channel=LOG, text="x")
        with pytest.raises(SlackApiError) as limited:
            await desk.client.chat_postMessage(channel=LOG, text="x")
        await desk.client.chat_postMessage(channel="C0SUPPORT", text="another channel")
        await desk.post("faults", kind="rate", per_second=None)
        await desk.client.chat_postMessage(channel=LOG, text="x")
        shown = await desk.texts(LOG)

    response = limited.value.response
    assert (response["error"], response.status_code) == ("ratelimited", 429)
    assert 0 < int(response.headers["Retry-After"]) <= 100
    assert len(shown) == 4


async def test_a_dropped_answer_leaves_the_message_posted(desk: Desk) -> None:
    await desk.post("faults", kind="drop_after", method="chat.postMessage")

    with pytest.raises(aiohttp.ClientError):
        await desk.client.chat_postMessage(channel=LOG, text="posted")

    assert await desk.texts(LOG) == ["posted"]


async def test_a_call_dropped_before_is_not_carried_out(desk: Desk) -> None:
    await desk.post("faults", kind="drop_before", method="chat.postMessage")

    with pytest.raises(aiohttp.ClientError):
        await desk.client.chat_postMessage(channel=LOG, text="lost")

    assert await desk.texts(LOG) == []


async def test_a_refusal_can_be_ordered_as_often_as_wanted(desk: Desk) -> None:
    fault = {"kind": "error", "method": "chat.postMessage", "error": "is_archived", "times": 2}
    await desk.post("faults", **fault)

    for _ in range(2):
        with pytest.raises(SlackApiError, match="is_archived"):
            await desk.client.chat_postMessage(channel=LOG, text="x")
    await desk.client.chat_postMessage(channel=LOG, text="at last")

    assert await desk.texts(LOG) == ["at last"]


async def test_a_broken_gateway_answers_html(desk: Desk) -> None:
    await desk.post("faults", kind="http_status", method="auth.test", status=503)

    with pytest.raises(SlackApiError) as broken:
        await desk.client.auth_test()

    assert broken.value.response.status_code == 503


async def test_faults_can_be_seen_and_cleared(desk: Desk) -> None:
    await desk.post("faults", kind="delay", method="auth.test", delay_s=0.01)
    listed = await desk.get("faults")
    await desk.post("faults", clear=True)

    assert listed == {"faults": [{"kind": "delay", "method": "auth.test", "times": 1}]}
    assert await desk.get("faults") == {"faults": []}
    assert (await desk.post("faults", kind="earthquake"))["error"] == "unknown_fault"


async def test_calls_are_recorded_without_tokens(desk: Desk) -> None:
    await desk.client.chat_postMessage(channel=LOG, text="x")

    calls = await desk.get("calls", method="chat.postMessage")

    assert calls["calls"][0]["arguments"]["text"] == "x"
    assert desk.sandbox.bot_token not in str(calls)
