"""An app that was installed with fewer scopes than this release uses says what does not work."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from bot.slack.app_manifest import manifest
from tests.support.agent import words
from tests.support.configuring import open_home
from tests.support.running import Running, configure, running_bot, running_sandbox

LACKS = "Makegood's Slack app lacks permissions that this release uses."


@asynccontextmanager
async def installed_without(scope: str, name: str, tmp_path: Path) -> AsyncIterator[Running]:
    """Run the bot for an app that was installed before it asked for this scope."""
    lines = manifest().splitlines()
    installed = "\n".join(line for line in lines if f"- {scope} " not in line)
    data = tmp_path / "data"
    async with AsyncExitStack() as started:
        sandbox, session = await started.enter_async_context(running_sandbox(name, installed))
        await started.enter_async_context(running_bot(sandbox, data))
        running = Running(sandbox, session, data)
        started.callback(running.close)
        yield running


async def test_the_home_tab_and_the_log_name_what_lacks_and_what_to_do(
    tmp_path: Path, request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> None:
    scope = "usergroups:read"
    with caplog.at_level(logging.WARNING, "bot.slack.connection"):
        async with installed_without(scope, request.node.name, tmp_path) as running:
            anna = await running.agent("Anna")
            shown = words((await open_home(anna, LACKS))["blocks"])

    assert f"`{scope}`: User groups cannot be read" in shown
    assert "install it again" in shown
    [logged] = [vars(record) for record in caplog.records if "scope" in vars(record)]
    assert logged["scope"] == scope


async def test_who_is_refused_for_want_of_a_scope_is_told_so(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with installed_without("usergroups:read", request.node.name, tmp_path) as running:
        rule = {"enabled": True, "who": {"everyone": False, "user_ids": [], "group_ids": ["S0X"]}}
        for action in ("refund_order", "refund_items"):
            configure(tmp_path / "data", f"rules.{action}", rule)
        anna = await running.agent("Anna")
        order_id = await running.workspace.order_in_status(2, payment="captured")
        await anna.command(f"/refund-order {order_id}")

        await anna.wait_for_modal("lacks the permission usergroups:read")


async def test_an_app_that_has_all_says_nothing_of_it(running: Running) -> None:
    view = await open_home(await running.agent("Anna"), "What you may do now")

    assert LACKS not in words(view["blocks"])
