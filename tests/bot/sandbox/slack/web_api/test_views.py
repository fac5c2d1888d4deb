"""What the views methods refuse, by Slack's codes."""

from __future__ import annotations

from typing import Any

import pytest
from freezegun import freeze_time

from tests.bot.sandbox.slack.desk import (
    ANNA,
    BEN,
    MANIFEST,
    Desk,
    modal,
    open_desk,
    refused,
    section,
)
from tests.bot.sandbox.slack.views.test_modals import acknowledges, opens, trigger_of


def home(**more: Any) -> dict[str, Any]:
    return {"type": "home", "blocks": [section("Home")], **more}


BIG = modal(*[section("é" * 3000) for _ in range(42)])


async def test_a_trigger_opens_one_view_within_three_seconds(desk: Desk) -> None:
    app = desk.app()
    acknowledges(app)
    with freeze_time(real_asyncio=True) as clock:
        async with desk.connected(app):
            await desk.command("/order 1042")
            trigger = await trigger_of(desk)
            await desk.client.views_open(trigger_id=trigger, view=modal())
            again = desk.client.views_open(trigger_id=trigger, view=modal())
            assert await refused(again) == "exchanged_trigger_id"
            unknown = desk.client.views_open(trigger_id="1.2.3", view=modal())
            assert await refused(unknown) == "invalid_trigger_id"

            await desk.command("/order 1042")
            clock.tick(3.1)
            late = desk.client.views_open(trigger_id=await trigger_of(desk), view=modal())
            assert await refused(late) == "expired_trigger_id"


async def test_a_view_has_a_size_in_bytes(desk: Desk) -> None:
    app = desk.app()
    acknowledges(app)
    async with desk.connected(app):
        await desk.command("/order 1042")

        call = desk.client.views_open(trigger_id=await trigger_of(desk), view=BIG)
        assert await refused(call) == "view_too_large"


async def test_an_update_names_one_open_view(desk: Desk) -> None:
    app = desk.app()
    opens(app, modal(external_id="order-1042"))
    async with desk.connected(app):
        await desk.command("/order 1042")
        view = await desk.top_modal()

        async def update(**place: Any) -> Any:
            body = {"view": modal(), **place}
            return await desk.client.api_call("views.update", json=body)

        both = {"view_id": view["id"], "external_id": "order-1042"}
        assert await refused(update(**both)) == "invalid_arguments"
        assert await refused(update(view_id=view["id"], hash="1.made-up")) == "hash_conflict"
        assert (await update(external_id="order-1042", hash=view["hash"]))["ok"]
        await desk.post("close", user=ANNA, view_id=view["id"])
        assert await refused(update(view_id=view["id"])) == "not_found"


async def test_an_external_id_is_one_views_alone(desk: Desk) -> None:
    app = desk.app()
    acknowledges(app)
    async with desk.connected(app):
        await desk.command("/order 1042")
        view = modal(external_id="one")
        await desk.client.views_open(trigger_id=await trigger_of(desk), view=view)
        await desk.command("/order 1042", user=BEN)

        second = desk.client.views_open(trigger_id=await trigger_of(desk), view=view)
        assert await refused(second) == "duplicate_external_id"
    await desk.client.views_publish(user_id=ANNA, view=home(external_id="home"))
    other = desk.client.views_publish(user_id=BEN, view=home(external_id="home"))
    assert await refused(other) == "duplicate_external_id"


async def test_nothing_is_pushed_on_a_view_that_was_closed(desk: Desk) -> None:
    app = desk.app()
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    opens(app, modal({"type": "actions", "block_id": "b", "elements": [button]}))
    triggers: list[str] = []

    @app.action("go")
    async def take(ack: Any, body: Any) -> None:
        triggers.append(body["trigger_id"])
        await ack()

    async with desk.connected(app):
        await desk.command("/order 1042")
        view = await desk.top_modal()
        await desk.post("action", user=ANNA, view_id=view["id"], block_id="b", action_id="go")
        await desk.post("close", user=ANNA, view_id=view["id"])

        push = desk.client.views_push(trigger_id=triggers[0], view=modal())
        assert await refused(push) == "not_found"


async def test_a_home_tab_has_its_hash(desk: Desk) -> None:
    made_up = desk.client.views_publish(user_id=ANNA, view=home(), hash="1.made-up")
    assert await refused(made_up) == "hash_conflict"
    published = await desk.client.views_publish(user_id=ANNA, view=home())
    assert (
        await desk.client.views_publish(user_id=ANNA, view=home(), hash=published["view"]["hash"])
    )["ok"]


@pytest.mark.parametrize("word", ["true", "false"])
async def test_the_home_tab_must_be_switched_on(word: str) -> None:
    manifest = MANIFEST.replace("home_tab_enabled: true", f"home_tab_enabled: {word}")

    async with open_desk(manifest=manifest) as desk:
        publish = desk.client.views_publish(user_id=ANNA, view=home())
        if word == "true":
            assert (await publish)["ok"]
        else:
            assert await refused(publish) == "not_enabled"
