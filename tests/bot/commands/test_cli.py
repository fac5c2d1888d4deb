from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.config.settings import Settings

ROOT = Path(__file__).parents[3]


def environment(**more: str) -> dict[str, str]:
    """Return this machine's environment without any setting of the bot."""
    names = {name.upper() for name in Settings.model_fields}
    plain = {name: value for name, value in os.environ.items() if name not in names}
    return plain | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | more


async def start(folder: Path, arguments: Sequence[str], **more: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        cwd=folder,
        env=environment(**more),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def finish(folder: Path, arguments: Sequence[str], **more: str) -> tuple[int, str, str]:
    process = await start(folder, arguments, **more)
    out, err = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode or 0, out.decode(), err.decode()


@asynccontextmanager
async def running(
    folder: Path, arguments: Sequence[str], until: str, **more: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """Run a command until it has said `until`; it must end well when it is told to."""
    process = await start(folder, arguments, **more)
    said = ""
    try:
        stream = process.stdout if "demo" in arguments or "sandbox" in arguments else process.stderr
        assert stream is not None
        async with asyncio.timeout(60):
            while until not in said:
                line = (await stream.readline()).decode()
                assert line, (said, process.returncode)
                said += line
        yield process, said
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        _, err = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, err.decode()
    assert "Traceback" not in err.decode()


async def test_packages_that_are_missing_are_named_with_what_installs_them(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-S",
        "-m",
        "bot",
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        stderr=asyncio.subprocess.PIPE,
    )

    _, err = await asyncio.wait_for(process.communicate(), 60)

    assert process.returncode == 1
    assert "is missing here. Run make install" in err.decode()
    assert "Traceback" not in err.decode()


async def test_the_demo_shows_a_page_keeps_its_folder_and_ends_cleanly(tmp_path: Path) -> None:
    async with running(tmp_path, ["demo", "--port", "0"], "Ctrl-C stops it") as (process, said):
        [address] = re.findall(r"http://127\.0\.0\.1:\d+", said)
        assert str(tmp_path / "demo-data") in said
        async with aiohttp.ClientSession() as browser, browser.get(address) as page:
            assert page.status == 200
        code, _, err = await finish(tmp_path, ["demo", "--port", "0"])
        assert code == 1
        assert "Another Makegood is running on the data folder" in err
        # The page's own request is answered and gone; a second signal would end it at once.
        process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), 60) == 0

    assert (tmp_path / "demo-data" / "bot" / "makegood.sqlite").is_file()
    code, out, _ = await finish(tmp_path, ["log", "--configuration", "--data", "demo-data/bot"])
    assert code == 0
    assert "  Who approves: nobody → U0BENOSEI, U0CHIARAROSSI\n" in out


async def test_reset_forgets_what_the_demo_kept_and_nothing_else(tmp_path: Path) -> None:
    demo = ["demo", "--port", "0", "--data", "here"]
    for file in ("bot/makegood.sqlite", "sandbox/store.json"):
        (tmp_path / "here" / file).parent.mkdir(parents=True)
        (tmp_path / "here" / file).write_text("no longer what it was")
    marker = tmp_path / "here" / "bot" / "old.sqlite"
    marker.touch()
    kept = tmp_path / "here" / "bot" / "mine.txt"
    kept.touch()

    async with running(tmp_path, [*demo, "--reset"], "Ctrl-C stops it"):
        assert not marker.exists()
        assert kept.exists()


async def test_a_busy_port_is_named_with_the_option_that_changes_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        code, _, err = await finish(tmp_path, ["demo", "--port", str(port)])

    assert code == 1
    assert err.startswith(f"Port {port} is in use.")
    assert f"make demo PORT=N or --port N, for example {port + 1}" in err
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    "file", ["bot/makegood.sqlite", "bot/workflows.sqlite", "sandbox/store.json"]
)
async def test_a_demo_whose_data_are_broken_says_how_to_start_over(
    tmp_path: Path, file: str
) -> None:
    demo = ["demo", "--port", "0", "--data", "here"]
    broken = tmp_path / "here" / file
    broken.parent.mkdir(parents=True)
    broken.write_text("no longer what it was " * 100)

    code, _, err = await finish(tmp_path, demo)

    assert code == 1
    assert "make demo RESET=1" in err
    assert "Traceback" not in err


async def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    code, _, err = await finish(tmp_path, ["demo", "--port", "0", "--data", "file/demo"])

    assert code == 1
    assert "cannot be used" in err
    assert "Traceback" not in err


async def test_a_bot_started_separately_works_with_what_the_sandbox_prints(
    tmp_path: Path,
) -> None:
    sandbox = ["sandbox", "--port", "0", "--journal", "journal.jsonl"]
    async with running(tmp_path, sandbox, "Ctrl-C stops it") as (_, said):
        settings = dict(re.findall(r"^export (\w+)=(\S+)$", said, re.MULTILINE))

        code, out, err = await finish(tmp_path, ["check"], **settings)
        assert (code, err) == (0, "")
        assert settings["DATA"] == str(tmp_path / "data" / "sandbox" / "bot")
        assert "FIX" not in out
        assert "NOTE  Actions: not activated" in out
        assert "All is well" not in out
        assert "Nothing to fix, 2 to note: python -m bot run" in out

        async with running(tmp_path, ["run"], "Makegood is listening", **settings):
            code, _, err = await finish(tmp_path, ["run"], **settings)
            assert code == 1
            assert "Another Makegood is running" in err

        code, _, err = await finish(
            tmp_path, ["run"], **settings | {"SLACK_BOT_TOKEN": "xoxb-wrong"}
        )
        assert code == 1
        assert "Slack refused the tokens" in err
        assert "xoxb" not in err

    assert (tmp_path / "journal.jsonl").stat().st_size > 0


async def test_a_slack_that_is_not_there_is_named(tmp_path: Path) -> None:
    settings = {"SLACK_CHANNEL": "C0123456789", "BIGCOMMERCE_STORE_HASH": "abc123xyz"}
    settings["SLACK_API_URL"] = settings["BIGCOMMERCE_API_URL"] = "http://127.0.0.1:1/"
    settings["SLACK_BOT_TOKEN"], settings["SLACK_APP_TOKEN"] = "xoxb-1", "xapp-1"
    settings["BIGCOMMERCE_ACCESS_TOKEN"] = "1"

    code, _, err = await finish(tmp_path, ["run"], **settings)

    assert code == 1
    assert "Slack cannot be reached" in err
    assert "Traceback" not in err
