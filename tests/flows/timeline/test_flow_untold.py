"""What can be told nowhere else stands on the Home tab, until it is told."""

from __future__ import annotations

import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest

from bot.config.settings import read_settings
from bot.slack.connection import web_client
from bot.slack.token import COUNTS_S, token_trouble
from storage.data_folder.folder import DATABASE_FILE
from tests.support.agent import Agent, wait_for, words
from tests.support.approving import BEN, ask_to_refund, asked_of, set_approvers, set_rule, shipped
from tests.support.configuring import home, open_home
from tests.support.refund_form import fields, open_form, to_review
from tests.support.running import Running, SandboxOnly, running_bot


@pytest.fixture
def _always(running: Running, tmp_path: Path) -> None:
    set_approvers(tmp_path, BEN)
    set_rule(tmp_path, approval_above="0")


@pytest.mark.usefixtures("_always")
async def test_what_reaches_nobody_is_on_the_home_tab_until_it_is_in_its_thread(
    running: Running, anna: Agent, ben: Agent
) -> None:
    order_id = await shipped(running)
    fault = {"method": "chat.postMessage", "kind": "error", "error": "no_permission"}
    await running.workspace.slack_fault(**fault, times=999)

    await ask_to_refund(anna, order_id)

    what = ["A message could not be told in Slack", "asks for approval"]
    view = await open_home(anna, *what, "ask an admin to look at Makegood's rights in Slack")
    assert "no_permission" not in words(view)
    await open_home(  # he is an approver
        ben,
        *what,
        "until it can be told; look at Makegood's rights in Slack",
        "Slack said no_permission",
    )

    await running.workspace.slack_fault(clear=True)
    running.execute("UPDATE outbox SET next_try_at = made_at WHERE why IS NOT NULL")

    await asked_of(ben, order_id)

    async def is_gone() -> bool | None:
        view = (await running.workspace.get("home", user=anna.user))["view"]
        return None if "could not be told" in words(view) else True

    await wait_for(is_gone, "a Home tab without it")
    await home(anna, "What you may do now")


@pytest.mark.usefixtures("_always")
async def test_others_do_not_read_what_is_not_for_them(
    running: Running, anna: Agent, ben: Agent, chiara: Agent, tmp_path: Path
) -> None:
    order_id = await shipped(running)
    await running.workspace.slack_fault(
        method="chat.postMessage", kind="error", error="no_permission", times=999
    )
    await ask_to_refund(anna, order_id)
    await open_home(anna, "could not be told")

    set_approvers(tmp_path, chiara.user)

    view = await open_home(ben, "What you may do now")
    assert "could not be told" not in words(view)


@pytest.mark.usefixtures("_always")
async def test_who_may_not_use_it_any_more_reads_nothing_of_what_they_asked_for(
    running: Running, anna: Agent
) -> None:
    order_id = await shipped(running)
    await running.workspace.slack_fault(
        method="chat.postMessage", kind="error", error="no_permission", times=999
    )
    await ask_to_refund(anna, order_id)
    await open_home(anna, "could not be told", f"order {order_id}")

    await running.workspace.post("membership", channel="C0ORDERLOG", user=anna.user, member=False)

    view = await open_home(anna, "You cannot use Makegood yet")
    assert "could not be told" not in words(view)
    assert str(order_id) not in words(view)


@pytest.mark.usefixtures("_always")
async def test_an_answer_is_nobody_elses_and_not_kept_for_long(
    running: Running, anna: Agent, ben: Agent, tmp_path: Path
) -> None:
    for method in ("response_url", "chat.postEphemeral", "chat.postMessage"):
        await running.workspace.slack_fault(
            method=method, kind="error", error="channel_not_found", times=999
        )

    await anna.command("/refund-order nonsense")

    await open_home(anna, "could not be told", "/refund-order 1042")
    view = await open_home(ben, "What you may do now")  # he is an approver
    assert "could not be told" not in words(view)

    running.execute(
        "UPDATE outbox SET next_try_at = made_at, made_at = ? WHERE kind = 'words'",
        "2026-01-01T00:00:00.000000+00:00",
    )

    async def is_gone() -> bool | None:
        return (
            running.query("SELECT content FROM outbox WHERE kind = 'words'") == [{"content": "{}"}]
            or None
        )

    await wait_for(is_gone, "an answer that is forgotten")
    await running.workspace.slack_fault(clear=True)
    view = await open_home(anna, "What you may do now")
    assert "could not be told" not in words(view)


