"""A file that is written whole, a little after a change, or not at all."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from bot.sandbox.saved import DELAY_S, SavedFile


def test_nothing_is_written_without_a_folder() -> None:
    saved = SavedFile(None, "world.json", lambda: "x")

    saved.touch()
    saved.save()
    saved.forget()

    assert saved.read() is None


def test_what_was_saved_is_read(tmp_path: Path) -> None:
    saved = SavedFile(tmp_path / "new", "world.json", lambda: "é")
    assert saved.read() is None

    saved.save()

    assert saved.read() == "é"
    assert os.listdir(tmp_path / "new") == ["world.json"]


def test_content_that_cannot_be_written_leaves_the_old_file(tmp_path: Path) -> None:
    content = ["old"]
    saved = SavedFile(tmp_path, "world.json", lambda: content.pop())
    saved.save()

    with pytest.raises(IndexError):
        saved.save()

    assert saved.read() == "old"


async def test_many_changes_are_one_writing(tmp_path: Path) -> None:
    written: list[str] = []

    def content() -> str:
        written.append("x")
        return "x"

    saved = SavedFile(tmp_path, "world.json", content)
    for _ in range(5):
        saved.touch()
    assert saved.read() is None

    await asyncio.sleep(DELAY_S * 2)

    assert (saved.read(), written) == ("x", ["x"])


def test_a_file_is_set_aside_or_forgotten(tmp_path: Path) -> None:
    saved = SavedFile(tmp_path, "world.json", lambda: "x")
    saved.save()
    saved.set_aside()
    assert (saved.read(), os.listdir(tmp_path)) == (None, ["world.unreadable"])

    saved.save()
    saved.forget()

    assert os.listdir(tmp_path) == ["world.unreadable"]
