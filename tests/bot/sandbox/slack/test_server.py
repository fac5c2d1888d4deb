from __future__ import annotations

import socket
from pathlib import Path

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox
from tests.bot.sandbox.slack.desk import MANIFEST


async def test_one_port_serves_store_workspace_and_page() -> None:
    async with Sandbox(manifest=MANIFEST) as sandbox, aiohttp.ClientSession() as session:
        settings = sandbox.environment()
        slack = AsyncWebClient(
            settings["SLACK_BOT_TOKEN"], base_url=settings["SLACK_API_URL"], session=session
        )
        store = f"{settings['BIGCOMMERCE_API_URL']}/stores/{settings['BIGCOMMERCE_STORE_HASH']}"
        headers = {
            "X-Auth-Token": settings["BIGCOMMERCE_ACCESS_TOKEN"],
            "Accept": "application/json",
        }

        identity = await slack.auth_test()
        channel = await slack.conversations_info(channel=settings["SLACK_CHANNEL"])
        async with session.get(f"{store}/v2/store", headers=headers) as answer:
            shop = await answer.json()
        async with session.get(f"{sandbox.url}/") as page:
            status = page.status

    assert identity["team"] == shop["name"] == "Fern & Fable"
    assert channel["channel"]["name"] == "order-log"
    assert status == 200


async def test_a_taken_port_is_an_error_that_touches_no_data(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        sandbox = Sandbox(manifest=MANIFEST, port=taken.getsockname()[1], data=tmp_path)

        with pytest.raises(OSError, match="in use"):
            await sandbox.start()
        await sandbox.close()

    assert not (tmp_path / "workspace.json").exists()


async def test_it_closes_with_streams_and_sockets_open() -> None:
    async with aiohttp.ClientSession() as session:
        sandbox = Sandbox(manifest=MANIFEST)
        await sandbox.start()
        slack = AsyncWebClient("", base_url=f"{sandbox.url}/api/", session=session)
        app_token = sandbox.environment()["SLACK_APP_TOKEN"]
        opened = await slack.apps_connections_open(app_token=app_token)
        async with (
            session.ws_connect(str(opened["url"])) as connection,
            session.get(f"{sandbox.url}/control/events") as stream,
        ):
            await stream.content.readuntil(b"\n\n")
            await connection.receive()

            await sandbox.close()

            assert (await connection.receive()).type in {
                aiohttp.WSMsgType.CLOSE,
                aiohttp.WSMsgType.CLOSING,
                aiohttp.WSMsgType.CLOSED,
            }
            assert await stream.content.read() == b""
