from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.check.everything import check_everything
from bot.check.finding import Finding
from bot.config.installation import defaults
from bot.slack.app_manifest import manifest
from tests.bot.sandbox_world import Control, sandbox_world
from tests.support.mailbox import running_mailbox

ROOT = Path(__file__).parents[3]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Control]:
    async with sandbox_world(tmp_path) as control:
        yield control


async def findings(world: Control, **changes: str) -> list[Finding]:
    settings = world.settings(**changes)
    return [finding async for finding in check_everything(settings, defaults(settings))]


def to_fix(found: list[Finding]) -> list[str]:
    return [str(finding) for finding in found if finding.fix]


async def test_a_good_connection_has_nothing_to_fix(world: Control) -> None:
    found = await findings(world)

    assert to_fix(found) == []
    text = "\n".join(map(str, found))
    for words in (
        "app token",
        "bot token: makegood",
        "scopes: all there",
        "#order-log: private",
        "Fern & Fable: USD",
        "Clock: agrees",
        "Orders: modify",
        "Order Transactions",
        "Marketing",
        "Products",
        "Customers: read-only.",
        "Channel Settings: read-only.",
        "Store Inventory: modify.",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-wrong"}, "Slack bot token refused (invalid_auth)"),
        ({"SLACK_APP_TOKEN": "xapp-wrong"}, "Slack app token refused (invalid_auth)"),
        ({"SLACK_CHANNEL": "C0NOWHERE"}, "Slack channel C0NOWHERE was not found"),
        ({"BIGCOMMERCE_ACCESS_TOKEN": "wrong"}, "BigCommerce refuses the access token"),
        ({"SLACK_API_URL": "http://127.0.0.1:1/"}, "Slack cannot be reached"),
        ({"SLACK_API_URL": "{sandbox}/"}, "What answers is not Slack"),
        ({"BIGCOMMERCE_API_URL": "http://127.0.0.1:1"}, "The store's profile could not be read"),
    ],
)
async def test_one_thing_that_is_wrong_is_named_and_the_rest_still_checked(
    world: Control, changes: dict[str, str], words: str
) -> None:
    there = {name: text.replace("{sandbox}", world.sandbox.url) for name, text in changes.items()}

    found = await findings(world, **there)

    [wrong] = to_fix(found)
    assert wrong.startswith(f"FIX   {words}")
    assert "wrong" not in wrong
    assert len(found) > len(to_fix(found))


@pytest.mark.parametrize(
    ("method", "fault", "words"),
    [
        ("auth.test", {"kind": "http_status", "status": 503}, "Slack is not well."),
        ("auth.test", {"kind": "error", "error": "ratelimited"}, "busy (ratelimited)"),
        ("apps.connections.open", {"kind": "http_status", "status": 502}, "Slack is not well."),
        ("conversations.info", {"kind": "http_status", "status": 500}, "Slack is not well."),
    ],
)
async def test_trouble_at_slack_is_not_blamed_on_a_token(
    world: Control, method: str, fault: dict[str, Any], words: str
) -> None:
    await world.post("faults", {"method": method, "times": 1, **fault})

    [wrong] = to_fix(await findings(world))

    assert words in wrong
    assert "few minutes" in wrong
    assert "token" not in wrong


async def test_every_scope_that_lacks_is_named_by_the_control_panels_name(
    world: Control,
) -> None:
    found = await findings(world, BIGCOMMERCE_ACCESS_TOKEN=world.sandbox.store.limited_token)

    assert [line.split(" is missing")[0] for line in to_fix(found)] == [
        "FIX   BigCommerce scope Orders: modify",
        "FIX   BigCommerce scope Order Transactions: read-only",
        "FIX   BigCommerce scope Marketing: modify",
        "FIX   BigCommerce scope Products: read-only",
    ]
    [stock] = [line.text for line in found if "Store Inventory" in line.text]
    assert "refunded goods cannot be put back to stock" in stock


