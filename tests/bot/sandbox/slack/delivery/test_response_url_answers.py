"""Response URLs: how often and how long they work, and how Slack tells that they do not."""

from __future__ import annotations

from typing import Any

import pytest
from freezegun import freeze_time

from tests.bot.sandbox.slack.desk import ANNA, SUPPORT, Desk
from tests.bot.sandbox.slack.views.test_modals import acknowledges

USED = '{"ok": false, "error": "used_url"}'


async def url_of(desk: Desk) -> str:
    app = desk.app()
    acknowledges(app)
    async with desk.connected(app):
        await desk.command("/order 1042", channel=SUPPORT)
    deliveries = (await desk.get("deliveries"))["deliveries"]
    return str(deliveries[-1]["payload"]["response_url"])


async def post(desk: Desk, url: str, body: Any) -> tuple[int, str]:
    data = body if isinstance(body, str) else None
    async with desk.session.post(url, json=None if data else body, data=data) as answer:
        return answer.status, await answer.text()


@pytest.mark.parametrize(
    ("shape", "answer"),
    [("word", (404, "used_url")), ("json", (404, USED)), ("ok_false", (200, USED))],
)
async def test_an_error_is_told_in_one_of_three_shapes(
    desk: Desk, shape: str, answer: tuple[int, str]
) -> None:
    await desk.post("rules", response_url_errors=shape)
    url = await url_of(desk)

    answers = [await post(desk, url, {"text": "again"}) for _ in range(6)]

    assert answers == [(200, "ok")] * 5 + [answer]


async def test_it_works_for_thirty_minutes(desk: Desk) -> None:
    with freeze_time(real_asyncio=True) as clock:
        url = await url_of(desk)
        clock.tick(30 * 60)
        assert await post(desk, url, {"text": "just in time"}) == (200, "ok")
        clock.tick(1)
        assert await post(desk, url, {"text": "too late"}) == (410, "expired_url")


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ({"text": ""}, (400, "no_text")),
        ({"text": "x", "blocks": [{"type": "nonsense"}]}, (400, "invalid_blocks")),
        ("not JSON", (400, "invalid_payload")),
    ],
)
async def test_what_cannot_be_shown_is_refused(
    desk: Desk, body: Any, answer: tuple[int, str]
) -> None:
    assert await post(desk, await url_of(desk), body) == answer


async def test_a_channel_may_be_gone_meanwhile(desk: Desk) -> None:
    url = await url_of(desk)
    await desk.post("channel", channel=SUPPORT, deleted=True)

    assert await post(desk, url, {"text": "x"}) == (404, "channel_not_found")


async def test_what_administrators_forbid_in_a_channel_does_not_bind_it(desk: Desk) -> None:
    url = await url_of(desk)
    await desk.post("channel", channel=SUPPORT, posting="read_only")

    assert await post(desk, url, {"text": "x"}) == (200, "ok")


async def test_what_is_posted_is_on_record_with_its_answer(desk: Desk) -> None:
    url = await url_of(desk)
    await post(desk, url, {"text": "shown"})

    (call,) = (await desk.get("calls", method="response_url"))["calls"]
    assert (call["status"], call["response"], call["arguments"]["text"]) == (200, "ok", "shown")
    assert "shown" in await desk.texts(SUPPORT, ANNA)


async def test_a_thread_takes_what_everybody_sees_alone(desk: Desk) -> None:
    url = await url_of(desk)
    root = (await desk.client.chat_postMessage(channel=SUPPORT, text="root"))["ts"]
    await desk.client.chat_postMessage(channel=SUPPORT, text="reply", thread_ts=root)

    await post(desk, url, {"text": "for one", "thread_ts": root})
    await post(desk, url, {"text": "for all", "thread_ts": root, "response_type": "in_channel"})

    thread = (await desk.get("thread", user=ANNA, channel=SUPPORT, ts=root))["messages"]
    assert [m["text"] for m in thread] == ["root", "reply", "for all"]
    assert (await desk.texts(SUPPORT))[-1] == "for one"
