"""The control API: everything that a person can do and see in the workspace, as JSON over HTTP.

The page uses nothing else, so any other client can do what a person can. README.md of the sandbox
lists the routes.
"""

from __future__ import annotations

from functools import partial

from aiohttp import web

from bot.sandbox import control
from bot.sandbox.slack.control import arranging, books, doing, reading, vanishing
from bot.sandbox.slack.workspace import Workspace

_READ = {**reading.READ, **arranging.READ, **vanishing.READ, **books.READ}
_DO = {**doing.DO, **arranging.DO, **vanishing.DO}


def add_routes(app: web.Application, workspace: Workspace) -> None:
    """Add the control API's routes."""
    control.add_routes(
        app,
        "/control",
        read={name: partial(answer, workspace) for name, answer in _READ.items()},
        do={name: partial(answer, workspace) for name, answer in _DO.items()},
    )
    app.router.add_get("/control/events", workspace.events.stream)
