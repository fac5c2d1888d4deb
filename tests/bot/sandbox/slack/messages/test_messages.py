from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.bot.sandbox.slack.desk import (
    ANNA,
    BEN,
    DEV,
    GENERAL,
    LOG,
    SUPPORT,
    Desk,
    refused,
    section,
)


async def test_a_message_stands_where_it_was_posted(desk: Desk) -> None:
    posted = await desk.client.chat_postMessage(channel=LOG, text="Order 1042 & <more>")

    messages = (await desk.get("messages", user=ANNA, channel=LOG))["messages"]
    assert [m["ts"] for m in messages] == [posted["ts"]]
    assert messages[0]["text"] == "Order 1042 & <more>"
    assert messages[0]["author"] == {"id": "U0MAKEGOOD", "name": "Makegood", "is_bot": True}


async def test_a_user_id_means_their_direct_messages(desk: Desk) -> None:
    posted = await desk.client.chat_postMessage(channel=ANNA, text="Just you")

    channels = (await desk.get("channels", user=ANNA))["channels"]
    direct = next(channel for channel in channels if channel["is_im"])
    assert posted["channel"] == direct["id"]
    assert await desk.texts(direct["id"]) == ["Just you"]


async def test_replies_are_in_the_thread_and_the_root_counts_them(desk: Desk) -> None:
    root = await desk.client.chat_postMessage(channel=LOG, text="root")
    for text in ("one", "two"):
        last = await desk.client.chat_postMessage(channel=LOG, text=text, thread_ts=root["ts"])

    history = await desk.client.conversations_history(channel=LOG)
    replies = await desk.client.conversations_replies(channel=LOG, ts=root["ts"])
    seen = history["messages"][0]
    assert (seen["reply_count"], seen["latest_reply"]) == (2, last["ts"])
    assert seen["reply_users"] == ["U0MAKEGOOD"]
    assert [m["text"] for m in replies["messages"]] == ["root", "one", "two"]
    assert await desk.texts(LOG) == ["root"]


async def test_a_reply_to_nothing_is_refused(desk: Desk) -> None:
    post = desk.client.chat_postMessage(channel=LOG, text="x", thread_ts="1.000001")

    assert await refused(post) == "thread_not_found"


async def test_reading_back_takes_oldest_latest_inclusive_and_limit(desk: Desk) -> None:
    ts = [(await desk.client.chat_postMessage(channel=LOG, text=str(n)))["ts"] for n in range(5)]

    async def texts(**options: Any) -> list[str]:
        answer = await desk.client.conversations_history(channel=LOG, **options)
        return [message["text"] for message in answer["messages"]]

    assert await texts(oldest=ts[1], latest=ts[3]) == ["2"]
    assert await texts(oldest=ts[1], latest=ts[3], inclusive=True) == ["3", "2", "1"]
    page = await desk.client.conversations_history(channel=LOG, limit=2)
    cursor = page["response_metadata"]["next_cursor"]
    assert page["has_more"] is True
    assert await texts(limit=2, cursor=cursor) == ["2", "1"]
    assert await refused(desk.client.conversations_history(channel=LOG, cursor="?")) == (
        "invalid_cursor"
    )


async def test_a_thread_always_begins_with_its_root(desk: Desk) -> None:
    root = await desk.client.chat_postMessage(channel=LOG, text="root")
    first = await desk.client.chat_postMessage(channel=LOG, text="one", thread_ts=root["ts"])
    await desk.client.chat_postMessage(channel=LOG, text="two", thread_ts=root["ts"])

    answer = await desk.client.conversations_replies(channel=LOG, ts=root["ts"], oldest=first["ts"])

    assert [m["text"] for m in answer["messages"]] == ["root", "two"]


async def test_metadata_is_given_only_to_who_asks(desk: Desk) -> None:
    metadata = {"event_type": "outcome", "event_payload": {"reference": "MG-1"}}
    root = await desk.client.chat_postMessage(channel=LOG, text="root", metadata=metadata)

    async def read(**options: Any) -> Any:
        answer = await desk.client.conversations_replies(channel=LOG, ts=root["ts"], **options)
        return answer["messages"][0].get("metadata")

    assert await read() is None
    assert await read(include_all_metadata=True) == metadata


async def test_the_same_client_msg_id_gives_two_messages(desk: Desk) -> None:
    for _ in range(2):
        await desk.client.chat_postMessage(channel=LOG, text="same", client_msg_id="one")

    assert await desk.texts(LOG) == ["same", "same"]


async def test_an_update_replaces_text_and_blocks(desk: Desk) -> None:
    posted = await desk.client.chat_postMessage(
        channel=LOG, text="before", blocks=[section("before")]
    )

    await desk.client.chat_update(channel=LOG, ts=posted["ts"], text="after")

    message = (await desk.get("messages", user=ANNA, channel=LOG))["messages"][0]
    assert (message["text"], "blocks" in message, "edited" in message) == ("after", False, True)


