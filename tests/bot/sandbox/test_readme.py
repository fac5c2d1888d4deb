"""The README's tables are the code's: routes, faults and settings, no more and no fewer."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from aiohttp import web

from bot.sandbox.bigcommerce.books import Settings
from bot.sandbox.bigcommerce.faults import FaultKind
from bot.sandbox.server import Sandbox
from bot.sandbox.slack.control.arranging import OTHER_FAULTS
from bot.sandbox.slack.faults.faults import KINDS
from tests.bot.sandbox.slack.desk import MANIFEST

README = (Path(__file__).parents[3] / "bot" / "sandbox" / "README.md").read_text(encoding="utf-8")


def table(head: str) -> set[str]:
    """Return what stands between backticks in the first column of a table."""
    _, _, below = README.partition(f"| {head} |")
    rows = below.partition("\n\n")[0].splitlines()[2:]
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row.split("|")[1])}


def test_each_control_route_stands_there_and_each_that_stands_there_is_one() -> None:
    app = web.Application()
    sandbox = Sandbox(manifest=MANIFEST)
    sandbox.store.add_routes(app)
    sandbox.workspace.add_routes(app)
    routes = {
        (route.method, route.resource.canonical)
        for route in app.router.routes()
        if route.resource is not None
    }
    served = {(m, path) for m, path in routes if path.startswith("/control/") and m != "HEAD"}

    listed = re.findall(r"^\| (GET|POST) \| `(/control/[^`]+)` \|", README, re.MULTILINE)

    assert len(listed) == len(set(listed))
    assert set(listed) == served
    assert len(served) > 50


def test_each_fault_stands_there() -> None:
    assert table("kind of fault in the store") == set(get_args(FaultKind))
    assert table("kind of fault in Slack") == KINDS | OTHER_FAULTS.keys()


def test_each_setting_of_the_store_stands_there() -> None:
    assert table("setting of the store") == set(Settings.model_fields)


def test_each_setting_for_a_bot_stands_there() -> None:
    assert table("setting") == set(Sandbox(manifest=MANIFEST).environment())
