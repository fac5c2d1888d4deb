"""Copies of the project with an important line switched off, to see the campaign fail."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.chaos.options import PROJECT

PARTS = ("bot", "handlers", "storage", "manifest.yml")
# The claim is what keeps a refund from being sent again: here it is always granted and forgotten.
CLAIM = {
    "storage/log/action_log.py": (
        "            if entry.sent_at is not None:\n                return False\n",
        "            if entry.sent_at is not None:\n                return True\n",
    ),
    "bot/runner/attempt.py": ("claimed=entry.sent_at is not None", "claimed=False"),
}
# Whoever approves is somebody else: here the one who asked is let through, too.
APPROVAL = {
    "handlers/approvals/decisions.py": (
        "    if entry.actor_id == person.user_id:\n",
        "    if entry.actor_id is person:\n",
    ),
}
# What was given before counts: here it is forgotten, and each request is judged by itself.
SUMS = {
    "handlers/access/limit_sums.py": (
        "    now, but = check.asked_at or datetime.now(UTC), check.reference\n",
        "    return Sums()\n",
    ),
}
OFF = {"claim": CLAIM, "approval": APPROVAL, "sums": SUMS}


def copy_without(what: str, folder: Path) -> Path:
    """Copy the project into the folder, switch one of OFF off there, and return the folder."""
    return copy_with(OFF[what], PARTS, folder)


def copy_with(changes: Mapping[str, tuple[str, str]], parts: Iterable[str], folder: Path) -> Path:
    """Copy parts of the project into the folder, and return it.

    `changes` are by file a text that stands there once, and what to write instead.
    """
    for name in parts:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    for name, (line, instead) in changes.items():
        text = (folder / name).read_text(encoding="utf-8")
        if text.count(line) != 1:
            raise ValueError(f"{name} no longer has the line to switch off")
        (folder / name).write_text(text.replace(line, instead), encoding="utf-8")
    return folder