async def test_monitoring_reads_how_many_there_are_and_why(
    sandbox_only: SandboxOnly, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    async with running_bot(sandbox_only.sandbox, tmp_path, HEALTH_PORT=str(port)):
        anna = await sandbox_only.agent("Anna")
        fault = {"method": "chat.postMessage", "kind": "error", "error": "no_permission"}
        await sandbox_only.workspace.slack_fault(**fault, times=999)
        view = await open_form(anna)
        await to_review(anna, {fields(view, "quantity_")[0]: "1", "reason_all": "Late or lost"})
        await anna.fill()

        async def counted() -> str | None:
            async with (
                aiohttp.ClientSession() as session,
                session.get(f"http://127.0.0.1:{port}/health") as answer,
            ):
                text = await answer.text()
            return text if "could not be told" in text else None

        told = await wait_for(counted, "a message that is told nowhere else")

    line = "Messages: 1 message could not be told (no_permission); see the Home tab"
    assert line in told.splitlines()


async def test_admins_and_monitoring_read_how_many_messages_break(
    sandbox_only: SandboxOnly, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    async with running_bot(sandbox_only.sandbox, tmp_path, HEALTH_PORT=str(port)):
        admin, anna = await sandbox_only.agent("Chiara"), await sandbox_only.agent("Anna")
        with closing(sqlite3.connect(tmp_path / DATABASE_FILE)) as db, db:
            db.execute(
                "INSERT INTO outbox (key, kind, content, made_at, wanted, next_try_at)"
                " VALUES ('x', 'unheard of', '{}', ?, 'said', ?)",
                ["2026-01-01T00:00:00.000000+00:00"] * 2,
            )

        async def counted() -> str | None:
            async with (
                aiohttp.ClientSession() as session,
                session.get(f"http://127.0.0.1:{port}/health") as answer,
            ):
                text = await answer.text()
            return text if "be drawn" in text else None

        told = await wait_for(counted, "a message that breaks")
        await open_home(admin, "A message can't be drawn, by a fault of Makegood's own")
        view = await open_home(anna, "What you may do now")

    line = "Messages: 1 message can't be drawn; see 'message broke' in the log"
    assert line in told.splitlines()
    assert "be drawn" not in words(view)


@pytest.mark.parametrize(
    ("code", "fix"),
    [
        ("token_revoked", "Install the app again under "),
        ("account_inactive", "Install the app again under "),
        ("invalid_auth", "Copy SLACK_BOT_TOKEN again from "),
    ],
)
async def test_monitoring_reads_that_the_token_is_refused_until_it_is_taken_again(
    sandbox_only: SandboxOnly, tmp_path: Path, code: str, fix: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    async def slack_line() -> tuple[int, str]:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{port}/health") as answer,
        ):
            return answer.status, (await answer.text()).splitlines()[0]

    async with running_bot(sandbox_only.sandbox, tmp_path, HEALTH_PORT=str(port)):
        anna = await sandbox_only.agent("Anna")
        assert await slack_line() == (200, "Slack: ok")
        await sandbox_only.workspace.post("rules", token=code)
        await anna.command("/refund-order 1042")

        async def refused() -> str | None:
            status, line = await slack_line()
            return line if status == 503 else None

        line = await wait_for(refused, "a health that says so")
        assert line.startswith(f"Slack: the bot token is refused ({code}). {fix}")
        await sandbox_only.workspace.post("rules", token="")
        assert await slack_line() == (200, "Slack: ok")


async def test_monitoring_asks_slack_where_nothing_else_does(
    sandbox_only: SandboxOnly,
) -> None:
    async with aiohttp.ClientSession() as session:
        client = web_client(read_settings(sandbox_only.environment()), session, timeout_s=3)
        await client.auth_test()
        await sandbox_only.workspace.post("rules", token="token_revoked")
        assert await token_trouble(client) == ""  # as Slack has just said
        client.answered_at -= COUNTS_S + 1
        assert "(token_revoked)" in await token_trouble(client)