async def test_a_channel_without_the_bot_asks_for_an_invitation(world: Control) -> None:
    channel = world.settings().slack_channel
    bot = await world.person("makegood")
    await world.post("membership", {"channel": channel, "user": bot, "member": False})

    [wrong] = to_fix(await findings(world))

    assert "/invite @makegood" in wrong


async def test_an_archived_channel_is_said_to_be_so(world: Control) -> None:
    await world.post("channel", {"channel": world.settings().slack_channel, "archived": True})

    [wrong] = to_fix(await findings(world))

    assert "#order-log is archived" in wrong


@pytest.mark.parametrize(("time", "way"), [(1_000_000_000, "ahead of"), (4_000_000_000, "behind")])
async def test_a_clock_that_is_off_is_said_to_be_so(world: Control, time: int, way: str) -> None:
    fault: dict[str, Any] = {"match": "GET time", "kind": "status", "status": 200}
    await world.post("store/faults", fault | {"body": {"time": time}, "times": 1})

    [wrong] = to_fix(await findings(world))

    assert f"seconds {way} BigCommerce's" in wrong


async def test_each_scope_that_the_installed_app_lacks_is_named_with_what_does_not_work(
    tmp_path: Path,
) -> None:
    lines = manifest().splitlines()
    installed = "\n".join(line for line in lines if "usergroups:read" not in line)

    async with sandbox_world(tmp_path, manifest=installed) as control:
        [wrong] = to_fix(await findings(control))

    assert wrong.startswith(
        "FIX   Slack scope usergroups:read is missing. User groups cannot be read: who may act or"
        " approve as a member of one cannot."
    )
    assert "install it again" in wrong


async def test_a_mail_server_is_looked_at_where_the_bot_sends_mail(world: Control) -> None:
    async with running_mailbox() as mailbox:
        found = await findings(world, **mailbox.settings())

    assert to_fix(found) == []
    assert mailbox.messages == []
    text = "\n".join(map(str, found))
    assert "127.0.0.1, port" in text
    assert "comes from orders@" in text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SMTP_PORT": "1"}, "cannot be reached"),
        ({"SMTP_USER": "store", "SMTP_PASSWORD": "wrong"}, "refused the user or the password"),
        ({"SMTP_SECURITY": "starttls"}, "SMTP_SECURITY"),
        ({"MAIL_FROM": "ána@mail.example"}, "no sender's address"),
    ],
)
async def test_what_keeps_mail_from_being_sent_is_said(
    world: Control, changes: dict[str, str], words: str
) -> None:
    async with running_mailbox() as mailbox:
        found = await findings(world, **(mailbox.settings() | changes))

    [wrong] = to_fix(found)
    assert words in wrong
    assert "wrong" not in wrong


async def test_whether_anybody_may_act_is_told_and_is_nothing_to_fix(world: Control) -> None:
    settings = world.settings()
    now = defaults(settings)
    found = [finding async for finding in check_everything(settings, now)]
    assert str(found[0]).startswith("NOTE  Actions: not activated, so no one can do anything yet.")
    assert to_fix(found) == []

    activated = now.model_copy(update={"activated": True})
    found = [finding async for finding in check_everything(settings, activated)]
    assert str(found[0]) == "PASS  Actions: activated."


async def test_the_channel_that_was_configured_is_the_one_that_is_checked(world: Control) -> None:
    settings = world.settings()
    now = defaults(settings).model_copy(update={"audit_channel": "C0SUPPORT"})

    found = [str(finding) async for finding in check_everything(settings, now)]

    assert any("#support" in each and "It is public" in each for each in found)


async def test_email_without_a_mail_server_is_to_be_fixed(world: Control) -> None:
    settings = world.settings()
    now = defaults(settings).model_copy(update={"notifications": "email"})

    found = [finding async for finding in check_everything(settings, now)]

    assert ["no mail server is set" in each for each in to_fix(found)] == [True]
