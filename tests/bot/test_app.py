from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import Makegood, StartError
from storage.data_folder.folder import DATABASE_FILE, DataFolder
from storage.data_folder.trouble import DataFolderError
from storage.database import open_database
from storage.log.action_log import ActionLog
from tests.bot.sandbox_world import Control, sandbox_world, until


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Control]:
    async with sandbox_world(tmp_path / "data") as control:
        yield control


async def order_is_shown(world: Control) -> None:
    channel = world.settings().slack_channel
    anna = await world.person("anna")
    shown = len(await world.texts(channel))
    await world.post("command", {"user": anna, "channel": channel, "text": "/order 1042"})

    async def is_shown() -> bool:
        return len(await world.texts(channel)) > shown

    await until(is_shown)


async def test_a_started_bot_answers_and_a_closed_one_can_start_again(world: Control) -> None:
    for _ in range(2):
        bot = Makegood(world.settings())
        await bot.start()
        await order_is_shown(world)
        await bot.close()
        await bot.close()


async def test_one_data_folder_has_one_bot(world: Control) -> None:
    bot = Makegood(world.settings())
    await bot.start()

    with pytest.raises(DataFolderError, match="Another Makegood is running"):
        await Makegood(world.settings()).start()

    await order_is_shown(world)
    await bot.close()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-wrong"}, r"Slack refused the tokens \(invalid_auth\)"),
        ({"SLACK_APP_TOKEN": "xapp-wrong"}, r"Slack refused the tokens \(invalid_auth\)"),
        ({"SLACK_API_URL": "http://127.0.0.1:1/"}, "Slack cannot be reached"),
    ],
)
async def test_a_bot_that_cannot_start_says_why_and_leaves_nothing_open(
    world: Control, changes: dict[str, str], words: str
) -> None:
    with pytest.raises(StartError, match=words):
        await Makegood(world.settings(**changes)).start()

    DataFolder(world.data).close()


async def test_a_request_left_by_an_earlier_process_is_finished_and_told(world: Control) -> None:
    db = open_database(world.data / DATABASE_FILE)
    ActionLog(db).ask(
        "MG-TEST-LEFT",
        action="cancel_and_refund",
        order_id=1042,
        team_id=await world.team_id(),
        actor_id=await world.person("anna"),
        request={"order_id": 1042, "reason": "Late"},
    )

    bot = Makegood(world.settings())
    await bot.start()

    log = ActionLog(db)

    async def is_told() -> bool:
        return log.get("MG-TEST-LEFT").is_told

    await until(is_told)
    await bot.close()
    entry = log.get("MG-TEST-LEFT")
    db.close()
    assert entry.status == "rejected"  # nobody has confirmed a figure
    assert entry.channel == world.settings().slack_channel
    assert any("Order 1042" in text for text in await world.texts(entry.channel))
