"""What a message may hold, by Slack's codes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bot.sandbox.slack.desk import ANNA, LOG, Desk, refused, section

FITTING = [section("x" * 3000) for _ in range(4)] + [section("y" * 1200)]


def calls(desk: Desk, ts: str) -> dict[str, dict[str, Any]]:
    return {
        "chat.postMessage": {"channel": LOG},
        "chat.postEphemeral": {"channel": LOG, "user": ANNA},
        "chat.update": {"channel": LOG, "ts": ts},
    }


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.postEphemeral", "chat.update"])
@pytest.mark.parametrize(
    ("content", "error"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "x", "blocks": [{"type": "nonsense"}]}, "invalid_blocks"),
        ({"text": "x", "blocks": "[{"}, "invalid_blocks_format"),
        ({"text": "x", "blocks": [*FITTING, section("z")]}, "msg_blocks_too_long"),
        ({"text": "x", "markdown_text": "x"}, "markdown_text_conflict"),
        ({"text": "x" * 40_001}, "msg_too_long"),
    ],
    ids=["no-text", "bad-block", "not-json", "blocks-too-long", "two-texts", "too-long"],
)
async def test_content_that_is_refused(
    desk: Desk, method: str, content: dict[str, Any], error: str
) -> None:
    ts = (await desk.client.chat_postMessage(channel=LOG, text="before"))["ts"]

    call = desk.client.api_call(method, json={**calls(desk, ts)[method], **content})

    assert await refused(call) == error
    assert await desk.texts(LOG) == ["before"]


async def test_content_that_just_fits(desk: Desk) -> None:
    posted = await desk.client.chat_postMessage(channel=LOG, text="x" * 40_000, blocks=FITTING)

    assert (await desk.client.chat_update(channel=LOG, ts=posted["ts"], text="x" * 4000))["ok"]
    update = desk.client.chat_update(channel=LOG, ts=posted["ts"], text="x" * 4001)
    assert await refused(update) == "msg_too_long"


@pytest.mark.parametrize(
    ("metadata", "error"),
    [
        ("{", "invalid_metadata_format"),
        ({"event_payload": {}}, "invalid_metadata_format"),
        ({"event_type": "Out come", "event_payload": {}}, "invalid_metadata_format"),
        ({"event_type": "x", "event_payload": {}, "colour": "red"}, "invalid_metadata_format"),
        ({"event_type": "x"}, "invalid_metadata_schema"),
        ({"event_type": "x", "event_payload": {"a": {"b": "c"}}}, "invalid_metadata_schema"),
        ({"event_type": "x", "event_payload": {"a": [{"b": "c"}]}}, "invalid_metadata_schema"),
        ({"event_type": "x", "event_payload": {"A-b": "c"}}, "invalid_metadata_schema"),
    ],
)
async def test_metadata_that_is_refused(desk: Desk, metadata: Any, error: str) -> None:
    for method in ("chat.postMessage", "chat.update"):
        ts = (await desk.client.chat_postMessage(channel=LOG, text="x"))["ts"]
        body = {"channel": LOG, "ts": ts, "text": "x", "metadata": metadata}

        assert await refused(desk.client.api_call(method, json=body)) == error


async def test_metadata_stays_over_an_edit_unless_it_is_sent_empty(desk: Desk) -> None:
    metadata = {"event_type": "outcome", "event_payload": {"reference": "MG-1", "tags": ["a"]}}
    posted = await desk.client.chat_postMessage(channel=LOG, text="x", metadata=metadata)

    async def edited(**more: Any) -> Any:
        await desk.client.chat_update(channel=LOG, ts=posted["ts"], text="y", **more)
        history = await desk.client.conversations_history(channel=LOG, include_all_metadata=True)
        return history["messages"][0].get("metadata")

    assert await edited() == metadata
    assert await edited(metadata={}) is None