async def test_only_own_messages_can_be_changed(desk: Desk) -> None:
    written = await desk.post("message", user=ANNA, channel=LOG, text="mine")

    update = desk.client.chat_update(channel=LOG, ts=written["ts"], text="yours")
    assert await refused(update) == "cant_update_message"
    gone = desk.client.chat_update(channel=LOG, ts="1.000001", text="x")
    assert await refused(gone) == "message_not_found"


async def test_an_ephemeral_message_is_for_one_person(desk: Desk) -> None:
    await desk.client.chat_postEphemeral(channel=SUPPORT, user=ANNA, text="Only you")

    assert "Only you" in await desk.texts(SUPPORT, user=ANNA)
    assert "Only you" not in await desk.texts(SUPPORT, user=BEN)
    other = desk.client.chat_postEphemeral(channel=SUPPORT, user=DEV, text="x")
    assert await refused(other) == "user_not_in_channel"


async def test_where_the_app_may_not_post_it_is_told_why(desk: Desk) -> None:
    async def post(channel: str) -> str:
        return await refused(desk.client.chat_postMessage(channel=channel, text="x"))

    assert await post("C0NOWHERE") == "channel_not_found"
    assert await post(GENERAL) == "not_in_channel"
    await desk.post("channel", channel=LOG, archived=True)
    assert await post(LOG) == "is_archived"
    await desk.post("channel", channel=LOG, archived=False)
    await desk.post("membership", channel=LOG, user="U0MAKEGOOD", member=False)
    assert await post(LOG) == "channel_not_found"
    assert await post("U0NOBODY") == "channel_not_found"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x", "blocks": [{"type": "nonsense"}]}, "invalid_blocks"),
        ({"text": "x", "blocks": "[{"}, "invalid_blocks_format"),
        ({"text": "x", "metadata": {"event_type": "x"}}, "invalid_metadata_schema"),
    ],
    ids=["no-text", "too-long", "bad-block", "not-json", "bad-metadata"],
)
async def test_content_that_slack_refuses(desk: Desk, content: Any, error: str) -> None:
    call = desk.client.api_call("chat.postMessage", json={"channel": LOG, **content})

    assert await refused(call) == error


async def test_bad_blocks_are_named_by_json_pointers(desk: Desk) -> None:
    with pytest.raises(SlackApiError) as error:
        await desk.client.chat_postMessage(channel=LOG, text="x", blocks=[section("y" * 3001)])

    assert error.value.response["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    ]


@pytest.mark.parametrize(
    ("token", "error"),
    [("xoxb-other", "invalid_auth"), ("", "not_authed")],
    ids=["unknown", "none"],
)
async def test_only_the_known_tokens_work(desk: Desk, token: str, error: str) -> None:
    client = AsyncWebClient(token, base_url=desk.client.base_url, session=desk.session)

    assert await refused(client.auth_test()) == error


async def test_each_token_opens_only_its_own_methods(desk: Desk) -> None:
    call = desk.client.apps_connections_open(app_token=desk.sandbox.bot_token)

    assert await refused(call) == "not_allowed_token_type"


async def test_the_identity_comes_with_the_granted_scopes(desk: Desk) -> None:
    identity = await desk.client.auth_test()

    assert (identity["team"], identity["bot_id"]) == ("Fern & Fable", "B0MAKEGOOD")
    assert "chat:write" in identity.headers["X-OAuth-Scopes"].split(",")


async def test_people_channels_and_members_can_be_read(desk: Desk) -> None:
    user = await desk.client.users_info(user=ANNA)
    info = await desk.client.conversations_info(channel=LOG, include_num_members=True)
    members = await desk.client.conversations_members(channel=LOG)
    opened = await desk.client.conversations_open(users=ANNA)
    everybody = await desk.client.users_list()

    assert user["user"]["profile"]["real_name"] == "Anna Keller"
    assert (info["channel"]["name"], info["channel"]["is_private"]) == ("order-log", True)
    assert info["channel"]["num_members"] == len(members["members"]) == 4
    assert DEV not in members["members"]
    assert opened["channel"]["id"].startswith("D")
    assert len(everybody["members"]) == 5
    assert await refused(desk.client.users_info(user="U0NOBODY")) == "user_not_found"


async def test_a_permalink_leads_to_the_message_on_the_page(desk: Desk) -> None:
    root = await desk.client.chat_postMessage(channel=LOG, text="root")
    reply = await desk.client.chat_postMessage(channel=LOG, text="x", thread_ts=root["ts"])

    link = (await desk.client.chat_getPermalink(channel=LOG, message_ts=reply["ts"]))["permalink"]
    async with desk.session.get(link, allow_redirects=False) as answer:
        place = answer.headers["Location"]

    assert place == f"/?channel={LOG}&ts={reply['ts']}&thread_ts={root['ts']}"


async def test_an_unknown_method_is_named(desk: Desk) -> None:
    assert await refused(desk.client.api_call("chat.sing")) == "unknown_method"
