from __future__ import annotations

import asyncio
import socket
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.app import Makegood, StartError
from bot.http.private import Check, Health, HealthError
from bot.process.internal_errors import describe_internal_errors, note_internal_error
from storage.data_folder.folder import DATABASE_FILE
from tests.bot.sandbox_world import Control, sandbox_world, until

HOST = "127.0.0.1"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Control]:
    async with sandbox_world(tmp_path / "data") as control:
        yield control


async def ask(port: int, path: str = "health") -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://{HOST}:{port}/{path}") as answer,
    ):
        return answer.status, await answer.text()


def errors() -> str:
    """Return the line about errors; other tests of the same process may have made some."""
    return f"Internal errors: {describe_internal_errors()}\n"


def saying(words: str) -> Check:
    async def check() -> str:
        return words

    return check


async def breaking() -> str:
    raise ConnectionError("xoxb-secret")


async def served(timeout_s: float = 5, **checks: Check) -> tuple[int, str]:
    health = Health(checks, timeout_s=timeout_s)
    port = await health.start(HOST, 0)
    try:
        return await ask(port)
    finally:
        await health.close()


async def test_all_well_is_200() -> None:
    assert await served(Slack=saying(""), Log=saying("")) == (
        200,
        f"Slack: ok\nLog: ok\n{errors()}",
    )


async def test_one_broken_part_is_503_with_the_part_in_words() -> None:
    status, text = await served(Slack=saying("no connection is open"), Log=saying(""))

    assert (status, text) == (503, f"Slack: no connection is open\nLog: ok\n{errors()}")


async def test_a_check_that_breaks_is_an_answer_without_its_words() -> None:
    assert await served(Slack=breaking) == (503, f"Slack: cannot be checked\n{errors()}")


async def test_a_check_that_hangs_is_an_answer() -> None:

    async def hang() -> str:
        await asyncio.Event().wait()
        return ""

    assert await served(0.05, Slack=hang) == (503, f"Slack: gives no answer\n{errors()}")


async def test_errors_of_ours_are_counted_by_place_and_are_no_reason_to_restart() -> None:
    place, before = "watering broke", int(describe_internal_errors().split()[0])

    for _ in range(2):
        note_internal_error(place, order_id=1042)

    status, text = await served(Slack=saying(""))
    assert status == 200
    assert text.startswith(f"Slack: ok\nInternal errors: {before + 2} (")
    assert "watering broke 2" in text


async def test_what_could_not_be_told_is_said_and_is_no_reason_to_restart() -> None:
    health = Health({"Slack": saying("")}, notes={"Messages": lambda: "2 could not be told"})
    port = await health.start(HOST, 0)

    assert await ask(port) == (200, f"Slack: ok\nMessages: 2 could not be told\n{errors()}")
    await health.close()


async def test_nothing_else_is_served() -> None:
    health = Health({})
    port = await health.start(HOST, 0)

    assert (await ask(port, "metrics"))[0] == 404
    await health.close()


async def test_a_port_in_use_is_named_with_the_settings_that_change_it() -> None:
    first = Health({})
    port = await first.start(HOST, 0)

    with pytest.raises(HealthError, match=rf"port {port}: the port is in use.*HEALTH_PORT"):
        await Health({}).start(HOST, port)

    await first.close()


def free_port() -> int:
    with socket.create_server((HOST, 0)) as taken:
        return int(taken.getsockname()[1])


async def test_a_running_bot_is_healthy_until_a_part_of_it_breaks(world: Control) -> None:
    port = free_port()
    bot = Makegood(world.settings(HEALTH_PORT=str(port)))
    await bot.start()

    status, text = await ask(port)
    assert (status, text) == (
        200,
        "Slack: ok\nData folder: ok\nAction log: ok\nStore: ok\nRequests: ok\nMessages: ok\n"
        f"{errors()}",
    )

    other = sqlite3.connect(world.data / DATABASE_FILE)
    other.execute("ALTER TABLE action_log RENAME TO gone")
    status, text = await ask(port)
    assert status == 503
    assert "Action log: it cannot be read and written" in text
    other.execute("ALTER TABLE gone RENAME TO action_log")
    other.close()
    assert (await ask(port))[0] == 200

    await bot.close()
    with pytest.raises(aiohttp.ClientConnectionError):
        await ask(port)


async def test_it_counts_the_messages_that_reached_nobody_until_they_do(world: Control) -> None:
    port = free_port()
    bot = Makegood(world.settings(HEALTH_PORT=str(port)))
    await bot.start()
    other = sqlite3.connect(world.data / DATABASE_FILE, isolation_level=None)
    for count, said in ((1, "1 message"), (2, "2 messages")):
        other.execute(
            "INSERT INTO outbox (key, kind, content, made_at, wanted, place, why, next_try_at)"
            " VALUES (?, 'words', '{}', '2026-11-23', 'said', 'home', 'is_archived', '2999-01-01')",
            [f"untold-{count}"],
        )
        status, text = await ask(port)
        assert status == 200  # the bot itself is well
        assert f"Messages: {said} could not be told (is_archived); see the Home tab\n" in text

    other.execute("UPDATE outbox SET place = 'thread'")
    assert "Messages: ok\n" in (await ask(port))[1]
    other.close()
    await bot.close()


async def test_without_a_connection_to_slack_it_is_not_healthy(world: Control) -> None:
    port = free_port()
    bot = Makegood(world.settings(HEALTH_PORT=str(port)))
    await bot.start()
    # Nobody can come back: neither of the sockets gets a new address.
    await world.post(
        "faults",
        {
            "method": "apps.connections.open",
            "kind": "error",
            "error": "internal_error",
            "times": 99,
        },
    )
    await world.post("faults", {"kind": "disconnect"})

    async def is_cut_off() -> bool:
        status, text = await ask(port)
        return status == 503 and "Slack: no connection is open" in text

    await until(is_cut_off)
    await bot.close()


async def test_a_bot_whose_health_port_is_taken_does_not_start(world: Control) -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(StartError, match=f"port {port}: the port is in use"):
            await Makegood(world.settings(HEALTH_PORT=str(port))).start()


async def test_an_address_of_another_machine_is_refused(world: Control) -> None:
    settings = world.settings(HEALTH_PORT=str(free_port()), HEALTH_HOST="192.0.2.1")

    with pytest.raises(StartError, match=r"192\.0\.2\.1, .*: this machine has no such address"):
        await Makegood(settings).start()
