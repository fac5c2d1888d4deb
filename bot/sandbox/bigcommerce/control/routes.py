"""The control API of the store, for tests and people: faults, true books, changes by others.

README.md of the sandbox lists the routes.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from aiohttp import web

from bot.sandbox import control
from bot.sandbox.bigcommerce.answers import StoreError
from bot.sandbox.bigcommerce.control import arranging, outside, truth
from bot.sandbox.bigcommerce.control.behind import Answer, Behind, Json

_READ = {**arranging.READ, **truth.READ}
_DO = {**arranging.DO, **outside.DO}


def add_routes(app: web.Application, behind: Behind) -> None:
    """Add the control API's routes."""
    control.add_routes(
        app,
        "/control/store",
        read={name: partial(_answer, answer, behind) for name, answer in _READ.items()},
        do={name: partial(_answer, answer, behind) for name, answer in _DO.items()},
    )


async def _answer(answer: Answer, behind: Behind, given: Json) -> Any:
    try:
        return await answer(behind, given)
    except StoreError as error:
        raise control.Refusal(error.title, error.status) from error
