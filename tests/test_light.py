"""A leaf loads what it needs, and not the engine, the database or Slack's framework."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = ("dbos", "sqlalchemy", "slack_bolt")
# Text and words: what most of the bot imports, and what a test of one function waits for.
LEAVES = (
    "bot.actions.refunds.words",
    "bot.bigcommerce.models",
    "bot.config.configuration",
    "bot.values.parsing",
    "handlers.access.limit_words",
    "handlers.approvals.messages",
    "handlers.block_kit.builders",
    "handlers.block_kit.mrkdwn",
    "handlers.people.words",
    "handlers.settings.words",
    "handlers.timeline.outcomes.outcome_message",
    "storage.log.entries",
)
LOADED = "import importlib, sys; importlib.import_module(sys.argv[1]); print(*sys.modules)"


@pytest.mark.parametrize("leaf", LEAVES)
def test_a_leaf_loads_nothing_heavy(leaf: str) -> None:
    command = [sys.executable, "-c", LOADED, leaf]
    loaded = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603 - our own

    names = loaded.stdout.split()
    assert leaf in names
    assert [name for name in HEAVY if name in names] == []


@pytest.mark.parametrize("package", ["bot", "handlers", "storage"])
def test_an_init_says_what_its_package_is_and_does_nothing(package: str) -> None:
    inits = [path for path in (ROOT / package).rglob("__init__.py") if "sandbox" not in path.parts]

    said = {str(path): ast.parse(path.read_text(encoding="utf-8")) for path in inits}
    assert len(said) > 1
    assert [path for path, tree in said.items() if not ast.get_docstring(tree)] == []
    assert [path for path, tree in said.items() if len(tree.body) > 1] == []
