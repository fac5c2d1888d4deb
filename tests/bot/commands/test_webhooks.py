"""`python -m bot webhooks` and the line about them in `check`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.check.webhooks import check_deliveries, check_webhooks
from bot.config.settings import SettingsError, read_settings
from bot.http.public import FORMER
from storage.data_folder.folder import DATABASE_FILE
from storage.database import open_database
from storage.webhooks.counts import WebhookCounts
from tests.bot.commands.test_cli import finish
from tests.bot.sandbox_world import Control, sandbox_world

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
    assert "What another API token has made is not shown to this one" in shown


async def test_hooks_of_a_former_address_are_shown_and_deleted(world: Control) -> None:
    former = "https://old.example/webhooks"
    await said(world, "on", "--url", former)
    settings = {"WEBHOOK_URL": ADDRESS, "WEBHOOK_PORT": "8801"}

    code, shown = await said(world, **settings)
    line = f"former   store/order/statusUpdated to {former}"
    assert (code, line in shown) == (1, True)
    code, shown = await said(world, "on", **settings)
    assert (code, shown.count("on       store/order/"), former in shown) == (0, 6, False)


async def test_a_new_token_does_not_say_that_nothing_is_delivered(world: Control) -> None:
    settings = {"WEBHOOK_URL": ADDRESS, "WEBHOOK_PORT": "8801"}
    await said(world, "on", **settings)
    other = {**settings, "BIGCOMMERCE_ACCESS_TOKEN": world.sandbox.store.limited_token}

    code, shown = await said(world, "off", **other)

    assert (code, "delivers nothing" in shown) == (0, False)
    assert "if Makegood had another token before, run this with that one, too" in shown


async def test_one_that_is_left_is_named(world: Control) -> None:
    settings = {"WEBHOOK_URL": ADDRESS, "WEBHOOK_PORT": "8801"}
    await said(world, "on", **settings)
    fault = {"match": "DELETE hooks/*", "kind": "status", "status": 403}
    await world.post("store/faults", fault)

    code, shown = await said(world, "off", **settings)

    assert (code, "Deleted 5 webhooks" in shown, shown.count("  left     store/")) == (1, True, 1)


async def test_check_names_deliveries_that_could_not_be_used(world: Control) -> None:
    settings = world.settings()
    assert list(check_deliveries(settings)) == []
    world.data.mkdir(exist_ok=True)
    with closing(open_database(world.data / DATABASE_FILE)) as db:
        counts = WebhookCounts(db)
        counts.use_secret("0" * 64)
        for _ in range(2):
            counts.add("store/order/updated in a form that is not known")
        counts.add(FORMER)

    unknown, former = (str(finding) for finding in check_deliveries(settings))
    assert "store/order/updated in a form that is not known (2 times, last 20" in unknown
    assert "earlier API token (once, last" in former
    assert "python -m bot webhooks off with that token" in former


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
