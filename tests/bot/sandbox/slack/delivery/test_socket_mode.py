from __future__ import annotations

import json
from typing import Any

from tests.bot.sandbox.slack.desk import ANNA, LOG, Desk, open_desk, until


async def open_socket(desk: Desk) -> Any:
    answer = await desk.client.apps_connections_open(app_token=desk.sandbox.app_token)
    return await desk.session.ws_connect(str(answer["url"]))


async def test_a_connection_is_greeted(desk: Desk) -> None:
    first, second = await open_socket(desk), await open_socket(desk)

    hellos = [json.loads((await socket.receive()).data) for socket in (first, second)]
    await first.close()
    await second.close()

    assert [hello["type"] for hello in hellos] == ["hello", "hello"]
    assert [hello["num_connections"] for hello in hellos] == [1, 2]
    assert hellos[0]["connection_info"] == {"app_id": "A0MAKEGOOD"}


async def test_a_ticket_opens_one_connection(desk: Desk) -> None:
    url = (await desk.client.apps_connections_open(app_token=desk.sandbox.app_token))["url"]
    socket = await desk.session.ws_connect(str(url))

    async with desk.session.get(str(url)) as again:
        status = again.status
    await socket.close()

    assert status == 403


async def test_an_eleventh_connection_is_one_too_many(desk: Desk) -> None:
    sockets = [await open_socket(desk) for _ in range(11)]

    last = json.loads((await sockets[-1].receive()).data)
    for socket in sockets:
        await socket.close()

    assert (last["type"], last["reason"]) == ("disconnect", "too_many_websockets")


async def test_each_envelope_goes_to_one_of_several_connections(desk: Desk) -> None:
    app = desk.app()
    ran: list[str] = []

    async def take(ack: Any, command: Any) -> None:
        ran.append(command["text"])
        await ack()

    app.command("/order")(take)

    async with desk.connected(app, sockets=2):
        for number in range(4):
            await desk.command(f"/order {number}")

    deliveries = (await desk.get("deliveries"))["deliveries"]
    assert ran == ["0", "1", "2", "3"]
    assert len({tuple(delivery["connections"]) for delivery in deliveries}) == 2


async def test_a_duplicate_delivery_runs_the_listener_twice(desk: Desk) -> None:
    app = desk.app()
    ran: list[str] = []

    async def take(ack: Any, body: Any) -> None:
        ran.append(body["trigger_id"])
        await ack()

    app.command("/order")(take)
    await desk.post("faults", kind="duplicate_delivery", type="view_submission")
    await desk.post("faults", kind="duplicate_delivery", type="slash_commands")

    async def ran_twice() -> bool:
        return len(ran) == 2

    async with desk.connected(app):
        await desk.command("/order")
        await until(ran_twice)
        await desk.command("/order")

    assert ran[0] == ran[1] != ran[2]
    assert len(ran) == 3


async def test_after_a_disconnect_the_app_is_back_on_a_new_connection(desk: Desk) -> None:
    app = desk.app()

    async def take(ack: Any) -> None:
        await ack()

    app.command("/order")(take)

    async def answered_on_the_next() -> bool:
        await desk.command("/order")
        last = (await desk.get("deliveries"))["deliveries"][-1]
        return bool(last["acked"]) and last["connections"] == [2]

    async with desk.connected(app):
        assert (await desk.post("faults", kind="disconnect"))["connections"] == 1
        await until(answered_on_the_next)


async def test_a_connection_that_is_to_leave_gets_nothing_while_there_is_another() -> None:
    async with open_desk(ack_timeout_s=0.05) as desk:
        sockets = [await open_socket(desk) for _ in range(2)]
        assert (await desk.post("faults", kind="disconnect", connections=1))["connections"] == 1

        for _ in range(3):
            await desk.command("/order")

        deliveries = (await desk.get("deliveries"))["deliveries"]
        for socket in sockets:
            await socket.close()

    assert [entry["connections"] for entry in deliveries] == [[2], [2], [2]]


async def test_an_event_without_an_answer_comes_again() -> None:
    async with open_desk(ack_timeout_s=0.05) as desk:
        socket = await open_socket(desk)
        await socket.receive()

        answer = await desk.post("home", user=ANNA)
        first = json.loads((await socket.receive()).data)
        second = json.loads((await socket.receive()).data)
        await socket.send_json({"envelope_id": second["envelope_id"]})
        await socket.close()

    assert answer["error"] == "operation_timeout"
    assert [first["retry_attempt"], second["retry_attempt"]] == [0, 1]
    assert first["payload"]["event_id"] == second["payload"]["event_id"]


async def test_the_event_stream_tells_what_changed(desk: Desk) -> None:
    async with desk.session.get(f"{desk.sandbox.url}/control/events") as stream:
        await stream.content.readuntil(b"\n\n")
        await desk.client.chat_postMessage(channel=LOG, text="news")
        line = await stream.content.readuntil(b"\n\n")

    note = json.loads(line.removeprefix(b"data: "))
    assert (note["type"], note["channel"]) == ("message", LOG)
