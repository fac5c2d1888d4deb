"""`python -m bot webhooks` and the line about them in `check`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.check.webhooks import check_webhooks
from bot.settings import SettingsError, read_settings
from tests.bot.sandbox_world import Control, sandbox_world
from tests.bot.test_cli import finish

ADDRESS = "https://makegood.example/webhooks"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Control]:
    async with sandbox_world(tmp_path / "data") as control:
        yield control


async def said(world: Control, *arguments: str, **more: str) -> tuple[int, str]:
    environment = {**world.sandbox.environment(), "DATA": str(world.data), **more}
    code, out, err = await finish(world.data.parent, ["webhooks", *arguments], **environment)
    assert "Traceback" not in err
    return code, out + err


async def test_webhooks_are_shown_switched_on_and_switched_off(world: Control) -> None:
    settings = {"WEBHOOK_URL": ADDRESS, "WEBHOOK_PORT": "8801"}

    code, shown = await said(world, **settings)
    assert (code, "missing  store/order/statusUpdated" in shown) == (1, True)
    assert "python -m bot webhooks on" in shown

    for _ in range(2):
        code, shown = await said(world, "on", **settings)
        assert (code, shown.count("on       store/order/")) == (0, 6)
        assert "port 8801" in shown

    code, shown = await said(world, "off", **settings)
    assert (code, "Deleted 6 webhooks" in shown) == (0, True)
    code, shown = await said(world, "off", **settings)
    assert (code, "There were no webhooks" in shown) == (0, True)


async def test_no_address_a_wrong_one_and_no_answer_are_said_in_words(world: Control) -> None:
    code, shown = await said(world)
    assert (code, "--url https://..." in shown) == (1, True)

    code, shown = await said(world, "on", "--url", "http://a.example")
    assert (code, "https addresses only" in shown) == (1, True)

    await world.post("store/faults", {"match": "GET hooks", "kind": "status", "status": 401})
    code, shown = await said(world, "--url", ADDRESS)
    assert (code, "BigCommerce could not be asked" in shown) == (1, True)


async def test_hooks_without_a_port_are_not_yet_taken(world: Control) -> None:
    code, shown = await said(world, "on", "--url", ADDRESS)

    assert (code, "Set WEBHOOK_PORT" in shown) == (1, True)


async def test_check_tells_how_the_webhooks_are(world: Control) -> None:
    both = {"WEBHOOK_URL": ADDRESS, "WEBHOOK_PORT": "8801"}

    async def line(**changes: str) -> str:
        return str(await check_webhooks(world.settings(**changes)))

    assert "PASS  Webhooks: not set up" in await line()
    assert "FIX   Webhooks: they are taken on port 8801" in await line(WEBHOOK_PORT="8801")
    assert "FIX   Webhooks: WEBHOOK_URL is set" in await line(WEBHOOK_URL=ADDRESS)
    assert "FIX   Webhooks: none to" in await line(**both)
    await said(world, "on", **both)
    assert "PASS  Webhooks: all 6 to" in await line(**both)
    await world.post("store/hooks-off", {})
    assert "switched them off because deliveries failed" in await line(**both)
    await world.post("store/faults", {"match": "GET hooks", "kind": "status", "status": 401})
    assert "FIX   Webhooks could not be read" in await line(**both)


@pytest.mark.parametrize(
    "url", ["http://a.example", "https://a.example:8443", "a.example", "https://"]
)
def test_a_wrong_address_in_the_settings_is_refused(world: Control, url: str) -> None:
    with pytest.raises(SettingsError, match="WEBHOOK_URL is not right"):
        read_settings({**world.sandbox.environment(), "WEBHOOK_URL": url})
