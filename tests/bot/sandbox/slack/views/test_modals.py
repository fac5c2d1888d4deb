from __future__ import annotations

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from tests.bot.sandbox.slack.desk import ANNA, BEN, Desk, modal, open_desk, section, text_input


def opens(app: AsyncApp, view: dict[str, Any]) -> None:
    """Make /order open this view."""

    async def open_view(ack: Any, body: Any, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    app.command("/order")(open_view)


def answers(app: AsyncApp, **answer: Any) -> list[dict[str, Any]]:
    """Make a submission be acknowledged like this; return the list of views submitted."""
    submitted: list[dict[str, Any]] = []

    async def take(ack: Any, view: Any) -> None:
        submitted.append(view)
        await ack(**answer)

    app.view("form")(take)
    return submitted


async def trigger_of(desk: Desk) -> str:
    """Return a trigger from a command that the app only acknowledges."""
    deliveries = (await desk.get("deliveries"))["deliveries"]
    return str(deliveries[-1]["payload"]["trigger_id"])


def acknowledges(app: AsyncApp) -> None:
    async def take(ack: Any) -> None:
        await ack()

    app.command("/order")(take)


async def test_a_command_opens_a_modal_that_a_person_submits(desk: Desk) -> None:
    app = desk.app()
    opens(app, modal(text_input("note", initial_value="as ordered"), private_metadata="1042"))
    submitted = answers(app)

    async with desk.connected(app):
        assert await desk.command("/order 1042") == {"ok": True}
        view = await desk.top_modal()
        values = {"note": {"value": "arrived broken"}}
        answer = await desk.post("submit", user=ANNA, view_id=view["id"], values=values)

    assert view["state"]["values"]["note"]["value"]["value"] == "as ordered"
    assert answer == {"ok": True, "errors": None, "action": None}
    assert submitted[0]["state"]["values"]["note"]["value"] == {
        "type": "plain_text_input",
        "value": "arrived broken",
    }
    assert submitted[0]["private_metadata"] == "1042"
    assert (await desk.get("modals", user=ANNA))["views"] == []


async def test_what_is_left_out_of_a_submission_keeps_its_initial_value(desk: Desk) -> None:
    app = desk.app()
    opens(app, modal(text_input("note", initial_value="as ordered"), text_input("other")))
    submitted = answers(app)

    async with desk.connected(app):
        await desk.command("/order 1042")
        await desk.post("submit", user=ANNA, view_id=(await desk.top_modal())["id"])

    state = submitted[0]["state"]["values"]
    assert state["note"]["value"]["value"] == "as ordered"
    assert state["other"]["value"]["value"] is None


async def test_field_errors_come_back_and_the_modal_stays(desk: Desk) -> None:
    app = desk.app()
    opens(app, modal(text_input("note")))
    answers(app, response_action="errors", errors={"note": "Say more."})

    async with desk.connected(app):
        await desk.command("/order")
        view = await desk.top_modal()
        answer = await desk.post("submit", user=ANNA, view_id=view["id"])

    assert answer == {"ok": True, "errors": {"note": "Say more."}, "action": "errors"}
    assert (await desk.top_modal())["id"] == view["id"]


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"text": "Not an input."}},
        {"response_action": "errors", "errors": {"nowhere": "No such block."}},
        {
            "response_action": "update",
            "view": modal(title={"type": "plain_text", "text": "x" * 25}),
        },
    ],
    ids=["not-an-input", "unknown-block", "bad-view"],
)
async def test_an_unusable_answer_shows_the_generic_error(
    desk: Desk, answer: dict[str, Any]
) -> None:
    app = desk.app()
    opens(app, modal(section("Read this", block_id="text"), text_input("note")))
    answers(app, **answer)

    async with desk.connected(app):
        await desk.command("/order")
        seen = await desk.post("submit", user=ANNA, view_id=(await desk.top_modal())["id"])

    assert seen["error"] == "invalid_response"
    assert seen["message"] == "We had some trouble connecting. Try again?"


async def test_a_required_field_is_checked_before_the_app_hears_of_it(desk: Desk) -> None:
    app = desk.app()
    opens(app, modal({**text_input("note"), "optional": False}))
    submitted = answers(app)

    async with desk.connected(app):
        await desk.command("/order")
        answer = await desk.post("submit", user=ANNA, view_id=(await desk.top_modal())["id"])

    assert answer["errors"] == {"note": "Please complete this required field."}
    assert submitted == []


async def test_an_update_keeps_what_was_entered_under_the_same_ids_only(desk: Desk) -> None:
    second = modal(
        text_input("kept", initial_value="new"),
        text_input("renamed", "other_action", initial_value="new"),
        text_input("renamed_block", initial_value="new"),
    )
    app = desk.app()
    opens(app, modal(text_input("kept"), text_input("renamed"), text_input("block")))
    answers(app, response_action="update", view=second)

    async with desk.connected(app):
        await desk.command("/order")
        first = await desk.top_modal()
        values = {name: {"value": "typed"} for name in ("kept", "renamed", "block")}
        answer = await desk.post("submit", user=ANNA, view_id=first["id"], values=values)

    view = await desk.top_modal()
    assert answer["action"] == "update"
    assert (view["id"], view["hash"] != first["hash"]) == (first["id"], True)
    state = view["state"]["values"]
    assert state["kept"]["value"]["value"] == "typed"
    assert state["renamed"]["other_action"]["value"] == "new"
    assert state["renamed_block"]["value"]["value"] == "new"


