"""The sandbox started by itself, as for a bot that is written in something else."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from pathlib import Path

import aiohttp

from tests.bot.sandbox.slack.desk import MANIFEST

ROOT = Path(__file__).parents[3]
LOADED = """\
import sys, bot.sandbox.command
print(*(name for name in sys.modules if name.partition(".")[0] in {"bot", "handlers", "storage"}))
"""


async def start(folder: Path, *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def finish(folder: Path, *arguments: str) -> tuple[int | None, str, str]:
    process = await start(folder, *arguments)
    out, err = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, out.decode(), err.decode()


async def test_it_prints_what_connects_a_bot_and_ends_when_told_to(tmp_path: Path) -> None:
    (tmp_path / "manifest.yml").write_text(MANIFEST)
    process = await start(tmp_path, "-m", "bot.sandbox", "--port", "0")
    assert process.stdout is not None
    said = (await asyncio.wait_for(process.stdout.readuntil(b"Ctrl-C stops it."), 60)).decode()
    settings = dict(re.findall(r"^export (\w+)=(\S+)$", said, re.MULTILINE))

    async with aiohttp.ClientSession() as session:
        token = {"Authorization": f"Bearer {settings['SLACK_BOT_TOKEN']}"}
        address = f"{settings['SLACK_API_URL']}auth.test"
        async with session.post(address, headers=token) as answer:
            identity = await answer.json()
    process.send_signal(signal.SIGTERM)
    _, err = await asyncio.wait_for(process.communicate(), 60)

    assert identity["team"] == "Fern & Fable"
    assert (process.returncode, err) == (0, b"")
    assert os.listdir(tmp_path) == ["manifest.yml"]


async def test_without_a_manifest_it_says_so(tmp_path: Path) -> None:
    code, out, err = await finish(tmp_path, "-m", "bot.sandbox", "--port", "0")

    assert (code, out) == (1, "")
    assert err.startswith("The sandbox cannot start:")
    assert "manifest.yml" in err


async def test_it_loads_nothing_of_the_bot(tmp_path: Path) -> None:
    code, out, _ = await finish(tmp_path, "-c", LOADED)

    loaded = set(out.split())
    assert code == 0
    assert "bot.sandbox.server" in loaded
    assert {name for name in loaded if not name.startswith("bot.sandbox")} == {"bot"}
