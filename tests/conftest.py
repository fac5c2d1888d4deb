"""What the flow tests stand on (the sandbox, the bot, the people), and which are unit tests."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.agent import Agent
from tests.support.mailbox import Mailbox, running_mailbox
from tests.support.running import Running, SandboxOnly, running_bot, running_sandbox

# On a new machine the first strategy builds hypothesis' table of all characters, which takes longer
# than it likes; and a busy machine is no reason to fail. Speed belongs in the benchmark.
settings.register_profile("makegood", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("makegood")

# What drives the whole bot, however its tests are written.
WHOLE = {"flows", "browser", "chaos", "hostile", "telling", "bench"}
HERE = Path(__file__).parent


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark the unit tests, which `make check` runs: plain functions that are not slow.

    What is async waits: for sockets, for the clock or for the engine.
    """
    waits = inspect.iscoroutinefunction(getattr(item, "obj", None))
    is_quick = not waits and item.get_closest_marker("slow") is None
    if is_quick and item.path.relative_to(HERE).parts[0] not in WHOLE:
        item.add_marker(pytest.mark.unit)


@pytest.fixture
async def sandbox_only(request: pytest.FixtureRequest) -> AsyncIterator[SandboxOnly]:
    async with running_sandbox(request.node.name) as (sandbox, session):
        yield SandboxOnly(sandbox, session)


@pytest.fixture
async def running(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Running]:
    async with AsyncExitStack() as started:
        sandbox, session = await started.enter_async_context(running_sandbox(request.node.name))
        await started.enter_async_context(running_bot(sandbox, tmp_path))
        the_bot = Running(sandbox, session, tmp_path)
        started.callback(the_bot.close)
        yield the_bot


@pytest.fixture
async def anna(running: Running) -> Agent:
    return await running.agent("Anna")


@pytest.fixture
async def ben(running: Running) -> Agent:
    return await running.agent("Ben")


@pytest.fixture
async def chiara(running: Running) -> Agent:
    return await running.agent("Chiara")  # an admin of the workspace


@pytest.fixture
async def dev(running: Running) -> Agent:
    return await running.agent("Dev", "general")  # he is in no other channel


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    async with running_mailbox() as started:
        yield started


@pytest.fixture
async def mailing(
    request: pytest.FixtureRequest, tmp_path: Path, mailbox: Mailbox
) -> AsyncIterator[Running]:
    async with AsyncExitStack() as started:
        sandbox, session = await started.enter_async_context(running_sandbox(request.node.name))
        await started.enter_async_context(running_bot(sandbox, tmp_path, **mailbox.settings()))
        the_bot = Running(sandbox, session, tmp_path)
        started.callback(the_bot.close)
        yield the_bot


@pytest.fixture
async def agent(mailing: Running) -> Agent:
    return await mailing.agent("Anna")