async def test_a_stack_takes_three_views(desk: Desk) -> None:
    app = desk.app()
    opens(app, modal())
    answers(app, response_action="push", view=modal())

    async with desk.connected(app):
        await desk.command("/order")
        answered = [
            await desk.post("submit", user=ANNA, view_id=(await desk.top_modal())["id"])
            for _ in range(3)
        ]

    assert [answer.get("action") for answer in answered[:2]] == ["push", "push"]
    assert answered[2]["reason"] == "push_limit_reached"
    views = (await desk.get("modals", user=ANNA))["views"]
    assert [view["previous_view_id"] for view in views] == [None, views[0]["id"], views[1]["id"]]


async def test_clear_closes_the_whole_stack(desk: Desk) -> None:
    app = desk.app()
    opens(app, modal())
    answers(app, response_action="clear")

    async with desk.connected(app):
        await desk.command("/order")
        answer = await desk.post("submit", user=ANNA, view_id=(await desk.top_modal())["id"])

    assert answer["action"] == "clear"
    assert (await desk.get("modals", user=ANNA))["views"] == []


async def test_a_trigger_works_once(desk: Desk) -> None:
    app = desk.app()
    acknowledges(app)

    async with desk.connected(app):
        await desk.command("/order")
        trigger = await trigger_of(desk)
        await desk.client.views_open(trigger_id=trigger, view=modal())
        with pytest.raises(SlackApiError) as second:
            await desk.client.views_open(trigger_id=trigger, view=modal())

    assert second.value.response["error"] == "exchanged_trigger_id"


async def test_a_trigger_expires() -> None:
    async with open_desk(trigger_ttl_s=-1) as desk:
        app = desk.app()
        acknowledges(app)
        async with desk.connected(app):
            await desk.command("/order")
            with pytest.raises(SlackApiError) as late:
                await desk.client.views_open(trigger_id=await trigger_of(desk), view=modal())

    assert late.value.response["error"] == "expired_trigger_id"


async def test_a_stale_hash_is_a_conflict(desk: Desk) -> None:
    app = desk.app()
    opens(app, modal())

    async with desk.connected(app):
        await desk.command("/order")
        view = await desk.top_modal()
        await desk.client.views_update(view_id=view["id"], hash=view["hash"], view=modal())
        with pytest.raises(SlackApiError) as conflict:
            await desk.client.views_update(view_id=view["id"], hash=view["hash"], view=modal())

    assert conflict.value.response["error"] == "hash_conflict"


async def test_a_closed_modal_cannot_be_updated(desk: Desk) -> None:
    app = desk.app()
    opens(app, modal())

    async with desk.connected(app):
        await desk.command("/order")
        view = await desk.top_modal()
        await desk.post("close", user=ANNA, view_id=view["id"])
        with pytest.raises(SlackApiError) as gone:
            await desk.client.views_update(view_id=view["id"], view=modal())

    assert gone.value.response["error"] == "not_found"


@pytest.mark.parametrize("wanted", [True, False], ids=["asked-for", "not-asked-for"])
async def test_the_app_hears_of_closing_only_when_it_asked(desk: Desk, wanted: bool) -> None:
    app = desk.app()
    opens(app, modal(notify_on_close=wanted))
    closed: list[str] = []

    async def take(ack: Any, body: Any) -> None:
        closed.append(body["view"]["callback_id"])
        await ack()

    app.view_closed("form")(take)

    async with desk.connected(app):
        await desk.command("/order")
        await desk.post("close", user=ANNA, view_id=(await desk.top_modal())["id"])

    assert closed == (["form"] if wanted else [])


async def test_nobody_can_submit_another_persons_modal(desk: Desk) -> None:
    app = desk.app()
    opens(app, modal())

    async with desk.connected(app):
        await desk.command("/order")
        view = await desk.top_modal()
        answer = await desk.post("submit", user=BEN, view_id=view["id"])

    assert answer == {"ok": False, "error": "view_not_found"}


async def test_two_open_views_cannot_share_an_external_id(desk: Desk) -> None:
    app = desk.app()
    acknowledges(app)

    async with desk.connected(app):
        await desk.command("/order")
        view = modal(external_id="order-1042")
        await desk.client.views_open(trigger_id=await trigger_of(desk), view=view)
        await desk.command("/order", user=BEN)
        with pytest.raises(SlackApiError) as second:
            await desk.client.views_open(trigger_id=await trigger_of(desk), view=view)

    assert second.value.response["error"] == "duplicate_external_id"


async def test_only_the_top_of_a_stack_can_be_used(desk: Desk) -> None:
    app = desk.app()
    opens(app, modal())
    answers(app, response_action="push", view=modal())

    async with desk.connected(app):
        await desk.command("/order")
        bottom = await desk.top_modal()
        await desk.post("submit", user=ANNA, view_id=bottom["id"])
        answer = await desk.post("submit", user=ANNA, view_id=bottom["id"])

    assert answer["error"] == "view_not_on_top"


async def test_the_cross_closes_the_whole_stack(desk: Desk) -> None:
    app = desk.app()
    opens(app, modal(notify_on_close=True))
    answers(app, response_action="push", view=modal())
    closed: list[bool] = []

    async def take(ack: Any, body: Any) -> None:
        closed.append(body["is_cleared"])
        await ack()

    app.view_closed("form")(take)

    async with desk.connected(app):
        await desk.command("/order")
        await desk.post("submit", user=ANNA, view_id=(await desk.top_modal())["id"])
        await desk.post("close", user=ANNA, view_id=(await desk.top_modal())["id"], all=True)

    assert closed == [True]
    assert (await desk.get("modals", user=ANNA))["views"] == []
