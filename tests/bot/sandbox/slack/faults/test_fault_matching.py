"""Faults that concern some calls only, and those whose call takes effect all the same."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.web_api.calls import APP_TOKEN_METHODS, METHODS
from tests.bot.sandbox.slack.desk import (
    ANNA,
    BEN,
    LOG,
    SUPPORT,
    Desk,
    modal,
    plain,
    refused,
    section,
)
from tests.bot.sandbox.slack.views.test_modals import opens

REFUSED = {"kind": "error", "method": "chat.postMessage", "error": "no_permission"}


async def test_a_refusal_can_concern_one_channel(desk: Desk) -> None:
    await desk.post("faults", **REFUSED, channel=LOG)

    await desk.client.chat_postMessage(channel=SUPPORT, text="elsewhere")
    with pytest.raises(SlackApiError, match="no_permission"):
        await desk.client.chat_postMessage(channel=LOG, text="here")

    assert await desk.texts(LOG) == []


@pytest.mark.parametrize("channel", [ANNA, "D0ANNAKELLER"])
async def test_a_person_stands_for_their_direct_messages(desk: Desk, channel: str) -> None:
    await desk.post("faults", **REFUSED, user=ANNA)

    await desk.client.chat_postMessage(channel=BEN, text="to Ben")
    with pytest.raises(SlackApiError, match="no_permission"):
        await desk.client.chat_postMessage(channel=channel, text="to Anna")


async def test_direct_messages_stand_for_the_person(desk: Desk) -> None:
    await desk.post("faults", **REFUSED, channel="D0ANNAKELLER")

    with pytest.raises(SlackApiError, match="no_permission"):
        await desk.client.chat_postMessage(channel=ANNA, text="to Anna")


async def test_a_refusal_can_concern_what_holds_a_text(desk: Desk) -> None:
    await desk.post("faults", **REFUSED, contains='said "no"')

    blocks = [section('Ben said "no"')]
    await desk.client.chat_postMessage(channel=LOG, text="another")
    with pytest.raises(SlackApiError, match="no_permission"):
        await desk.client.chat_postMessage(channel=LOG, text="x", blocks=blocks)

    assert await desk.texts(LOG) == ["another"]


async def test_a_refusal_can_let_some_calls_pass_first(desk: Desk) -> None:
    await desk.post("faults", **REFUSED, skip=1)

    await desk.client.chat_postMessage(channel=LOG, text="first")
    with pytest.raises(SlackApiError, match="no_permission"):
        await desk.client.chat_postMessage(channel=LOG, text="second")
    await desk.client.chat_postMessage(channel=LOG, text="third")

    assert await desk.texts(LOG) == ["first", "third"]


async def test_a_star_concerns_every_method(desk: Desk) -> None:
    await desk.post("faults", kind="error", method="*", error="fatal_error", times=2)

    with pytest.raises(SlackApiError, match="fatal_error"):
        await desk.client.auth_test()
    with pytest.raises(SlackApiError, match="fatal_error"):
        await desk.client.conversations_info(channel=LOG)


async def test_a_refused_call_may_have_taken_effect(desk: Desk) -> None:
    await desk.post("faults", **REFUSED | {"error": "unheard_of"}, after=True)

    with pytest.raises(SlackApiError, match="unheard_of"):
        await desk.client.chat_postMessage(channel=LOG, text="posted")

    assert await desk.texts(LOG) == ["posted"]
    (call,) = (await desk.get("calls", method="chat.postMessage"))["calls"]
    assert "unheard_of" in call["response"]


async def test_a_call_that_is_refused_by_itself_keeps_its_own_answer(desk: Desk) -> None:
    await desk.post("faults", **REFUSED, after=True)

    with pytest.raises(SlackApiError, match="channel_not_found"):
        await desk.client.chat_postMessage(channel="C0NOWHERE", text="x")


async def test_a_gateway_may_fail_after_the_effect(desk: Desk) -> None:
    await desk.post("faults", kind="http_status", method="chat.postMessage", status=504, after=True)

    with pytest.raises(SlackApiError) as broken:
        await desk.client.chat_postMessage(channel=LOG, text="posted")

    assert broken.value.response.status_code == 504
    assert await desk.texts(LOG) == ["posted"]


async def test_a_429_has_slacks_own_shape(desk: Desk) -> None:
    await desk.post("faults", kind="http_status", method="auth.test", status=429, retry_after_s=7)

    with pytest.raises(SlackApiError) as limited:
        await desk.client.auth_test()

    response = limited.value.response
    assert (response["error"], response.status_code) == ("ratelimited", 429)
    assert response.headers["Retry-After"] == "7"


async def test_an_answer_can_come_late_after_the_effect(desk: Desk) -> None:
    await desk.post(
        "faults", kind="delay", method="chat.postMessage", delay_s=60, after=True, channel=LOG
    )

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(desk.client.chat_postMessage(channel=LOG, text="posted"), 0.3)

    assert await desk.texts(LOG) == ["posted"]


async def test_a_views_fault_concerns_its_person_and_its_text(desk: Desk) -> None:
    app = desk.app()
    opens(app, modal(section("Asking ...")))
    async with desk.connected(app):
        await desk.command("/order 1042")
        await desk.command("/order 1042", user=BEN)
        view = await desk.top_modal()
        fault = {"kind": "error", "method": "views.update", "error": "update_failed", "times": 2}
        await desk.post("faults", **fault, user=ANNA, contains="Refunded")

        await desk.client.views_update(view_id=view["id"], view=modal(section("Still asking")))
        with pytest.raises(SlackApiError, match="update_failed"):
            await desk.client.views_update(view_id=view["id"], view=modal(section("Refunded")))
        bens = await desk.top_modal(BEN)
        await desk.client.views_update(view_id=bens["id"], view=modal(section("Refunded")))

    assert (await desk.top_modal())["blocks"][0]["text"]["text"] == plain("Still asking")["text"]
    assert (await desk.top_modal(BEN))["blocks"][0]["text"]["text"] == "Refunded"


async def test_a_response_url_can_be_made_to_fail(desk: Desk) -> None:
    app = desk.app()
    urls: list[str] = []

    @app.command("/order")
    async def handle(ack: object, body: dict[str, str]) -> None:
        urls.append(body["response_url"])
        await ack()  # type: ignore[operator]  # Bolt's own

    async with desk.connected(app):
        await desk.command("/order 1042")
    fault = {"kind": "error", "method": "response_url", "error": "channel_not_found"}
    await desk.post("faults", **fault, user=ANNA, channel=SUPPORT)

    async with aiohttp.ClientSession() as session:
        async with session.post(urls[0], json={"text": "Hello"}) as answer:
            refused = (answer.status, await answer.text())
        async with session.post(urls[0], json={"text": "Hello"}) as answer:
            shown = await answer.text()

    assert refused == (404, "channel_not_found")
    assert shown == "ok"
    assert (await desk.texts(SUPPORT))[-1] == "Hello"


async def test_the_record_of_a_call_tells_what_went_wrong_with_it(desk: Desk) -> None:
    for kind in ("drop_before", "drop_after"):
        await desk.post("faults", kind=kind, method="chat.postMessage")
    for text in ("lost before", "lost after"):
        with pytest.raises(aiohttp.ClientError):
            await desk.client.chat_postMessage(channel=LOG, text=text)
    await desk.client.chat_postMessage(channel=LOG, text="well")

    calls = (await desk.get("calls", method="chat.postMessage"))["calls"]

    told = [(c["arguments"]["text"], c["status"], (c["fault"] or {}).get("kind")) for c in calls]
    assert told == [
        ("lost before", None, "drop_before"),
        ("lost after", 200, "drop_after"),
        ("well", 200, None),
    ]


async def test_a_good_answer_can_go_out_with_other_fields(desk: Desk) -> None:
    root = (await desk.client.chat_postMessage(channel=LOG, text="root"))["ts"]
    change = {"kind": "change", "method": "chat.postMessage", "channel": LOG, "times": 2}
    await desk.post("faults", **change, set={"ts": "1.000001"}, remove=["message.thread_ts"])

    reply = {"channel": LOG, "text": "reply", "thread_ts": root}
    answer = await desk.client.chat_postMessage(**reply)
    refusal = desk.client.chat_postMessage(channel=LOG, text="x", thread_ts="1.000002")
    assert await refused(refusal) == "thread_not_found"

    assert (answer["ts"], "thread_ts" in answer["message"]) == ("1.000001", False)
    replies = await desk.client.conversations_replies(channel=LOG, ts=root)
    assert [m["text"] for m in replies["messages"]] == ["root", "reply"]


@pytest.mark.parametrize("method", sorted(METHODS))
async def test_every_method_can_be_told_to_refuse_with_any_code(desk: Desk, method: str) -> None:
    await desk.post("faults", kind="error", method=method, error="unheard_of")

    token = desk.sandbox.app_token if method in APP_TOKEN_METHODS else desk.sandbox.bot_token
    client = AsyncWebClient(token, base_url=desk.client.base_url, session=desk.session)
    assert await refused(client.api_call(method)) == "unheard_of"
    assert (await desk.get("faults"))["faults"] == []
