"""What all calls to a store share: how they are sent, and how an answer is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel

from bot.bigcommerce.http.answers import read_list
from bot.bigcommerce.http.caller import Caller
from bot.bigcommerce.http.paging import v2_pages
from bot.bigcommerce.http.quota import Share
from bot.bigcommerce.http.transport import Call
from bot.values.clean_text import clean_text

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Api:
    """The way to one store's API, for one share of its quota. Times are in seconds."""

    caller: Caller
    read_timeout_s: float
    # Quotes too: BigCommerce asks the tax service before it answers.
    write_timeout_s: float
    share: Share = Share.LOOK

    def read(self, path: str, query: dict[str, str] | None = None) -> Call:
        """Return a call that changes nothing, and may be repeated."""
        return Call(
            method="GET",
            path=path,
            query={name: clean_text(value) for name, value in (query or {}).items()},
            timeout_s=self.read_timeout_s,
            repeatable=True,
            share=self.share,
        )

    def write(self, method: str, path: str, body: Any, *, repeatable: bool = False) -> Call:
        """Return a call that changes something, unless it is a quote or twice is as good as once.

        It is never repeated once bytes may have left, unless it is `repeatable`.
        """
        return Call(
            method=method,
            path=path,
            body=body,
            timeout_s=self.write_timeout_s,
            repeatable=repeatable,
            # A quote changes nothing, and is as urgent as what it is read for.
            share=self.share if repeatable else Share.MONEY,
        )

    async def fetch(self, call: Call) -> Any:
        """Return the answer's JSON, as `Caller.fetch` does."""
        return await self.caller.fetch(call)

    async def get_all_v2(
        self, model: type[M], path: str, query: dict[str, str] | None = None
    ) -> list[M]:
        """Return a V2 list over all its pages."""
        call = self.read(path, query)
        return read_list(model, call, await v2_pages(self, call))


class Resource:
    """One kind of what a store has. Every method raises BigCommerceError, nothing else of HTTP."""

    def __init__(self, api: Api) -> None:
        self._api = api
